"""Class mode: a class as an ensemble. Each student's browser stands for one seed; the results pool into one interval.

What is kept is in memory, and of students nothing but a number. The server runs their worlds itself: no number of a
browser's enters the pool but its prediction.
"""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...scenarios.languages import tr
from .requests import RequestError, RunRequest

MOST_STUDENTS = 400
MOST_ROUNDS = 100  # kept; the oldest goes for the next


def load_ahead() -> None:
    """Load what a class will need. It takes a second, in which nobody could be answered."""
    from ...experiments import intervals, replicates  # noqa: F401


@dataclass(frozen=True)
class Assignment:
    """What the class is asked: how `measure` will differ in world B from world A.

    `label`, `unit`: the measure's words. `round` counts the assignments from 1. `words`: of each world, what was set
    there, as one reads it.
    """

    round: int
    question: str
    measure: str
    label: str
    unit: str
    a: RunRequest
    b: RunRequest
    words: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


@dataclass
class Student:
    """A student: a `number` and a `seed`; in this round, a prediction of B less A, and what came of it."""

    number: int
    seed: int
    prediction: float | None = None
    a: float | None = None
    b: float | None = None
    running: bool = False

    @property
    def difference(self) -> float | None:
        """B less A; None before the run, or where either world has no such number."""
        if self.a is None or self.b is None or not math.isfinite(self.b - self.a):
            return None
        return self.b - self.a


@dataclass(frozen=True)
class Round:
    """A question and the students with what they answered to it."""

    assignment: Assignment
    students: tuple[Student, ...]

    @property
    def predicted(self) -> int:
        """How many have predicted."""
        return sum(student.prediction is not None for student in self.students)

    def pooled(self) -> dict[str, Any]:
        """The mean of B less A over students, with its 95% interval (see `pooled`)."""
        return pooled([d for student in self.students if (d := student.difference) is not None])


@dataclass
class Class:
    """A class and what it is about. `seed`: the first student's; the others' follow from it.

    `kept`: earlier rounds, the oldest first.
    """

    seed: int
    assignment: Assignment | None = None
    kept: deque[Round] = field(default_factory=lambda: deque(maxlen=MOST_ROUNDS))
    # by token, the one longest unseen first
    students: OrderedDict[str, Student] = field(default_factory=OrderedDict)
    _rounds: int = 0
    _joined: int = 0
    _seeds: list[int] = field(default_factory=list)

    def student(self, token: str) -> Student:
        """The student with this token, who keeps number and seed; a new one gets the next.

        In a full class, that is the place of the one longest unseen who has not answered. Errors: RequestError if
        all have.
        """
        if token not in self.students:
            if len(self.students) >= MOST_STUDENTS:
                self._make_room()
            self._joined += 1
            self.students[token] = Student(self._joined, self._seed_of(self._joined))
        self.students.move_to_end(token)
        return self.students[token]

    def _make_room(self) -> None:
        silent = (token for token, student in self.students.items() if student.prediction is None)
        token = next(silent, None)
        if token is None:
            full = tr("the class is full: {number} have answered", number=MOST_STUDENTS)
            raise RequestError(full, status=503)
        del self.students[token]

    def _seed_of(self, number: int) -> int:
        if number > len(self._seeds):
            from ...experiments.replicates import seeds_for

            self._seeds = seeds_for(self.seed, 2 * max(number, MOST_STUDENTS))
        return self._seeds[number - 1]

    def assign(self, **asked: Any) -> Assignment:
        """Begin a new round, `asked` as in Assignment; the last one is kept, if anybody has answered."""
        if (now := self.round) is not None and now.predicted:
            self.kept.append(now)
        self._rounds += 1
        self.assignment = Assignment(self._rounds, **asked)
        for token, student in self.students.items():
            self.students[token] = Student(student.number, student.seed)
        return self.assignment

    def predict(self, token: str, value: float) -> Student:
        """A student's prediction of B less A, which can be changed until the run. Errors: RequestError."""
        self._assigned()
        student = self.student(token)
        if student.running or student.difference is not None:
            hint = tr("wait for the next question")
            raise RequestError(tr("the prediction comes before the run"), hint, 409)
        student.prediction = value
        return student

    def begin(self, token: str) -> tuple[Assignment, Student]:
        """A student's run begins. Errors: RequestError without a prediction, or if it has begun already."""
        assignment, student = self._assigned(), self.student(token)
        if student.prediction is None:
            raise RequestError(tr("predict first, then run"), status=409)
        if student.running:
            raise RequestError(tr("your run is going on already"), status=409)
        student.running = True
        return assignment, student

    def _assigned(self) -> Assignment:
        if self.assignment is None:
            raise RequestError(tr("the class has no question yet"), tr("wait for the teacher"), 409)
        return self.assignment

    @property
    def round(self) -> Round | None:
        """The present round."""
        return None if self.assignment is None else Round(self.assignment, tuple(self.by_number()))

    def rounds(self) -> list[Round]:
        """All rounds that are kept, the present one last."""
        return [*self.kept, *([] if (now := self.round) is None else [now])]

    def forget(self) -> None:
        """Nothing of students, answers and questions is kept any more; who is still there gets a new number."""
        self.assignment = None
        self.kept.clear()
        self.students.clear()
        self._joined = 0

    def seeds_beside(self, count: int) -> list[int]:
        """Seeds that are no student's."""
        return [self._seed_of(2 * MOST_STUDENTS + number) for number in range(1, count + 1)]

    def by_number(self) -> list[Student]:
        """The students in the order in which they came."""
        return sorted(self.students.values(), key=lambda student: student.number)


def pooled(differences: Sequence[float]) -> dict[str, Any]:
    """How many differences there are, their mean, and its 95% interval (t, over seeds)."""
    from ...experiments.intervals import interval

    low, high = interval(np.array(differences))
    mean = float(np.mean(differences)) if differences else math.nan
    return {"n": len(differences), "mean": _known(mean), "low": _known(low), "high": _known(high)}


def _known(number: float) -> float | None:
    """The number for JSON, which knows no NaN."""
    return number if math.isfinite(number) else None
