"""From what a request names to keys and aliases.

Accepted forms and sentences: AWS KMS Developer Guide, "Key identifiers", and recordings. A bare id or alias
name is looked for in the caller's own account and Region; another account's key needs an ARN.
"""

from functools import lru_cache

from msgspec.structs import replace

from keystead.crypto.ciphertext import Header, peek
from keystead.crypto.grant_token import InvalidGrantToken, NamedGrant, open_grant_token
from keystead.crypto.key_material import InvalidCiphertext
from keystead.kinds import PrincipalType
from keystead.names import (
    AccountId,
    AliasArn,
    AliasName,
    Arn,
    GrantId,
    InvalidName,
    KeyArn,
    KeyId,
    Region,
    RoleArn,
    parse_principal_arn,
)
from keystead.policy.request import CallerKind
from keystead.service.call import Call, Touched
from keystead.service.managed_keys.making import predefined_alias
from keystead.service.operation import (
    Named,
    OnAlias,
    OnAliasTarget,
    OnArn,
    OnGrant,
    OnKey,
    OnNothing,
    OnRelatedKey,
    OnRole,
    Target,
)
from keystead.shapes.errors import AccessDeniedException, NotAuthorizedException, ValidationException
from keystead.shapes.kms_errors import (
    IncorrectKeyException,
    InvalidArnException,
    InvalidCiphertextException,
    InvalidGrantTokenException,
    NotFoundException,
)


class Missing(Exception):
    """A resource is not there.

    Whether the caller may learn so is for the pipeline to decide.

    Attributes:
        touched: what was looked for.
        sentence: what to say to those who may know.
    """

    def __init__(self, touched: Touched, sentence: str) -> None:
        super().__init__(sentence)
        self.touched = touched
        self.sentence = sentence


def resolve(call: Call, target: Target) -> Touched | None:
    """What `target` names in this call; None when its check is not made.

    Raises:
        Missing: well-formed, but not there.
        NotMadeYet: an AWS managed key that a call which writes would make.
        AwsError: not well-formed, or not usable here.
    """
    match target:
        case OnKey():
            return _key(call, target)
        case OnRelatedKey():
            return _related_key(call, target)
        case OnAlias():
            return _alias(call, target)
        case OnAliasTarget():
            return _alias_target(call, target)
        case OnGrant():
            return _grant(call, target)
        case OnNothing():
            region = Region.parse(getattr(call.request, target.region)) if target.region else None
            return Touched(target, "*", call.account, region=region)
        case OnArn():
            named = target.named(call, call.request)
            return None if named is None else Touched(target, named.arn, call.account, named=named)
        case OnRole():
            return _role(call, target)


def resolve_again(call: Call, touched: Touched) -> Touched:
    """The key that a target resolved to, as it is now.

    The same key, and not what its name means now: work may have been done with it, and an alias moves.

    Raises:
        Missing: it is gone.
    """
    assert touched.entry is not None, "what has resolved to a key holds it"
    arn = touched.entry.key.arn
    entry = call.records.key(arn.region, arn.key_id)
    if entry is None or _closed(call, arn.account):
        raise Missing(replace(touched, entry=None), f"Key '{arn}' does not exist")
    return replace(touched, entry=entry)


def _key(call: Call, target: OnKey) -> Touched:
    text = getattr(call.request, target.member)
    if text is None:
        return _key_of_ciphertext(call, target)
    reference = _reference(text)
    if target.says_no_aliases and isinstance(reference, AliasName | AliasArn):
        raise InvalidArnException("Key Aliases are not supported for this operation.")
    if reference is None:
        raise NotFoundException(
            f"Invalid arn {text}" if text.startswith("arn:") else f"Invalid keyId '{text}'"
        )
    if isinstance(reference, KeyArn | AliasArn):
        if target.ciphertext and _of_related_key(call, reference):
            # Recorded of Decrypt.
            raise IncorrectKeyException(INCORRECT_KEY)
        _check_region(call, reference)
    if isinstance(reference, KeyArn):
        return _found(call, target, reference, None)
    if isinstance(reference, KeyId):
        return _found(call, target, KeyArn(call.region, call.account, reference), None)
    if not target.aliases:
        raise NotFoundException(f"Invalid keyId '{text}'")
    arn = call.alias_arn(reference) if isinstance(reference, AliasName) else reference
    alias = call.records.alias(arn) or predefined_alias(call, arn)
    if alias is None:
        touched = Touched(target, str(arn), arn.account, on_key=True, request_alias=arn.name)
        raise Missing(touched, f"Alias {arn} is not found.")
    return _found(call, target, KeyArn(alias.region, alias.account, alias.target), arn.name)


