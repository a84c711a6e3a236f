"""What a student calls in a lesson's notebook: `answer("2.3", "higher")`.

Nothing here raises for a student's mistake: it is told in a sentence.
"""

from __future__ import annotations

import functools
from types import EllipsisType

from .all_lessons import EXERCISES
from .exercise import DIRECTIONS, Exercise
from .key import Finding, find
from .wording import answer_in_words, computed, ways_to_answer

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
        _reveal(asked)
        return
    understood = _understood(asked, given)
    if isinstance(understood, str) and understood not in asked.possible:
        print(understood)
        return
    found = _found(asked.id)
    if found.is_right(understood):
        print(f"Yes. {found.exercise.why}\n{_measured(found)}")
    else:
        print(f"Not in this model. {asked.hint}\n(Try again, or answer {GIVE_UP!r}.)")


def _reveal(exercise: Exercise) -> None:
    found = _found(exercise.id)
    print(
        f"{exercise.question}\nThe model says: {answer_in_words(found)}. {exercise.why}\n{_measured(found)}"
    )


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


def _measured(found: Finding) -> str:
    return f"Computed: {computed(found)}."
