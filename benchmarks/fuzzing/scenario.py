"""Scenario files: from a shipped one, changed by somebody who knows the schema, then perhaps hurt by an accident.

What `check` passes is run, for few months and few people, and its accounts must balance; then it is read again.
"""

from __future__ import annotations

import re
from typing import Any

from hypothesis import strategies as st

from local_citizenship.outcomes.run_folder import load_run, save_run
from local_citizenship.outcomes.simulate import simulate
from local_citizenship.scenarios import Scenario, ScenarioError, load_scenario
from local_citizenship.scenarios.checks import all_parameters
from local_citizenship.scenarios.files import shipped_folder, shipped_names
from local_citizenship.scenarios.schema import ENTRY_SECTIONS, SHIPPED
from local_citizenship.scenarios.settings import TOP_KEYS
from local_citizenship.scenarios.timeline import start_only

from .balance import unbalanced
from .case import Case, Fault, Step, called, timed
from .values import any_text, odd, plain, quoted, value_of
from .yaml_files import Group, hurt, written

FILE = "mine.yaml"
VALUE = re.compile(r"^[^#\n]*?: ([^\s{}\[\],#]+)", re.MULTILINE)
RECORDS, INTERPRETED_RECORDS = 3_000, 60  # about so many migrants are run
INTERPRETED_SECONDS = 30.0  # nobody waits for a run that is interpreted but this
MOST_PLACES = 40  # of a run that is interpreted
PATHS = tuple(all_parameters())
LATER = tuple(path for path in PATHS if not start_only(path))
SMALL = ("two-towns", "two-towns", "two-towns", "one-town", "railway-line")
NAMES = ("night_school",
         "x", "farmhand", "daycare", "a" * 25, "class", "import", "drop", "like", "root", "items", "names", "A", "9",
         "a.b", "a b", "\u00e9", "x" * 26, "housing", "model_dump", "label", "entry", "needs")  # fmt: skip
