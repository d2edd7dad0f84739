"""How much work it is to compare what a request holds with operands and patterns, counted before it is done.

A step takes about 0.1 us at worst, by measurement. Time itself would depend on who else uses the processor;
the same policy and the same request always have the same number of steps.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from keystead.policy.language.variables import Template, Wildcard, fixed

_LONG: Final = 4_096
"""Characters for which a text is as much work as a text more: a search is over all of its places at once."""


class Steps(NamedTuple):
    """What comparing takes, but for what is compared.

    Attributes:
        once: steps for a key of a single value, or for a resource or an action.
        each: steps for each value of a multivalued key.
        character: steps for each character of the values.
    """

    once: int
    each: int
    character: int

    def of(self, values: int, characters: int) -> int:
        """The steps for so many values, which have so many characters together."""
        long = characters // _LONG
        return self.once * (1 + long) + self.each * (values + long) + self.character * characters

    def on(self, held: str | tuple[str, ...] | None) -> int:
        """The steps for what a request holds under a key; None: the key is absent."""
        if held is None:
            return self.of(0, 0)
        values = (held,) if isinstance(held, str) else held
        return self.of(len(values), sum(map(len, values)))


NO_STEPS: Final = Steps(0, 0, 0)


def of_all(steps: Iterable[Steps]) -> Steps:
    """Those of all together."""
    once = each = character = 0
    for one in steps:
        once += one.once
        each += one.each
        character += one.character
    return Steps(once, each, character)


def of_patterns(templates: Iterable[Template], *, each: int, reading: int = 0, many: bool = False) -> Steps:
    """Those of a text, or with `many` of each of several, tried against patterns in turn.

    `each` is the least that one pattern takes, `reading` what the text itself takes.
    """
    # A text of several is taken apart into UTF-16 units each time.
    steps, characters = reading, int(many and each > 0)
    for template in templates:
        late = fixed(template) is None
        searched = each > 0 and (Wildcard.ONE in template or template.count(Wildcard.RUN) > 1)
        if late:
            steps += 20 * (len(template) + 1)  # compiled for each text anew
        elif each:
            steps += each + len(template)
        if searched:
            # One step for each unit of a segment, and one for each place of a text whose places are found.
            steps += sum([len(piece) for piece in template if isinstance(piece, str)])
            characters = max(characters, 1)
        if searched and late:
            characters += 2  # what variables bring in is no longer than the text, or is not tried
    return Steps(0, steps, characters) if many else Steps(steps, 0, characters)
