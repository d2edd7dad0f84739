"""The steps from one schema version to the next; `keystead.store.schema` runs them."""
