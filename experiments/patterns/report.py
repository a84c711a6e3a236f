"""docs/patterns.md: what came of a check, misses as plain as hits."""

from __future__ import annotations

import math
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from ...outcomes.run import versions
from ...outcomes.whole_folder import write_whole
from ...scenarios import Scenario
from ...scenarios.markdown import markdown_table
from ...scenarios.schema import values_by_path
from ..notes import read_notes
from . import PATTERNS
from .check import Check
from .pattern import REPORTED, Band, Finding, Part, lower_end
from .power import EASY, Power, power_text

NOTES = "patterns-notes.yaml"
UNEXPLAINED = "not yet explained"
HOW_TO_READ = (
    "A pattern is hit if every judged value lies in its band: the mean over seeds, or, where the band asks "
    "for an interval, the lower end of its 95% t interval over seeds. *fit*: parameters may be tuned to it. "
    "*check*: never tuned to. In brackets: lowest and highest over seeds. Values without a band are shown "
    "for reading only. *given*: with the places of these runs it is read from the table of places, and not counted."
)


def write_patterns(path: str | Path, check: Check, command: str) -> Path:
    """Write the report of a check to `path`, whole or not at all, and return it as an absolute path.

    `command`: what made it, to be printed. What explains a miss is taken from patterns-notes.yaml beside `path`, if
    it exists. Errors: OutputError if that can't be read; OSError if `path` can't be written.
    """
    target = Path(os.path.abspath(path))
    text = report(check, command, read_explanations(target))
    write_whole(target, text)
    return target


def read_explanations(target: Path) -> dict[str, str]:
    """The explanations of misses beside a report: a paragraph by the id of a pattern. Errors: OutputError."""
    notes = read_notes(target.with_name(NOTES), "pattern", PATTERNS)
    return {id: " ".join(text.split()) for id, text in notes.items()}


def report(check: Check, command: str, notes: Mapping[str, str]) -> str:
    """The whole file, as Markdown."""
    missed = [each.pattern.id for each in check.findings if each.hit is False]
    sections = [
        "# Patterns: what the model is held against",
        "Made by a command, not by hand; the notes on misses come from `docs/patterns-notes.yaml`.",
        f"```\n{command}\n```",
        counts(check.findings),
        *cautions(check),
        runs_section(check),
        HOW_TO_READ,
        *power_section(check.power),
        markdown_table(
            ("id", "pattern", "band", "use", "value", "random draws that hit it", ""),
            [row(each, check.power.get(each.pattern.id)) for each in check.findings],
        ),
        "## What was fitted to what",
        fitted_section(check.japan),
        "## Misses explained",
        "\n\n".join(f"**{id}**: {notes.get(id, UNEXPLAINED)}" for id in missed) or "There is none.",
        "## Definitions",
        "\n".join(f"- **{each.pattern.id}** {each.pattern.definition}" for each in check.findings),
    ]
    return "\n\n".join(sections) + "\n"


def counts(findings: Sequence[Finding]) -> str:
    """One line: hits of those answered and counted, for all, fit and check patterns."""

    def of(use: str | None) -> str:
        counted = [each for each in findings if each.hit is not None and not each.uncounted]
        told = [each for each in counted if use in (None, each.pattern.use)]
        return f"{sum(bool(each.hit) for each in told)} of {len(told)}"

    silent = sum(each.silent for each in findings)
    later = f" Not yet answerable: {silent}." if silent else ""
    given = [each.pattern.id for each in findings if each.given]
    beside = f" Given by the places, and not counted: {', '.join(given)}." if given else ""
    weak = [each.pattern.id for each in findings if each.uncounted and not each.given]
    beside += f" Shown, and not counted, since a hit would say too little: {', '.join(weak)}." if weak else ""
    return f"**Hit: {of(None)}** (fit patterns: {of('fit')}; check patterns: {of('check')}).{later}{beside}"


def cautions(check: Check) -> list[str]:
    """Warnings that concern every value: a sample, failed runs."""
    found = []
    persons = check.japan.parameters.scale.persons_per_record
    if persons > 1:
        found.append(
            f"**Made from a sample** ({check.japan.name}: a record stands for {persons} people): places with "
            "few migrants are grainy, and what depends on single municipalities or rare events is rough."
        )
    failures = [
        f"- {name}, replicate {each.number}, seed {each.seed}: {each.error}"
        for name, runs in check.runs.items()
        for each in runs.replicates
        if each.failed
    ]
    return [*found, "**Failed runs**, left out below:\n\n" + "\n".join(failures)] if failures else found


def runs_section(check: Check) -> str:
    """Which scenarios, hashes, seeds and versions."""
    rows = [
        (
            name,
            runs.scenario.name,
            f"`{runs.scenario.hash[:16]}`",
            ", ".join(str(each.seed) for each in runs.replicates),
        )
        for name, runs in check.runs.items()
    ]
    made_with = ", ".join(f"{name} {version}" for name, version in versions().items())
    table = markdown_table(("runs", "scenario", "hash (first seed)", "seeds"), rows)
    return f"{table}\n\nVersions: {made_with}."


