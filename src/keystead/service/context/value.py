"""What may stand in the table of condition keys."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from keystead.policy.request import ContextValue
from keystead.service.call import Call, Touched

Value = Callable[[Call, Touched], ContextValue | None]
"""What a check holds under a key: text if the key is single-valued, a tuple if multivalued, None for absence.

It tells verified facts. Of what a client sends it may show request parameters, the headers User-Agent and
Referer and, of services, those that name their source, and nothing else.
"""


@dataclass(frozen=True, slots=True)
class Family:
    """What fills a family of keys: `pairs` gives names and values as they are, any case."""

    pairs: Callable[[Call, Touched], Mapping[str, str]]


class Unfilled(StrEnum):
    """Why Keystead never fills a key: it tells of something that Keystead does not have."""

    ROOT_SESSIONS = "there are no privileged root sessions"
    ENDPOINTS = "there are no VPC endpoints"
    INSTANCES = "there are no instances and chat clients whose credentials say where they come from"


TRUTH = {True: "true", False: "false"}
"""Booleans as condition keys hold them."""