def _check_region(call: Call, arn: KeyArn | AliasArn) -> None:
    if arn.region != call.region:
        raise NotFoundException(f"Invalid arn {arn.region}")


def _of_related_key(call: Call, arn: KeyArn | AliasArn) -> bool:
    """Whether it is the ARN of a multi-Region key in another Region, there or not."""
    return isinstance(arn, KeyArn) and arn.region != call.region and arn.key_id.multi_region


INCORRECT_KEY = "The key ID in the request does not identify a CMK that can perform this operation."
"""The sentence of IncorrectKeyException."""


def _related_key(call: Call, target: OnRelatedKey) -> Touched | None:
    try:
        region = Region.parse(getattr(call.request, target.region))
    except InvalidName:
        return None
    first = call.key.key
    if region == first.arn.region or not first.multi_region:
        return None
    entry = call.records.key(region, first.arn.key_id)
    if entry is None or entry.key.arn.account != first.arn.account:
        return None
    return Touched(target, entry.arn, entry.key.arn.account, entry, on_key=True, region=region)


@lru_cache(maxsize=4096)  # clients name the same keys again and again
def _reference(text: str) -> KeyArn | AliasArn | KeyId | AliasName | None:
    """What a member that names a key holds, or None if it is none of the four forms."""
    try:
        if text.startswith("arn:"):
            return (AliasArn if Arn.parse(text).resource.startswith("alias/") else KeyArn).parse(text)
        return (AliasName if text.startswith("alias/") else KeyId).parse(text)
    except InvalidName:
        return None


def _found(call: Call, target: OnKey, arn: KeyArn, alias: AliasName | None) -> Touched:
    entry = call.records.key(call.region, arn.key_id)
    if entry is None or entry.key.arn.account != arn.account or _closed(call, arn.account):
        touched = Touched(target, str(arn), arn.account, on_key=True, request_alias=alias)
        raise Missing(touched, f"Key '{arn}' does not exist")
    return Touched(target, entry.arn, arn.account, entry, on_key=True, request_alias=alias)


def _key_of_ciphertext(call: Call, target: OnKey) -> Touched:
    """The key that the blob's header names (KMS API, Decrypt: "KeyId is optional")."""
    blob = getattr(call.request, target.ciphertext) if target.ciphertext else None
    if blob is None:
        member = target.ciphertext or target.member
        raise null_member(member)
    header = header_of(blob)
    if header is None:
        raise InvalidCiphertextException(None)
    entry = call.records.key(call.region, header.key_id)
    if entry is None or _closed(call, entry.key.arn.account):
        touched = Touched(target, "", "", on_key=True, from_ciphertext=True)
        raise Missing(touched, "")
    return Touched(target, entry.arn, entry.key.arn.account, entry, on_key=True, from_ciphertext=True)


def _closed(call: Call, owner: AccountId) -> bool:
    """Whether the account was closed: nobody calls from it, and for others it has no keys (unverified)."""
    account = call.account_entry if owner == call.account else None
    if account is None:  # of a web identity too, whose account is that of the role
        account = call.records.account(owner)
    return account is not None and account.closed


def header_of(blob: bytes) -> Header | None:
    """The header of a symmetric ciphertext, or None when it is none."""
    try:
        return peek(blob)
    except InvalidCiphertext:
        return None


def null_member(attribute: str) -> ValidationException:
    """AWS's refusal of a request that lacks a member its shape calls optional."""
    words = attribute.split("_")
    path = words[0] + "".join(word.capitalize() for word in words[1:])
    return ValidationException(
        f"1 validation error detected: Value null at '{path}' failed to satisfy constraint: "
        "Member must not be null"
    )


ALIAS_PREFIX = (
    'Alias must start with the prefix "alias/". Please see '
    "https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html"
)


