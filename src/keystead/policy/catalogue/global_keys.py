"""The global condition keys, `aws:...`, as far as a KMS request can meet them.

Source: IAM User Guide, "AWS global condition context keys". All are single-valued and filled for every check
unless the row says otherwise.
"""

from keystead.policy.catalogue.vocabulary import Cardinality, ConditionKey, FilledFor, UsableIn, ValueType

RESOURCE_TAG = "aws:ResourceTag/"
REQUEST_TAG = "aws:RequestTag/"
TAG_KEYS = "aws:TagKeys"

_STRING, _BOOL, _NUMERIC = ValueType.STRING, ValueType.BOOL, ValueType.NUMERIC
_DATE, _ARN, _IP = ValueType.DATE, ValueType.ARN, ValueType.IP_ADDRESS
_MULTI = Cardinality.MULTI


def _key(
    name: str, type: ValueType, holds: str, cardinality: Cardinality = Cardinality.SINGLE
) -> ConditionKey:
    return ConditionKey(name, type, holds, cardinality, filled_for=FilledFor.EVERY_CHECK)


GLOBAL_KEYS = (
    # The principal.
    _key(
        "aws:PrincipalArn",
        _ARN,
        "ARN of the user or root user; for a role session the role's, with its path, never the session's; "
        "absent for services",
    ),
    _key("aws:PrincipalAccount", _STRING, "account of the principal; absent for services"),
    _key("aws:PrincipalType", _STRING, "`Account` (root user), `User`, `AssumedRole`, `FederatedUser`"),
    _key(
        "aws:userid",
        _STRING,
        "unique id: `AIDA...`; `AROA...:session`; `ACCOUNT:name` of a federated user; the account id of a "
        "root user; absent for services",
    ),
    _key("aws:username", _STRING, "name of an IAM user, without its path; absent for everybody else"),
    _key("aws:PrincipalTag/", _STRING, "value of that tag of the user or role; session tags override"),
    _key("aws:PrincipalOrgID", _STRING, "organization of the principal's account, `o-...`"),
    _key("aws:PrincipalOrgPaths", _STRING, "path of the principal's account, `o-.../r-.../ou-.../`", _MULTI),
    _key("aws:PrincipalIsAWSService", _BOOL, "`true` for a service that calls for itself, else `false`"),
    _key("aws:PrincipalServiceName", _STRING, "name of a service that calls for itself"),
    _key("aws:PrincipalServiceNamesList", _STRING, "all names of a service that calls for itself", _MULTI),
    # The session.
    _key(
        "aws:MultiFactorAuthPresent",
        _BOOL,
        "whether MFA was used; temporary credentials only, absent for access keys of users",
    ),
    _key("aws:MultiFactorAuthAge", _NUMERIC, "seconds since MFA; only if it was used"),
    _key("aws:TokenIssueTime", _DATE, "when the temporary credentials were issued"),
    _key("aws:SourceIdentity", _STRING, "source identity of the session, if it was set"),
    _key("aws:FederatedProvider", _STRING, "issuer of a web identity session"),
    _key("aws:AssumedRoot", _STRING, "task of a privileged root session"),
    # The request.
    _key("aws:CurrentTime", _DATE, "time of the request, ISO 8601"),
    _key("aws:EpochTime", _DATE, "time of the request in seconds since 1970; numeric operators work too"),
    _key("aws:RequestedRegion", _STRING, "Region of the endpoint that was called"),
    _key("aws:SecureTransport", _BOOL, "whether the connection is TLS"),
    _key(
        "aws:SourceIp",
        _IP,
        "address of the peer; an IPv4 address in IPv6 form counts as IPv4; absent when the call came through "
        "a VPC endpoint",
    ),
    _key("aws:UserAgent", _STRING, "header of the request, if it was sent; the client writes what it likes"),
    _key("aws:Referer", _STRING, "header of the request, if it was sent; the client writes what it likes"),
    _key("aws:ViaAWSService", _BOOL, "`true` when a service forwards a caller's request, else `false`"),
    _key("aws:CalledVia", _STRING, "services that forwarded the request, in their order", _MULTI),
    _key("aws:CalledViaFirst", _STRING, "first service that forwarded the request"),
    _key("aws:CalledViaLast", _STRING, "last service that forwarded the request"),
    # The resource of a service that calls for itself.
    _key("aws:SourceArn", _ARN, "resource for which a service calls"),
    _key("aws:SourceAccount", _STRING, "account of the resource for which a service calls"),
    _key("aws:SourceOrgID", _STRING, "organization of that account"),
    _key("aws:SourceOrgPaths", _STRING, "path of that account in its organization", _MULTI),
    # The network.
    _key("aws:SourceVpc", _STRING, "VPC that the call came through"),
    _key("aws:SourceVpce", _STRING, "VPC endpoint that the call came through"),
    _key("aws:VpcSourceIp", _IP, "private address of a call through a VPC endpoint"),
    _key("aws:VpceAccount", _STRING, "account of the VPC endpoint (for KMS unverified)"),
    _key("aws:VpceOrgID", _STRING, "organization of the VPC endpoint's account (for KMS unverified)"),
    _key("aws:VpceOrgPaths", _STRING, "path of the VPC endpoint's account (for KMS unverified)", _MULTI),
    _key("aws:ChatbotSourceArn", _ARN, "chat configuration that the call comes from"),
    _key("aws:Ec2InstanceSourceVpc", _STRING, "VPC of the instance that the credentials were given to"),
    _key(
        "aws:Ec2InstanceSourcePrivateIPv4", _IP, "address of the instance that the credentials were given to"
    ),
    _key("ec2:SourceInstanceArn", _ARN, "instance that the credentials were given to"),
    # The resource.
    _key(
        "aws:ResourceAccount",
        _STRING,
        "account that owns the resource; for actions without resource the caller's (unverified)",
    ),
    _key("aws:ResourceOrgID", _STRING, "organization of the account that owns the resource"),
    _key("aws:ResourceOrgPaths", _STRING, "path of the account that owns the resource", _MULTI),
    ConditionKey(
        RESOURCE_TAG,
        _STRING,
        "value of that tag of the resource, if it has it",
        usable_in=UsableIn.IAM_POLICIES,
    ),
    # What is asked for.
    ConditionKey(REQUEST_TAG, _STRING, "value of that tag in the request, if it has it"),
    ConditionKey(TAG_KEYS, _STRING, "names of the tags in the request; absent if there are none", _MULTI),
)