# What is called of a run that was made; {run} is its folder.
AFTER = (
    ("story", "r"), ("story", "r", "--list"), ("measures", "r"), ("measures", "r", "--id", "E3"),
    ("explain", "--scenario", FILE),
    ("explain", "services", "--scenario", FILE), ("explain", "fear.weight", "--scenario", FILE),
    ("check", "r/scenario.yaml"),
    ("compare", "r", "r"), ("compare", "r", "r", "--out", "c"), ("plot", "r"), ("handout", "r", "-o", "h.html"),
    ("story", "r", "--against", "r"),
)  # fmt: skip


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A scenario file, and what is done with it."""
    made: tuple[str, ...] = ("bytes",)
    kind = draw(st.integers(0, 19))
    if kind == 19:
        data = draw(
            st.binary(max_size=60)
            | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass"))
        )
    else:
        careful = kind < 10
        text, made = draw(texts(careful=careful))
        data = text.encode("utf-8", "surrogatepass")
        if kind >= 15:
            data, accidents = draw(hurt(text))
            made += accidents
    files = {FILE: data}
    if b"extends: base.yaml" in data:
        text, below = draw(texts(careful=draw(st.booleans())))
        files["base.yaml"] = text.encode("utf-8", "surrogatepass")
        made += ("below it", *below)
    return Case("scenario", files, draw(what_is_done()), made)


@st.composite
def what_is_done(draw: st.DrawFn) -> dict[str, Any]:
    """How a sound file is run and read."""
    after = draw(st.lists(st.sampled_from(AFTER), max_size=2, unique=True))
    sets = (
        draw(st.lists(st.sampled_from(PATHS), max_size=2, unique=True))
        if draw(st.integers(0, 4)) == 4
        else []
    )
    return {
        "months": draw(st.integers(1, 15)),
        "seed": draw(st.sampled_from((None, 0, 1, 2**63 - 1))),
        "sets": [
            f"{path}={draw(value_of(all_parameters()[path], careful=False))}".replace("\n", " ")
            for path in sets
        ],
        "after": [list(each) for each in after],
    }


@st.composite
def texts(draw: st.DrawFn, *, careful: bool) -> tuple[str, tuple[str, ...]]:
    """The text of a file, and what was done to it."""
    tree, made = Group(), []
    bases = (*SMALL, "base.yaml", "any shipped")
    base = draw(st.sampled_from(bases if careful else (*bases, "mine.yaml", "whole", "odd")))
    if base == "any shipped":
        base = draw(st.sampled_from(shipped_names()))
    made.append(f"from {base}")
    if base == "whole":
        return draw(_retouched()), ("from a whole file",)
    if base == "odd":
        tree.put("extends", draw(odd))
    else:
        table = (shipped_folder() / "data" / f"{base}.csv").is_file()
        tree.put(*(("places", f"{base}.csv") if table else ("extends", base)))
    for _ in range(draw(st.integers(1, 8))):
        what = draw(st.sampled_from(_CHANGES))
        made.append(what.__name__.strip("_"))
        what(draw, tree, careful)
    return written(tree), tuple(made)


@st.composite
def _retouched(draw: st.DrawFn) -> str:
    """The text of a shipped file, some of whose values are others."""
    text = (shipped_folder() / f"{draw(st.sampled_from(shipped_names()))}.yaml").read_text(encoding="utf-8")
    for _ in range(draw(st.integers(1, 3))):
        value = draw(st.sampled_from([found.span(1) for found in VALUE.finditer(text)]))
        text = text[: value[0]] + draw(odd) + text[value[1] :]
    return text


def _parameter(draw: st.DrawFn, tree: Group, careful: bool, paths: tuple[str, ...] = PATHS) -> None:
    """One parameter, anywhere."""
    path = draw(st.sampled_from(paths))
    tree.put(path, draw(value_of(all_parameters()[path], careful)))


def _section(draw: st.DrawFn, tree: Group, careful: bool) -> None:
    """Many parameters of one section."""
    section = draw(st.sampled_from(sorted({path.partition(".")[0] for path in PATHS})))
    paths = tuple(path for path in PATHS if path.startswith(f"{section}."))
    for _ in range(draw(st.integers(2, 12))):
        _parameter(draw, tree, careful, paths)


def _same_everywhere(draw: st.DrawFn, tree: Group, careful: bool) -> None:
    """One parameter of all entries at the same end."""
    section = draw(st.sampled_from(ENTRY_SECTIONS))
    names = getattr(SHIPPED, section).names
    field = draw(
        st.sampled_from([path for path in PATHS if path.startswith(f"{section}.{names[0]}.")])
    ).rpartition(".")[2]
    value = draw(value_of(all_parameters()[f"{section}.{names[0]}.{field}"], careful))
    for name in names:
        tree.put(f"{section}.{name}.{field}", value)


def _setting(draw: st.DrawFn, tree: Group, careful: bool) -> None:
    if not careful and draw(st.booleans()):
        tree.put(draw(st.sampled_from((*TOP_KEYS, "sourcs", "nonsense", "doors", "fear"))), draw(odd))
        return
    name, values = draw(
        st.sampled_from((
            ("start", st.sampled_from(("1990-01", "1989-12", "0000-01", "9999-12", "2003-04", "0001-03"))),
            ("months", st.integers(1, 1200).map(str)),
            ("seed", st.sampled_from(("0", "1", str(2**63 - 1)))),
            ("places_seed", st.integers(0, 9).map(str)),
            ("title", any_text.map(quoted)),
            ("question", any_text.map(quoted)),
            ("timeline_replaces", st.sampled_from(("true", "false"))),
            ("observed", _counts()),
        ))
    )  # fmt: skip
    tree.put(name, draw(values))


@st.composite
def _counts(draw: st.DrawFn) -> list[Group]:
    """People who were counted, now and then one twice."""
    found = []
    for _ in range(draw(st.integers(0, 3))):
        each = Group()
        each.put("status", draw(st.sampled_from(("overstayer", "legal", "citizen"))))
        each.put("date", draw(st.sampled_from(("1989-12", "1990-01", "1991-05", "9999-12"))))
        each.put("persons", draw(st.integers(0, 10**9).map(str)))
        each.put("source", draw(any_text.map(quoted)))
        found.append(each)
    return found


def _source(draw: st.DrawFn, tree: Group, careful: bool) -> None:
    """What vouches for a value; its path stands in one piece."""
    paths = [path for path in PATHS if not all_parameters()[path].presentation]
    path = draw(st.sampled_from(paths if careful else (*PATHS, "fear", "doors.worker")))
    before = dict(tree.pairs).get("sources")
    sources = before if isinstance(before, Group) else Group()
    sources.pairs = [pair for pair in sources.pairs if pair[0] != path or not careful]
    sources.pairs.append((path, quoted("Pak 2000: \u65e5\u672c") if careful else draw(odd)))
    tree.put("sources", sources)


def _added(draw: st.DrawFn, tree: Group, careful: bool) -> None:
    """An entry of one's own, or many, like another or with all it needs."""
    section = draw(st.sampled_from(ENTRY_SECTIONS))
    names = getattr(SHIPPED, section).names
    own = [
        name
        for name in NAMES
        if careful is False or (getattr(SHIPPED, section).why_not(name) is None and name not in names)
    ]
    for name in draw(st.lists(st.sampled_from(own), min_size=1, max_size=3, unique=True)):
        path = f"{section}.{name}"
        like = draw(st.sampled_from(names if careful else (*names, *NAMES)))
        tree.put(f"{path}.like", like)
        fields = [each for each in PATHS if each.startswith(f"{section}.{names[0]}.")]
        for field in draw(st.lists(st.sampled_from(fields), max_size=4, unique=True)):
            tree.put(f"{path}.{field.rpartition('.')[2]}", draw(value_of(all_parameters()[field], careful)))
    if not careful and draw(st.integers(0, 9)) == 9:
        for number in range(draw(st.sampled_from((8, 20, 33, 80)))):
            tree.put(f"{section}.more_{number}.like", names[0])


