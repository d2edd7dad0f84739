"""Which resources an action can be about, as far as the simulator must know.

The simulator wants an action and a resource that fit; a live request never brings together two that do not.
Services that are not listed are not checked. Source: Service Authorization Reference.
"""

from collections.abc import Mapping
from typing import Final

from keystead.names import Arn, InvalidName
from keystead.policy.simulate.inputs import NO_RESOURCE

_SERVICES: Final[Mapping[str, frozenset[str]]] = {
    "iam": frozenset({"iam"}),
    "kms": frozenset({"kms"}),
    "s3": frozenset({"s3"}),
    "sts": frozenset({"iam", "sts"}),
}
"""By the prefix of the action, the services whose ARNs its resources have."""

_WITHOUT_RESOURCE: Final = frozenset(
    {
        "kms:connectcustomkeystore",
        "kms:createcustomkeystore",
        "kms:createkey",
        "kms:deletecustomkeystore",
        "kms:describecustomkeystores",
        "kms:disconnectcustomkeystore",
        "kms:generaterandom",
        "kms:listaliases",
        "kms:listkeys",
        "kms:updatecustomkeystore",
    }
)
"""Actions of KMS that have no resource: they are simulated on `*`."""

_ON_ALIASES: Final = frozenset({"kms:createalias", "kms:deletealias", "kms:updatealias"})

_TEMPLATES: Final[Mapping[str, str]] = {
    "kms": "arn:aws:kms:${Region}:${Account}:key/${KeyId}",
    "s3:getobject": "arn:aws:s3:::${BucketName}/${KeyName}",
    "s3:putobject": "arn:aws:s3:::${BucketName}/${KeyName}",
    "s3:deleteobject": "arn:aws:s3:::${BucketName}/${KeyName}",
}


def fits(action: str, resource: str) -> bool:
    """Whether `resource` is of a type that `action` (in any case) can be about; `*` always is."""
    action = action.lower()
    prefix = action.partition(":")[0]
    if resource == NO_RESOURCE or prefix not in _SERVICES:
        return True
    try:
        arn = Arn.parse(resource)
    except InvalidName:
        return False
    if arn.service not in _SERVICES[prefix] or action in _WITHOUT_RESOURCE:
        return False
    # The types of KMS: keys, and for three actions aliases too (unverified for the simulator).
    return prefix != "kms" or arn.resource.startswith(("key/", "alias/") if action in _ON_ALIASES else "key/")


def template(action: str) -> str:
    """The form of ARN under which several resources are reported together; `*` where none is known."""
    action = action.lower()
    return _TEMPLATES.get(action) or (
        NO_RESOURCE if action in _WITHOUT_RESOURCE else _TEMPLATES.get(action.partition(":")[0], NO_RESOURCE)
    )
