"""What fills the keys of sessions: those of the caller's own, and those of the one that is asked for."""

# ruff: noqa: D103 -- each is called as its key, and the catalogue says what that holds
from collections.abc import Mapping
from datetime import UTC, datetime

from keystead.model import Session
from keystead.service.call import Call, Touched
from keystead.service.context.value import TRUTH
from keystead.service.sessions import tags_of
from keystead.shapes import sts

# The caller's session.


def principal_tags(call: Call, _touched: Touched) -> Mapping[str, str]:
    entry = call.who.entry
    return tags_of(call.who.session, None if entry is None else entry.principal)


def multi_factor_auth_present(call: Call, _touched: Touched) -> str | None:
    session = call.who.session
    return None if session is None else TRUTH[session.mfa_time is not None]


def multi_factor_auth_age(call: Call, _touched: Touched) -> str | None:
    session = call.who.session
    if session is None or session.mfa_time is None:
        return None
    return str((call.time - session.mfa_time) // 1000)


def token_issue_time(call: Call, _touched: Touched) -> str | None:
    session = call.who.session
    return None if session is None else _date(session)


def _date(session: Session) -> str:
    return datetime.fromtimestamp(session.issued // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def source_identity(call: Call, _touched: Touched) -> str | None:
    session = call.who.session
    return None if session is None else session.source_identity


def federated_provider(call: Call, _touched: Touched) -> str | None:
    """Whether AWS holds the ARN there or the issuer's URL is unverified."""
    who = call.who
    if who.vouched is not None:
        return who.vouched.identity.provider
    identity = None if who.session is None else who.session.web_identity
    return None if identity is None else identity.provider


# The session asked for.


def transitive_tag_keys(call: Call, _touched: Touched) -> tuple[str, ...] | None:
    if call.who.vouched is not None:
        return tuple(tag.key for tag in call.who.vouched.tags if tag.transitive) or None
    request = call.request
    keys = request.transitive_tag_keys if isinstance(request, sts.AssumeRoleRequest) else None
    return tuple(dict.fromkeys(keys or ())) or None


def asked_source_identity(call: Call, _touched: Touched) -> str | None:
    if call.who.vouched is not None:
        return call.who.vouched.source_identity
    request = call.request
    return request.source_identity if isinstance(request, sts.AssumeRoleRequest) else None
