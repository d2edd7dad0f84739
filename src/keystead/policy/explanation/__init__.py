"""Decisions explained: AWS's sentence, the trace, the nearest miss, the smallest change.

- `refusal`: AWS's sentence to the client.
- `comparison`, `grant_comparison`: a statement, a grant, beside the request, element by element.
- `rule`: which line of the law decided. `trace`: all that was considered. `nearest`: what came closest.
- `edit`: what can be changed, and what that makes of request and facts; `tree` changes documents.
- `options`: which edits answer which rule, made by `allowing`, `narrowing` and `encryption_context`.
- `remedy`: the smallest of them that `authorize` confirms.
- `words`, `document`: all of it in English, and as plain JSON.

`authorize` knows nothing of this package: an explanation is made when it is asked for.
"""

from keystead.policy.explanation.refusal import sentence
from keystead.policy.explanation.trace import explain

__all__ = ["explain", "sentence"]
