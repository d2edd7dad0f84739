"""The composition root: from settings to a running service. The only place that knows all the parts.

- `installation`: opened, for a worker or a command. `operator_files`: what the settings name beside it.
- `initialisation`: made, for production. `development`: made for `keystead dev`. Both in a `data_directory`.
- `root_access_key`: a new one, when the old one is lost or known to others.
"""
