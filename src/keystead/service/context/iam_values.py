"""What fills the `iam:` keys, one function a key."""

# ruff: noqa: D103 -- each is called as its key, and the catalogue says what that holds

from keystead.service.call import Call, Touched

_PASSED_TO = {"AddRoleToInstanceProfile": "ec2.amazonaws.com"}
"""The service that an operation hands a role to."""


def permissions_boundary(call: Call, touched: Touched) -> str | None:
    asked_for = getattr(call.request, "permissions_boundary", None)
    return asked_for or (None if touched.named is None else touched.named.boundary)


def aws_service_name(call: Call, touched: Touched) -> str | None:
    """That of the request, or of the role in whose path it stands, which KMS makes with a key."""
    asked_for: str | None = getattr(call.request, "aws_service_name", None)
    if asked_for is None and touched.named is not None:
        return touched.named.arn.split("/")[2]
    return asked_for


def passed_to_service(call: Call, _touched: Touched) -> str | None:
    return _PASSED_TO.get(call.operation.name)
