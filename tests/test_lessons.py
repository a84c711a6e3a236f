"""The lessons: the model still answers as they say, a student is answered, a teacher gets the key, notebooks run."""

from __future__ import annotations

import dataclasses
import functools
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from command_line import call, told, worked
from nbclient import NotebookClient

from local_citizenship.experiments import lessons as room
from local_citizenship.experiments.lessons import (
    EXERCISES,
    LESSONS,
    Exercise,
    Finding,
    Lesson,
    World,
    answer,
    find,
    lives_that_differ,
    same_services,
    show_rule,
    simulate,
    teaching,
)
from local_citizenship.experiments.lessons.exercise import HIGHER, LOWER, SAME
from local_citizenship.experiments.lessons.key import answer_in_words, computed
from local_citizenship.experiments.lessons.observing import Mistake, gap, levels, share_met
from local_citizenship.scenarios import load_scenario

FOLDER = Path(__file__).parent.parent / "notebooks"
BY_STATUS = [
    dataclasses.replace(EXERCISES["2.1"], id=name, observe=functools.partial(gap, unauthorised=unauthorised))
    for name, unauthorised in (("2.permit", False), ("2.unauthorised", True))
]


@functools.cache
def key_of(lesson: int) -> dict[str, Finding]:
    """Over as many seeds as a student's answer is held against."""
    exercises = [each for each in EXERCISES.values() if each.lesson == lesson]
    return {finding.exercise.id: finding for finding in find(exercises, teaching.SEEDS)}


# The model and the lessons -----------------------------------------------------------------------------

# The later ones, whose runs take a minute a lesson, are looked at by the thorough tests.
LOOKED_AT = [
    pytest.param(name, marks=[pytest.mark.thorough] if exercise.lesson > 1 else [])
    for name, exercise in EXERCISES.items()
]


@pytest.mark.parametrize("exercise", LOOKED_AT)
def test_the_model_answers_as_the_lesson_says(exercise: str) -> None:
    """Over paired seeds: a direction's interval leaves the tolerance, a number's mean lies in its band, and the
    explanation does not exaggerate."""
    finding = key_of(EXERCISES[exercise].lesson)[exercise]
    assert finding.holds, f"{answer_in_words(finding)}: {computed(finding)}"


@pytest.mark.parametrize("exercise", LOOKED_AT)
def test_nearly_every_seed_agrees_by_itself(exercise: str) -> None:
    """A student who looks at one run only should see the same, but for one seed in five."""
    finding = key_of(EXERCISES[exercise].lesson)[exercise]
    assert finding.agree >= finding.seeds - finding.seeds // 5


def test_one_run_can_mislead() -> None:
    """The guide says so: permit holders fare better in the better town in every one of ten runs, the unauthorised do
    not; and by how much it is better, over all, one run doesn't tell."""
    permit, unauthorised, ratio = find([*BY_STATUS, EXERCISES["2.2"]], 10)
    assert permit.agree == permit.seeds == 10
    assert 1 <= sum(value < 0.0 for value in unauthorised.values) <= 4
    assert min(ratio.values) < 1.3
    assert max(ratio.values) > 2.0


def test_each_lesson_has_its_notebook_and_every_exercise_a_cell_in_it() -> None:
    assert [lesson.number for lesson in LESSONS] == [1, 2, 3, 4, 5, 6, 7]
    for lesson in LESSONS:
        cells = nbformat.read(FOLDER / f"{lesson.notebook}.ipynb", as_version=4).cells
        asked = [cell.source for cell in cells if cell.source.startswith("answer(")]
        assert asked == [f'answer("{exercise.id}", ...)' for exercise in lesson.exercises]


def test_the_teaching_scenarios_are_what_they_say() -> None:
    """The one town is the first of two-towns; the railway's towns differ in what moves them to act, and in no more."""
    one, two = load_scenario("one-town").places, load_scenario("two-towns").places
    assert one.name == two.name[:1]
    assert (one.level[0] == two.level[0]).all()
    line = load_scenario("railway-line").places
    assert len(line) == 24
    assert not line.level.any()
    for alike in (line.population, line.foreign_residents, line.fiscal_strength, line.industry):
        assert len(set(alike)) == 1
    for falling in (line.history, line.internationalisation):
        assert (np.diff(falling) < 0).all()
    assert (np.diff(line.longitude) > 0).all()


# What a finding is -------------------------------------------------------------------------------------


def finding(values: tuple[float, ...], expected: Any, tolerance: float = 0.0) -> Finding:
    about = {"expected": expected, "tolerance": tolerance, "unit": "share of needs"}
    exercise = dataclasses.replace(EXERCISES["1.1"], **about)
    return Finding(exercise, values, (), {"value": float(np.mean(values))})


