"""The policies that AWS makes itself."""

from typing import Final

from keystead.names import AccountId, AccountRootArn
from keystead.policy.language.document import Policy, PolicyKind
from keystead.policy.language.findings import Malformed
from keystead.policy.language.grammar import GRAMMARS, parse_by_grammar


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
