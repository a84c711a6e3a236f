"""Study files: factors, designs, points, replicates and outcomes put together, well or badly.

What `study check` passes is run where it is small, in this process, and then read in every way there is.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any
from unittest.mock import patch

from hypothesis import strategies as st

from local_citizenship.experiments.studies import running
from local_citizenship.experiments.studies.folder import StudyFolder
from local_citizenship.experiments.studies.points import KINDS, points_of, scenario_at
from local_citizenship.experiments.studies.read_study import KEYS, find_study, read_study, shipped_studies
from local_citizenship.experiments.studies.working import install, packed
from local_citizenship.outcomes.headline import HEADLINES
from local_citizenship.outcomes.measures import all_measures
from local_citizenship.scenarios.checks import all_parameters
from local_citizenship.scenarios.schema import SHIPPED

from .case import Case, Fault, Step, called
from .scenario import FILE as SCENARIO
from .scenario import LATER, PATHS, people
from .values import any_text, odd, plain, quoted, value_of
from .yaml_files import Group, Tree, hurt, written

FILE = "study.yaml"
MOST_RUNS, MOST_MONTHS, MOST_RECORDS = 12, 6, 6_000  # of a study that is run
NUMBERS = tuple(path for path in PATHS if all_parameters()[path].type in (int, float))
VARIED = tuple(path for path in PATHS if all_parameters()[path].in_world)
MEASURES = (*HEADLINES, *(f"{theme.id}.{each.name}" for theme, each in all_measures()))
GROUPS = {"status": ("overstayer", "legal"),
"door": SHIPPED.doors.names, "service": SHIPPED.services.names, "need": SHIPPED.needs.names,
          "region": ("Kanagawa-like", "Osaka")}  # fmt: skip
BESIDE = b"""\
extends: two-towns
scale: {share: 0.0002}
months: 5
timeline:
  - from: 1990-03
    fear: {weight: 2}
"""
AFTER = (
    ("study", "status", "s"), ("study", "export", "s"), ("study", "export", "s", "--wide"), ("sensitivity", "s"),
    ("study", "resume", "s"), ("study", "add-replicates", "s", "1"), ("study", "plot", "s", "--outcome", "needs_met"),
    ("study", "plot", "s", "--outcome", "needs_met", "--better", "high"),
)  # fmt: skip


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A study file, the scenario beside it, and what is done with them."""
    kind = draw(st.integers(0, 19))
    made: tuple[str, ...] = ("bytes",)
    if kind == 19:
        data = draw(st.binary(max_size=60))
    else:
        careful = kind < 12
        text, made = draw(texts(careful=careful))
        data = text.encode("utf-8", "surrogatepass")
        if kind >= 16:
            data, accidents = draw(hurt(text))
            made += accidents
    after = draw(st.lists(st.sampled_from(AFTER), max_size=2, unique=True))
    return Case("study", {FILE: data, SCENARIO: BESIDE}, {"after": [list(each) for each in after]}, made)


@st.composite
def texts(draw: st.DrawFn, *, careful: bool) -> tuple[str, tuple[str, ...]]:
    """The text of a file, and what was done to it."""
    if not careful and draw(st.integers(0, 5)) == 5:
        name = draw(st.sampled_from(shipped_studies()))
        return find_study(name).read_text(encoding="utf-8"), (f"from {name}",)
    tree, made = Group(), []
    odd_scenarios = (
        st.sampled_from(
            ("two-towns", "[two-towns, one-town]", "[mine.yaml, two-towns]", "[]", "nowhere", "japan")
        )
        | odd
    )
    tree.put("scenarios", SCENARIO if careful else draw(st.just(SCENARIO) | odd_scenarios))
    tree.put("months", draw(st.integers(1, MOST_MONTHS)).__str__())
    kind = draw(st.sampled_from(KINDS))
    made.append(kind)
    factors = Group()
    for number in range(draw(st.integers(1, 3))):
        _factor(draw, factors, number, careful)
    if careful or draw(st.integers(0, 9)):
        tree.put("factors", factors)
    tree.put("design", draw(_design(kind, careful)))
    if kind == "list":
        tree.put("points", draw(_points(factors, careful)))
    tree.put("replicates", draw(_replicates(careful)))
    if draw(st.booleans()):
        tree.put("outcomes", draw(_outcomes(careful)))
    if draw(st.booleans()):
        tree.put("common_random_numbers", draw(st.sampled_from(("true", "false"))))
    if draw(st.integers(0, 3)) == 3:
        path = draw(st.sampled_from(VARIED))
        tree.put(f"set.{path}", draw(value_of(all_parameters()[path], careful)))
    if not careful:
        for _ in range(draw(st.integers(0, 2))):
            key = draw(st.sampled_from((*KEYS, "factor", "extends")))
            made.append(f"odd {key}")
            tree.put(key, draw(odd))
    return written(tree), tuple(made)


