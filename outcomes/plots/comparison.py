"""All figures of a comparison, with the tables behind them, in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from . import compared, comparison_maps, save, title_of
from .compared import ComparisonData
from .declaration import COMPARED, LOOK

ROWS = 14  # outcomes that have room on one slide


def draw_comparison(sides: ComparisonData, differences: pd.DataFrame, folder: Path) -> list[tuple[Path, str]]:
    """Write the figures of a comparison, each with its table as CSV; returns (file, title) for each.

    `differences`: a row a scenario (but the first) and outcome, as `compared.differences` wants them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with mpl.rc_context(LOOK):
        for number, (stem, figure, table) in enumerate(_figures(sides, differences), start=1):
            file = folder / f"{number:02d}-{stem}.png"
            table.to_csv(file.with_suffix(".csv"), index=False, float_format="%.6g", lineterminator="\n")
            save(figure, file)
            written.append((file, title_of(figure)))
    return written


def _figures(sides: ComparisonData, differences: pd.DataFrame) -> Iterator[tuple[str, Figure, pd.DataFrame]]:
    others = list(enumerate(sides.names))[1:]
    several = len(others) > 1
    for number, name in others:
        own = differences[differences["scenario"] == name].reset_index(drop=True)
        for part, first in enumerate(range(0, max(1, len(own)), ROWS)):
            stem = (
                "differences"
                + (f"-{number + 1}" if several else "")
                + (f"-{'abcdefgh'[part]}" if len(own) > ROWS else "")
            )
            rows = own.iloc[first : first + ROWS]
            yield stem, compared.differences(rows, sides.source), rows
    for stem, draw in COMPARED.items():
        tables = [
            table.assign(scenario=name) for name, table in zip(sides.names, sides.table(stem), strict=True)
        ]
        yield stem, draw(sides), pd.concat(tables, ignore_index=True)
    for number, _ in others:
        table = comparison_maps.beside(sides, number)
        for column, what in (("share_met", "needs-met"), ("service_level", "service-level")):
            # A map of nothing shows nothing; of needs met there always is one.
            if column == "share_met" or (
                comparison_maps.differs(table, column) and np.isfinite(table[column]).any()
            ):
                stem = f"map-{what}" + (f"-{number + 1}" if several else "")
                yield stem, comparison_maps.maps(sides, number, column), table
