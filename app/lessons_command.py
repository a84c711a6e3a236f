"""`local-citizenship lessons`: the seven lessons, their exercises, and the teacher's key, computed on the spot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.padding import Padding
from rich.text import Text
from typer import Argument, Option

from ..outcomes.invocation import typed
from .console import INCOMPLETE, UsageMistake, err, out
from .options import MOST_SEEDS, Workers
from .progress import RunsProgress
from .tables import add_row, titled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..experiments.lessons import Finding, Lesson


INDENT = 5


def lessons(
    number: Annotated[
        int | None, Argument(metavar="N", help="One lesson with its exercises; all if left out.")
    ] = None,
    answers: Annotated[
        bool, Option("--answers", help="Print the answer key: runs each exercise's worlds.")
    ] = False,
    seeds: Annotated[int, Option(min=2, max=MOST_SEEDS, help="Seeds the key is computed over.")] = 5,
    workers: Workers = 1,
    quiet: Annotated[bool, Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """List the lessons, the exercises of one, or the answer key."""
    from ..experiments.lessons import LESSONS

    chosen = [lesson for lesson in LESSONS if number in (None, lesson.number)]
    if not chosen:
        last = LESSONS[-1].number
        raise UsageMistake(f"there is no lesson {number}: they are 1 to {last} (`{typed('lessons')}`)")
    if answers:
        _print_key(chosen, seeds, workers, quiet)
    elif number is None:
        _print_list(chosen)
    else:
        _print_exercises(chosen[0])


def _say(*lines: str, indent: int = 0) -> None:
    screen = out()
    for line in lines:
        screen.print(Padding(Text(line), (0, 0, 0, indent)))


def _print_list(chosen: Sequence[Lesson]) -> None:
    table = titled("Lessons", "", "lesson", "question", "in notebooks/")
    table.columns[-1].no_wrap = True
    for lesson in chosen:
        add_row(table, lesson.number, lesson.title, lesson.question, lesson.notebook)
    out().print(table)
    _say(
        "Open the notebooks: python3 start.py notebook",
        f"The exercises of one: {typed('lessons 2')}",
        f"The answer key (teachers): {typed('lessons --answers')}",
    )


def _print_exercises(lesson: Lesson) -> None:
    from ..experiments.lessons.key import ways_to_answer

    _say(f"Lesson {lesson.number}: {lesson.title}", lesson.question, "")
    for exercise in lesson.exercises:
        _say(f"{exercise.id}  {exercise.question}")
        _say(ways_to_answer(exercise), "", indent=INDENT)
    _say(f"Reading: Tsuda 2008, {lesson.reading}", f"Notebook: notebooks/{lesson.notebook}.ipynb")


def _print_key(chosen: Sequence[Lesson], seeds: int, workers: int, quiet: bool) -> None:
    """Errors: typer.Exit if the model does not answer an exercise as the lesson says."""
    from ..experiments.lessons import find

    exercises = [exercise for lesson in chosen for exercise in lesson.exercises]
    with RunsProgress(err(), quiet=quiet) as progress:
        found = {
            finding.exercise.id: finding
            for finding in find(exercises, seeds, workers=workers, progress=progress)
        }
    _say(f"Answer key, computed over {seeds} seeds. Worlds that are compared share people and luck.", "")
    for lesson in chosen:
        _say(f"Lesson {lesson.number}: {lesson.title}", "")
        for exercise in lesson.exercises:
            _print_answer(found[exercise.id])
    spoiled = [each.exercise.id for each in found.values() if not each.holds]
    if spoiled:
        err().print(f"The model no longer answers as the lesson says: {', '.join(spoiled)}.", style="red")
        raise typer.Exit(INCOMPLETE)


def _print_answer(finding: Finding) -> None:
    from ..experiments.lessons.key import answer_in_words, computed

    exercise = finding.exercise
    warning = "" if finding.holds else "  (NOT what the lesson says)"
    _say(f"{exercise.id}  {exercise.question}")
    _say(
        f"Answer: {answer_in_words(finding)}{warning}",
        f"Computed: {computed(finding)}",
        f"Why: {exercise.why}",
        "",
        indent=INDENT,
    )
