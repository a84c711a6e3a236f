"""docs/growth.md and its figure: what grows how, and at which size one machine ends.

`python docs/make/growth.py` makes both from docs/growth.csv, which `python -m benchmarks.bench_growth --largest 1e8
--table docs/growth.csv` measures. No figure is typed by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from local_citizenship.outcomes.plots.saving import save
from local_citizenship.outcomes.plots.style import BLUE, TEXT, VERMILION, dress, sheet
from local_citizenship.scenarios.markdown import markdown_table

DOCS = Path(__file__).resolve().parent.parent
MEASURED, DOCUMENT, FIGURE = DOCS / "growth.csv", DOCS / "growth.md", DOCS / "figures" / "growth.png"
COMMAND = "python -m benchmarks.bench_growth --largest 1e8 --table docs/growth.csv"
MACHINES = (16, 64)  # GB of memory
SPARE = 0.8  # of a machine's memory, that a run may take
ALT = "Six small charts: seconds and memory of a whole run, by migrants, by places and by months."


@dataclass(frozen=True)
class Sweep:
    """One thing that is made larger, and what stays as it is meanwhile."""

    name: str
    column: str
    fixed: dict[str, int]
    title: str
    unit: float = 1.0  # of the figure's axis
    unit_name: str = ""

    def of(self, table: pd.DataFrame) -> pd.DataFrame:
        """The cases, from the smallest on."""
        same = (table[[*self.fixed]] == pd.Series(self.fixed)).all(axis=1)
        return table[same].sort_values(self.column)


SWEEPS = (
    Sweep(
        "migrants",
        "migrants",
        {"municipalities": 2_000, "months": 12},
        "2,000 places, 12 months",
        1e6,
        ", million",
    ),
    Sweep(
        "places",
        "municipalities",
        {"migrants": 2_000_000, "months": 12},
        "2 M migrants, 12 months",
        1e3,
        ", thousand",
    ),
    Sweep(
        "months",
        "months",
        {"migrants": 2_000_000, "municipalities": 2_000},
        "2 M migrants, 2,000 places",
    ),
)


def power(x: pd.Series, y: pd.Series) -> float:
    """With which power of x its y grows between the two largest cases: 1 is in proportion, 0 not at all."""
    return float(np.log(y.iloc[-1] / y.iloc[-2]) / np.log(x.iloc[-1] / x.iloc[-2]))


def table_of(sweep: Sweep, table: pd.DataFrame) -> str:
    """The cases of a sweep, and below them the power with which each column grows."""
    cases = sweep.of(table)
    costs = ["model_seconds", "command_seconds", "peak_mb", "folder_mb"]
    rows = [
        (f"{size:,}", *(f"{value:,.1f}" for value in values))
        for size, values in zip(cases[sweep.column], cases[costs].to_numpy(), strict=True)
    ]
    powers = (f"{power(cases[sweep.column], cases[cost]):.2f}" for cost in costs)
    rows.append(("*between the last two: the power*", *powers))
    return markdown_table((sweep.name, "model, s", "command, s", "peak memory, MB", "folder, MB"), rows)


def further(sweep: Sweep, table: pd.DataFrame) -> float:
    """Bytes of memory that one more takes, of what the sweep makes larger: between its two largest cases."""
    before, largest = (row for _, row in sweep.of(table).iloc[-2:].iterrows())
    return float(
        1e6 * (largest["peak_mb"] - before["peak_mb"]) / (largest[sweep.column] - before[sweep.column])
    )


def limits(table: pd.DataFrame) -> tuple[float, str]:
    """Million migrant-months a second at the largest size, and a table of what machines hold."""
    largest, each = SWEEPS[0].of(table).iloc[-1], further(SWEEPS[0], table)
    rate = largest["migrant_months"] / largest["model_seconds"]
    own = largest["peak_mb"] * 1e6 - each * largest["migrants"]
    rows = []
    for size in MACHINES:
        held = (SPARE * size * 1e9 - own) / each
        minutes = held * 12 / rate / 60
        rows.append((f"{size} GB", f"{held / 1e6:,.0f} million", f"{minutes:,.1f} minutes"))
    head = ("machine", "migrants it holds", "12 months of them, at that rate")
    return rate / 1e6, markdown_table(head, rows)


PAGE = """\
# What grows how

Made by `python docs/make/growth.py` from [growth.csv](growth.csv), which
`{command}`
measured on {taken} ({processor}, {threads} threads; one round, so that a figure may be a fifth off). Countries are made
up. A case is the whole command `run`: model, tables and figures; peak memory is that of all its processes.

![Seconds and memory of a run by migrants, places and months](figures/growth.png)