def test_a_direction_needs_an_interval_clear_of_zero() -> None:
    assert finding((0.1, 0.12, 0.11), HIGHER).answer == HIGHER
    assert finding((-0.1, -0.12, -0.11), LOWER).answer == LOWER
    wide = finding((0.5, -0.4, 0.3), HIGHER)
    assert wide.answer == SAME
    assert not wide.holds
    assert wide.agree == 2


def test_about_the_same_is_a_claim_too() -> None:
    """An interval that is merely wide does not hold it."""
    assert finding((0.001, -0.002, 0.0), SAME, 0.01).holds
    assert not finding((0.5, -0.4, 0.3), SAME, 0.01).holds


def test_a_number_is_right_within_the_tolerance_and_holds_within_the_band() -> None:
    found = finding((0.30, 0.32, 0.34), (0.2, 0.4), 0.1)
    assert [found.is_right(given) for given in (0.25, 0.45)] == [True, False]
    assert found.holds
    assert not finding((0.30, 0.32, 0.34), (0.0, 0.2), 0.1).holds


def test_an_explanation_that_exaggerates_does_not_hold() -> None:
    exercise = dataclasses.replace(EXERCISES["4.1"], ratio=(0.1, 0.3))
    falls = Finding(exercise, (-0.1, -0.11, -0.1), (), {"before": 0.15, "after": 0.04})
    assert falls.holds
    assert not dataclasses.replace(falls, means={"before": 0.15, "after": 0.10}).holds


def test_worlds_are_paired_and_a_change_without_effect_is_none() -> None:
    """The same world twice: every difference is exactly 0, seed by seed."""
    twice = dataclasses.replace(EXERCISES["1.3"], worlds=(World("one-town"),) * 2, tolerance=0.01)
    (found,) = find([twice], 2)
    assert found.values == (0.0, 0.0)
    assert found.answer == SAME


def test_exercises_nobody_could_answer_are_refused() -> None:
    good = EXERCISES["1.1"]
    for said, make in (
        ("tolerance", lambda: dataclasses.replace(good, tolerance=0.0)),
        ("one or two", lambda: dataclasses.replace(good, worlds=())),
        ("none of its choices", lambda: dataclasses.replace(EXERCISES["1.2"], expected="dancing")),
        ("lesson 2", lambda: Lesson(2, "t", "q", "n", "r", (good,))),
        ("two seeds", lambda: find([good], 1)),
    ):
        with pytest.raises(ValueError, match=said):
            make()


