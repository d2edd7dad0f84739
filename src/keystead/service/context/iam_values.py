"""What fills the `iam:` keys, one function a key."""

# ruff: noqa: D103 -- each is called as its key, and the catalogue says what that holds

from keystead.service.call import Call, Touched

_PASSED_TO = {"AddRoleToInstanceProfile": "ec2.amazonaws.com"}
"""The service that an operation hands a role to."""


def permissions_boundary(call: Call, touched: Touched) -> str | None:
    asked_for = getattr(call.request, "permissions_boundary", None)
    return asked_for or (None if touched.named is None else touched.named.boundary)


def passed_to_service(call: Call, _touched: Touched) -> str | None:
    return _PASSED_TO.get(call.operation.name)
