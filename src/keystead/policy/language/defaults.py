"""The policies that AWS makes itself."""

import json
from collections.abc import Sequence
from typing import Final

from keystead.names import AccountId, AccountRootArn
from keystead.policy.language.document import Policy, PolicyKind
from keystead.policy.language.findings import Malformed
from keystead.policy.language.grammar import GRAMMARS
from keystead.policy.language.layout import pretty
from keystead.policy.language.parsing import parse_by_grammar


def default_key_policy(account: AccountId) -> str:
    """The policy of a key that was created without one: it delegates to the account's IAM policies."""
    return f"""{{
  "Version" : "2012-10-17",
  "Id" : "key-default-1",
  "Statement" : [ {{
    "Sid" : "Enable IAM User Permissions",
    "Effect" : "Allow",
    "Principal" : {{
      "AWS" : "{AccountRootArn(account)}"
    }},
    "Action" : "kms:*",
    "Resource" : "*"
  }} ]
}}"""


def managed_key_policy(
    account: AccountId,
    *,
    id: str,
    service: str,
    via: str,
    use: Sequence[str],
    direct: Sequence[str],
    anywhere: Sequence[str] = (),
) -> str:
    """The policy of an AWS managed key: callers of the account use it through one service.

    Source: policies of such keys seen in the field.

    Args:
        account: whose key it is.
        id: the policy's `Id`, such as `auto-s3-2`.
        service: what the service is called.
        via: the service in the key's Region, `s3.us-east-1.amazonaws.com`.
        use: actions that callers have through the service.
        direct: actions that the account has without it.
        anywhere: actions that callers have through the service in any Region.
    """
    through = (
        f"Allow access through {service} for all principals in the account that are authorized to use "
        f"{service}"
    )
    statements = [
        {
            "Sid": through,
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": [*use],
            "Resource": "*",
            "Condition": {"StringEquals": {"kms:ViaService": via, "kms:CallerAccount": account}},
        },
        *([_anywhere(account, via, anywhere)] if anywhere else []),
        {
            "Sid": "Allow direct access to key metadata to the account",
            "Effect": "Allow",
            "Principal": {"AWS": str(AccountRootArn(account))},
            "Action": [*direct],
            "Resource": "*",
        },
    ]
    return pretty(json.dumps({"Version": "2012-10-17", "Id": id, "Statement": statements}))


def _anywhere(account: AccountId, via: str, actions: Sequence[str]) -> dict[str, object]:
    """AWS's statement repeats the Sid of the one before it, which a policy may not; so it has none here."""
    name, _, rest = via.partition(".")
    domain = rest.partition(".")[2]
    return {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": actions[0] if len(actions) == 1 else [*actions],
        "Resource": "*",
        "Condition": {
            "StringEquals": {"kms:CallerAccount": account},
            "StringLike": {"kms:ViaService": f"{name}.*.{domain}"},
        },
    }


def _rcp_full_access() -> Policy:
    text = (
        '{"Version":"2012-10-17","Statement":'
        '[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}'
    )
    policy = parse_by_grammar(text, PolicyKind.RCP, GRAMMARS[PolicyKind.RCP], customer=False)
    assert not isinstance(policy, Malformed)
    return policy


RCP_FULL_AWS_ACCESS: Final = _rcp_full_access()
"""`RCPFullAWSAccess`: part of every level where RCPs are in force; customers' own RCPs may only deny."""
