"""A second evaluator: slow, obvious, and written from the specification, to check the product against.

It reads a scene, which is a case of `vectors/policy` as plain JSON (schema in its README), and shares no code
with `keystead.policy`: it parses nothing in advance, compiles nothing and remembers nothing. Numbers in
comments are sections of the specification of policy evaluation that the product was written from; "recorded"
means that AWS was seen to do so. Where neither says anything, the comment says `(unverified)`, and the choice
is the one of `docs/policy.md`.
"""

from reference.law import decide

__all__ = ["decide"]
