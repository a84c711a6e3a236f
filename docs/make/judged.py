"""docs/mechanisms-judged.md: each mechanism's rule, the evidence by experiment, and the doubt.

`python docs/make/judged.py` writes it from `judged.yaml` and from the numbers of docs/effects.csv and judged.csv; with
--run PAIRS it makes judged.csv anew first, by pairs of runs with and without the parts that `judged.yaml` names.
In a text, {D14.one_group} stands for what mechanism or part D14 adds to the outcome one_group, with its interval.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pandas as pd
from ruamel.yaml import YAML

from local_citizenship.experiments.effects import effects_of, number
from local_citizenship.experiments.mechanisms import BY_ID, Mechanism, settings_text

HERE = Path(__file__).resolve().parent
DOCS = HERE.parent
DOCUMENT = DOCS / "mechanisms-judged.md"
MEASURED = HERE / "judged.csv"
JUDGED = YAML(typ="safe").load((HERE / "judged.yaml").read_text(encoding="utf-8"))
SCENARIO = "japan-sample"
_NUMBER = re.compile(r"\{([\w-]+)\.(\w+)\}")


def parts() -> list[Mechanism]:
    """The parts of mechanisms that are tried one at a time; what is `brought_in` is so in both runs of a pair, but for
    what `without` takes out again."""
    return [
        Mechanism(name, name, "", said.get("without", said), said.get("brought_in", {}))
        for name, said in JUDGED["parts"].items()
    ]


def measure(pairs: int) -> None:
    """Make judged.csv anew: all parts, on and off."""
    effects_of(parts(), scenario=SCENARIO, pairs=pairs).round(6).to_csv(MEASURED, index=False)


def numbers() -> pd.DataFrame:
    """Every change that was measured, by (mechanism or part, outcome)."""
    found = pd.concat([pd.read_csv(DOCS / "effects.csv"), pd.read_csv(MEASURED)])
    return found.set_index(["mechanism", "outcome"])


def told(text: str, changes: pd.DataFrame) -> str:
    """The text with its numbers. Errors: KeyError for one that was not measured."""

    def put(match: re.Match[str]) -> str:
        row: Any = changes.loc[(match[1], match[2])]
        interval = f"{number(row['low'], '+')} to {number(row['high'], '+')}"
        return f"{row['label'].lower()} {number(row['change'], '+')} ({interval})"

    return _NUMBER.sub(put, " ".join(text.split()))


def document() -> str:
    """The whole document."""
    changes = numbers()
    pairs = [
        int(changes.loc[[name]]["pairs"].max()) for name in (next(iter(BY_ID)), next(iter(JUDGED["parts"])))
    ]
    lines = [
        "# The mechanisms judged",
        f"Made by `python docs/make/judged.py` from `judged.yaml` beside it, [effects.csv](effects.csv) ({pairs[0]} "
        f"pairs of runs of `{SCENARIO}`, mechanism on and off) and `judged.csv` (`--run {pairs[1]}`: as many pairs, "
        "single parts on and off). Numbers are on minus off, with their 95% interval over pairs that share their luck. "
        "A rule is real if its cause can turn; where we doubt that one is, it says so.",
    ]
    for name, judged in JUDGED["rows"].items():
        lines.append(f"## {name}: {BY_ID[name].name}")
        lines += [
            f"**{each.capitalize()}.** {told(judged[each], changes)}"
            for each in ("rule", "evidence", "doubt")
        ]
    lines.append("## Parts tried one at a time")
    for part in parts():
        off, on = (
            ", ".join(f"`{each}`" for each in settings_text(each)) for each in (part.without, part.brought_in)
        )
        lines.append(f"- `{part.id}`: off, {off}" + (f"; brought in, {on}." if on else "."))
    return (
        "\n\n".join(lines[: -len(JUDGED["parts"])])
        + "\n\n"
        + "\n".join(lines[-len(JUDGED["parts"]) :])
        + "\n"
    )


def main(arguments: list[str]) -> int:
    """Write the document; --run PAIRS: measure first; --check: 1 if it has drifted."""
    if arguments == ["--check"]:
        return int(DOCUMENT.read_text(encoding="utf-8") != document())
    if len(arguments) == 2 and arguments[0] == "--run" and arguments[1].isdigit():
        measure(int(arguments[1]))
    elif arguments:
        print("usage: judged.py [--run PAIRS | --check]")
        return 2
    DOCUMENT.write_text(document(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
