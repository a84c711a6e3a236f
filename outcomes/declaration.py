"""How a measure is declared: beside the function that computes it, and nowhere else.

From the declaration come the table `measures` of a run folder, `measures --define`, what studies and the page can
choose, and what each theme is divided by. A user's own measure is declared in the same way, or named on the command
line (`--measure mine.py:share_helped`); see `load_measure`.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.util
import inspect
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Generic, ParamSpec

import numpy as np
import pandas as pd

from ..model.columns import Columns
from .divisions import DIVISIONS as DIVISIONS
from .divisions import WITH_NGOS as WITH_NGOS
from .divisions import WITHOUT_NGOS as WITHOUT_NGOS
from .entries import SHIPPED_ENTRIES, Entries
from .run import Run

TSUDA, THEIL, GINI, MORAN = "Tsuda 2008", "Theil 1967", "Gini 1912", "Moran 1950"
THIS_MODEL = "this model"
REFERENCES = {
    TSUDA: "Takeyuki Tsuda: Localities and the Struggle for Immigrant Rights. Japan Focus, 2008 (the claims measured)",
    THEIL: "Henri Theil: Economics and Information Theory. North-Holland, 1967",
    GINI: "Corrado Gini: Variabilità e mutabilità. Cuppini, 1912",
    MORAN: "P. A. P. Moran: Notes on Continuous Stochastic Phenomena. Biometrika 37, 1950",
}
LEVEL, OF_NEEDS = "level, 0 to 1", "share of needs"
COUNTRY, ALL = "country", "all"
OWN = "own"  # the theme of users' measures
_MODULE = "local_citizenship_own_measures_"  # what their files are called as modules
_PROJECT = f"{__name__.split('.')[0]}."  # what the modules of the project begin with
_LONGEST = 200  # letters of what somebody's code says of its failure
_CODE: dict[str, bytes] = {}  # module of a user's file -> its text when it was run
_RECEIVED: set[tuple[str, str]] = set()  # theme and name of measures that another process sent

P = ParamSpec("P")
Wide = Columns | pd.DataFrame  # the columns it is divided by, and one for each measure
Compute = Callable[[Run, Any], Wide | Iterable[Wide]]


class MeasureError(ValueError):
    """A user's measure can't be had, or fails, for a reason that one sentence can tell."""


@dataclass(frozen=True)
class Measure:
    """One measure. `unit` beginning with "share of" marks a share between 0 and 1 (a gap may be negative). `origin`:
    the file and name of a user's measure, from which another process can load it. `compute`: its own function, if it
    has one; those of a theme share theirs. `also`: what it can be divided by on request, besides what stands in the
    table of all measures; `not_by`: what it can't, though its theme can (the country, of what has parts alone). `of`:
    the measure of the same theme that counts the cases of which it is a share or a mean."""

    name: str
    label: str
    unit: str
    definition: str
    source: str = TSUDA
    origin: str = ""
    compute: Compute | None = field(default=None, compare=False, repr=False)
    also: tuple[str, ...] = ()
    not_by: tuple[str, ...] = ()
    of: str = ""

    @property
    def file(self) -> str:
        """The file of a user's measure; "" if it was declared in Python."""
        return self.origin.rpartition(":")[0]

    @property
    def is_users(self) -> bool:
        """Whether a user declared it, not the project."""
        return self.compute is not None and not self.compute.__module__.startswith(_PROJECT)


@dataclass(frozen=True)
class Theme:
    """One of E1 to E9, or users' own. `by`: what it is divided by, besides the whole country; `notes`: what holds for
    several measures; `computed`: functions of a run and of what to divide by, with their divisions; `vary`: what to
    vary or compare, to see it change. `pooled`: its function, not asked for years, tells of all months together."""

    id: str
    title: str
    claim: str
    measures: tuple[Measure, ...]
    computed: tuple[tuple[Compute, tuple[str, ...]], ...]
    notes: tuple[str, ...] = ()
    vary: str = ""
    pooled: bool = False

    @property
    def by(self) -> tuple[str, ...]:
        """What it is divided by, besides the whole country."""
        return tuple(dict.fromkeys(part for _, by in self.computed for part in by))

    @property
    def groups(self) -> str:
        """The same in words."""
        return ", ".join(DIVISIONS[part].note for part in self.by)

    def parts_of(self, one: Measure) -> tuple[str, ...]:
        """All that one of its measures can be divided by, the whole country first if it is told of that."""
        of_table = next((by for compute, by in self.computed if compute is one.compute), self.computed[0][1])
        parts = dict.fromkeys((COUNTRY, *of_table, *one.also))
        return tuple(each for each in parts if each not in one.not_by)

    def __getitem__(self, name: str) -> Measure:
        """The measure of this name. Errors: KeyError."""
        return {each.name: each for each in self.measures}[name]


