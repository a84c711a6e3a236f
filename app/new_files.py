"""Commented files to start from: a scenario, with the schema by which an editor checks it, and a study."""

from __future__ import annotations

import json
import os
import shlex
import textwrap
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from ..outcomes.invocation import command_name, typed
from ..outcomes.plain_yaml import dumped
from ..scenarios.errors import unprintable
from .console import UsageMistake
from .parameters import find, range_text, value_in, value_text

if TYPE_CHECKING:
    from ..scenarios import Scenario
    from ..scenarios.schema import ParameterInfo

EXAMPLES = ("enforcement.apprehension", "city.pace", "awareness.outreach")
SCHEMA_FILE = "local-citizenship.schema.json"
# Made up, so that the file can be tried.
_TARGETS = """\
measure,group,place,date,value,tolerance,source
needs_met,,,,0.35,0.05,made up
take_up,,,,0.55,0.08,made up
aware,,,,0.60,0.08,made up
"""


def write_scenario(file: Path, base: str, *, schema: bool) -> list[Path]:
    """Write a scenario that extends `base`, with the editors' schema if asked; returns the files written.

    Errors: ScenarioError; UsageMistake if `file` exists or cannot be written.
    """
    from ..scenarios import load_scenario
    from ..scenarios.json_schema import json_schema

    _refuse_what_no_text_holds(file.name, base)
    content = _scenario(file, _seen_from(file, base), load_scenario(base), schema=schema)
    if not schema:
        return _write(file, content, {})
    return _write(file, content, {SCHEMA_FILE: json.dumps(json_schema(), indent=1) + "\n"})


def write_study(file: Path, scenario: str) -> None:
    """Write a study of `scenario`. Errors: ScenarioError; UsageMistake if `file` exists or cannot be written."""
    from ..scenarios import load_scenario

    _refuse_what_no_text_holds(str(file), scenario)
    load_scenario(scenario)
    _write(file, _filled("new_study.yaml", file, scenario), {})


def _refuse_what_no_text_holds(*names: str) -> None:
    """Whether names can be repeated in a file, a line of which a line break would end. Errors: UsageMistake."""
    for name in names:
        ends = next((f"U+{ord(each):04X}" for each in name if each in "\n\r\x85"), None)
        if odd := unprintable(name) or ends:
            raise UsageMistake(f"{name!r} holds {odd}, which cannot stand in the file: choose another name")


def write_calibration(file: Path, scenario: str) -> list[Path]:
    """Write a calibration of `scenario`, and a table of targets beside it, which may be there already; returns both.

    Errors: ScenarioError; UsageMistake if `file` exists or cannot be written.
    """
    from ..scenarios import load_scenario

    _refuse_what_no_text_holds(str(file), scenario)
    load_scenario(scenario)
    table = file.with_name(f"{file.stem}-targets.csv")
    content = _filled("new_calibration.yaml", file, scenario, table=_in_yaml(table.name))
    return _write(file, content, {} if table.exists() else {table.name: _TARGETS})


def _filled(template: str, file: Path, scenario: str, **more: str) -> str:
    """The template, a file beside this one, with what its names in dollars stand for."""
    text = Path(__file__).with_name(template).read_text(encoding="utf-8")
    return Template(text).substitute(
        call=command_name(),
        file=shlex.quote(str(file)),
        title=_in_yaml(file.stem),
        scenarios=_in_yaml(_seen_from(file, scenario)),
        **more,
    )


def _seen_from(file: Path, scenario: str) -> str:
    """A scenario as `file` names it: one of the user's by its way from there, which need not be the current folder."""
    from ..scenarios.files import shipped_names

    if scenario in shipped_names() or not os.path.isfile(scenario):
        return scenario
    try:
        return Path(os.path.relpath(os.path.realpath(scenario), os.path.realpath(file.parent))).as_posix()
    except ValueError:  # on another drive
        return os.path.abspath(scenario)


def _in_yaml(text: str) -> str:
    """Text as it stands behind a key, in quotes if it has to."""
    return dumped({"key": text}).removeprefix("key:").strip()


def _write(file: Path, content: str, beside: dict[str, str]) -> list[Path]:
    """A new file, and others `beside` it, which may be there already. Errors: UsageMistake."""
    if file.suffix not in (".yaml", ".yml"):
        raise UsageMistake(f"{file} should end in .yaml, so that editors know what it is")
    from ..outcomes.whole_folder import write_whole

    others = {file.with_name(name): text for name, text in beside.items()}
    try:
        if os.path.lexists(file):
            raise UsageMistake(f"{file} exists already, and is left as it is: choose another name")
        write_whole(file, content)
        for path, text in others.items():
            write_whole(path, text)
    except OSError as error:
        raise UsageMistake(f"{error.filename or file} can't be written: {error.strerror or error}") from error
    return [file, *others]


def _scenario(file: Path, base: str, scenario: Scenario, *, schema: bool) -> str:
    """The file's text: as it stands, the scenario gives the same run as `base`."""
    lines = [f"# yaml-language-server: $schema={SCHEMA_FILE}"] if schema else []
    lines += [
        f"# Run it:    {typed('run')} {shlex.quote(file.name)}",
        f"# Check it:  {typed('check')} {shlex.quote(file.name)}",
        f"# What else can be set:  {typed('explain')}",
        "",
        *dumped({"extends": base}).splitlines(),
        *dumped({"title": file.stem}).splitlines(),
        "question: What would change if ...?",
        "",
        f"# The values below are those of {base}. Change one, and compare the runs.",
    ]
    for path in EXAMPLES:
        (info,) = find(path)
        section, _, last = path.rpartition(".")
        lines += ["", f"{section}:", *_comment(info), f"  {last}: {value_text(value_in(scenario, info))}"]
    return "\n".join([*lines, "", *_timeline(scenario)]) + "\n"


def _comment(info: ParameterInfo) -> list[str]:
    about = f"{info.meaning} ({info.unit}; {range_text(info)})"
    return textwrap.wrap(about, 106, initial_indent="  # ", subsequent_indent="  # ")


def _timeline(scenario: Scenario) -> list[str]:
    """An example of a dated change, as a comment: enforcement doubled in the middle of the run."""
    (info,) = find(EXAMPLES[0])
    section, _, last = info.path.rpartition(".")
    now = value_in(scenario, info)
    assert isinstance(now, float)
    doubled = round(min(2 * now, info.high if info.high is not None else 2 * now), 6)
    return [
        "# A change during the run; take the # away to make it happen.",
        "# timeline:",
        f"#   - from: {scenario.date(scenario.months // 2)}",
        f"#     {section}:",
        f"#       {last}: {value_text(doubled)}",
    ]
