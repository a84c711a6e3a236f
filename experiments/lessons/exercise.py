"""What an exercise of a lesson is: a question whose answer the model computes, over several seeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from ...outcomes.run import Run
from ...scenarios import Scenario, load_scenario
from . import observing
from .observing import Mistake

DIRECTIONS = ("higher", "lower", "about the same")
HIGHER, LOWER, SAME = DIRECTIONS


@dataclass(frozen=True)
class World:
    """One scenario as a student runs it: `load_scenario(scenario, sets=sets)`; an asterisk in `sets` means all entries.

    `services_of`: a place by name, whose services every place has from the start; "" leaves them as they are.
    """

    scenario: str
    sets: tuple[str, ...] = ()
    services_of: str = ""

    def load(self, seed: int | None = None, months: int | None = None) -> Scenario:
        """The scenario, ready to be run. Errors: ScenarioError; Mistake for a place that is not there."""
        loaded = load_scenario(self.scenario, sets=self.sets, seed=seed, months=months)
        return same_services(loaded, self.services_of) if self.services_of else loaded


def same_services(scenario: Scenario, place: str) -> Scenario:
    """The scenario with the services that `place` starts with in every place; all else as it was.

    The people and their luck stay the same, so that two runs tell what the services do. It lasts where cities do not
    change their services (city.pace = 0, as in two-towns). Errors: Mistake for a place that is not there.
    """
    names = scenario.places.name
    if place not in names:
        raise Mistake(f"there is no place {place!r} in {scenario.name}; there are {', '.join(names[:6])}")
    level = scenario.places.level.copy()
    level[:] = level[names.index(place)]
    return replace(scenario, places=replace(scenario.places, level=level))


# One number of a run, or for a question of which of several, a number for each by name.
Observe = Callable[[Run], Any]


@dataclass(frozen=True)
class Exercise:
    """A question, and how the model answers it; the head of `lessons.yaml` tells what each field is.

    Errors: ValueError for an exercise that nobody could answer.
    """

    id: str
    question: str
    worlds: tuple[World, ...]
    observe: Observe
    unit: str
    expected: str | tuple[float, float]
    hint: str
    why: str
    tolerance: float = 0.0
    choices: tuple[str, ...] = ()
    ratio: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if len(self.worlds) not in (1, 2):
            raise ValueError(f"exercise {self.id} has {len(self.worlds)} worlds, and needs one or two")
        if self.kind == "choice" and (self.expected not in self.choices or len(self.worlds) != 1):
            raise ValueError(f"exercise {self.id}: the answer is none of its choices, or it has two worlds")
        if (self.kind == "number" or self.expected == SAME) and self.tolerance <= 0.0:
            raise ValueError(f"exercise {self.id} needs a tolerance")

    @property
    def lesson(self) -> int:
        return int(self.id.partition(".")[0])

    @property
    def kind(self) -> str:
        """direction, choice or number."""
        if isinstance(self.expected, tuple):
            return "number"
        return "choice" if self.choices else "direction"

    @property
    def possible(self) -> tuple[str, ...]:
        """The answers to choose from; none for a number."""
        return {"direction": DIRECTIONS, "choice": self.choices, "number": ()}[self.kind]


@dataclass(frozen=True)
class Lesson:
    """One lesson: its notebook (file name without ending) and its exercises.

    Errors: ValueError for an exercise of another lesson.
    """

    number: int
    title: str
    question: str
    notebook: str
    reading: str
    exercises: tuple[Exercise, ...]

    def __post_init__(self) -> None:
        strange = [each.id for each in self.exercises if each.lesson != self.number]
        if strange:
            raise ValueError(f"exercise {strange[0]} does not belong to lesson {self.number}")


def worlds_of(exercises: Sequence[Exercise]) -> Mapping[World, list[Exercise]]:
    """Every world that the exercises ask about, once, with those that ask about it."""
    found: dict[World, list[Exercise]] = {}
    for exercise in exercises:
        for world in exercise.worlds:
            found.setdefault(world, []).append(exercise)
    return found


def _declared() -> tuple[tuple[Lesson, ...], dict[str, World]]:
    """The lessons of `lessons.yaml`, and their worlds by name."""
    lessons, worlds = [], {}
    for told in YAML(typ="safe").load(Path(__file__).with_name("lessons.yaml").read_text(encoding="utf-8")):
        for name, world in told.pop("worlds").items():
            worlds[name] = World(**{**world, "sets": tuple(world.get("sets", ()))})
        exercises = [_exercise(id_, worlds, **about) for id_, about in told.pop("exercises").items()]
        lessons.append(Lesson(**told, exercises=tuple(exercises)))
    return tuple(lessons), worlds


def _exercise(
    id_: str, known: Mapping[str, World], worlds: Sequence[str], observe: Any, **about: Any
) -> Exercise:
    if isinstance(observe, dict):  # a function with its arguments
        ((observe, named),) = observe.items()
    else:
        named = {}
    lists = {key: tuple(value) for key, value in about.items() if isinstance(value, list)}
    function = partial(getattr(observing, observe), **named)
    return Exercise(id_, worlds=tuple(known[name] for name in worlds), observe=function, **{**about, **lists})


LESSONS, WORLDS = _declared()
EXERCISES = {exercise.id: exercise for lesson in LESSONS for exercise in lesson.exercises}
