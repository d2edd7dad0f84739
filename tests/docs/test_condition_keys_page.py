"""The page of condition keys leaves nothing out."""

from pages import ROOT

from keystead.policy.catalogue import CONDITION_KEYS, OPERATIONS


def test_every_key_and_operation_is_on_the_page() -> None:
    text = (ROOT / "docs" / "condition-keys.md").read_text("utf-8")
    for key in CONDITION_KEYS.values():
        assert f"| `{key.name}{'NAME' if key.family else ''}`" in text
    for operation in OPERATIONS.values():
        assert f"| {operation.name} |" in text
