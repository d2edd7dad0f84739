"""One statement, compiled: what it takes to know whether it applies to a request."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from keystead.policy.conditions import Condition
from keystead.policy.language.patterns import ArnForm, Matcher, compile_arn, compile_glob
from keystead.policy.language.principal import Principal
from keystead.policy.language.variables import (
    Template,
    fixed,
    least_length,
    parse_template,
    resolve,
    variable_keys,
)


class Effect(StrEnum):
    """What a statement does when it applies."""

    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True, slots=True, eq=False)
class ActionMatcher:
    """Action or NotAction.

    Attributes:
        patterns: as written.
        excluded: whether the element is NotAction.
        literals: whole action names in lower case.
        prefixes: what stands before the `*` of patterns with no other wildcard, in lower case.
        globs: the other patterns with wildcards, over lower case.
    """

    patterns: tuple[str, ...]
    excluded: bool
    literals: frozenset[str]
    prefixes: tuple[str, ...]
    globs: tuple[Matcher, ...]

    def matches(self, action: str) -> bool:
        """Whether the element covers `action`, which must be in lower case."""
        if action in self.literals or action.startswith(self.prefixes):
            return not self.excluded
        for fits in self.globs:
            if fits(action):
                return not self.excluded
        return self.excluded


def compile_actions(patterns: tuple[str, ...], *, excluded: bool) -> ActionMatcher:
    """The matcher of an Action or NotAction element. Action names ignore case."""
    literals: set[str] = set()
    prefixes: list[str] = []
    globs: list[Matcher] = []
    for pattern in (written.lower() for written in patterns):
        wildcards = pattern.count("*") + pattern.count("?")
        if not wildcards:
            literals.add(pattern)
        elif wildcards == 1 and pattern.endswith("*") and pattern.isascii():
            prefixes.append(pattern[:-1])
        else:
            template = parse_template(pattern, variables=False, wildcards=True)
            globs.append(compile_glob(fixed(template) or ()))
    return ActionMatcher(patterns, excluded, frozenset(literals), tuple(prefixes), tuple(globs))


@dataclass(frozen=True, slots=True, eq=False)
class ResourceMatcher:
    """Resource or NotResource.

    Attributes:
        patterns: as written.
        excluded: whether the element is NotResource.
        everything: whether the lone `*` is among the patterns; only it covers "no resource".
        all: whether the element covers every resource: it is Resource and has the lone `*`.
        literals: patterns without wildcards and variables.
        globs: the other patterns without variables.
        late: the patterns with variables.
    """

    patterns: tuple[str, ...]
    excluded: bool
    everything: bool
    literals: frozenset[str]
    globs: tuple[Matcher, ...]
    late: tuple[Template, ...]
    all: bool

    def matches(self, resource: str, context: Mapping[str, str | tuple[str, ...]]) -> bool:
        """Whether the element covers `resource`.

        A pattern with a variable that has no value covers nothing; in NotResource it disables the whole
        element (IAM User Guide, "IAM policy elements: Variables and tags").
        """
        if self.everything or resource in self.literals:
            return not self.excluded
        hit = any(fits(resource) for fits in self.globs)
        for template in self.late:
            pieces = resolve(template, context)
            if pieces is None:
                if self.excluded:
                    return False
                continue
            if least_length(pieces) <= len(resource):
                compiled = compile_arn(pieces)
                hit = hit or (not isinstance(compiled, ArnForm) and compiled(resource))
        return hit is not self.excluded

    @property
    def reads(self) -> frozenset[str]:
        """The condition keys that the patterns read, in lower case."""
        return frozenset([key for template in self.late for key in variable_keys(template)])


def compile_resources(patterns: tuple[str, ...], *, excluded: bool, variables: bool) -> ResourceMatcher:
    """The matcher of a Resource or NotResource element."""
    literals: set[str] = set()
    globs: list[Matcher] = []
    late: list[Template] = []
    for pattern in patterns:
        if pattern == "*":
            continue
        template = resource_template(pattern, variables=variables)
        pieces = fixed(template)
        if pieces is None:
            late.append(template)
        elif pieces == (pattern,):
            literals.add(pattern)
        else:
            compiled = compile_arn(pieces)
            if not isinstance(compiled, ArnForm):
                globs.append(compiled)
    everything = "*" in patterns
    return ResourceMatcher(
        patterns,
        excluded,
        everything,
        frozenset(literals),
        tuple(globs),
        tuple(late),
        everything and not excluded,
    )


def resource_template(pattern: str, *, variables: bool) -> Template:
    """The pieces of a resource pattern. Only the part behind the fifth colon takes variables."""
    *head, rest = pattern.split(":", 5)
    if len(head) != 5:
        return parse_template(pattern, variables=False, wildcards=True)
    start = parse_template(":".join(head) + ":", variables=False, wildcards=True)
    return start + parse_template(rest, variables=variables, wildcards=True)


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One statement of a policy.

    Attributes:
        index: its place in the document, from 0.
        sid: its Sid, or empty.
        principal: None where the kind of policy has no such element.
        action: None if the statement names no action; it is inert then.
        resource: None if it names none; it is inert then. A role trust policy's covers everything.
        conditions: all must hold.
    """

    index: int
    sid: str
    effect: Effect
    principal: Principal | None
    action: ActionMatcher | None
    resource: ResourceMatcher | None
    conditions: tuple[Condition, ...]