# A student ----------------------------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers from the key that is computed already."""
    monkeypatch.setattr(teaching, "_found", lambda name: key_of(EXERCISES[name].lesson)[name])


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("exercise", "given", "said"),
    [
        ("4.1", "lower", "Yes. It falls"),
        ("4.1", " Down ", "Yes. It falls"),
        ("4.1", "higher", "Not in this model. Compare the bars"),
        ("4.1", "lowr", "'lowr' is no answer here. Answer with one of:"),
        ("4.1", 3, "3 is no answer here"),
        ("4.1", "give up", "The model says: lower."),
        ("4.1", ..., "4.1  There are no NGOs"),
        ("4.4", "70%", "Yes. About seven in ten"),
        ("4.4", 0.7, "Yes. About seven in ten"),
        ("4.4", "0,7", "Yes. About seven in ten"),
        ("4.4", 0.05, "Not in this model"),
        ("4.4", 50, "50 is more than the whole"),
        ("4.4", -1, "-1 can't be"),
        ("4.4", "nan", "'nan' can't be"),
        ("4.4", "half", "'half' is not a number"),
        ("3.1", "episodic", "Yes. Episodic"),
        ("3.1", "never", "Not in this model"),
        ("3.1", "more", "'more' is no answer here"),
        ("4.l", "lower", "There is no exercise '4.l': they are 4.1, 4.2, 4.3, 4.4, 4.5."),
        ("x", "lower", "There is no exercise 'x': they are 1.1, 1.2"),
    ],
)
def test_a_student_is_answered_in_sentences(
    exercise: str, given: object, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(exercise, given)  # type: ignore[arg-type]
    assert said in capsys.readouterr().out


@pytest.mark.usefixtures("quick")
def test_a_right_answer_comes_with_the_numbers_and_a_wrong_one_does_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer("4.1", "lower")
    right = capsys.readouterr().out
    assert "95% interval" in right
    assert "in 5 of 5 seeds" in right
    answer("4.1", "about the same")
    assert "interval" not in capsys.readouterr().out


def test_a_rule_is_shown_as_it_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """The source, not a copy of it; a misspelt one is told the nearest."""
    show_rule("follow_guidance")
    shown = capsys.readouterr().out
    source = (Path(room.__file__).parents[2] / "agents" / "cities" / "adoption.py").read_text(
        encoding="utf-8"
    )
    assert shown.startswith("# agents/cities/adoption.py\n@rule")
    assert shown.partition("\n")[2].strip() in source
    with pytest.raises(ValueError, match="did you mean 'follow_guidance'"):
        show_rule("folow_guidance")


def test_the_same_services_everywhere_and_the_same_people() -> None:
    towns = load_scenario("two-towns", months=36)
    alike = same_services(towns, "Kawasaki-like")
    before, after = simulate(towns), simulate(alike)
    assert levels(before).nunique() == 2
    assert levels(after).round(2).nunique() == 1
    assert share_met(before, place="Kawaguchi-like", by=("city",)) == 0.0
    assert share_met(after, place="Kawaguchi-like", by=("city",)) > 0.0
    assert towns.places.level[1].max() < 1.0  # the scenario given is not changed
    changed = lives_that_differ(before, after)
    assert (changed["gained"] != 0).all()
    assert (changed["met_before"] + changed["gained"] == changed["met_after"]).all()
    assert lives_that_differ(before, before).empty
    other = simulate("two-towns", seed=2, months=3)
    for error, said, ask in (
        (ValueError, "no place 'Osaka'", lambda: same_services(towns, "Osaka")),
        (ValueError, "there is no place 'Osaka' in this run", lambda: share_met(before, place="Osaka")),
        (ValueError, "seeds 1 and 2", lambda: lives_that_differ(before, other)),
        (Mistake, "when loading it", lambda: simulate(towns, seed=2)),
        (Mistake, "nobody called 'church'", lambda: share_met(before, by=("church",))),
    ):
        with pytest.raises(error, match=said):
            ask()


def test_a_mistake_in_a_notebook_is_one_sentence() -> None:
    """IPython asks the error how to show itself; a scenario's sentence names what is near."""
    with pytest.raises(Mistake, match=r"did you mean 'fear\.weight'") as caught:
        simulate("two-towns", "fear.wieght=0")
    assert caught.value._render_traceback_() == [str(caught.value)]


# A teacher -----------------------------------------------------------------------------------------------


def test_the_command_lists_lessons_and_exercises() -> None:
    listed, one = call("lessons"), call("lessons", 4)
    assert (listed.exit_code, one.exit_code) == (0, 0)
    assert all(lesson.notebook in listed.output for lesson in LESSONS)
    assert all(f"{exercise.id}  " in one.output for exercise in LESSONS[3].exercises)
    assert "Computed" not in one.output
    assert "Higher" not in one.output
    assert "they are 1 to 7" in told(call("lessons", 8))


def test_the_command_prints_the_computed_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbers are the key's own; a lesson that the model no longer bears out is named, with status 1."""

    def computed_already(exercises: list[Exercise], seeds: int, **_: object) -> list[Finding]:
        return [key_of(4)[exercise.id] for exercise in exercises]

    monkeypatch.setattr(room, "find", computed_already)
    printed = worked("lessons", 4, "--answers")
    words = " ".join(printed.output.split())
    for exercise in LESSONS[3].exercises:
        assert computed(key_of(4)[exercise.id]) in words
    monkeypatch.setattr(Finding, "holds", property(lambda self: self.exercise.id != "4.2"))
    spoiled = call("lessons", 4, "--answers")
    assert spoiled.exit_code == 3
    assert "no longer answers as the lesson says: 4.2" in spoiled.output


# The notebooks run from top to bottom, and are kept without outputs ------------------------------------


NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
OF_LESSONS = [path for path in NOTEBOOKS if path.stem.startswith("lesson-")]
SECTIONS = [
    "What is it",
    "How it works",
    "Predict",
    "Run it",
    "Things to notice",
    "Things to try",
    "Exercises",
    "Extend",
    "What this does *not* show",
    "Further reading in the article",
]


# The others run whenever the documentation site is built (.ci/site), so that the suite stays short.
RUN_HERE = [path for path in NOTEBOOKS if path.stem.startswith("01-")]


@pytest.mark.parametrize("path", RUN_HERE, ids=lambda path: path.stem)
def test_a_notebook_runs_and_says_something(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=900, kernel_name="python3").execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    pictures = [o for o in outputs if "image/png" in o.get("data", {})]
    assert len(pictures) >= 3
    assert any("needs" in o.get("text", "").lower() for o in outputs)
    assert not [o for o in outputs if o.get("name") == "stderr"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_committed_without_outputs(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    assert all(not cell.get("outputs") and not cell.get("execution_count") for cell in cells)


def test_there_is_a_first_notebook() -> None:
    assert [path.stem for path in NOTEBOOKS][:1] == ["01-first-run"]


@pytest.mark.parametrize("path", OF_LESSONS, ids=lambda path: path.stem)
def test_a_lesson_has_the_sections_of_a_lesson(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    headings = [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")]
    assert headings == SECTIONS
    reading = " ".join(text.partition("## Further reading in the article")[2].split())
    assert "Tsuda 2008" in reading
    assert any(cell.source.startswith("show_rule(") for cell in cells)