{sweeps}The last line of each table says with which power a column grows between its last two rows: with 1 it
doubles when what is made larger doubles, below 1 it grows less, above 1 more. Migrants are those at the start; how many
there were on average is `migrant_months` by `months` in the CSV.

## Where one machine ends

A further migrant takes {migrant:,.0f} bytes, a further place {place:,.0f} kB, a further month of 2,000 places
{month:,.1f} MB (tables and figures included). {largest:,.0f} million migrants live through {rate:.1f} million
migrant-months a second here. For 2,000 places and 12 months, where a run may take {spare:.0%} of the
memory, that makes (reckoned; the largest that was tried is in the table above):

{machines}

Many places and many migrants at once take more than both apart: 95,000 places and 20 million migrants took
{union_s:,.0f} s and {union_gb:.1f} GB. More than {threads} threads were not tried.
`scale.persons_per_record=10` lets a record stand for ten people: what people add is a tenth then.

**One run stays on one machine.** A month takes everybody past the same counts: who lives where, which jobs are free,
what NGOs have room for. Anybody may move anywhere. Workers on several machines would have to exchange movers, queues
and counts in every month, for countries that one machine holds. That is not the simple thing, and it is not built.

**A study goes on a cluster.** Its runs need nothing of each other: `study run --workers`, `--shard` for a batch system,
`--cluster` for a Dask scheduler ([studies](studies.md#run-it)). Each worker needs the memory of one run, as in the
tables above.
"""


def document(table: pd.DataFrame) -> str:
    """The whole page."""
    rate, machines = limits(table)
    union = table[(table["municipalities"] == 95_000) & (table["migrants"] == 20_000_000)].iloc[0]
    return PAGE.format(
        command=COMMAND,
        taken=table["taken"].max(),
        processor=table["processor"].iloc[0],
        threads=table["threads"].max(),
        sweeps="".join(f"## More {one.name}\n\n{one.title}.\n\n{table_of(one, table)}\n\n" for one in SWEEPS),
        migrant=further(SWEEPS[0], table),
        place=further(SWEEPS[1], table) / 1e3,
        month=further(SWEEPS[2], table) / 1e6,
        largest=table["migrants"].max() / 1e6,
        rate=rate,
        union_s=union["command_seconds"],
        union_gb=union["peak_mb"] / 1e3,
        spare=SPARE,
        machines=machines,
    )


def draw(table: pd.DataFrame, file: Path) -> None:
    """Seconds (above) and memory (below) by what is made larger; all axes by factors."""
    page = sheet(
        "What a run takes, by migrants, places and months",
        "whole command `run`, made-up countries; dotted: in proportion to the largest",
        "docs/growth.csv",
    )
    rows = (
        ("command_seconds", "seconds", BLUE, 1.0, (10, 30, 100)),
        ("peak_mb", "memory, GB", VERMILION, 1e-3, (0.5, 1, 2, 5, 10)),
    )
    height = (page.top - page.bottom - 0.21) / 2
    for across, sweep in enumerate(SWEEPS):
        cases = sweep.of(table)
        x = cases[sweep.column] / sweep.unit
        for down, (cost, unit, colour, scale, ticks) in enumerate(rows):
            bottom = page.bottom + 0.12 + (1 - down) * (height + 0.05)
            axes = page.figure.add_axes((0.11 + 0.3 * across, bottom, 0.26, height - 0.02))
            dress(axes)
            axes.set(xscale="log", yscale="log")
            y = cases[cost] * scale
            axes.plot(x, y, "o-", color=colour, linewidth=2.5)
            axes.plot(x, y.iloc[-1] * x / x.iloc[-1], ":", color="0.4")
            axes.set_ylim(0.7 * table[cost].min() * scale, 1.4 * table[cost].max() * scale)
            axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks] if across == 0 else [""] * len(ticks))
            axes.set_xticks(x, [f"{each:,g}" for each in x] if down == 1 else [""] * len(x))
            axes.minorticks_off()
            if across == 0:
                axes.set_ylabel(unit, fontsize=TEXT)
            if down == 0:
                axes.set_title(sweep.title, loc="left", fontsize=TEXT)
            else:
                axes.set_xlabel(f"{sweep.name}{sweep.unit_name}", fontsize=TEXT)
    save(page.figure, file, palette=True, alt=ALT)


def main() -> None:
    """Write docs/growth.md and docs/figures/growth.png."""
    table = pd.read_csv(MEASURED)
    DOCUMENT.write_text(document(table), encoding="utf-8")
    draw(table, FIGURE)


if __name__ == "__main__":
    main()
