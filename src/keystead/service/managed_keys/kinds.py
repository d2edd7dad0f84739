"""The kinds of AWS managed keys, as data: one for each service that has them.

What services of AWS have was seen in the field, in accounts' own listings of keys and policies: ids, Sids,
actions and descriptions of the kinds with `seen`. The others follow the pattern of those, with the number 1
(unverified). A service of one's own has a kind by the same pattern.
"""

from dataclasses import dataclass
from typing import Final

from keystead.model import RegisteredService
from keystead.names import AliasName, ServiceName

USE: Final = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*")
READ: Final = ("kms:Describe*", "kms:Get*", "kms:List*")

_WITH_GRANTS: Final = (*USE, "kms:CreateGrant", "kms:DescribeKey")
_LISTING_GRANTS: Final = (*USE, "kms:CreateGrant", "kms:ListGrants", "kms:DescribeKey")
_WITHOUT_GRANTS: Final = (*USE, "kms:DescribeKey")
_REVOKING: Final = (*READ, "kms:RevokeGrant")


@dataclass(frozen=True, slots=True)
class ManagedKeyKind:
    """What a service's AWS managed keys have in common.

    Attributes:
        alias: the predefined alias, `alias/aws/s3`.
        service: the service whose callers may use them; EBS's is `ec2`.
        display_name: what their Sid calls it.
        policy_id: `Id` of their key policy.
        description: of the keys.
        use: actions that callers have through the service.
        direct: actions that the account has without it.
        anywhere: actions that callers have through the service in any Region.
        listed: whether ListAliases shows the alias before there is a key.
        seen: whether all this was seen in the field.
    """

    alias: AliasName
    service: ServiceName
    display_name: str
    policy_id: str
    description: str
    use: tuple[str, ...] = _WITH_GRANTS
    direct: tuple[str, ...] = _REVOKING
    anywhere: tuple[str, ...] = ()
    listed: bool = False
    seen: bool = False


def _described(what: str) -> str:
    return f"Default key that protects my {what} when no other key is defined"


def _kind(
    name: str,
    display_name: str,
    what: str,
    *,
    service: str = "",
    policy_id: str = "",
    use: tuple[str, ...] = _WITH_GRANTS,
    direct: tuple[str, ...] = _REVOKING,
    anywhere: tuple[str, ...] = (),
    listed: bool = False,
    seen: bool = False,
) -> ManagedKeyKind:
    return ManagedKeyKind(
        alias=AliasName.parse(f"alias/aws/{name}"),
        service=ServiceName.parse(service or name),
        display_name=display_name,
        policy_id=policy_id or f"auto-{name}-1",
        description=_described(what),
        use=use,
        direct=direct,
        anywhere=anywhere,
        listed=listed,
        seen=seen,
    )


# `listed` as a fresh account of 2020 showed them in us-east-1; that others are not listed is unverified.
_KINDS: Final = (
    _kind("acm", "ACM", "ACM private keys"),
    _kind("backup", "Backup", "Backup data"),
    _kind("cloud9", "Cloud9", "Cloud9 environments"),
    _kind("codeartifact", "CodeArtifact", "CodeArtifact assets"),
    _kind("codebuild", "CodeBuild", "CodeBuild artifacts"),
    _kind("connect", "Connect", "Connect data"),
    _kind("dms", "DMS", "DMS data"),
    _kind("dynamodb", "Amazon DynamoDB", "DynamoDB data", listed=True),
    _kind("ebs", "EBS", "EBS volumes", service="ec2", policy_id="auto-ebs-2", listed=True, seen=True),
    _kind("elasticfilesystem", "EFS", "EFS filesystems", listed=True),
    # Seen with a third statement, by which the service itself may read the key.
    _kind(
        "es",
        "OpenSearch Service",
        "Amazon OpenSearch Service (successor to Amazon Elasticsearch Service) data",
        policy_id="auto-es-2",
        listed=True,
    ),
    _kind("fsx", "FSx", "FSx resources"),
    _kind("glue", "Glue", "Glue data", listed=True),
    _kind("kafka", "Kafka", "Kafka data", use=_LISTING_GRANTS, seen=True),
    _kind("kinesis", "Kinesis", "Kinesis data"),
    _kind("kinesisvideo", "Kinesis Video", "Kinesis Video Streams data", listed=True),
    _kind("lambda", "AWS Lambda", "Lambda functions", policy_id="auto-awslambda", seen=True),
    _kind("lightsail", "Lightsail", "Lightsail signing keys"),
    _kind(
        "rds",
        "RDS",
        "RDS database volumes",
        policy_id="auto-rds-2",
        use=_LISTING_GRANTS,
        listed=True,
        seen=True,
    ),
    _kind("redshift", "Redshift", "Redshift clusters", listed=True),
    _kind(
        "s3",
        "S3",
        "S3 objects",
        policy_id="auto-s3-2",
        use=_WITHOUT_GRANTS,
        direct=READ,
        listed=True,
        seen=True,
    ),
    _kind(
        "secretsmanager",
        "AWS Secrets Manager",
        "Secrets Manager data",
        policy_id="auto-secretsmanager-2",
        use=("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:CreateGrant", "kms:DescribeKey"),
        anywhere=("kms:GenerateDataKey*",),
        seen=True,
    ),
    _kind(
        "sns",
        "SNS",
        "SNS data",
        use=("kms:Decrypt", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:ListGrants", "kms:DescribeKey"),
        seen=True,
    ),
    _kind("sqs", "SQS", "SQS messages", seen=True),
    _kind("ssm", "SSM", "SSM parameters", use=_WITHOUT_GRANTS, direct=READ, listed=True, seen=True),
    _kind("workspaces", "WorkSpaces", "WorkSpaces volumes"),
    _kind("xray", "X-Ray", "X-Ray data", listed=True),
)

OF_AWS: Final = {kind.alias: kind for kind in _KINDS}
"""The kinds of AWS's services, by alias; there whether or not such a service is registered."""

_BY_SERVICE: Final = {kind.service: kind for kind in _KINDS}


def kind_of(service: RegisteredService) -> ManagedKeyKind:
    """The kind of a registered service: AWS's, if it has one of that name."""
    return _BY_SERVICE.get(service.name) or _kind(
        service.name, service.display_name, f"{service.display_name} data", listed=True
    )


def display_name_of(name: ServiceName) -> str:
    """What a service of AWS is called; its name, if it is none that is known."""
    kind = _BY_SERVICE.get(name)
    return name if kind is None else kind.display_name
