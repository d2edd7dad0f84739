"""Identifiers: parsed once at the edge, frozen and trusted inside.

Each form has one parser. A parser returns the value or raises `InvalidName`, never anything else.
Values made of one text are subclasses of `str`, so that they bind to SQL and JSON as they are;
values made of parts are frozen dataclasses whose `str()` is the text they were parsed from.

Sources: the AWS KMS Developer Guide ("Key identifiers"), the IAM User Guide ("IAM identifiers").
"""

import re
from dataclasses import dataclass, replace
from typing import Self

PARTITION = "aws"
"""The only partition this release serves."""


class InvalidName(ValueError):
    """A text is not the identifier it should be.

    Attributes:
        kind: what was expected, in the field's words ("key ID", "alias name").
        text: what was given.
        rule: the rule that it breaks, in words; empty where the kind says enough.
    """

    def __init__(self, kind: str, text: str, rule: str = "") -> None:
        super().__init__(f"not a valid {kind}: `{text[:200]}`" + (f" ({rule})" if rule else ""))
        self.kind = kind
        self.text = text
        self.rule = rule


class _Text(str):
    """A checked text: `parse` is the only door."""

    __slots__ = ()
    kind: str
    pattern: re.Pattern[str]

    @classmethod
    def matches(cls, text: str) -> bool:
        """Whether `parse` takes `text`."""
        return cls.pattern.fullmatch(text) is not None

    @classmethod
    def parse(cls, text: str) -> Self:
        """The value for `text`, or `InvalidName`."""
        if not cls.matches(text):
            raise InvalidName(cls.kind, text)
        return cls(text)


class AccountId(_Text):
    """An AWS account id: twelve digits."""

    __slots__ = ()
    kind = "account ID"
    pattern = re.compile(r"[0-9]{12}")


class Region(_Text):
    """A Region name such as `us-east-1`; whether it exists is for `keystead.kinds.REGIONS` to say."""

    __slots__ = ()
    kind = "Region"
    pattern = re.compile(r"[a-z]{2,4}(-[a-z]{2,16}){1,3}-[0-9]{1,2}")


class KeyId(_Text):
    """A KMS key id: a lower-case UUID, or `mrk-` and 32 hexadecimal digits for a multi-Region key."""

    __slots__ = ()
    kind = "key ID"
    pattern = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}")

    @property
    def multi_region(self) -> bool:
        """Whether this is the id of a multi-Region key."""
        return self.startswith("mrk-")


class KeyMaterialId(_Text):
    """A key material id: 64 lower-case hexadecimal digits."""

    __slots__ = ()
    kind = "key material ID"
    pattern = re.compile(r"[0-9a-f]{64}")


class GrantId(_Text):
    """The id of a grant: 64 lower-case hexadecimal digits."""

    __slots__ = ()
    kind = "grant ID"
    pattern = re.compile(r"[0-9a-f]{64}")


class ServiceName(_Text):
    """The name of a service, such as `s3`: what requests to it are signed for.

    The service principal is `s3.amazonaws.com`; in a Region it goes by `s3.us-east-1.amazonaws.com`.
    """

    __slots__ = ()
    kind = "service name"
    pattern = re.compile(r"[a-z][a-z0-9-]{0,61}[a-z0-9]")

    @property
    def principal(self) -> str:
        """The service principal."""
        return f"{self}.amazonaws.com"

    def in_region(self, region: Region) -> str:
        """Its name in a Region, as `kms:ViaService` has it."""
        return f"{self}.{region}.amazonaws.com"


class AliasName(_Text):
    """An alias name with its prefix, such as `alias/pay`; at most 256 characters."""

    __slots__ = ()
    kind = "alias name"
    pattern = re.compile(r"alias/[a-zA-Z0-9:/_-]{1,250}")

    @property
    def reserved(self) -> bool:
        """Whether the name is kept for AWS managed keys (`alias/aws/...`)."""
        return self.startswith("alias/aws/")


