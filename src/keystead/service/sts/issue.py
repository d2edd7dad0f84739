"""New sessions: temporary credentials, sealed into their token."""

from typing import NamedTuple

from keystead.crypto.session_token import MAX_PACKED, new_session_token, packed_size
from keystead.model import Session, SessionKind, SessionTag, WebIdentity
from keystead.names import AccountId
from keystead.service.call import Call
from keystead.service.iam.identifiers import new_secret
from keystead.service.sts.asked import too_large
from keystead.service.sts.key_ids import new_temporary_key_id
from keystead.shapes import sts as shapes


class Issued(NamedTuple):
    """What the answer tells of a new session.

    Attributes:
        credentials: the only place where their secret is ever shown.
        packed: what policies and tags take of the space they have, in percent; None without them.
        size: of the token, in characters.
    """

    credentials: shapes.Credentials
    packed: int | None
    size: int


def issue(
    call: Call,
    kind: SessionKind,
    account: AccountId,
    principal: str | None,
    *,
    seconds: int,
    name: str = "",
    policy: str | None = None,
    policy_arns: tuple[str, ...] = (),
    tags: tuple[SessionTag, ...] = (),
    source_identity: str | None = None,
    web_identity: WebIdentity | None = None,
    token_size: int | None = None,
) -> Issued:
    """A new session, from now on for `seconds`; see `keystead.model.Session` for the rest.

    `token_size` asks for a token of at least so many characters.

    Raises:
        PackedPolicyTooLargeException: policies and tags take too much space.
    """
    issued = call.time // 1000 * 1000  # AWS tells times of sessions in whole seconds
    session = Session(
        kind=kind,
        access_key_id=new_temporary_key_id(account, call.random),
        secret=new_secret(call.random),
        account=account,
        principal=principal,
        name=name,
        issued=issued,
        expires=issued + seconds * 1000,
        policy=policy,
        policy_arns=policy_arns,
        tags=tags,
        source_identity=source_identity,
        web_identity=web_identity,
    )
    size = packed_size(session)
    if size > MAX_PACKED:
        raise too_large(size, MAX_PACKED)
    token = new_session_token(call.sealer, session, call.random, at_least=token_size or 0)
    credentials = shapes.Credentials(
        access_key_id=session.access_key_id,
        secret_access_key=session.secret,
        session_token=token,
        expiration=session.expires / 1000,
    )
    return Issued(credentials, -(-100 * size // MAX_PACKED) if size else None, len(token))
