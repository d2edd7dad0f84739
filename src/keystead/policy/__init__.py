"""The policy language and the law: who may do what, decided as AWS decides it, with reasons.

A library by itself, and pure: no I/O, no clock, no log, no store. It imports the standard library and
`keystead.names` alone. Every function is a function of its arguments.

Most callers need

- `parse_policy`: text and kind to a compiled `Policy`, or `Malformed` with located findings. Never raises.
- `authorize`: a `Request` and the `Facts` that apply to it, to a `Decision`.
- `sentence`: AWS's words for a refusal. `explain`: the trace of a decision, statement by statement, with the
  rule that decided. `nearest_miss`: what came closest to allowing it. `remedies`: the smallest changes that
  would allow it, each verified. `explanation_document`: all of that as plain JSON values.
- `caller_of`, `make_request`: callers and requests from names. `read_scenario`: a request and its facts from
  a JSON text.
- `keystead.policy.simulate`: the same decisions, told as IAM's policy simulator tells them.

and whoever stores policies

- `principal_entries`: whom a policy names, so that their existence can be checked.
- `aws_principals`, `rewrite_principals`, `pretty`, `default_key_policy`: documents as text, in AWS's layout.

What it promises: what nothing allows is denied; a Deny that applies is never outweighed; what cannot be
evaluated allows nothing and denies all. What it leaves to its callers: the truth of the facts, the state of
keys, size limits of stored policies, and whether principals exist.

Stable: the names exported here (`docs/policy-api.md`). Everything else is reached by its path and may move.
"""

from keystead.names import AccountId, InvalidName
from keystead.policy.authorize import authorize
from keystead.policy.calling import caller_of, make_request
from keystead.policy.decision import (
    Allowed,
    By,
    Decision,
    ExplicitlyDenied,
    ImplicitlyDenied,
    Layer,
    Statement,
    Strength,
)
from keystead.policy.explanation import explain, sentence
from keystead.policy.explanation.document import explanation_document, trace_document
from keystead.policy.explanation.nearest import NearMiss, nearest_miss
from keystead.policy.explanation.remedy import (
    EditedPolicy,
    NoneExists,
    NoneFound,
    NothingDenied,
    Offered,
    Remedies,
    Remedy,
    remedies,
)
from keystead.policy.explanation.rule import Rule
from keystead.policy.explanation.trace import Trace
from keystead.policy.grants import Grants
from keystead.policy.language.defaults import RCP_FULL_AWS_ACCESS, default_key_policy
from keystead.policy.language.document import Policy, PolicyKind, principal_entries
from keystead.policy.language.findings import Finding, Malformed
from keystead.policy.language.json_reader import InvalidJson
from keystead.policy.language.layout import aws_principals, pretty, rewrite_principals
from keystead.policy.language.parsing import parse_policy
from keystead.policy.language.principal import PrincipalEntry, PrincipalKind
from keystead.policy.request import (
    AttachedPolicy,
    Caller,
    CallerKind,
    ContextValue,
    Facts,
    Grant,
    Request,
)
from keystead.policy.scenario import Scenario, read_scenario

__all__ = [
    "RCP_FULL_AWS_ACCESS",
    "AccountId",
    "Allowed",
    "AttachedPolicy",
    "By",
    "Caller",
    "CallerKind",
    "ContextValue",
    "Decision",
    "EditedPolicy",
    "ExplicitlyDenied",
    "Facts",
    "Finding",
    "Grant",
    "Grants",
    "ImplicitlyDenied",
    "InvalidJson",
    "InvalidName",
    "Layer",
    "Malformed",
    "NearMiss",
    "NoneExists",
    "NoneFound",
    "NothingDenied",
    "Offered",
    "Policy",
    "PolicyKind",
    "PrincipalEntry",
    "PrincipalKind",
    "Remedies",
    "Remedy",
    "Request",
    "Rule",
    "Scenario",
    "Statement",
    "Strength",
    "Trace",
    "authorize",
    "aws_principals",
    "caller_of",
    "default_key_policy",
    "explain",
    "explanation_document",
    "make_request",
    "nearest_miss",
    "parse_policy",
    "pretty",
    "principal_entries",
    "read_scenario",
    "remedies",
    "rewrite_principals",
    "sentence",
    "trace_document",
]
