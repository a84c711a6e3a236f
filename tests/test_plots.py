"""Figures: what is drawn equals the table, titles follow the data, and all of it can be read."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image
from synthetic_tables import make_run

from local_citizenship.outcomes import measures, wording
from local_citizenship.outcomes.plots import (
    FIGURES,
    UnknownFigure,
    claims,
    country,
    data_of,
    draw_all,
    figure_named,
    moves,
    ngos,
    people,
    save,
    services,
    style,
    title_of,
)
from local_citizenship.outcomes.plots.far_off import far_off
from local_citizenship.outcomes.run import Run
from local_citizenship.scenarios.catalogue import REASONS, STATUSES

NAMES = list(FIGURES)
SMALLEST = 14.0  # points on a slide of 10 by 5.625 inches
SIZES = {"usual": (60, 5, 84), "one month": (3, 1, 1), "one year": (2, 2, 12), "long": (40, 12, 240)}


@cache
def run_of(size: str) -> Run:
    places, regions, months = SIZES[size]
    return make_run(places=places, regions=regions, months=months)


@cache
def figure_of(name: str, size: str = "usual") -> Figure:
    figure = FIGURES[name].draw(run_of(size))
    figure.draw_without_rendering()  # lays out ticks, labels and text
    return figure


def changed(**tables: pd.DataFrame) -> Run:
    """The usual run with some tables replaced."""
    run = run_of("usual")
    return Run(run.scenario, {name: tables.get(name, run.table(name)) for name in run.tables})


def emptied() -> Run:
    """A run in which nothing ever happened."""
    run = run_of("usual")
    return Run(
        run.scenario, {n: run.table(n).iloc[:0] if n != "places" else run.table(n) for n in run.tables}
    )


def texts(figure: Figure) -> Iterator[Text]:
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        if text.get_visible() and text.get_text().strip():
            yield text


def hidden_ticks(figure: Figure) -> set[Text]:
    """Labels of ticks outside the limits of their axis, which are not drawn."""
    hidden: set[Text] = set()
    for axis in (a for axes in figure.axes for a in (axes.xaxis, axes.yaxis)):
        shown = {tick.label1 for tick in axis._update_ticks()}
        hidden |= {label for label in axis.findobj(Text) if label is not axis.label and label not in shown}
    return hidden


def artist(figure: Figure, gid: str) -> list:
    found = [a for a in figure.findobj() if a.get_gid() == gid]
    assert found, f"nothing is drawn as {gid}"
    return found


def line(figure: Figure, gid: str) -> np.ndarray:
    return np.asarray(artist(figure, gid)[0].get_ydata(), float)


def bars(figure: Figure, gid: str) -> list:
    return artist(figure, gid)


def columns(figure: Figure, gid: str) -> np.ndarray:
    """Foot and head of each column that was drawn, (columns, 2)."""
    (drawn,) = artist(figure, gid)
    return np.array([(p.vertices[:, 1].min(), p.vertices[:, 1].max()) for p in drawn.get_paths()])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_large_enough_and_on_the_slide(name: str, size: str) -> None:
    figure = figure_of(name, size)
    renderer = FigureCanvasAgg(figure).get_renderer()
    page = Bbox.from_bounds(0, 0, figure.bbox.width, figure.bbox.height)
    hidden = hidden_ticks(figure)
    for text in texts(figure):
        assert text.get_fontsize() >= SMALLEST, text
        box = text.get_window_extent(renderer)
        if text in hidden:
            continue
        assert min(box.x0, box.y0) >= -1, (text, box)
        assert box.x1 <= page.x1 + 1, (text, box)
        assert box.y1 <= page.y1 + 1, (text, box)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", NAMES)
def test_title_source_and_labels_do_not_cover_each_other(name: str, size: str) -> None:
    figure = figure_of(name, size)
    renderer = FigureCanvasAgg(figure).get_renderer()
    drawn = [figure._suptitle, *(t for t in figure.texts if t.get_gid())]
    drawn += [t for axes in figure.axes for t in axes.texts if t.get_text() and t.get_visible()]
    drawn += [t for axes in figure.axes for t in (axes.xaxis.label, axes.yaxis.label) if t.get_text()]
    boxes = [(t.get_text(), t.get_window_extent(renderer).padded(-2)) for t in drawn if t is not None]
    for i, (one, box) in enumerate(boxes):
        for other, second in boxes[i + 1 :]:
            assert not box.overlaps(second), f"{one!r} covers {other!r}"


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_has_a_title_units_and_its_source(name: str) -> None:
    figure = figure_of(name)
    assert len(title_of(figure)) > 10
    subtitle, source = (artist(figure, gid)[0].get_text() for gid in ("subtitle", "source"))
    assert subtitle
    assert "made-up" in source
    assert "seed 1" in source
    assert "1990-01 to 1996-12" in source
    labelled = [axes for axes in figure.axes if axes.get_xlabel()]
    assert labelled, "no axis says what it shows"
    if name != "map":
        assert any(axes.get_ylabel() for axes in figure.axes)


@pytest.mark.parametrize("size", SIZES)
def test_titles_hold_no_unfinished_number(size: str) -> None:
    for name in NAMES:
        title = title_of(figure_of(name, size))
        assert not re.search(r"\bnan\b|\binf\b|-\d|None|\{", title), (name, title)
        assert title[0].isupper() or title[0].isdigit(), title


@pytest.mark.parametrize("name", NAMES)
def test_a_run_in_which_nothing_happened_can_be_drawn(name: str) -> None:
    figure = FIGURES[name].draw(emptied())
    assert re.search(r"\b(no|No|nobody|Nobody)\b", title_of(figure)), title_of(figure)


@pytest.mark.parametrize("name", NAMES)
def test_drawing_changes_no_table(name: str) -> None:
    run = run_of("one year")
    before = {n: run.table(n).copy() for n in run.tables}
    FIGURES[name].draw(run)
    for n, table in before.items():
        pd.testing.assert_frame_equal(run.table(n), table)


def test_stock_bands_are_as_high_as_the_stock() -> None:
    data = people.stock_by_status_data(run_of("usual"))
    wide = data.pivot(index="month", columns="status", values="persons")
    floor = np.zeros(len(wide))
    for status in STATUSES:
        if not wide[status].any():
            continue
        (band,) = artist(figure_of("stock-by-status"), f"band-{status}")
        heights = band.get_paths()[0].vertices[:, 1]
        top = floor + wide[status].to_numpy()
        assert heights.max() == pytest.approx(top.max())
        assert heights[1 : len(wide) + 1] == pytest.approx(floor), "the band does not stand on the one below"
        floor = top
    stocks = measures.stocks(run_of("usual")).groupby("month")["stock"].sum()
    assert floor == pytest.approx(stocks.to_numpy())


def test_arrivals_and_departures_are_sums_of_twelve_months() -> None:
    run = run_of("usual")
    data = people.arrivals_and_departures_data(run)
    arrived = run.table("monthly").groupby("month")["arrived"].sum()
    drawn = line(figure_of("arrivals-and-departures"), "arrived")
    assert drawn[0] == arrived.loc[0:11].sum()
    assert drawn[-1] == arrived.loc[run.months - 12 :].sum()
    assert len(drawn) == run.months - 11
    gone = data[data["flow"] != "arrived"]["persons"].sum()
    monthly = run.table("monthly")
    assert gone == monthly["left"].sum() + monthly["deported"].sum()
    assert set(data["flow"]) == {"arrived", *(f"left: {r}" for r in REASONS)}


def test_cascade_bars_are_shares_of_needs() -> None:
    run = run_of("usual")
    data = claims.cascade_data(run)
    for group in claims.CASCADE_GROUPS:
        own = data[data["group"] == group].set_index("stage")
        drawn = [bar.get_width() for bar in bars(figure_of("claiming-cascade"), f"cascade-{group}")]
        assert drawn == pytest.approx(list(own.loc[list(claims.STAGES), "share"]))
        assert own.loc["needs", "share"] == 1
        assert own["share"].is_monotonic_decreasing
    taken = measures.take_up(run, "status", since=run.months - 60).set_index("status")
    legal = data[data["group"] == "legal"].set_index("stage")["episodes"]
    assert legal["served"] == taken.loc["legal", "served"]


def test_who_met_the_need_agrees_with_the_measure() -> None:
    data = claims.who_met_the_need_data(run_of("usual"))
    whole = data[data["group"] == "all"].pivot(index="year", columns="provider", values="share")
    measured = measures.who_fills(run_of("usual"), "year").set_index("year")
    floor = np.zeros(len(whole))
    for provider in claims.PROVIDER_ORDER:
        assert whole[provider].to_numpy() == pytest.approx(measured[provider].to_numpy())
        drawn = columns(figure_of("who-met-the-need"), f"all-{provider}")
        assert drawn[:, 0] == pytest.approx(floor), "a column does not stand on the one below"
        floor = floor + whole[provider].to_numpy()
        assert drawn[:, 1] == pytest.approx(floor)
    parts = data[data["group"] != "all"].groupby(["year", "provider"])["episodes"].sum()
    everyone = data[data["group"] == "all"].set_index(["year", "provider"])["episodes"]
    assert (parts - everyone).abs().max() == 0, "legal and unauthorised do not add up to all"


def test_unevenness_bars_are_theil_between_and_within() -> None:
    data = services.unevenness_data(run_of("usual"))
    measured = measures.unevenness(run_of("usual"))
    own = measured[(measured["weights"] == "migrants") & (measured["of"] == "service_level")]
    heights = np.zeros(len(own))
    for part in ("between", "within"):
        foot, head = columns(figure_of("unevenness"), f"service_level-{part}").T
        drawn = head - foot
        chosen = data[(data["of_what"] == "service_level") & (data["part"] == part)]
        assert drawn == pytest.approx(chosen["theil"].to_numpy())
        heights += drawn
    assert heights == pytest.approx(own["theil"].to_numpy())


def test_map_shows_every_place_once_with_its_level() -> None:
    run = run_of("usual")
    data = country.map_data(run)
    assert len(data) == 60
    assert data["migrants"].sum() == people.stock_by_status_data(run).query("month == 83")["persons"].sum()
    figure = figure_of("map")
    drawn = [
        p
        for gid in ("map-service_level", "corner-service_level")
        for p in figure.findobj()
        if p.get_gid() == gid
    ]
    values = np.sort(np.concatenate([np.asarray(p.get_array()) for p in drawn]))
    assert values == pytest.approx(np.sort(data["service_level"].to_numpy()))
    areas = np.concatenate([p.get_sizes() for p in drawn])
    biggest = data["migrants"].max()
    assert areas.max() / np.sort(areas)[-2] == pytest.approx(
        biggest / data["migrants"].nlargest(2).iloc[1], rel=1e-6
    )


def islands(at: tuple[float, float], names: tuple[str, ...], migrants: int) -> pd.DataFrame:
    """A country of 120 places between 34 and 40 degrees north, and five islands for each name."""
    rng = np.random.default_rng(3)
    n = 120
    country_ = pd.DataFrame(
        {
            "region_name": [f"R{i % 6}" for i in range(n)],
            "latitude": rng.uniform(34, 40, n),
            "longitude": rng.uniform(132, 140, n),
            "migrants": 100,
        }
    )
    groups = [
        pd.DataFrame(
            {
                "region_name": name,
                "latitude": at[0] + rng.uniform(0, 1, 5),
                "longitude": at[1] + 2 * i + rng.uniform(0, 1, 5),
                "migrants": migrants,
            }
        )
        for i, name in enumerate(names)
    ]
    return pd.concat([country_, *groups], ignore_index=True)


@pytest.mark.parametrize("at", [(24.0, 124.0), (36.0, 115.0), (36.0, 155.0), (50.0, 136.0)])
@pytest.mark.parametrize("names", [("Isles",), ("East Isles", "West Isles")])
def test_places_far_off_are_drawn_in_a_corner(at: tuple[float, float], names: tuple[str, ...]) -> None:
    data = islands(at, names, 9)
    assert list(np.flatnonzero(far_off(data))) == list(range(120, 120 + 5 * len(names)))


def test_what_is_near_or_where_the_people_are_is_no_corner() -> None:
    assert not far_off(islands((24.0, 124.0), (), 0)).any()
    assert not far_off(islands((33.0, 131.0), ("Isles",), 9)).any(), "too near"
    assert not far_off(islands((24.0, 124.0), ("Isles",), 500)).any(), "too many live there"


def test_the_corner_names_its_regions_and_the_map_is_larger_for_it() -> None:
    run = run_of("usual")
    data = country.map_data(run)
    whole = FIGURES["map"].draw(run, data).axes[0].get_ylim()
    away = data.tail(3).index
    data.loc[away, "latitude"] = data["latitude"].min() - 15
    data.loc[away, "migrants"] = 1
    data.loc[away, "region_name"] = "Isles"
    apart = FIGURES["map"].draw(run, data)
    assert "Isles" in {t.get_text() for t in texts(apart)}
    assert np.ptp(apart.axes[0].get_ylim()) <= 1.1 * np.ptp(whole)


def test_a_few_outliers_do_not_make_the_whole_map_dark() -> None:
    data = country.map_data(run_of("usual"))
    data["share_met"] = 0.2
    data.loc[data["migrants"].idxmin(), "share_met"] = 1.0
    assert country._top(data["share_met"], data["migrants"]) == pytest.approx(0.2)
    assert country._top(data["share_met"] * np.nan, data["migrants"]) == 1.0


def test_of_a_few_places_the_map_says_the_names() -> None:
    data = pd.DataFrame(
        {"name": ["A", "B"], "migrants": [9, 9], "service_level": [0.5, 0.25], "share_met": [0.3, 0.3]}
    )
    assert country._map_title(data) == "Service level 0.25 in B and 0.50 in A; needs met 30% everywhere"
    three = pd.concat([data, data.iloc[:1].assign(name="C", service_level=0.75)])
    assert country._map_title(three).startswith("Service level from 0.25 in B to 0.75 in C")


def test_where_a_record_stands_for_many_a_share_needs_five_records() -> None:
    run = run_of("usual")
    scaled = Run(
        replace(run.scenario, parameters={**run.parameters, "scale.persons_per_record": 20}),
        {name: run.table(name) for name in run.tables},
    )
    data = country.map_data(scaled)
    few = data["needs"] < 100
    assert few.any(), "the case does not arise"
    assert data.loc[few, "share_met"].isna().all()
    assert data.loc[~few, "share_met"].notna().all()
    assert country.map_data(run)["share_met"].notna().sum() > (~few).sum()


def test_modes_bars_add_up_to_all() -> None:
    data = people.modes_of_claiming_data(run_of("usual"))
    figure = figure_of("modes-of-claiming")
    total = sum(
        np.array([b.get_height() for b in bars(figure, f"mode-{m}")])
        for m in ("never", "episodic", "sustained")
    )
    assert total == pytest.approx(np.ones(len(total)))
    census = run_of("usual").table("census")
    assert data["persons"].sum() == census[census["year"] == census["year"].max()]["persons"].sum()


def test_adoption_lines_are_shares_of_municipalities() -> None:
    run = run_of("usual")
    state = run.table("places_yearly")
    last = state[state["year"] == state["year"].max()]
    for service in ("information", "council"):
        drawn = line(figure_of("service-adoption"), f"adoption-{service}")
        assert drawn[-1] == pytest.approx((last[f"level_{service}"] > 0.1).mean())
        assert len(drawn) == 7


def test_moves_are_means_for_each_fifth() -> None:
    run = run_of("usual")
    table = run.table("moves")
    own = table[table["origin_fifth"] == 5]
    figure = figure_of("what-movers-lose")
    before = np.asarray(artist(figure, "before")[0].get_xdata(), float)
    assert before[-1] == pytest.approx(own["level_before"].sum() / own["moves"].sum())
    lost = [b.get_width() for b in bars(figure, "enrolments")]
    assert lost[-1] == pytest.approx(100 * own["enrolments_lost"].sum() / own["moves"].sum())


def test_rights_and_needs_met_are_drawn_from_the_table() -> None:
    data = claims.rights_data(run_of("usual"))
    figure = figure_of("formal-and-substantive")
    assert [b.get_height() for b in bars(figure, "rights")] == pytest.approx(data["share_right"].to_list())
    assert [b.get_height() for b in bars(figure, "met")] == pytest.approx(data["share_met"].to_list())
    right = data.set_index("group")["share_right"]
    assert right["citizen"] >= right["denizen"] >= right["legal"] > right["unauthorised"]


def test_harms_are_rates_a_thousand_person_years_without_overflow() -> None:
    run = run_of("usual")
    monthly = run.table("monthly")
    year = monthly["month"] // 12 + 1990
    own = monthly[(monthly["status"] == "legal") & (year == 1993)]
    rate = 1000 * own["unmet"].sum() / (own["stock"].sum() / 12)
    assert line(figure_of("harms"), "harms-legal")[3] == pytest.approx(rate)
    counts = monthly.columns.drop(["month", "place", "status"])
    narrow = monthly.assign(
        **{c: (monthly[c] * 3000).astype(np.int32) for c in counts if c in ("stock", "unmet")}
    )
    large = changed(monthly=narrow.astype({"stock": np.int32, "unmet": np.int32}))
    assert title_of(FIGURES["harms"].draw(large)) == title_of(figure_of("harms"))


def test_ngos_are_counted_while_open_and_cases_by_month() -> None:
    run = run_of("usual")
    table = run.table("ngos")
    own = table[(table["year"] == 1994) & ~table["closed"]]
    figure = figure_of("ngos")
    assert line(figure, "ngos")[4] == len(own)
    assert line(figure, "capacity")[4] == own["capacity"].sum()
    assert line(figure, "served")[4] == pytest.approx(table[table["year"] == 1994]["served"].sum() / 12)


def cascade_counts(**served: int) -> pd.DataFrame:
    rows = []
    for group, met in served.items():
        counts = (100, 80, 70, 65, 60, met)
        rows += [(group, s, n, n / 100) for s, n in zip(claims.STAGES, counts, strict=True)]
    columns = ["group", "stage", "episodes", "share"]
    rows += [(g, s, 0, np.nan) for g in claims.CASCADE_GROUPS if g not in served for s in claims.STAGES]
    return pd.DataFrame(rows, columns=columns)


def test_the_title_of_the_cascade_follows_the_data() -> None:
    both = claims._cascade_title(cascade_counts(legal=59, unauthorised=55))
    assert both.startswith("59% of the needs of legal residents were met, 55% of those of the unauthorised")
    assert "not knowing whom to ask" in both
    vain = claims._cascade_title(cascade_counts(legal=2))
    assert "unauthorised" not in vain
    assert "most of the rest were lost to asking in vain" in vain


def providers(**episodes: int) -> pd.DataFrame:
    rows = [("all", 1990, p, episodes.get(p, 0), np.nan) for p in claims.PROVIDER_ORDER]
    return pd.DataFrame(rows, columns=["group", "year", "provider", "episodes", "share"])


@pytest.mark.parametrize(
    ("episodes", "title"),
    [
        ({"nobody": 5, "city": 3, "ngo": 2}, "Half of needs went unmet; cities met most of the rest (60%)"),
        (
            {"nobody": 40, "city": 15, "ngo": 25, "nation": 20},
            "40% of needs went unmet; NGOs met the largest part of the rest (42%)",
        ),
        ({"nobody": 9}, "Nobody met any of the needs"),
        ({"nation": 9}, "Every need was met; national offices met all of them"),
        ({}, "No need was recorded"),
    ],
)  # fmt: skip
def test_the_title_of_who_met_the_need_follows_the_data(episodes: dict[str, int], title: str) -> None:
    assert claims._who_title(providers(**episodes)) == title


def test_the_title_of_the_stock_follows_the_data() -> None:
    def title(*persons: int) -> str:
        rows = [(m, "", s, p) for m, p in enumerate(persons) for s in ("legal",)]
        return people._stock_title(pd.DataFrame(rows, columns=["month", "date", "status", "persons"]))

    assert (
        title(100, 200) == "The stock of migrants grew from 100 to 200; none of them unauthorised at the end"
    )
    assert title(200, 100).startswith("The stock of migrants fell from 200 to 100")
    assert title(100, 500, 101).startswith("The stock of migrants ended where it began, at 101")
    assert title(7).startswith("7 migrants")
    rose_and_fell = [("1990-01", 100), ("1990-02", 500), ("1991-01", 300)]
    columns = ["month", "date", "status", "persons"]
    rows = [(m, date, "legal", persons) for m, (date, persons) in enumerate(rose_and_fell)]
    assert "from 100 to 300 (peak: 500 in 1990); none" in people._stock_title(
        pd.DataFrame(rows, columns=columns)
    )
    assert title(7, 0) == "All 7 migrants were gone by the end"


def test_the_title_of_the_moves_follows_the_data() -> None:
    def title(best: float, worst: float) -> str:
        rows = [(5, 10, 0.5, 0.5 + best, best, 1.0), (1, 10, 0.2, 0.2 + worst, worst, 1.0)]
        columns = [
            "origin_fifth",
            "moves",
            "level_before",
            "level_after",
            "change",
            "enrolments_lost_per_100",
        ]
        return moves._moves_title(pd.DataFrame(rows, columns=columns))

    assert title(-0.3, 0.1) == (
        "Service level: movers out of the best served places lost 0.30; those out of the worst gained 0.10"
    )
    assert "best served places gained 0.20" in title(0.2, 0.0)
    assert "worst kept the same level" in title(0.2, 0.0)
    two = pd.DataFrame({"origin_fifth": [2, 4], "moves": [3, 3], "change": [0.1, -0.2]})
    assert moves._moves_title(two) == (
        "Service level: movers out of the better served places lost 0.20; those out of the worse gained 0.10"
    )
    assert moves._moves_title(two.tail(1)) == "Service level: movers lost 0.20"


def test_the_titles_of_unevenness_ngos_and_harms_follow_the_data() -> None:
    def uneven(first: float, last: float) -> str:
        rows = [
            ("service_level", y, p, v / 2)
            for y, v in ((1990, first), (1991, last))
            for p in ("between", "within")
        ]
        return services._uneven_title(pd.DataFrame(rows, columns=["of_what", "year", "part", "theil"]))

    assert "less uneven" in uneven(0.4, 0.2)
    assert "half of it" not in uneven(0.4, 0.2)
    assert "more uneven" in uneven(0.2, 0.4)
    assert "stayed as uneven" in uneven(0.3, 0.3)

    def offices(*numbers: int) -> str:
        rows = [(1990 + i, n, 5.0, 9.0, 1.0) for i, n in enumerate(numbers)]
        return ngos._ngos_title(
            pd.DataFrame(rows, columns=["year", "ngos", "capacity", "served", "turned_away"])
        )

    assert offices(3, 5).startswith("5 NGOs in 1991, up from 3 in 1990; 10% of claims")
    assert "down from" in offices(5, 3)
    assert "as many as" in offices(4, 4)
    assert offices(1).startswith("1 NGO;")

    def harm(legal: float, unauthorised: float) -> str:
        rows = [(1990, "legal", legal, 100.0, 0.0), (1990, "overstayer", unauthorised, 100.0, 0.0)]
        return claims._harms_title(
            pd.DataFrame(rows, columns=["year", "status", "unmet", "person_years", "rate"])
        )

    assert "3.0 times as often as" in harm(10, 30)
    assert "50% less often than" in harm(10, 5)
    assert "as often as legal residents" in harm(10, 10)
    assert "20% more often" in harm(10, 12)
    assert "need twice as often" in harm(10, 20)

    def offered(**shares: float) -> str:
        rows = [(1999, s, shares.get(s, 0.5)) for s in services.SERVICES]
        return services._adoption_title(pd.DataFrame(rows, columns=["year", "service", "share"]))

    assert offered(insurance=0.9, council=0.0) == (
        "Insurance was offered in 90% of municipalities in 1999, council in none"
    )
    assert offered(insurance=1.0, exchange=1.0).startswith(
        "Exchange and insurance were offered in all municipalities in 1999, nine services in 50%"
    )


def test_a_status_that_nobody_has_is_not_drawn() -> None:
    run = run_of("usual")
    monthly = run.table("monthly")
    figure = FIGURES["stock-by-status"].draw(changed(monthly=monthly[monthly["status"] != "smuggled"]))
    assert not [a for a in figure.findobj() if a.get_gid() == "band-smuggled"]
    assert "smuggled" not in {t.get_text() for t in texts(figure)}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0%"),
        (0.001, "under 1%"),
        (0.999, "over 99%"),
        (1.0, "100%"),
        (0.123, "12%"),
        (float("nan"), "none"),
    ],
)
def test_percentages_never_round_to_nothing_or_all(value: float, text: str) -> None:
    assert wording.percent(value) == text


def test_numbers_have_thousands_separators_and_three_digits() -> None:
    assert wording.count(904_567) == "905,000"
    assert wording.count(9_123) == "9,123"
    assert wording.portion(0.51) == "half"
    assert wording.portion(0.53) == "53%"


def test_labels_are_moved_apart_in_order_and_no_further_than_needed() -> None:
    wanted = np.array([0.1, 0.5, 0.5, 0.52])
    placed = style.apart(wanted, 0.1)
    assert (np.diff(placed) >= 0.1 - 1e-9).all()
    assert placed[0] == pytest.approx(0.1)
    assert placed[1:].mean() == pytest.approx(wanted[1:].mean())
    assert style.apart(np.array([0.999, 1.0]), 0.1).max() <= 1.0


def test_draw_all_writes_slides_with_their_tables(tmp_path: Path) -> None:
    run = run_of("one year")
    written = draw_all(run, tmp_path / "figures", formats=("png", "svg"), names=["harms", "1"])
    assert [path.name for path, _ in written] == ["11-harms.png", "01-stock-by-status.png"]
    assert written[0][1] == title_of(figure_of("harms", "one year"))
    with Image.open(written[0][0]) as picture:
        assert picture.size == (1600, 900)
        assert picture.info["dpi"] == pytest.approx((160, 160), rel=1e-3)
    table = pd.read_csv(tmp_path / "figures" / "11-harms.csv")
    assert table["rate"].to_numpy() == pytest.approx(data_of("harms", run)["rate"].to_numpy(), rel=1e-5)
    first = (tmp_path / "figures" / "11-harms.svg").read_bytes()
    draw_all(run, tmp_path / "again", formats=("svg",), names=["harms"])
    assert (tmp_path / "again" / "11-harms.svg").read_bytes() == first


def test_a_png_holds_the_pixels_that_were_drawn(tmp_path: Path) -> None:
    figure = FIGURES["map"].draw(run_of("usual"))
    save(figure, tmp_path / "map.png")
    with Image.open(tmp_path / "map.png") as picture:
        picture.verify()
    with Image.open(tmp_path / "map.png") as picture:
        assert np.array_equal(np.asarray(picture), np.asarray(figure.canvas.buffer_rgba()))


def test_the_source_says_how_many_people_a_record_stands_for() -> None:
    run = run_of("usual")
    assert "stands for" not in style.source_line(run)
    scaled = replace(run.scenario, parameters={**run.parameters, "scale.persons_per_record": 20})
    assert style.source_line(Run(scaled, {})).endswith("one record stands for 20 people")


def test_the_source_says_what_was_set_beside_the_scenario() -> None:
    run = run_of("usual")

    def source(**values: object) -> str:
        parameters = {**run.parameters, **values}
        scenario = replace(run.scenario, parameters=parameters, layers=dict.fromkeys(values, "--set"))
        return style.source_line(Run(scenario, {}))

    assert source(**{"ngos.enabled": False}).startswith(
        "Simulated: scenario made-up with ngos.enabled = false, seed"
    )
    assert "made-up with 3 parameters changed, seed" in source(a=1, b=2, c=3)
    assert "scenario made-up, seed" in source()


def test_matplotlib_is_loaded_only_to_draw() -> None:
    code = (
        "import sys, local_citizenship.outcomes.plots as p; "
        "assert len(p.FIGURES) == 12; sys.exit('matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_unknown_figure_or_format_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownFigure, match="did you mean 'harms'"):
        figure_named("harm")
    with pytest.raises(ValueError, match="gif"):
        draw_all(run_of("one year"), tmp_path, formats=("gif",))
    assert figure_named("06-map").name == "map"
