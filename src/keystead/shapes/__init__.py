"""What crosses the wire: requests, responses and errors, as AWS's service models declare them.

`kms`, `iam`, `sts` and their `*_errors` are written by `tools/generate_shapes.py` from AWS's own models and
never edited by hand. `record` is what every record is, `errors` the root of all errors and the ones that no
model lists, `constraints` what a declaration allows and AWS's sentences about a value that it does not.
"""
