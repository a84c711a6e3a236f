"""What is kept of a study's run: outcomes of the run itself, and what a pattern observes in it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ...outcomes.outcome_spec import WHOLE_RUN, OutcomeSpec, UnknownOutcome, Values, values_of
from ...outcomes.run import Run
from ...scenarios.errors import did_you_mean
from ..patterns import PATTERNS, NotAnswerable

OBSERVED = (
    "pattern"  # the theme of what a pattern observes; its `group` is the pattern, its `measure` the part
)


def pattern_outcome(text: str) -> OutcomeSpec | None:
    """A part of a pattern as an outcome, as "P11.leaving a year"; None if the text doesn't begin with a pattern's id.

    Errors: UnknownOutcome if the pattern has no such part, or compares runs of several settings.
    """
    identity, _, name = text.strip().partition(".")
    if identity not in PATTERNS:
        return None
    pattern = PATTERNS[identity]
    if len(pattern.observers) > 1:
        raise UnknownOutcome(f"the pattern {identity} compares several runs: it can't be told of one")
    parts = {part.name: part for part in pattern.parts}
    if not name and len(parts) == 1:
        (name,) = parts
    if name not in parts:
        hint = did_you_mean(name, parts) or f"it has {', '.join(parts)}"
        raise UnknownOutcome(f"the pattern {identity} has no part {name!r}; {hint}")
    part = parts[name]
    return OutcomeSpec(
        f"{identity}.{name}", f"{identity}: {name}", part.kind, OBSERVED, name, OBSERVED, identity
    )


def kept_of(run: Run, outcomes: Sequence[OutcomeSpec]) -> Values:
    """Outcome -> (year, value) by year, as `values_of`; what a pattern can't tell of this run is NaN."""
    found = values_of(run, [each for each in outcomes if each.theme != OBSERVED])
    seen: dict[str, dict[str, float]] = {}
    for each in outcomes:
        if each.theme == OBSERVED:
            if each.group not in seen:
                (observe,) = PATTERNS[each.group].observers.values()
                try:
                    seen[each.group] = observe(run)
                except NotAnswerable:
                    seen[each.group] = {}
            found[each.name] = [(WHOLE_RUN, seen[each.group].get(each.measure, math.nan))]
    return {each.name: found[each.name] for each in outcomes}