class AccessKeyId(_Text):
    """The id of an access key: what IAM makes (`AKIA...`, `ASIA...`), or a name the operator chose."""

    __slots__ = ()
    kind = "access key ID"
    pattern = re.compile(r"\w{3,128}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Arn:
    """An Amazon Resource Name, split at its first five colons; nothing is checked but the form."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """The parts of `text`, or `InvalidName`."""
        parts = text.split(":", 5)
        if len(parts) != 6 or parts[0] != "arn":
            raise InvalidName("ARN", text)
        return cls(*parts[1:])

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"


@dataclass(frozen=True, slots=True)
class KeyArn:
    """The ARN of a KMS key: `arn:aws:kms:REGION:ACCOUNT:key/ID`."""

    region: Region
    account: AccountId
    key_id: KeyId

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key named by `text`, or `InvalidName`."""
        arn = _kms_arn("key ARN", text, "key/")
        return cls(Region.parse(arn.region), AccountId.parse(arn.account), KeyId.parse(arn.resource[4:]))

    def in_region(self, region: Region) -> Self:
        """The key with the same id in another Region, which is related to it if there is one."""
        return replace(self, region=region)

    def __str__(self) -> str:
        return f"arn:{PARTITION}:kms:{self.region}:{self.account}:key/{self.key_id}"


@dataclass(frozen=True, slots=True)
class AliasArn:
    """The ARN of an alias: `arn:aws:kms:REGION:ACCOUNT:alias/NAME`."""

    region: Region
    account: AccountId
    name: AliasName

    @classmethod
    def parse(cls, text: str) -> Self:
        """The alias named by `text`, or `InvalidName`."""
        arn = _kms_arn("alias ARN", text, "alias/")
        return cls(Region.parse(arn.region), AccountId.parse(arn.account), AliasName.parse(arn.resource))

    def __str__(self) -> str:
        return f"arn:{PARTITION}:kms:{self.region}:{self.account}:{self.name}"


def _kms_arn(kind: str, text: str, prefix: str) -> Arn:
    try:
        arn = Arn.parse(text)
    except InvalidName:
        raise InvalidName(kind, text) from None
    if arn.partition != PARTITION or arn.service != "kms" or not arn.resource.startswith(prefix):
        raise InvalidName(kind, text)
    return arn


# Principals. Names follow IAM's own patterns: [\w+=,.@-], paths begin and end with a slash.
_NAME = re.compile(r"[\w+=,.@-]{1,128}", re.ASCII)
_SESSION = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_CHARACTERS = "letters, digits and _+=,.@-"
_PATH = re.compile(r"/|/[\x21-\x7e]{0,510}/")
_LONGEST_PROVIDER_URL = 255 - len("https://")

_AWS = "aws"
"""What stands for the account in the ARN of a managed policy of AWS."""


@dataclass(frozen=True, slots=True)
class AccountRootArn:
    """The root user of an account, or in a policy the account itself."""

    account: AccountId

    def __str__(self) -> str:
        return f"arn:{PARTITION}:iam::{self.account}:root"


@dataclass(frozen=True, slots=True)
class UserArn:
    """An IAM user; `path` begins and ends with a slash."""

    account: AccountId
    path: str
    name: str

    def __str__(self) -> str:
        return f"arn:{PARTITION}:iam::{self.account}:user{self.path}{self.name}"


@dataclass(frozen=True, slots=True)
class RoleArn:
    """An IAM role; `path` begins and ends with a slash."""

    account: AccountId
    path: str
    name: str

    def __str__(self) -> str:
        return f"arn:{PARTITION}:iam::{self.account}:role{self.path}{self.name}"


@dataclass(frozen=True, slots=True)
class AssumedRoleArn:
    """A session of a role; carries the role's name without its path."""

    account: AccountId
    role_name: str
    session_name: str

    def __str__(self) -> str:
        return f"arn:{PARTITION}:sts::{self.account}:assumed-role/{self.role_name}/{self.session_name}"


@dataclass(frozen=True, slots=True)
class FederatedUserArn:
    """A session made by GetFederationToken."""

    account: AccountId
    name: str

    def __str__(self) -> str:
        return f"arn:{PARTITION}:sts::{self.account}:federated-user/{self.name}"


@dataclass(frozen=True, slots=True)
class GroupArn:
    """A group of IAM users, which is no principal; `path` begins and ends with a slash."""

    account: AccountId
    path: str
    name: str

    def __str__(self) -> str:
        return f"arn:{PARTITION}:iam::{self.account}:group{self.path}{self.name}"


@dataclass(frozen=True, slots=True)
class InstanceProfileArn:
    """An instance profile; `path` begins and ends with a slash."""

    account: AccountId
    path: str
    name: str

    def __str__(self) -> str:
        return f"arn:{PARTITION}:iam::{self.account}:instance-profile{self.path}{self.name}"


@dataclass(frozen=True, slots=True)
class ManagedPolicyArn:
    """A managed policy; `account` is None for the policies of AWS, which every account has."""

    account: AccountId | None
    path: str
    name: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """The value for `text`, or `InvalidName`."""
        invalid = InvalidName("managed policy ARN", text)
        try:
            arn = Arn.parse(text)
            account = None if arn.account == _AWS else AccountId.parse(arn.account)
        except InvalidName:
            raise invalid from None
        kind, _, rest = arn.resource.partition("/")
        path, _, name = f"/{rest}".rpartition("/")
        path = f"{path}/"
        if (arn.partition, arn.service, arn.region, kind) != (PARTITION, "iam", "", "policy"):
            raise invalid
        if not _NAME.fullmatch(name) or not _PATH.fullmatch(path):
            raise invalid
        return cls(account, path, name)

    def __str__(self) -> str:
        return f"arn:{PARTITION}:iam::{self.account or _AWS}:policy{self.path}{self.name}"


@dataclass(frozen=True, slots=True)
class OidcProviderArn:
    """An OIDC provider of an account; `url` is that of the issuer without `https://`."""

    account: AccountId
    url: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """The provider named by `text`, or `InvalidName`; nothing is checked of the URL but its length."""
        invalid = InvalidName("OIDC provider ARN", text)
        try:
            arn = Arn.parse(text)
            account = AccountId.parse(arn.account)
        except InvalidName:
            raise invalid from None
        kind, _, url = arn.resource.partition("/")
        if arn.partition != PARTITION or arn.service != "iam" or arn.region or kind != "oidc-provider":
            raise invalid
        if not 0 < len(url) <= _LONGEST_PROVIDER_URL:
            raise invalid
        return cls(account, url)

    def __str__(self) -> str:
        return f"arn:{PARTITION}:iam::{self.account}:oidc-provider/{self.url}"


PrincipalArn = AccountRootArn | UserArn | RoleArn | AssumedRoleArn | FederatedUserArn


def parse_principal_arn(text: str) -> PrincipalArn:
    """The principal that the ARN `text` names, or `InvalidName`.

    Groups are no principals, and neither is anything with a wildcard
    (IAM User Guide, "AWS JSON policy elements: Principal").
    """

    def invalid(rule: str) -> InvalidName:
        return InvalidName("principal ARN", text, rule)

    try:
        arn = Arn.parse(text)
    except InvalidName:
        raise invalid("an ARN is arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE") from None
    try:
        account = AccountId.parse(arn.account)
    except InvalidName:
        raise invalid("an account has twelve digits") from None
    if arn.partition != PARTITION or arn.region:
        raise invalid(f"its partition is `{PARTITION}`, and principals are of no Region")
    kind, _, rest = arn.resource.partition("/")
    match arn.service, kind:
        case "iam", "root" if arn.resource == "root":
            return AccountRootArn(account)
        case "iam", "user" | "role":
            path, _, name = f"/{rest}".rpartition("/")
            path = f"{path}/"
            if not _NAME.fullmatch(name):
                raise invalid(f"the name of a {kind} has 1 to 128 {_CHARACTERS}")
            if not _PATH.fullmatch(path):
                raise invalid("a path has at most 512 printable ASCII characters")
            return UserArn(account, path, name) if kind == "user" else RoleArn(account, path, name)
        case "sts", "assumed-role":
            role_name, _, session = rest.partition("/")
            if not _NAME.fullmatch(role_name):
                raise invalid(f"the name of a role has 1 to 128 {_CHARACTERS}")
            if not _SESSION.fullmatch(session):
                raise invalid(f"the name of a session has 2 to 64 {_CHARACTERS}")
            return AssumedRoleArn(account, role_name, session)
        case "sts", "federated-user":
            if not _SESSION.fullmatch(rest):
                raise invalid(f"the name of a federated user has 2 to 64 {_CHARACTERS}")
            return FederatedUserArn(account, rest)
        case _:
            raise invalid(
                "principals are root, user/NAME and role/NAME of iam, assumed-role/ROLE/SESSION and "
                "federated-user/NAME of sts"
            )
