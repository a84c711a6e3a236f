"""The table and the plot of docs/scale.md, made from the figures of docs/scale.csv: `python docs/make/scale.py`.

`python -m benchmarks.bench_growth --largest 1e8 --table docs/scale.csv` takes the figures. With --check nothing is
written: it tells whether the table has drifted from them.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pandas as pd
from matplotlib.ticker import FuncFormatter

from local_citizenship.outcomes.plots import save
from local_citizenship.outcomes.plots.style import BLUE, TEXT, sheet
from local_citizenship.scenarios.markdown import markdown_table

DOCS = Path(__file__).resolve().parents[1]
PAGE, PLOT = DOCS / "scale.md", DOCS / "figures" / "scale.png"
_TABLE = re.compile(r"(<!-- generated: scale -->\n).*?(\n<!-- end of generated -->)", re.DOTALL)
# What is made larger in each panel, and what stays as it is.
PANELS = (
    ("migrants", "Migrants at the start", {"municipalities": 2_000, "months": 12}),
    ("municipalities", "Municipalities", {"migrants": 2_000_000, "months": 12}),
    ("months", "Months", {"municipalities": 2_000, "migrants": 2_000_000}),
)


def figures() -> pd.DataFrame:
    """The measured cases, the smallest first."""
    return pd.read_csv(DOCS / "scale.csv")


def short(number: float) -> str:
    """200 k, 2 M, 5 G; smaller numbers as they are."""
    for unit, letter in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if number >= unit:
            return f"{number / unit:.3g}{letter}"
    return f"{number:.3g}"


def table(found: pd.DataFrame) -> str:
    """One line a case."""
    headings = (
        "municipalities", "migrants at the start", "months", "million migrant-months a second",
        "seconds in the model", "seconds, whole command", "peak memory, MB", "results on disk, MB",
    )  # fmt: skip
    rows = [
        (
            f"{case.municipalities:,}", short(case.migrants), case.months,
            f"{case.migrant_months / case.model_seconds / 1e6:.1f}", f"{case.model_seconds:.1f}",
            f"{case.command_seconds:.0f}", f"{case.peak_mb:,.0f}", f"{case.folder_mb:.0f}",
        )
        for case in found.itertuples()
    ]  # fmt: skip
    return markdown_table(headings, rows)


def draw(found: pd.DataFrame) -> None:
    """Seconds and memory against people, places and months, each alone."""
    page = sheet(
        "What a larger country costs",
        "The whole command, figures and saving included; both axes by powers of ten",
        f"Measured: docs/scale.csv, {found['threads'].max()} threads; one thing at a time is made larger",
    )
    page.figure.set_size_inches(page.figure.get_figwidth(), page.figure.get_figheight())
    for (what, label, fixed), axes in zip(PANELS, page.panels([1, 1, 1]), strict=True):
        some = found.loc[(found[list(fixed)] == pd.Series(fixed)).all(axis=1)].sort_values(what)
        for column, marker, dashes in (("command_seconds", "o", "-"), ("peak_mb", "s", "--")):
            name = {"command_seconds": "seconds", "peak_mb": "MB of memory"}[column]
            axes.plot(some[what], some[column], marker=marker, ls=dashes, color=BLUE, label=name)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_ylim(3, 30_000)
        axes.minorticks_off()
        axes.set_xticks(some[what], [short(number) for number in some[what]], rotation=30)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda number, _: short(number)))
        axes.set_xlabel(label)
        if axes is not page.axes[0]:
            axes.set_yticklabels([])
    page.axes[0].legend(fontsize=TEXT, frameon=False, loc="upper left")
    save(page.finish(), PLOT)


def filled(text: str) -> str:
    """The page with the table as the figures have it."""
    return _TABLE.sub(lambda found: f"{found[1]}\n{table(figures())}\n{found[2]}", text)


def main(arguments: list[str]) -> int:
    """Fill in the page and draw the plot; with --check, say whether the table has drifted."""
    text = PAGE.read_text(encoding="utf-8")
    if arguments == ["--check"]:
        if filled(text) != text:
            print("docs/scale.md has drifted from docs/scale.csv. Run python docs/make/scale.py")
        return int(filled(text) != text)
    PAGE.write_text(filled(text), encoding="utf-8")
    draw(figures())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