THEMES: dict[str, Theme] = {}  # in order once `measures` is imported


def groups_of(by: str, entries: Entries = SHIPPED_ENTRIES) -> tuple[str, ...]:
    """Names of the groups that a division has; none are known for regions, which are those of the places."""
    return DIVISIONS[by].groups(entries) if by in DIVISIONS else ()


class Framed(Generic[P]):
    """A function that computes a table: called, it gives a data frame; its `arrays`, called likewise, Columns."""

    def __init__(self, function: Callable[P, Any]) -> None:
        self.arrays = function
        functools.update_wrapper(self, function)

    def __call__(self, *args: P.args, **named: P.kwargs) -> pd.DataFrame:
        found: pd.DataFrame = self.arrays(*args, **named).frame()
        return found

    def __reduce__(self) -> str:
        return self.arrays.__qualname__  # found by its name in another process


def theme(
    identity: str,
    title: str,
    claim: str,
    *measures: Measure,
    by: tuple[str, ...],
    vary: str,
    also: tuple[str, ...] = (),
    pooled: bool = False,
    notes: tuple[str, ...] = (),
) -> Callable[[Callable[P, Any]], Framed[P]]:
    """Declare a theme with the function that computes its measures.

    The function takes a run and `by` ("year", or "year" and one of the theme's divisions), and returns a table
    (Columns), or several, with the columns of `by` and one for each measure. `by`: the divisions that stand in the
    table of all measures; `also`: those that whoever asks can have. `pooled`: `by` may do without "year", and the
    measures then tell of all months together.
    """

    def declare(function: Callable[P, Any]) -> Framed[P]:
        computed: Any = function
        told = tuple(replace(each, also=also) for each in measures)
        THEMES[identity] = Theme(identity, title, claim, told, ((computed, by),), notes, vary, pooled)
        return Framed(function)

    return declare


