"""Commented files to start from: a scenario, with the schema by which an editor checks it, and a study."""

from __future__ import annotations

import json
import os
import shlex
import textwrap
from pathlib import Path
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
_STUDY = """\
# Check it:  {call} study check {file}
# Run it:    {call} study run {file}
# What can be varied:  {call} explain
# What can be kept:    {call} measures --define

{title}
question: What difference does it make whether ...?

# One scenario or a list of them: shipped ones, or files beside this one.
{scenarios}
# months: 120                  # as the scenario says, if left out
# set:                         # what holds in every run
#   fear: {{weight: 3}}

# What is varied. A lever is what a policy-maker sets, the rest is uncertain; `role:` overrules what is said here.
factors:
  ngos.enabled: [true, false]  # a parameter and its values
  fear.weight:                 # ... or its range
    low: 1
    high: 10
    # scale: log
    # label: Weight of fear
#  copying:                    # several parameters that go together
#    alternatives:
#      as it is: {{}}
#      none: {{city: {{neighbours: 0, similar: 0, rivalry: 0, norm: 0}}}}
#  firewall:                   # the date from which something holds
#    change: {{enforcement: {{duty_to_report: 0}}, fear: {{firewall: 1}}}}
#    values: [1994-01, 2002-01, never]

# grid: all values with each other, a range cut into levels.    ofat: one factor at a time.
# {{lhs: {{points: 64}}}}, {{morris: {{trajectories: 10}}}}, {{sobol: {{samples: 64}}}}: samples of the ranges.
# list: the points listed under `points:`, each as {{ngos.enabled: true, fear.weight: 3}}.
design: {{grid: {{levels: 3}}}}

# How often each point is run: a number, or until the mean is known well enough:
# replicates: {{until: {{needs_met: 0.01}}, at_least: 5, at_most: 50, confidence: 0.95}}
replicates: 10
seed: 1
common_random_numbers: true    # the same luck at each design point, so that differences are not luck

# What is kept of each run: headline numbers, and measures of E1 to E9 by year, of one group if so wished.
outcomes:
  - needs_met
  - take_up
  - E3.served_of_needs
  - {{measure: E3.served_of_needs, status: overstayer, year: last}}
"""

_CALIBRATION = """\
# Check it:  {call} calibrate check {file}
# Run it:    {call} calibrate {file}
# Try it on made-up truths:  {call} calibrate truth {file} --truths 20

{title}
question: Which values make the model do what was observed?

# One scenario or a list of them: shipped ones, or files beside this one.
{scenarios}
months: 120
# set:                         # what holds in every run
#   fear: {{weight: 3}}

# What is unknown. Without more, the prior follows from range and source, as `{call} explain` tells it.
parameters:
  awareness.search:
  fear.weight: {{middle: 5, within: 3}}            # nine in ten within a factor of 3
  needs.accident.rate: {{low: 0.01, high: 0.2, scale: log}}  # evenly, here by ratio; else linear or odds
#  city.neighbours: [0, 1, 2]                      # these values, as likely

# What the model is held against. `discrepancy`: how far the best version of the model may be off, in tolerances.
targets:
  file: {table}
  discrepancy: 1
# patterns: fit                # of Japan, Italy, Korea, Spain: those marked fit, or a list as [P10, P11]

# How much is run. A wave: so many points, each so often; then the comparison, then each set of the ensemble once.
budget: {{waves: 3, points: 40, replicates: 2, posterior: 120, sets: 100}}
cutoff: 3                      # deviations beyond which a point is ruled out
seed: 1
"""
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
    content = _scenario(file, base, load_scenario(base), schema=schema)
    if not schema:
        return _write(file, content, {})
    return _write(file, content, {SCHEMA_FILE: json.dumps(json_schema(), indent=1) + "\n"})


def write_study(file: Path, scenario: str) -> None:
    """Write a study of `scenario`. Errors: ScenarioError; UsageMistake if `file` exists or cannot be written."""
    from ..scenarios import load_scenario

    _refuse_what_no_text_holds(str(file), scenario)
    load_scenario(scenario)
    called = dumped({"title": file.stem}).strip(), dumped({"scenarios": scenario}).strip()
    quoted = shlex.quote(str(file))
    _write(file, _STUDY.format(call=command_name(), file=quoted, title=called[0], scenarios=called[1]), {})


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

    load_scenario(scenario)
    called = dumped({"title": file.stem}).strip(), dumped({"scenarios": scenario}).strip()
    table = file.with_name(f"{file.stem}-targets.csv")
    content = _CALIBRATION.format(
        call=command_name(),
        file=shlex.quote(str(file)),
        title=called[0],
        scenarios=called[1],
        table=dumped({"": table.name})[4:].strip(),
    )
    return _write(file, content, {} if table.exists() else {table.name: _TARGETS})


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
