"""Numbers of the answer key, as one says them."""

from __future__ import annotations

from .exercise import SAME, Exercise
from .key import Finding


def number(value: float, unit: str) -> str:
    """0.3212 -> "32%" for a share; other numbers with two digits that count."""
    if unit.startswith("share"):
        decimals = 0 if abs(value) >= 0.1 else 1
        return f"{100 * value:.{decimals}f}%"
    if abs(value) < 1.0:
        return f"{value:.3f}"
    return f"{value:.1f}" if abs(value) < 10.0 else f"{value:.0f}"


def signed(value: float, unit: str) -> str:
    """As `number`, with its sign; a difference of shares is told in percentage points."""
    if unit.startswith("share"):
        return f"{_unsigned_zero(100 * value, 1):+.1f} points"
    return f"{_unsigned_zero(value, 3):+.3f}"


def _unsigned_zero(value: float, decimals: int) -> float:
    """Rounded; -0.0 becomes 0.0."""
    return round(value, decimals) + 0.0


def answer_in_words(finding: Finding) -> str:
    """The answer as a student would give it."""
    found = finding.answer
    if isinstance(found, str):
        return found
    unit = finding.exercise.unit
    words = number(found, unit)
    return words if unit.startswith("share") else f"{words} {unit}"


def computed(finding: Finding) -> str:
    """What was measured, in one line: "14% -> 3.7% of their needs; ..."."""
    exercise, means = finding.exercise, finding.means
    seeds = f"in {finding.agree} of {finding.seeds} seeds"
    if exercise.kind == "choice":
        shares = ", ".join(f"{name} {number(value, 'share')}" for name, value in means.items())
        return f"{shares} ({exercise.unit}); {finding.exercise.expected} {seeds}"
    low, high = finding.band
    if exercise.kind == "number":
        spread = f"{number(low, exercise.unit)} to {number(high, exercise.unit)}"
        accepted = signed(exercise.tolerance, exercise.unit)[1:]
        return (
            f"mean {number(finding.mean, exercise.unit)} ({exercise.unit}), 95% interval {spread}; "
            f"up to {accepted} off counts as right, and single runs are {seeds}"
        )
    lowest = signed(low, exercise.unit).removesuffix(" points")
    change = f"{signed(finding.mean, exercise.unit)}, 95% interval {lowest} to {signed(high, exercise.unit)}"
    within = f" (within {signed(exercise.tolerance, exercise.unit)[1:]})" if exercise.expected == SAME else ""
    if "before" in means:
        before, after = number(means["before"], exercise.unit), number(means["after"], exercise.unit)
        change = f"{before} to {after} ({exercise.unit}): {change}"
    else:
        change = f"{change} ({exercise.unit})"
    return f"{change}; {exercise.expected}{within} {seeds}"


def ways_to_answer(exercise: Exercise) -> str:
    """How an answer is to be written."""
    if exercise.possible:
        return "Answer with one of: " + ", ".join(f'"{name}"' for name in exercise.possible) + "."
    if exercise.unit.startswith("share"):
        return 'Answer with a share, as 0.25 or "25%".'
    return "Answer with a number."
