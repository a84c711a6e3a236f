"""Figures of a comparison: what is drawn is what the tables say, and can be read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from drawn import artist, assert_finished, assert_readable
from matplotlib.figure import Figure
from synthetic_tables import make_run

from local_citizenship.outcomes.plots import FIGURES, compared, comparison_maps, title_of
from local_citizenship.outcomes.plots.compared import ComparisonData
from local_citizenship.outcomes.plots.comparison import draw_comparison


def made_up(worlds: int, places: int = 30) -> ComparisonData:
    runs = [make_run(places=places, regions=3, months=48, seed=seed) for seed in range(1, worlds + 1)]
    names = ["japan-sample", "a scenario whose name is rather long, as names of files may be", "firewall"]
    pooled = {name: drawing for name, drawing in FIGURES.items() if drawing.pooled}
    tables = [{name: drawing.data(run) for name, drawing in pooled.items()} for run in runs]
    source = "Simulated: made-up; the same 10 seeds in each, from 1; 1990-01 to 1993-12"
    return ComparisonData(names[:worlds], tables, source, 10)


def rows_of(*changes: tuple[str, float, float, float]) -> pd.DataFrame:
    rows = [
        {"scenario": "after", "against": "before", "outcome": name, "label": name.capitalize(),
         "unit": "share of needs", "n": 10, "mean_against": 0.2, "mean": 0.2 + change, "difference": change,
         "low": low, "high": high, "decided": low > 0 or high < 0}
        for name, change, low, high in changes
    ]  # fmt: skip
    return pd.DataFrame(rows)


DECIDED = rows_of(
    ("needs_met", 0.01, 0.005, 0.015), ("aware", -0.002, -0.01, 0.006), ("take_up", -0.5, -0.6, -0.4)
)


@pytest.fixture(scope="module")
def drawn() -> dict[str, Figure]:
    two, three, few = made_up(2), made_up(3), made_up(2, places=2)
    return {
        "differences": compared.differences(DECIDED, two.source),
        "cascade": compared.cascade(two),
        "cascade of three": compared.cascade(three),
        "who": compared.who_met_the_need(two),
        "who of three": compared.who_met_the_need(three),
        "unevenness": compared.unevenness(three),
        "map": comparison_maps.maps(two, 1, "share_met"),
        "map of few": comparison_maps.maps(few, 1, "service_level"),
    }


def test_every_text_is_large_enough_and_on_the_slide(drawn: dict[str, Figure]) -> None:
    for figure in drawn.values():
        assert_readable(figure)


def test_titles_say_a_finding_and_sources_the_seeds(drawn: dict[str, Figure]) -> None:
    for name, figure in drawn.items():
        assert_finished(title_of(figure))
        assert len(title_of(figure)) > 20, name
        (source,) = (t.get_text() for t in figure.texts if t.get_gid() == "source")
        assert "10 seeds" in source.replace("\n", " ")


def test_the_dots_stand_where_the_table_says(drawn: dict[str, Figure]) -> None:
    figure = drawn["differences"]
    told = "Needs_met: +1.00 points with after against before; 2 of 3 differences are decided"
    assert title_of(figure) == told
    dots = {a.get_gid(): a for a in figure.findobj() if str(a.get_gid()).startswith("difference-")}
    assert dots["difference-2"].get_xdata()[0] == pytest.approx(5.0)  # 0.01 of 0.2
    assert dots["difference-1"].get_markerfacecolor() == "white", "undecided is hollow"
    assert dots["difference-2"].get_markerfacecolor() != "white"
    assert dots["difference-0"].get_marker() == "<", "beyond the axis an arrow"
    assert dots["difference-0"].get_xdata()[0] > -250


def test_where_nothing_differs_the_titles_say_so() -> None:
    same = rows_of(("needs_met", 0.0, 0.0, 0.0), ("aware", 0.0, 0.0, 0.0))
    assert title_of(compared.differences(same, "")) == "After and before are the same in every pair of runs"
    open_ = rows_of(("needs_met", 0.01, -0.1, 0.12))
    assert "decide no difference" in title_of(compared.differences(open_, ""))
    one = made_up(2)
    twins = replace(one, tables=[one.tables[0], one.tables[0]])
    assert "hardly differ" in title_of(compared.cascade(twins))
    assert "hardly differs" in title_of(compared.who_met_the_need(twins))
    assert "as uneven in all" in title_of(compared.unevenness(twins))
    assert "Hardly anybody" in title_of(comparison_maps.maps(twins, 1, "share_met"))
    assert not comparison_maps.differs(comparison_maps.beside(twins, 1), "service_level")


def test_the_marks_of_the_cascade_are_the_shares(drawn: dict[str, Figure]) -> None:
    sides = made_up(2)
    for number, table in enumerate(sides.table("claiming-cascade")):
        own = table[table["group"] == "legal"].set_index("stage")["share"]
        (line,) = (a for a in drawn["cascade"].findobj() if a.get_gid() == f"cascade-legal-{number}")
        assert line.get_xdata() == pytest.approx([own[stage] for stage in compared.STAGES])


def test_maps_share_one_scale_and_the_difference_is_the_difference() -> None:
    sides = made_up(2)
    table = comparison_maps.beside(sides, 1)
    first, other = (t.set_index("place")["share_met"] for t in sides.table("map"))
    told = table.set_index("place")["difference_share_met"]
    assert told.to_numpy() == pytest.approx((other - first).to_numpy(), nan_ok=True)
    figure = comparison_maps.maps(sides, 1, "share_met")
    one, two, difference = (
        artist(figure, f"map-{name}")[0].norm
        for name in ("share_met", "share_met_other", "difference_share_met")
    )
    assert (one.vmin, one.vmax) == (two.vmin, two.vmax)
    assert difference.vmin == -difference.vmax


def test_many_outcomes_go_on_several_slides(tmp_path: Path) -> None:
    sides = replace(made_up(2), names=["before", "after"])
    many = pd.concat([DECIDED] * 6, ignore_index=True)
    written = draw_comparison(sides, many, tmp_path)
    assert [file.name for file, _ in written][:2] == ["01-differences-a.png", "02-differences-b.png"]
    for file, title in written:
        assert title
        assert len(pd.read_csv(file.with_suffix(".csv"))) > 0