def _factor(draw: st.DrawFn, factors: Group, number: int, careful: bool) -> None:
    how = draw(st.sampled_from(("values", "values", "range", "parameter", "change", "moves", "alternatives")))
    path = draw(st.sampled_from(VARIED if careful else PATHS))
    about = Group()
    name = f"factor {number}"
    if how == "values":
        factors.pairs.append((path, _listed(draw, path, careful)))
        return
    if how == "range":
        name = path = draw(st.sampled_from(NUMBERS if careful else PATHS))
        low, high = sorted(_ends(draw, path, careful))
        about.pairs += [("low", _number(path, low)), ("high", _number(path, high))]
        if draw(st.integers(0, 3)) == 3:
            about.put("scale", draw(st.sampled_from(("log", "linear"))))
    elif how == "parameter":
        about.pairs += [("parameter", path), ("values", _listed(draw, path, careful))]
    elif how == "change":
        later = draw(st.sampled_from([each for each in LATER if careful is False or each in VARIED]))
        change = Group()
        change.put(later, draw(value_of(all_parameters()[later], careful)))
        about.pairs += [("change", change), ("values", draw(_dates(careful)))]
    elif how == "moves":
        about.pairs += [("moves", "fear.weight" if careful else path), ("values", draw(_dates(careful)))]
    else:
        other = Group()
        other.put(path, draw(value_of(all_parameters()[path], careful)))
        about.put("alternatives", Group([("as it is", "{}"), ("other", other)]))
    if draw(st.booleans()):
        about.put("label", quoted(draw(any_text)) if careful else draw(odd))
    if draw(st.booleans()):
        about.put("role", draw(st.sampled_from(("lever", "uncertainty"))))
    if not careful and draw(st.integers(0, 3)) == 3:
        about.put(
            draw(
                st.sampled_from(("values", "low", "high", "scale", "role", "label", "dated", "moves", "kind"))
            ),
            draw(odd),
        )
    if not careful and draw(st.integers(0, 5)) == 5:
        name = draw(st.sampled_from(("point", "seed", "error", "replicate", path)) | odd) or "x"
    factors.pairs.append((name.replace("\n", " "), about))


def _listed(draw: st.DrawFn, path: str, careful: bool) -> Tree:
    values = draw(st.lists(value_of(all_parameters()[path], careful), min_size=1, max_size=3, unique=True))
    return (
        [each.replace("\n", " ") or "~" for each in values] if careful or draw(st.booleans()) else draw(odd)
    )


def _ends(draw: st.DrawFn, path: str, careful: bool) -> tuple[float, float]:
    info = all_parameters()[path]
    low, high = (info.low or 0.0, info.usual or info.high or 1.0) if careful else (-1.0, 2.0)
    return draw(
        st.tuples(st.sampled_from((low, (low + high) / 3)), st.sampled_from((high, (low + high) / 2)))
    )


def _number(path: str, value: float) -> str:
    return str(int(value)) if all_parameters()[path].type is int else plain(value)


@st.composite
def _dates(draw: st.DrawFn, careful: bool) -> Tree:
    dates = st.sampled_from(("1990-01", "1990-02", "1990-03", "1990-12", "2050-01", "never"))
    return draw(st.lists(dates if careful else dates | odd, min_size=1, max_size=3, unique=True))


