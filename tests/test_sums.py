"""A table too large to be held whole is summed piece by piece, to the same sums."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from synthetic_tables import make_run

from local_citizenship.model.columns import Columns
from local_citizenship.outcomes import measures
from local_citizenship.outcomes import run as runs
from local_citizenship.outcomes.groups import grouped, over_places, totals
from local_citizenship.outcomes.run import Run


class InPieces:
    """A table that must not be asked for whole; its pieces cut through months and groups."""

    def __init__(self, table: pd.DataFrame, rows: int = 700) -> None:
        self.table, self.rows = table, rows

    @property
    def columns(self) -> list[str]:
        return list(self.table.columns)

    def __len__(self) -> int:
        return len(self.table)

    def frame(self, columns: list[str] | None = None) -> pd.DataFrame:
        raise AssertionError("the whole table was asked for")

    def pieces(self) -> Iterator[pd.DataFrame]:
        for first in range(0, len(self.table), self.rows):
            yield self.table.iloc[first : first + self.rows]


@pytest.fixture
def whole() -> Run:
    return make_run(places=30, regions=4, months=30)


@pytest.fixture
def pieces(whole: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(runs, "SMALL_TABLE", 0)
    tables = {name: whole.table(name) for name in whole.tables}
    return Run(whole.scenario, {**tables, "monthly": InPieces(whole.table("monthly"))})


KEYS = (
    (),
    ("month",),
    ("year", "rung"),
    ("status",),
    ("place",),
    ("year", "place", "status"),
    ("region", "month"),
)


@pytest.mark.parametrize("since", [0, 17])
@pytest.mark.parametrize("keys", KEYS)
def test_sums_of_pieces_are_those_of_the_whole(
    whole: Run, pieces: Run, keys: tuple[str, ...], since: int
) -> None:
    columns = ["stock", "needs", "unmet"]
    expected = totals(whole, "monthly", columns, keys, since)
    assert expected[columns].to_numpy().sum() > 0
    pd.testing.assert_frame_equal(totals(pieces, "monthly", columns, keys, since), expected)


def test_months_summed_over_places_are_made_once_and_do_not_overflow(pieces: Run, whole: Run) -> None:
    assert over_places(pieces) is over_places(pieces)
    table = whole.table("monthly")
    huge = table.assign(stock=np.full(len(table), 2**31 - 1, np.int32))
    sums = over_places(Run(whole.scenario, {"monthly": InPieces(huge)})).frame()
    rows = table.groupby(["month", "status"], observed=True).size()
    assert (sums.set_index(["month", "status"])["stock"] == rows * (2**31 - 1)).all()


def test_the_measures_of_a_large_run_never_hold_it_whole(pieces: Run, whole: Run) -> None:
    for measure in (measures.unevenness, measures.take_up, measures.who_fills, measures.harms):
        pd.testing.assert_frame_equal(measure(pieces), measure(whole))


def test_sums_are_those_of_pandas_however_the_groups_lie() -> None:
    some = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "place": some.integers(0, 40, 500) * 1_000,  # most numbers between are no group
            "fifth": some.integers(-2, 3, 500).astype(np.int8),
            "called": some.choice(["b", "a"], 500),
            "count": some.integers(0, 2**31 - 1, 500),
            "level": some.random(500),
        }
    )
    for keys in (["place"], ["fifth", "place"], ["called", "fifth"]):
        for most in (0, 10**6):
            ours = grouped(Columns.of(frame), ["count", "level"], tuple(keys), most).frame()
            theirs = frame.groupby(keys)[["count", "level"]].sum().reset_index()
            pd.testing.assert_frame_equal(ours, theirs, check_exact=True)


def test_a_data_frame_is_the_same_after_it_was_arrays() -> None:
    frame = pd.DataFrame(
        {"year": np.array([1990, 1991], np.int16), "name": ["a", "b"], "share": [0.5, np.nan]}
    )
    frame["status"] = pd.Categorical(["legal", None], ["illegal", "legal"], ordered=True)
    pd.testing.assert_frame_equal(Columns.of(frame).frame(), frame)
    told = Columns.of(pd.DataFrame({"value": pd.array([1, None], "Int64")}))["value"]
    assert told[0] == 1.0
    assert np.isnan(told[1])
