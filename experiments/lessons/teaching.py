"""What a student calls in a lesson's notebook: `answer("2.3", "higher")`, `simulate`, `show_rule`, `lives_that_differ`.

`answer` raises nothing for a student's mistake: it is told in a sentence.
"""

from __future__ import annotations

import functools
import inspect
from types import EllipsisType

import pandas as pd

from ...agents.rule import RULES
from ...outcomes.invocation import typed
from ...outcomes.run import Run
from ...outcomes.simulate import simulate as run_of
from ...scenarios import Scenario
from ...scenarios.errors import ScenarioError, did_you_mean
from .exercise import DIRECTIONS, EXERCISES, Exercise
from .key import Finding, answer_in_words, computed, find, ways_to_answer
from .observing import Mistake

SEEDS = 5
GIVE_UP = "give up"
_OTHER_WORDS = {
    **dict.fromkeys(("higher", "more", "up", "rises", "it rises", "increases"), DIRECTIONS[0]),
    **dict.fromkeys(("lower", "less", "down", "falls", "it falls", "decreases"), DIRECTIONS[1]),
    **dict.fromkeys(("about the same", "same", "the same", "equal", "unchanged", "no change"), DIRECTIONS[2]),
}


def answer(exercise: str, given: str | float | EllipsisType = ...) -> None:
    """Hold an answer against the model's, computed over SEEDS seeds.

    `...` prints the question, GIVE_UP the model's answer.
    """
    asked = _exercise(exercise)
    if isinstance(asked, str):
        print(asked)
        return
    if given is ...:
        print(f"{asked.id}  {asked.question}\n{ways_to_answer(asked)}")
        return
    if given == GIVE_UP:
        found = _found(asked.id)
        print(
            f"{asked.question}\nThe model says: {answer_in_words(found)}. {asked.why}\nComputed: {computed(found)}."
        )
        return
    understood = _understood(asked, given)
    if isinstance(understood, str) and understood not in asked.possible:
        print(understood)
        return
    found = _found(asked.id)
    if found.is_right(understood):
        print(f"Yes. {found.exercise.why}\nComputed: {computed(found)}.")
    else:
        print(f"Not in this model. {asked.hint}\n(Try again, or answer {GIVE_UP!r}.)")


def _exercise(name: str) -> Exercise | str:
    """The exercise, or a sentence that says there is none."""
    wanted = str(name).strip()
    if wanted in EXERCISES:
        return EXERCISES[wanted]
    of_lesson = [each for each in EXERCISES if wanted[:1] and each.startswith(wanted[0])]
    return f"There is no exercise {wanted!r}: they are {', '.join(of_lesson or EXERCISES)}."


def _understood(exercise: Exercise, given: str | float) -> str | float:
    """The answer as one of those possible or a number; else a sentence that says what would do."""
    if exercise.possible:
        said = str(given).strip().lower()
        said = _OTHER_WORDS.get(said, said) if exercise.kind == "direction" else said
        return (
            said if said in exercise.possible else f"{given!r} is no answer here. {ways_to_answer(exercise)}"
        )
    try:
        text = str(given).strip()
        value = float(text.removesuffix("%").replace(",", "."))
    except ValueError:
        return f"{given!r} is not a number. {ways_to_answer(exercise)}"
    if text.endswith("%"):
        value /= 100.0
    if not value >= 0.0:
        return f"{given!r} can't be: it is not below 0. {ways_to_answer(exercise)}"
    if exercise.unit.startswith("share") and value > 1.0:
        return f"{given!r} is more than the whole. {ways_to_answer(exercise)}"
    return value


@functools.cache
def _found(exercise: str) -> Finding:
    return find([EXERCISES[exercise]], SEEDS)[0]


# Runs, rules, lives -------------------------------------------------------------------------------------


def simulate(scenario: str | Scenario, *sets: str, seed: int | None = None, months: int | None = None) -> Run:
    """Run a scenario to its end and return what came of it.

    `sets`: changes of parameters, as "fear.weight=0". A Scenario is run as it is, `sets`, `seed` and `months` then
    not being allowed. Errors: Mistake.
    """
    if isinstance(scenario, Scenario) and (sets or seed is not None or months is not None):
        raise Mistake("a scenario that is loaded already is run as it is: give its changes when loading it")
    try:
        return run_of(scenario, sets=sets, seed=seed, months=months)
    except ScenarioError as error:
        raise Mistake(str(error)) from None


def show_rule(name: str) -> None:
    """Print the source of a rule as the model runs it. Errors: Mistake naming the nearest."""
    rules = {each.py_func.__name__: each.py_func for each in RULES}
    if name not in rules:
        hint = did_you_mean(name, rules) or f"`{typed('mechanisms')}` lists them."
        raise Mistake(f"there is no rule {name!r}; {hint}")
    file = rules[name].__module__.partition(".")[2].replace(".", "/")
    print(f"# {file}.py\n{inspect.getsource(rules[name]).rstrip()}")


def lives_that_differ(before: Run, after: Run) -> pd.DataFrame:
    """The recorded lives that two runs of the same people share, and in which a different number of needs was met.

    Columns: migrant, door, events (recorded in `before`), met_before, met_after, gained (needs met more after); those
    with the fewest events first, being the quickest to read. Errors: Mistake if the runs do not share their seed.
    """
    if before.seed != after.seed:
        raise Mistake(f"the runs have seeds {before.seed} and {after.seed}: their people are not the same")
    both = _recorded(before).merge(
        _recorded(after), left_index=True, right_index=True, suffixes=("_before", "_after")
    )
    both["gained"] = both["met_after"] - both["met_before"]
    changed = both[both["gained"] != 0].rename(columns={"door_before": "door", "events_before": "events"})
    shown = changed.reset_index().sort_values(["events", "migrant"], ignore_index=True)
    return shown[["migrant", "door", "events", "met_before", "met_after", "gained"]]


def _recorded(run: Run) -> pd.DataFrame:
    """By migrant: door, events (number), met (needs)."""
    events = run.columns_of("events", ["migrant", "event", "detail"])
    by_migrant = pd.DataFrame({"events": events.groupby("migrant").size()})
    by_migrant["met"] = events[events["event"] == "served"].groupby("migrant").size()
    by_migrant["met"] = by_migrant["met"].fillna(0).astype(int)
    doors = events[events["event"].isin(["arrived", "present"])].set_index("migrant")["detail"]
    by_migrant["door"] = doors.map(dict(enumerate(run.entries.doors.names)))
    return by_migrant