def alias_name(text: str) -> AliasName:
    """The alias name that CreateAlias, UpdateAlias and DeleteAlias are given, or AWS's refusal of it."""
    if not text.startswith("alias/"):
        raise ValidationException(ALIAS_PREFIX)
    try:
        name = AliasName.parse(text)
    except InvalidName:
        raise ValidationException(f"{text} contains invalid characters for an alias") from None
    if name.reserved:
        raise NotAuthorizedException(None)
    return name


def _alias(call: Call, target: OnAlias) -> Touched:
    arn = call.alias_arn(alias_name(getattr(call.request, target.member)))
    alias = call.records.alias(arn)
    touched = Touched(target, str(arn), call.account, alias=alias)
    if alias is None and target.exists:
        raise Missing(touched, f"Alias {arn} is not found.")
    return touched


def _alias_target(call: Call, target: OnAliasTarget) -> Touched:
    arn = call.alias_arn(alias_name(getattr(call.request, target.member)))
    alias = call.records.alias(arn)
    if alias is None:
        raise Missing(Touched(target, str(arn), call.account), f"Alias {arn} is not found.")
    entry = call.records.key(call.region, alias.target)
    if entry is None:
        key = KeyArn(call.region, call.account, alias.target)
        raise Missing(Touched(target, str(key), call.account, on_key=True), f"Key '{key}' does not exist")
    return Touched(target, entry.arn, call.account, entry, on_key=True)


def _grant(call: Call, target: OnGrant) -> Touched:
    """The grant of a token, or of a key ARN and an id; a bare key id names none (recorded)."""
    request = call.request
    if request.grant_token is not None:
        named = _of_token(call, request.grant_token)
        key, grant_id = named.key, named.id
    else:
        reference = _reference(request.key_id)
        if not isinstance(reference, KeyArn):
            raise NotFoundException(f"Invalid arn {request.key_id}")
        key, grant_id = reference, GrantId.parse(request.grant_id)
    _check_region(call, key)
    entry = call.records.key(call.region, key.key_id)
    if entry is None or entry.key.arn != key or _closed(call, key.account):
        touched = Touched(target, str(key), key.account, on_key=True)
        raise Missing(touched, f"Key '{key}' does not exist")
    touched = Touched(target, entry.arn, key.account, entry, on_key=True)
    with call.reading() as tx:
        touched.grant = tx.grant(key, grant_id)
    if touched.grant is None:
        raise Missing(touched, grant_missing(grant_id))
    return touched


def _of_token(call: Call, token: str) -> NamedGrant:
    try:
        return open_grant_token(call.sealer, token)
    except InvalidGrantToken:
        raise InvalidGrantTokenException(None) from None


def grant_missing(grant_id: GrantId) -> str:
    """What is said of a grant that is not there (ours: AWS's sentence is unknown)."""
    return f"Grant ID {grant_id} not found"


def _role(call: Call, target: OnRole) -> Touched:
    """The role, path and all: a name with another path is another name (IAM User Guide, "IAM ARNs")."""
    refusal = _ASSUME_NO_ROLES.get(call.caller.kind)
    if refusal is not None:
        raise AccessDeniedException(refusal)
    text = getattr(call.request, target.member)
    try:
        arn = parse_principal_arn(text)
    except InvalidName:
        arn = None
    if not isinstance(arn, RoleArn):
        raise ValidationException(f"{text[:_SHOWN]} is invalid")
    with call.reading() as tx:
        found = tx.principal_named(arn.account, PrincipalType.ROLE, arn.name)
    entry = None if found is None else call.records.principal(found.unique_id)
    if entry is None or entry.arn != text or _closed(call, arn.account):
        raise Missing(Touched(target, text, arn.account), "")
    named = Named(text, entry.principal.tags, entry.principal.boundary)
    return Touched(target, text, arn.account, named=named, role=entry)


_ASSUME_NO_ROLES = {
    CallerKind.ROOT: "Roles may not be assumed by root accounts.",
    CallerKind.FEDERATED_USER: "Roles may not be assumed by federated users.",  # (unverified)
}

_SHOWN = 128
"""Characters of a text that an error repeats."""
