"""From a name and what is set on the command line to a scenario that can be run.

Layers, each over the one before: the schema's defaults, the files that are extended, the file itself, what is
`--set`, and the seed and months given beside. All but the timeline speak of the start of the run; dated
changes apply over them, so that a value set by `--set` holds until the timeline changes it.
"""

from __future__ import annotations

import operator
import os
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .checks import (
    Assignment,
    ParameterIndex,
    Problems,
    collect,
    get,
    is_blank,
    merged,
    shipped_index,
    spelt_out,
    why_none,
)
from .counted import Counted, read_counted
from .entry_edits import Edits, edit_entries
from .errors import ScenarioError, did_you_mean, shortened
from .files import ScenarioFile, chain_of, shipped_names
from .scenario import Scenario, regimes_of
from .schema import SHIPPED, Parameters
from .settings import (
    SETTINGS,
    STRUCTURE,
    TOP_KEYS,
    collect_settings,
    fit_setting,
    month_number,
    month_text,
    place_of,
    switch,
)
from .timeline import DatedChange, from_start, read_timeline
from .yaml_text import Node, Scalar, SourceLocation, YamlMapping, YamlSequence, read_scalar

if TYPE_CHECKING:
    from .places import Places


def load_scenario(
    name: str | os.PathLike[str],
    *,
    sets: Sequence[str] = (),
    seed: int | None = None,
    months: int | None = None,
) -> Scenario:
    """Load a shipped scenario by name, or a scenario file by path.

    `sets`: "key=value" for a parameter or for start, months, seed, places, places_seed, title or question;
    the last one of a key holds. `seed`, `months`: override everything else. Errors: ScenarioError.
    """
    return _template_of(name).scenario(sets=sets, seed=seed, months=months)


def _template_of(name: str | os.PathLike[str]) -> ScenarioTemplate:
    """What is shipped stays as it is: its files are read once, which takes as long as a short run. A table of places is
    read each time, for it may be the user's own."""
    if not isinstance(name, str) or name not in shipped_names():
        return ScenarioTemplate(name)
    template = copy(_shipped_template(name))
    template._build = replace(template._build, drawn={})
    return template


@lru_cache(16)
def _shipped_template(name: str) -> ScenarioTemplate:
    return ScenarioTemplate(name)


class ScenarioTemplate:
    """A scenario whose files are read and whose places are drawn once, to be had with many settings, quickly.

    `name` as in `load_scenario`. Errors: ScenarioError.
    """

    def __init__(self, name: str | os.PathLike[str]) -> None:
        chain = chain_of(name)
        self._file = chain[-1]
        self._build = _Build()
        for file, label in zip(chain, _labels(chain), strict=True):
            self._build.add_file(file, label)

    @property
    def index(self) -> ParameterIndex:
        """What may be named of it: its parameters, those of the entries that its files add included."""
        return self._build.index

    def scenario(
        self,
        *,
        sets: Sequence[str] = (),
        set_other: Sequence[str] = (),
        seed: int | None = None,
        months: int | None = None,
    ) -> Scenario:
        """The scenario with these settings, which are those of `load_scenario`. Errors: ScenarioError.

        `set_other`: as `sets`, laid over them; a mistake in one is told as one in `--set-other`.
        """
        build = self._build.copy()
        build.add_sets([sets] if isinstance(sets, str) else sets)
        build.add_sets(set_other, "--set-other")
        for option, value in (("seed", seed), ("months", months)):
            if value is not None:
                build.add_option(option, value)
        return build.scenario(self._file)


def _labels(chain: list[ScenarioFile]) -> list[str]:
    """A short name for each file, which a run can keep: no two the same, and no folders of this machine."""
    names = [file.path.name for file in chain]
    return [
        name
        if names.count(name) == 1
        else f"shipped {name}"
        if file.shipped
        else f"{file.path.parent.name}/{name}"
        for name, file in zip(names, chain, strict=True)
    ]


