"""What must hold of every suggestion."""

import json
from dataclasses import replace

from policy_cases import compiled

from keystead.policy import (
    Allowed,
    AttachedPolicy,
    Facts,
    Request,
    authorize,
    remedies,
)
from keystead.policy.authorize import consulted
from keystead.policy.explanation.edit import (
    ChangeEncryptionContext,
    CreateGrant,
    Edit,
)
from keystead.policy.explanation.remedy import (
    Offered,
    Remedy,
)
from keystead.policy.explanation.words import edit_in_words
from keystead.policy.language.defaults import RCP_FULL_AWS_ACCESS


def rebuilt(request: Request, facts: Facts) -> Facts:
    """The facts made anew from the texts of their policies, so that nothing compiled is taken on trust."""

    def again(attached: AttachedPolicy) -> AttachedPolicy:
        if attached.policy is RCP_FULL_AWS_ACCESS:
            return attached
        return replace(attached, policy=compiled(attached.policy.text, attached.policy.kind))

    def each(policies: tuple[AttachedPolicy, ...]) -> tuple[AttachedPolicy, ...]:
        return tuple(again(attached) for attached in policies)

    def lone(attached: AttachedPolicy | None) -> AttachedPolicy | None:
        return None if attached is None else again(attached)

    return Facts(
        key_policy=lone(facts.key_policy),
        resource_policy=lone(facts.resource_policy),
        identity=each(facts.identity),
        boundary=lone(facts.boundary),
        session=None if facts.session is None else each(facts.session),
        scps=None if facts.scps is None else tuple(each(level) for level in facts.scps),
        rcps=None if facts.rcps is None else tuple(each(level) for level in facts.rcps),
        endpoint=lone(facts.endpoint),
        grants=facts.grants,
    )


def assert_works(remedy: Remedy, request: Request, facts: Facts) -> None:
    """The remedy's documents, put into the old facts by hand, allow the request."""
    assert isinstance(authorize(remedy.request, rebuilt(remedy.request, remedy.facts)), Allowed)
    assert remedy.edits
    assert remedy.size > 0
    assert all(edit_in_words(edit).endswith(".") for edit in remedy.edits)
    # What is rendered is what was verified.
    held = {
        (layer, level, position): attached.policy.text
        for layer, levels in consulted(remedy.request, remedy.facts).items()
        for level, policies in enumerate(levels)
        for position, attached in enumerate(policies)
    }
    for edited in remedy.policies:
        place = edited.place
        assert held[place.layer, place.level, place.position] == edited.document
        json.loads(edited.document)
    # Nothing but what the edits say was changed.
    kinds = {type(edit) for edit in remedy.edits}
    if CreateGrant not in kinds:
        assert remedy.facts.grants == facts.grants
    if ChangeEncryptionContext not in kinds:
        assert remedy.request is request


def offered(request: Request, facts: Facts) -> tuple[Remedy, ...]:
    found = remedies(request, facts)
    assert isinstance(found, Offered), found
    for remedy in found.remedies:
        assert_works(remedy, request, facts)
    return found.remedies


def edits(request: Request, facts: Facts) -> list[tuple[Edit, ...]]:
    return [remedy.edits for remedy in offered(request, facts)]
