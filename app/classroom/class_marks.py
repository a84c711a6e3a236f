"""All answers of a class as a table, to keep and to mark by: students have numbers there, and no names."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from ...outcomes.csv_text import safe_cell
from .class_state import Round, Student

COLUMNS = (
    *("student", "seed", "measure", "unit", "prediction", "a", "b", "difference"),
    *("round", "question", "off_by", "right_direction"),
)


def as_csv(rounds: Iterable[Round]) -> str:
    """A line for each student in each round.

    `off_by`: how far the prediction was from one's own difference; `right_direction`: whether it said rightly which
    world would have more of it, or that neither would.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in rounds:
        about = one.assignment
        asked = (about.round, safe_cell(about.question))
        for student in one.students:
            numbers = (student.prediction, student.a, student.b, student.difference)
            told = ("" if number is None else number for number in numbers)
            who = (student.number, student.seed, safe_cell(about.measure), safe_cell(about.unit))
            writer.writerow((*who, *told, *asked, *_marks(student)))
    return text.getvalue()


def _marks(student: Student) -> tuple[float | str, str]:
    predicted, came_out = student.prediction, student.difference
    if predicted is None or came_out is None:
        return "", ""
    return abs(predicted - came_out), "yes" if _sign(predicted) == _sign(came_out) else "no"


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)