@dataclass
class _Build:
    """The layers laid so far; files are numbered from 1, the outermost first."""

    values: dict[str, Any] = field(default_factory=SHIPPED.model_dump)
    index: ParameterIndex = field(default_factory=shipped_index)
    layers: dict[str, str] = field(
        default_factory=lambda: dict.fromkeys(shipped_index().sourced(), "default")
    )
    sources: dict[str, str] = field(
        default_factory=lambda: {path: info.source for path, info in shipped_index().sourced().items()}
    )
    settings: dict[str, tuple[Assignment, str]] = field(default_factory=dict)  # with the layer of each
    changes: list[tuple[int, DatedChange, str]] = field(default_factory=list)  # (number of the file, ...)
    files: int = 0
    observed: tuple[Counted, ...] = ()
    start_set_by: int = 0  # the number of that file; one above the last if it was --set
    places_beside: Path = field(default_factory=Path)
    drawn: dict[tuple[Path, int, tuple[str, ...]], Places] = field(
        default_factory=dict
    )  # shared by all copies

    def copy(self) -> _Build:
        """The same layers, on which others can be laid."""
        return replace(
            self, layers=dict(self.layers), sources=dict(self.sources), settings=dict(self.settings)
        )

    def add_file(self, file: ScenarioFile, label: str) -> None:
        problems = Problems()
        given = file.content
        if stray := given.keys.get("scenarios"):
            raise stray.error(
                "this is the file of a study or of a calibration, and no scenario's",
                "`study check FILE` reads the one, `calibrate check FILE` the other",
            )
        edits = edit_entries(given, self.values, problems)
        index = self._index_with(edits, edits.values, self.index)
        assignments = collect(given, problems, index, others=TOP_KEYS)
        settings = collect_settings(given, problems)
        values = merged(edits.values, assignments, problems, index)
        edits.copied(values)
        index = self._index_with(edits, values, self.index)
        sources = _sources(given, problems, index)
        replaces = switch(given, "timeline_replaces", problems)
        changes: list[DatedChange] = []
        if "timeline" in given.items:
            changes = read_timeline(given.items["timeline"], given.keys["timeline"], problems, index)
        observed = self._still_observed(values)
        if "observed" in given.items:
            observed = read_counted(given.items["observed"], given.keys["observed"], problems)
        layers = given.items.get("layers")
        if layers is not None and not isinstance(layers, YamlMapping):
            problems.add(layers.spot.error(f"layers is {layers}, but must be the record a run leaves"))
        problems.raise_first()

        self.files += 1
        self.observed = observed
        if "start" in settings:
            self.start_set_by = self.files
        if "places" in settings:
            # By the name the user gave, so that messages about the table have it too.
            self.places_beside = file.path.parent if file.shipped else Path(file.shown).parent
        for key, setting in SETTINGS.items():
            if not setting.inherited:
                self.settings.pop(key, None)
        for key, assignment in settings.items():
            self.settings[key] = assignment, f"{label}:{assignment.key.line}"
        self._edit(edits, label, index)
        self._apply_layer(values, assignments, label, sources)
        # What was to change of an entry that is dropped has nothing to change.
        before = [] if replaces else self.changes
        self.changes = [each for each in before if each[1].assignment.path in index.parameters]
        self.changes += [(self.files, change, f"{label}:{change.assignment.key.line}") for change in changes]

    def add_sets(self, sets: Iterable[str], option: str = "--set") -> None:
        """`option`: by which they were given, as a mistake in one is told."""
        problems = Problems()
        assignments: dict[str, Assignment] = {}
        for text in (each for said in sets for each in _each_meant(said, self.values, option)):
            assignment = _set(text, self.index, option)
            path = assignment.path
            if path not in SETTINGS:
                assignments[path] = assignment
            elif fit_setting(assignment, problems):
                self.settings[path] = assignment, "--set"
                self.start_set_by = self.files + 1 if path == "start" else self.start_set_by
                self.places_beside = Path() if path == "places" else self.places_beside
        values = merged(self.values, assignments.values(), problems, self.index)
        problems.raise_first()
        self.observed = self._still_observed(values)
        self._apply_layer(values, assignments.values(), "--set", {})

    def add_option(self, name: str, value: int) -> None:
        try:
            number: Any = operator.index(value) if not isinstance(value, bool) else value
        except TypeError:
            number = value
        spot = SourceLocation(f"--{name} {shortened(str(value))}")
        problems = Problems()
        assignment = Assignment(name, Scalar(number, shortened(str(value)), spot), spot)
        fit_setting(assignment, problems)
        problems.raise_first()
        self.settings[name] = assignment, f"--{name}"

    def _still_observed(self, values: dict[str, Any]) -> tuple[Counted, ...]:
        """Who was counted in a country, as long as these values have the same part of its people."""
        share = "scale.share"
        return self.observed if get(values, share) == get(self.values, share) else ()

    def _index_with(self, edits: Edits, values: dict[str, Any], before: ParameterIndex) -> ParameterIndex:
        """What may be named with the entries as edited."""
        if not edits.added and not edits.dropped:
            return before
        added = tuple(f"{each.path}." for each in edits.added)
        known = {path: info for path, info in before.parameters.items() if not path.startswith(added)}
        return ParameterIndex(Parameters.model_validate(values), known)

    def _edit(self, edits: Edits, label: str, index: ParameterIndex) -> None:
        """Take over the entries as edited: their layers and sources, before the file's own values are laid."""
        self.values, self.index = edits.values, index
        for known in (self.layers, self.sources):
            for path in [path for path in known if path not in index.parameters]:
                del known[path]
        for added in edits.added:
            copied = f"assumption of {label}" + (f", like {added.like}" if added.like else "")
            paths = index.sourced(added.path)
            self.layers |= dict.fromkeys(paths, f"{label}:{added.key.line}")
            self.sources |= dict.fromkeys(paths, copied)

    def _apply_layer(
        self, values: dict[str, Any], assignments: Iterable[Assignment], label: str, sources: dict[str, str]
    ) -> None:
        for assignment in assignments:
            path, line = assignment.path, assignment.key.line
            if self.index.parameters[path].presentation:
                continue
            self.layers[path] = label if line is None else f"{label}:{line}"
            changed = get(values, path) != get(self.values, path)
            # A citation vouches for the value it was given with; it does not pass to another value.
            if changed and not self.sources[path].startswith("assumption"):
                self.sources[path] = f"assumption of {label}"
        self.sources.update(sources)
        self.values = values

    def scenario(self, file: ScenarioFile) -> Scenario:
        """The finished scenario. Errors: ScenarioError without places, or with changes before the start."""
        start = self._start(file)
        timeline = from_start(((change, where) for _, change, where in self.changes), start, self.index)
        regimes = regimes_of(self.values, timeline)
        self._one_need_in_detention(regimes[0][1], file)
        at_start = {change.path: change.where for change in timeline if change.month == 0}
        places_name = self._setting("places")
        if places_name is None:
            raise SourceLocation(file.shown).error(
                "the scenario has no places", "add `places:` with a table, or `extends: japan`"
            )
        places, places_name = self._places(places_name)
        return Scenario(
            name=file.name,
            title=" ".join((self._setting("title") or file.name).split()),
            question=(self._setting("question") or "").strip(),
            start=month_text(start),
            months=self._setting("months"),
            seed=self._setting("seed"),
            places=places,
            places_name=places_name,
            places_seed=self._setting("places_seed"),
            timeline=timeline,
            layers=self.layers | at_start,
            setting_layers={
                key: self.settings[key][1] if key in self.settings else "default"
                for key, setting in SETTINGS.items()
                if setting.inherited
            },
            sources=dict(self.sources),
            regimes=regimes,
            observed=self.observed,
        )

    def _one_need_in_detention(self, parameters: Parameters, file: ScenarioFile) -> None:
        """Errors: ScenarioError unless there is just one, at the line that gave the last."""
        if why := parameters.needs.why_not_in_detention():
            found = parameters.needs.having("detention")
            given = [self.layers[f"needs.{name}.detention"] for name in found]
            where = next((where for where in given[::-1] if where != "default"), file.shown)
            shown, line = place_of(where)
            raise ScenarioError(why, file=shown, line=line)

    def _setting(self, name: str) -> Any:
        return self.settings[name][0].value if name in self.settings else SETTINGS[name].default

    def _start(self, file: ScenarioFile) -> int:
        text = self._setting("start")
        start = month_number(Scalar(text, text, SourceLocation(file.shown)))
        assert start is not None
        for number, change, where in self.changes:
            if change.month >= start:
                continue
            date = month_text(change.month)
            if number >= self.start_set_by:
                raise change.date.error(f"the date {date} lies before the start of the run, {text}")
            raise self.settings["start"][0].given.spot.error(
                f"start is {text}, but the timeline it takes over has a change in {date} ({where})",
                "give `timeline_replaces: true`, and a timeline of your own",
            )
        return start

    def _places(self, name: str) -> tuple[Places, str]:
        """The places, and what to call their table: a shipped one by its name alone, wherever asked for."""
        from .places import FORMER, PLACES_FOLDER, SHIPPED, load_places, shipped_table

        spot = self.settings["places"][0].given.spot
        path = self.places_beside / name
        if not os.path.exists(path):  # which, unlike Path's own, is never an error
            shipped = shipped_table(name)
            if shipped is None:
                beside = (
                    [each.name for each in path.parent.glob("*.csv")] if os.path.isdir(path.parent) else []
                )
                hint = did_you_mean(path.name, [*beside, *SHIPPED])
                if path.name in FORMER:
                    hint = f"{FORMER[path.name]} has taken its place (`local-citizenship migrate` writes it)"
                raise spot.error(f"there is no table of places {shortened(name)!r}", hint)
            path = shipped
        elif path.is_dir():
            raise spot.error(f"places is {shortened(name)!r}, which is a folder, but must be a CSV file")
        is_shipped = path.resolve().parent == PLACES_FOLDER.resolve()
        seed = self._setting("places_seed")
        services = self.index.sections["services"]
        if (path, seed, services) not in self.drawn:
            self.drawn[path, seed, services] = load_places(path, seed=seed, services=services)
        return self.drawn[path, seed, services], path.name if is_shipped else name