def _dropped(draw: st.DrawFn, tree: Group, careful: bool) -> None:
    section = draw(st.sampled_from(ENTRY_SECTIONS))
    names = [name for name in getattr(SHIPPED, section).names if not careful or name != "arrest"]
    for name in draw(
        st.lists(st.sampled_from(names), min_size=1, max_size=len(names) - careful, unique=True)
    ):
        tree.put(f"{section}.{name}", "drop")


def _timeline(draw: st.DrawFn, tree: Group, careful: bool) -> None:
    """Dated changes from the start on, most of them within the months that are run."""
    first = draw(
        st.sampled_from(
            ("1990-01", "2000-01") if careful else ("1990-01", "1989-11", "2004-02", "0000-01", "9998-06")
        )
    )
    year, month = (int(part) for part in first.split("-"))
    number = year * 12 + month - 1
    changes = []
    for _ in range(draw(st.integers(1, 6))):
        number += draw(st.integers(1, 5) if careful else st.integers(-1, 20))
        change = Group(
            [("from", f"{number // 12:04d}-{number % 12 + 1:02d}" if careful else draw(_dates(number)))]
        )
        for _ in range(draw(st.integers(1, 3))):
            _parameter(draw, change, careful, LATER if careful or draw(st.booleans()) else PATHS)
        changes.append(change if careful or draw(st.integers(0, 9)) < 9 else draw(odd))
    if careful:
        tree.put("start", first)
        tree.put("timeline_replaces", "true")
    tree.put("timeline", changes)


def _dates(number: int) -> st.SearchStrategy[str]:
    date = f"{max(0, number) // 12:04d}-{number % 12 + 1:02d}"
    return (
        st.just(date)
        | st.just(date)
        | st.sampled_from((f"'{date}'", f"{date}-01", f"{date[:4]}", f"{date[:4]}-13", ""))
        | odd
    )


def _population(draw: st.DrawFn, tree: Group, careful: bool) -> None:
    """Nobody, or many, through one door."""
    name = draw(st.sampled_from(SHIPPED.doors.names))
    for field in ("initial", "arrivals"):
        tree.put(f"doors.{name}.{field}", plain(draw(st.sampled_from((0, 1, 40, 3000, 1e6)))))


_CHANGES = (
    _parameter,
    _parameter,
    _section,
    _same_everywhere,
    _setting,
    _source,
    _added,
    _dropped,
    _timeline,
    _population,
)


def trial(case: Case, steps: list[Step], file: str = FILE) -> None:
    """Check; run what passes; look at the accounts; read what is left. Errors: Fault."""
    does = case.does
    own = [f"--set={each}" for each in does["sets"]]
    if does["seed"] is not None:
        own += ["--seed", str(does["seed"])]
    own += ["--months", str(does["months"])]
    try:
        loaded = load_scenario(file, sets=does["sets"], seed=does["seed"], months=does["months"])
    except ScenarioError as error:
        if called(steps, "check", file, *own).status == 0:
            raise Fault("check passes what can't be loaded", str(error)) from error
        return
    shipped = [len(section) for _, section in loaded.parameters.keyed()] == [
        len(each) for _, each in SHIPPED.keyed()
    ]
    if not shipped and len(loaded.places) > MOST_PLACES:
        return
    share = loaded.parameters.scale.share * min(
        1.0, (RECORDS if shipped else INTERPRETED_RECORDS) / people(loaded)
    )
    own.append(f"--set=scale.share={share!r}")
    if not shipped:  # machine code would have to be made for it alone
        own.append("--set=ngos.initial=6")
    if called(steps, "check", file, *own).status:
        return
    if shipped:
        if called(steps, "run", file, *own, "--out", "r", "--no-figures", "--quiet", "--threads", "1").status:
            raise Fault("check passes what run refuses", steps[-1].said)
    else:
        sets = [*does["sets"], f"scale.share={share!r}", "ngos.initial=6"]
        with timed("run interpreted", steps, INTERPRETED_SECONDS):
            scenario = load_scenario(file, sets=sets, seed=does["seed"], months=does["months"])
            try:
                save_run(simulate(scenario, engine="interpreted"), "r")
            except ScenarioError as error:
                raise Fault("check passes what run refuses", str(error)) from error
    with timed("balance", steps):
        kept = load_run("r")
        for wrong in unbalanced(kept):
            raise Fault(f"unbalanced: {wrong}")
    for arguments in does["after"]:
        called(steps, *arguments)


def people(scenario: Scenario) -> float:
    """About how many records this run would have, at least one."""
    persons = scenario.parameters.scale.persons_per_record
    arrivals = max(
        sum(door.arrivals for door in parameters.doors.values()) * max(1.0, parameters.labour.demand)
        for _, parameters in scenario.regimes
    )
    initial = sum(door.initial for door in scenario.parameters.doors.values())
    return max(1.0, (initial + arrivals * scenario.months) * scenario.parameters.scale.share / persons)