def power_section(power: Mapping[str, Power]) -> list[str]:
    """What the random draws are, if any were made."""
    if not power:
        return []
    draws = max(each.draws for each in power.values())
    scenario = next(iter(power.values())).scenario
    return [
        f"**Random draws** ({scenario}, {draws}): the numbers of how people, cities and NGOs behave, unless a source "
        "is cited for them, are each multiplied by a third to three at random (shares: their odds); who comes, moves, "
        "works and leaves is held. A single run is judged by its values, without intervals; *model*: single runs of "
        f"the model as it is, under other seeds. A check pattern that more than {EASY:.0%} of the draws hit doesn't "
        "count."
    ]


def row(finding: Finding, power: Power | None) -> tuple[str, ...]:
    """A row of the table of all patterns."""
    pattern = finding.pattern
    drawn = "–" if power is None else power_text(power)
    return pattern.id, pattern.wording, bands(finding), pattern.use, shown(finding), drawn, verdict(finding)


def verdict(finding: Finding) -> str:
    """hit, **miss** (with what missed, if not all of it), given, or why it cannot be said."""
    if finding.given:
        return "given"
    if finding.hit is None and not finding.silent:
        return finding.pattern.use
    if finding.hit is None:
        return f"not yet answerable: {finding.why}"
    judged = [part for part in finding.pattern.parts if part.band is not None]
    text = "hit" if finding.hit else "**miss**"
    if finding.missed and len(judged) > 1:
        text += f" ({', '.join(finding.missed)})"
    text = f"{text} ({finding.why})" if finding.why else text
    return f"{text}; not counted: {finding.uncounted}" if finding.uncounted else text


def bands(finding: Finding) -> str:
    """All bands of a pattern, a line each."""
    texts = {
        part.name: band_text(part.band, part.kind) + (", interval clear of it" if part.clear else "")
        for part in finding.pattern.parts
        if part.band is not None
    }
    return _named(texts, finding)


def band_text(band: Band, kind: str) -> str:
    """A band in words: 4.0–6.0, above 0.20, under 5%."""
    if band.low is not None and band.high is not None:
        return f"{number(band.low, kind)}–{number(band.high, kind)}"
    if band.low is not None:
        return f"{'above' if band.strict else 'at least'} {number(band.low, kind)}"
    assert band.high is not None
    return f"{'under' if band.strict else 'at most'} {number(band.high, kind)}"


def shown(finding: Finding, judged_only: bool = False) -> str:
    """The values of a pattern, a line each: mean [lowest to highest over seeds]. `judged_only`: where any is judged."""
    judged_only = judged_only and finding.pattern.use != REPORTED
    texts = {
        part.name: value_text(part, finding.values[part.name])
        for part in finding.pattern.parts
        if part.name in finding.values and not (judged_only and part.band is None)
    }
    return _named(texts, finding) or "–"


def _named(texts: Mapping[str, str], finding: Finding) -> str:
    """A line a part, with its name where the pattern has several."""
    several = len(finding.pattern.parts) > 1
    return "\n".join(f"{name}: {text}" if several else text for name, text in texts.items())


def value_text(part: Part, values: Sequence[float]) -> str:
    """Mean [lowest to highest], and the lower end of the interval where that is judged."""
    text = number(float(np.mean(values)), part.kind)
    if len(values) > 1:
        text += f" [{number(min(values), part.kind)} to {number(max(values), part.kind)}]"
    if part.clear and len(values) > 1:
        text += f", lower end {number(lower_end(values), part.kind)}"
    return text


def number(value: float, kind: str) -> str:
    """A value in the writing of its kind."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    whole = "0" if kind == "persons" or value == int(value) else "1"
    if kind in ("persons", "count"):
        return f"{value:,.{whole}f}"
    if kind == "year":
        return f"{value:.{whole}f}"
    return f"{100 * value:.3g}%" if kind == "share" else f"{value:.3g}"


def fitted_section(scenario: Scenario) -> str:
    """Which parameters were fitted, by what their source says they were fitted to."""
    groups: dict[str, list[str]] = defaultdict(list)
    values = values_by_path(scenario.parameters)
    later = defaultdict(list)
    for change in scenario.timeline:
        if change.month > 0:
            later[change.path].append(f"{change.value} from {scenario.date(change.month)}")
    for path, source in scenario.sources.items():
        if "fitted" in source:
            groups[source].append(f"`{path}` {', '.join([str(values[path]), *later[path]])}")
    if not groups:
        return "The scenario names no parameter as fitted."
    return markdown_table(
        ("source", "parameters"), [(source, "; ".join(found)) for source, found in groups.items()]
    )