def _each_meant(text: str, values: dict[str, Any], option: str) -> list[str]:
    """`needs.*.rate=0` as one setting for each need; what has no asterisk as it is. `values`: of all parameters.

    Errors: ScenarioError if the asterisk means nothing.
    """
    path, equals, value = text.partition("=")
    if "*" not in path:
        return [text]
    parameters = Parameters.model_validate(values)
    found = spelt_out(path.strip(), parameters)
    if not found:
        raise SourceLocation(f"{option} {shortened(text)}").error(*why_none(path.strip(), parameters))
    return [f"{each}{equals}{value}" for each in found]


def _set(text: str, index: ParameterIndex, option: str) -> Assignment:
    """One `key=value`. Errors: ScenarioError if the key does not exist or the value cannot be read."""
    spot = SourceLocation(f"{option} {shortened(text)}")
    path, equals, value = text.partition("=")
    path = path.strip()
    if not equals or not path:
        raise spot.error("this sets nothing", "write KEY=VALUE, as fear.weight=3")
    if path in STRUCTURE:
        raise spot.error(f"{path!r} can only be given in a file")
    if path in index.sections:
        example = next(iter(index.sourced(path)))
        raise spot.error(f"{path!r} is a section", f"set one parameter of it, as {example!r}")
    if path not in index.parameters and path not in SETTINGS:
        raise spot.error(f"unknown parameter {shortened(path)!r}", index.unknown(path, SETTINGS))
    if path in index.parameters and index.parameters[path].type is tuple and value.strip():
        names = [name.strip() for name in value.strip().removeprefix("[").removesuffix("]").split(",")]
        listed: list[Node] = [Scalar(name, name, spot) for name in names if name]
        return Assignment(path, YamlSequence(listed, spot), spot)
    return Assignment(path, read_scalar(value.strip(), spot), spot)


def _sources(given: YamlMapping, problems: Problems, index: ParameterIndex) -> dict[str, str]:
    """What vouches for each parameter, as the file says; what is said of a section holds for all below it."""
    node = given.items.get("sources")
    if node is None:
        return {}
    if not isinstance(node, YamlMapping):
        what, spot = ("has no value", given.keys["sources"]) if is_blank(node) else (f"is {node}", node.spot)
        problems.add(spot.error(f"sources {what}, but must give parameters with their sources"))
        return {}
    found: dict[str, str] = {}
    for path in sorted(node.items, key=lambda each: each.count(".")):  # the more particular later, to hold
        text = node.items[path]
        if not index.below(path):
            problems.add(node.keys[path].error(f"unknown parameter {path!r} in sources", index.unknown(path)))
        elif not isinstance(text, Scalar) or not isinstance(text.value, str) or not text.text.strip():
            number = isinstance(text, Scalar) and text.value is not None and not isinstance(text.value, str)
            hint = "put it in quotes" if number else "a citation, or 'assumption'"
            problems.add(node.keys[path].error(f"the source of {path} must be text", hint))
        else:
            found.update(dict.fromkeys(index.sourced(path), text.text.strip()))
    return found