def measure(
    *,
    id: str = OWN,
    name: str = "",
    label: str = "",
    unit: str = "number",
    definition: str = "",
    source: str = THIS_MODEL,
    by: tuple[str, ...] = (),
    also: tuple[str, ...] = (),
) -> Callable[[Any], Any]:
    """Declare one measure beside its function; `id`: one of E1 to E9, if it belongs there.

    The function takes a run, and `by` if it can divide the country ("year", or "year" and one of `by`, which stand in
    the table of all measures, or of `also`, which figures can ask for: "place" is better there). It returns a
    number of the whole run; a table with a column year, those of `by` and one of its name (or `value`); or values by
    year. `name`, `label` and `definition` are taken from the function where they are not given. A function declared
    again, as when a notebook's cell is run twice, takes the place of the former one.
    Errors: MeasureError for an unknown theme or division, or a name that another function has taken.

        @measure(label="Helped in the first year", unit="share of needs")
        def share_helped(run):
            return ...
    """

    def declare(function: Any) -> Any:
        called = name or function.__name__
        words = (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ")
        meaning = definition or words or "A user's own measure."
        compute = functools.wraps(function)(_divided(function, called))
        words_of_it = label or called.replace("_", " ")
        one = Measure(called, words_of_it, unit, meaning, source, compute=compute, also=also)
        _declare(id, one, by)
        return function

    return declare


def _declare(identity: str, one: Measure, by: tuple[str, ...], instead: bool = False) -> None:
    """Make a measure that has a function of its own known in a theme; `instead` of any other of its name."""
    if identity == OWN:
        THEMES.setdefault(OWN, Theme(OWN, "Own measures", "what a user asked for", (), ()))
    if identity not in THEMES:
        raise MeasureError(f"there is no theme {identity!r}; there are {', '.join(THEMES)}")
    if unknown := [part for part in (*by, *one.also) if part not in DIVISIONS]:
        raise MeasureError(f"the country can't be divided by {unknown[0]!r}; but by {', '.join(DIVISIONS)}")
    compute: Any = one.compute
    theme, computed = THEMES[identity], (compute, by)
    former = next((each for each in theme.measures if each.name == one.name), None)
    if former is None:
        THEMES[identity] = replace(
            theme, measures=(*theme.measures, one), computed=(*theme.computed, computed)
        )
        return
    if not instead and (former.compute is None or _place(former.compute) != _place(compute)):
        where = f", of {former.file}" if former.file else ""
        raise MeasureError(
            f"{identity} has a measure {one.name!r} already{where}: give this one another name"
        )
    THEMES[identity] = replace(
        theme,
        measures=tuple(one if each is former else each for each in theme.measures),
        computed=tuple(computed if each[0] is former.compute else each for each in theme.computed),
    )


def _place(function: Any) -> tuple[str, str]:
    """Where a function is written: one that is written there anew is the same, edited."""
    return function.__module__, function.__qualname__


def carried(identity: str, name: str) -> bytes:
    """What another process needs to know a measure that was declared in Python; nothing of one that it can load.

    Errors: MeasureError if the function can't be sent.
    """
    one = next((each for theme, each in all_measures() if (theme.id, each.name) == (identity, name)), None)
    if one is None or one.origin or not one.is_users:
        return b""
    import cloudpickle  # which takes functions of a notebook along, as pickle does not

    (by,) = (by for compute, by in THEMES[identity].computed if compute is one.compute)
    try:
        return cloudpickle.dumps((identity, one, by))
    except Exception as error:
        what = f"can't be sent to other processes ({in_words(error)})"
        raise MeasureError(f"the measure {name} {what}: take one process") from error


def receive(content: bytes) -> None:
    """Make known what another process has `carried`; what this one declared itself stays."""
    identity, one, by = pickle.loads(content)
    key = identity, one.name
    if key in _RECEIVED or key not in {(theme.id, each.name) for theme, each in all_measures()}:
        _declare(identity, one, by, instead=True)
        _RECEIVED.add(key)


def _divided(function: Any, name: str) -> Compute:
    """The function as the table of measures calls it: a table by year."""
    takes_by = "by" in inspect.signature(function).parameters

    def compute(run: Run, by: Any) -> pd.DataFrame:
        with _told(f"the measure {name} failed"):
            found = function(run, by=by) if takes_by else function(run)
        keys = [by] if isinstance(by, str) else list(by)
        with _told(f"the measure {name} returns something else than numbers by year"):
            return _as_table(found, name, keys, run)

    return compute


@contextlib.contextmanager
def _told(what: str) -> Iterator[None]:
    """Whatever goes wrong over a user's code is told in a sentence. Errors: MeasureError; KeyboardInterrupt, which is
    for whoever asked for it."""
    try:
        yield
    except (MeasureError, KeyboardInterrupt):
        raise
    except BaseException as error:
        raise MeasureError(f"{what}: {in_words(error)}") from error


def _as_table(found: Any, name: str, keys: list[str], run: Run) -> pd.DataFrame:
    """What a user's measure returns, as a table of `keys` and its numbers. Errors: MeasureError if it is none."""

    def refused(why: str) -> MeasureError:
        return MeasureError(f"the measure {name} {why}")

    if isinstance(found, (int, float, np.number)) and not isinstance(found, bool):
        found = pd.DataFrame({"year": [int(run.date(max(0, run.months - 1))[:4])], name: [found]})
    elif isinstance(found, pd.Series):
        found = pd.DataFrame({"year": found.index, name: found.to_numpy()})
    elif not isinstance(found, pd.DataFrame):
        raise refused(f"returns {type(found).__name__}, and must return a number or a table by year")
    found = found.rename(columns={"value": name})
    if missing := [column for column in (*keys, name) if column not in found]:
        raise refused(f"returns a table without a column {missing[0]!r}")
    found = found[[*keys, name]].reset_index(drop=True)
    if len(found.columns) > len(keys) + 1:
        raise refused("returns a table with two columns of one name")
    if pd.api.types.is_complex_dtype(found[name]):
        raise refused("returns complex numbers")
    found[name] = found[name].astype(float)
    for key in keys:
        if key == "year":
            years = pd.to_numeric(found[key], errors="coerce")
            known = years.between(1, 9999) & (years % 1 == 0)
            found[key] = years.where(known, 0).astype(int)
        else:
            of_places = key in ("region", "place")
            groups = run.table("places")[key] if of_places else found[key].dropna()
            known = found[key].isin(groups)
        if not known.all():
            raise refused(f"returns a {key} that there is none of")
    if found.duplicated(keys).any():
        raise refused(f"returns more than one number for the same {' and '.join(keys)}")
    return found


def in_words(error: BaseException) -> str:
    """What went wrong in somebody's code, on one line."""
    lines: list[str] = []
    with contextlib.suppress(Exception):  # it is somebody's own, and may fail too
        lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:_LONGEST]}" if lines else type(error).__name__


