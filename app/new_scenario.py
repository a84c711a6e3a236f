"""A commented scenario file to start from, and the schema by which an editor checks it."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from ..scenarios.json_schema import json_schema
from ..scenarios.schema import ParameterInfo
from .console import UsageMistake
from .parameters import find, range_text, value_in, value_text

if TYPE_CHECKING:
    from ..scenarios import Scenario

EXAMPLES = ("enforcement.apprehension", "city.pace", "awareness.outreach")
SCHEMA_FILE = "local-citizenship.schema.json"


def write(file: Path, base: str, scenario: Scenario, *, schema: bool) -> list[Path]:
    """Write a scenario that extends `base` (loaded as `scenario`), with the editors' schema if asked.

    Returns the files written. Errors: UsageMistake if `file` exists or cannot be written.
    """
    if file.suffix not in (".yaml", ".yml"):
        raise UsageMistake(f"{file} should end in .yaml, so that editors know what it is")
    written = [file]
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", newline="\n") as opened:
            opened.write(text(file.stem, base, scenario, schema=schema))
        if schema:
            written.append(file.with_name(SCHEMA_FILE))
            written[1].write_text(json.dumps(json_schema(), indent=1) + "\n", encoding="utf-8")
    except FileExistsError:
        raise UsageMistake(f"{file} exists already, and is left as it is: choose another name") from None
    except OSError as error:
        raise UsageMistake(f"{error.filename} can't be written: {error.strerror}") from error
    return written


def text(name: str, base: str, scenario: Scenario, *, schema: bool) -> str:
    """The file's text: as it stands, the scenario gives the same run as `base`."""
    lines = [f"# yaml-language-server: $schema={SCHEMA_FILE}"] if schema else []
    lines += [
        f"# Run it:    local-citizenship run {name}.yaml",
        f"# Check it:  local-citizenship check {name}.yaml",
        "# What else can be set:  local-citizenship explain",
        "",
        f"extends: {base}",
        f"title: {name}",
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
