"""Which resources an action can be about, as far as the simulator must know.

The simulator wants an action and a resource that fit; a live request never brings together two that do not.
Services that are not listed are not checked. Source: Service Authorization Reference.
"""

from collections.abc import Mapping
from typing import Final

from keystead.names import Arn, InvalidName
from keystead.policy.catalogue import ACTIONS, ResourceType
from keystead.policy.simulate.inputs import NO_RESOURCE

_SERVICES: Final[Mapping[str, frozenset[str]]] = {
    "iam": frozenset({"iam"}),
    "kms": frozenset({"kms"}),
    "s3": frozenset({"s3"}),
    "sts": frozenset({"iam", "sts"}),
}
"""By the prefix of the action, the services whose ARNs its resources have."""

_STARTS: Final = {ResourceType.KEY: "key/", ResourceType.ALIAS: "alias/"}
"""What the resource of an ARN of KMS begins with."""

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
    if arn.service not in _SERVICES[prefix]:
        return False
    # That aliases fit the actions on aliases is unverified for the simulator.
    return prefix != "kms" or arn.resource.startswith(tuple(_STARTS[each] for each in _types(action)))


def template(action: str) -> str:
    """The form of ARN under which several resources are reported together; `*` where none is known."""
    action = action.lower()
    prefix = action.partition(":")[0]
    if prefix == "kms" and not _types(action):
        return NO_RESOURCE
    return _TEMPLATES.get(action) or _TEMPLATES.get(prefix, NO_RESOURCE)


def _types(action: str) -> frozenset[ResourceType]:
    """The types of the resources of an action of KMS, in lower case; keys where it is not known."""
    known = ACTIONS.get(action)
    return frozenset([ResourceType.KEY] if known is None else known.keys) & frozenset(_STARTS)