@st.composite
def _design(draw: st.DrawFn, kind: str, careful: bool) -> Tree:
    sizes = {
        "lhs": "points",
        "morris": "trajectories",
        "sobol": "samples",
        "grid": "levels",
        "ofat": "levels",
    }
    if kind == "list":
        return "list"
    count = draw(
        st.sampled_from((2, 4)) if careful else st.sampled_from((0, 1, 2, 3, 4, 2**31, -1, "many", 1e6))
    )
    about = Group([(sizes[kind], str(count))])
    if kind == "sobol" and draw(st.booleans()):
        about.put("second_order", "true")
    if kind == "morris" and draw(st.booleans()):
        about.put("levels", draw(st.sampled_from(("4", "2")) if careful else odd))
    return Group([(kind, about)])


@st.composite
def _points(draw: st.DrawFn, factors: Group, careful: bool) -> Tree:
    """Listed points, with values of the first factor, or none."""
    found: list[Tree] = [Group()]
    for name, about in factors.pairs:
        values = (
            about
            if isinstance(about, list)
            else dict(about.pairs).get("values", [])
            if isinstance(about, Group)
            else []
        )
        found += [Group([(name, each)]) for each in values if isinstance(each, str)][:2]
    return found if careful or draw(st.booleans()) else [*found, Group([("nobody", "1")]), draw(odd)]


@st.composite
def _replicates(draw: st.DrawFn, careful: bool) -> Tree:
    if careful and draw(st.integers(0, 3)):
        return draw(st.sampled_from(("1", "2", "3")))
    if careful:
        return Group(
            [
                ("until", Group([("needs_met", draw(st.sampled_from(("0.5", "0.0001"))))])),
                ("at_least", "2"),
                ("at_most", "3"),
            ]
        )
    return draw(
        st.sampled_from(
            ("0", "-1", "2", "10000001", "{until: {needs_met: 0}}", "{until: {nothing: 1}}", "{at_most: 3}")
        )
        | odd
    )


@st.composite
def _outcomes(draw: st.DrawFn, careful: bool) -> Tree:
    found: list[Tree] = ["needs_met"]
    for name in draw(st.lists(st.sampled_from(MEASURES), max_size=3, unique=True)):
        if name in HEADLINES:
            found.append(name) if name != "needs_met" else None
            continue
        about = Group([("measure", name)])
        if draw(st.booleans()):
            about.put(
                "year",
                draw(
                    st.sampled_from(("every", "last", "1990"))
                    if careful
                    else st.sampled_from(("every", "1800")) | odd
                ),
            )
        if not careful and draw(st.booleans()):
            by = draw(st.sampled_from(sorted(GROUPS)))
            about.put(by, draw(st.sampled_from(GROUPS[by]) | odd))
        if draw(st.integers(0, 3)) == 3:
            about.put(
                draw(st.sampled_from(("name", "label"))),
                quoted(draw(any_text)) if careful else draw(odd),
            )
        found.append(about)
    return found


# Running ------------------------------------------------------------------------------------------------


class _AtOnce(Executor):
    """Does what it is given before it answers."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class InThisProcess(running.LocalEngine):
    """The engine without processes, so that what goes wrong is seen here."""

    def __init__(self, folder: StudyFolder, workers: int) -> None:
        self.workers, self._cold = 1, False
        self.executor = _AtOnce()
        install(*packed(folder.study, folder.points))


def trial(case: Case, steps: list[Step]) -> None:
    """Check; run what passes and is small; read it. Errors: Fault."""
    if called(steps, "study", "check", FILE, "--quick").status or not _is_small():
        return
    with patch.object(running, "LocalEngine", InThisProcess):
        if status := called(steps, "study", "run", FILE, "--out", "s", "--workers", "1", "--quiet").status:
            raise Fault(f"check passes a study that ends with {status}", steps[-1].said)
        for arguments in case.does["after"]:
            called(steps, *arguments)


def _is_small() -> bool:
    study = read_study(find_study(FILE))
    points = points_of(study)
    if (
        len(points) * study.replicates.most > MOST_RUNS
        or max(each.months for each in study.scenarios) > MOST_MONTHS
    ):
        return False
    scenarios = [scenario_at(study, point) for point in points]
    sizes = [len(section) for _, section in SHIPPED.keyed()]
    return all(
        people(each) <= MOST_RECORDS and [len(section) for _, section in each.parameters.keyed()] == sizes
        for each in scenarios
    )