def all_measures() -> Iterator[tuple[Theme, Measure]]:
    """Every measure with the theme it belongs to, in order."""
    for theme in THEMES.values():
        for each in theme.measures:
            yield theme, each


def load_measure(text: str) -> Measure:
    """Make a user's function known as a measure: "mine.py:share_helped", and "mine.py" for all it declares; the last.

    This runs the file's code, which is why only a command or a program asks for it, never a scenario or study file.
    The file is read again when it has changed. Errors: MeasureError, which leaves all as it was.
    """
    return load_measures(text)[-1][1]


def load_measures(text: str) -> list[tuple[Theme, Measure]]:
    """The same, of all that is named, each with the theme it belongs to."""
    importlib.import_module(".measures", __package__)  # the themes are there before a file adds to them
    name, _, function = text.rpartition(":") if ".py:" in text else (text, "", "")
    file, before = Path(name).expanduser(), dict(THEMES)
    if not file.is_file():
        raise MeasureError(f"there is no file {name}: a measure is named as mine.py:share_helped")
    try:
        _load(file.resolve(), name, function)
    except MeasureError:
        THEMES.clear()
        THEMES.update(before)
        raise
    found = _measures_of(file.resolve())
    if not found:
        raise MeasureError(f"{name} declares no measure: name a function in it, as {name}:share_helped")
    return [each for each in found if _is_called(each[1], function)] if function else found


def _load(file: Path, name: str, function: str) -> None:
    """Run the file if need be, and declare of it what is named: now, or before it was edited."""
    known = {each.compute for _, each in all_measures()}
    module = sys.modules.get(_module_of(file))
    wanted = [function] if function else []
    if module is None or file.read_bytes() != _CODE.get(module.__name__):
        former = [each.name for _, each in _measures_of(file)]
        wanted = [*former, *wanted]
        _forget(lambda each: each.file == str(file))
        module = _run(file)
    for each in wanted:
        fresh = [one for _, one in all_measures() if one.file == str(file) or one.compute not in known]
        if any(_is_called(one, each) for one in fresh):
            continue
        if callable(getattr(module, each, None)):
            measure()(getattr(module, each))
        elif each == function:
            functions = [each for each in vars(module).values() if inspect.isfunction(each)]
            there = [each.__name__ for each in functions if each.__module__ == module.__name__]
            raise MeasureError(f"{name} has no function {function!r}; it has {', '.join(there) or 'none'}")
    for theme in [*THEMES.values()]:
        of_file = [
            replace(one, origin=f"{file}:{one.name}") if one.is_users and one.compute not in known else one
            for one in theme.measures
        ]
        THEMES[theme.id] = replace(theme, measures=tuple(of_file))


def _is_called(one: Measure, name: str) -> bool:
    """By its own name or that of its function."""
    return one.compute is not None and name in (one.name, one.compute.__qualname__)


def _measures_of(file: Path) -> list[tuple[Theme, Measure]]:
    return [(theme, each) for theme, each in all_measures() if each.file == str(file)]


def _forget(gone: Callable[[Measure], bool]) -> None:
    for theme in [*THEMES.values()]:
        functions = [each.compute for each in theme.measures if gone(each)]
        measures = tuple(each for each in theme.measures if not gone(each))
        computed = tuple(each for each in theme.computed if each[0] not in functions)
        THEMES[theme.id] = replace(theme, measures=measures, computed=computed)
    if OWN in THEMES and not THEMES[OWN].measures:
        del THEMES[OWN]


def _module_of(file: Path) -> str:
    return _MODULE + hashlib.sha256(str(file).encode()).hexdigest()[:16]


def _run(file: Path) -> Any:
    """The file as a module. Python's own cache is passed by, as it may miss an edit within a second."""
    called = _module_of(file)
    described: Any = importlib.util.spec_from_file_location(called, file)
    module = importlib.util.module_from_spec(described)
    sys.modules[called] = module
    _CODE[called] = file.read_bytes()
    # What a script ends with (SystemExit) is no success here.
    with contextlib.ExitStack() as unless_it_runs, _told(f"{file} can't be run"):
        unless_it_runs.callback(sys.modules.pop, called, None)
        exec(compile(_CODE[called], str(file), "exec"), vars(module))
        unless_it_runs.pop_all()
    return module
