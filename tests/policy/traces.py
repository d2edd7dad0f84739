"""Traces that tests look at."""

from typing import Any

from scenes import (
    ask,
    key_policy,
)

from keystead.policy import (
    Caller,
    Facts,
    Layer,
    Request,
    explain,
)
from keystead.policy.explanation.trace import (
    Matched,
    Trace,
    Unmatched,
)


def trace_of(
    caller: Caller, *statements: dict[str, Any], request: Request | None = None, **more: Any
) -> Trace:
    return explain(request or ask(caller), Facts(key_policy=key_policy(*statements), **more))


def verdict(trace: Trace, number: int = 0, layer: Layer = Layer.RESOURCE) -> Matched | Unmatched:
    (found,) = [each for each in trace.layers if each.layer is layer]
    return found.statements[number].verdict
