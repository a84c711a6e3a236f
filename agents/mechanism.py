"""The mechanisms of Tsuda (2008) that the model holds: each is declared beside its main rule.

What is measured (E1 to E9) declares itself in `outcomes`; `experiments.mechanisms` has all of them, in order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Settings = Mapping[str, Any]  # path of a parameter -> value


@dataclass(frozen=True)
class Mechanism:
    """One mechanism: its name and the article's claim.

    `without`: the settings that take it out. `brought_in`: settings that bring in what Japan's scenario leaves out.
    `instead`: what to vary where there is nothing to take out, or a remark. In paths, doors.*.moving is moving of
    every door; *(side): of every side door; *(permit): of every door that gives a permit to stay.
    """

    id: str
    name: str
    claim: str
    without: Settings = field(default_factory=dict)
    brought_in: Settings = field(default_factory=dict)
    instead: str = ""

    @property
    def is_measure(self) -> bool:
        """Whether it is something measured rather than something that happens."""
        return self.id.startswith("E")


DECLARED: list[Mechanism] = []


def mechanism(
    identity: str,
    name: str,
    claim: str,
    *,
    without: Settings,
    brought_in: Settings | None = None,
    instead: str = "",
) -> None:
    """Declare a mechanism; rules say that they are part of it by its id, as `@rule("D3")`.

    Errors: ValueError if the id is taken.
    """
    if any(each.id == identity for each in DECLARED):
        raise ValueError(f"there is a mechanism {identity} already")
    DECLARED.append(Mechanism(identity, name, claim, without, brought_in or {}, instead))
