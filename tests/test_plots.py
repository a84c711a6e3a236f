"""Figures: what is drawn equals the table, and all of it can be read."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from drawn import (
    NAMES,
    SIZES,
    artist,
    assert_finished,
    assert_readable,
    changed,
    columns,
    emptied,
    figure_of,
    heights,
    is_drawn,
    line,
    run_of,
    scaled,
    texts,
    widths,
)
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image
from small import small_run

from local_citizenship.outcomes import measures
from local_citizenship.outcomes.deciding import Says
from local_citizenship.outcomes.groups import helpers_of, last_months, totals
from local_citizenship.outcomes.plots import (
    FIGURES,
    UnknownFigure,
    claims,
    country,
    data_of,
    draw_all,
    figure_named,
    lives,
    needs,
    ngos,
    people,
    save,
    services,
    style,
    title_of,
)
from local_citizenship.outcomes.run import Run
from local_citizenship.scenarios.catalogue import REASONS, STATUSES


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_large_enough_and_on_the_slide(name: str, size: str) -> None:
    assert_readable(figure_of(name, size))


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
    if name not in ("map", "who-lives-where"):  # two maps
        assert any(axes.get_ylabel() for axes in figure.axes)


@pytest.mark.parametrize("size", SIZES)
def test_titles_hold_no_unfinished_number(size: str) -> None:
    for name in NAMES:
        title = title_of(figure_of(name, size))
        assert_finished(title)
        assert not re.search(r"-\d", title), (name, title)
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
        edge = band.get_paths()[0].vertices[:, 1]
        top = floor + wide[status].to_numpy()
        assert edge.max() == pytest.approx(top.max())
        assert edge[1 : len(wide) + 1] == pytest.approx(floor), "the band does not stand on the one below"
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


@pytest.mark.mechanism("E3")
def test_cascade_bars_are_shares_of_needs() -> None:
    run = run_of("usual")
    data = claims.cascade_data(run)
    for group in claims.CASCADE_GROUPS:
        own = data[data["group"] == group].set_index("stage")
        drawn = widths(figure_of("claiming-cascade"), f"cascade-{group}")
        assert drawn == pytest.approx(own.loc[list(claims.STAGES), "share"].to_numpy())
        assert own.loc["needs", "share"] == 1
        assert own["share"].is_monotonic_decreasing
    taken = measures.take_up(run, "status", since=run.months - 60).set_index("status")
    legal = data[data["group"] == "legal"].set_index("stage")["episodes"]
    assert legal["served"] == taken.loc["legal", "served"]


@pytest.mark.mechanism("E5")
def test_who_met_the_need_agrees_with_the_measure() -> None:
    data = claims.who_met_the_need_data(run_of("usual"))
    whole = data[data["group"] == "all"].pivot(index="year", columns="provider", values="share")
    measured = measures.who_fills(run_of("usual"), "year").set_index("year")
    floor = np.zeros(len(whole))
    for provider in ("city", "ngo", "nation", "job", "informal", "nobody"):
        assert whole[provider].to_numpy() == pytest.approx(measured[provider].to_numpy())
        drawn = columns(figure_of("who-met-the-need"), f"all-{provider}")
        assert drawn[:, 0] == pytest.approx(floor), "a column does not stand on the one below"
        floor = floor + whole[provider].to_numpy()
        assert drawn[:, 1] == pytest.approx(floor)
    parts = data[data["group"] != "all"].groupby(["year", "provider"])["episodes"].sum()
    everyone = data[data["group"] == "all"].set_index(["year", "provider"])["episodes"]
    assert (parts - everyone).abs().max() == 0, "legal and unauthorised do not add up to all"


@pytest.mark.mechanism("E2")
def test_unevenness_bars_are_theil_between_and_within() -> None:
    data = services.unevenness_data(run_of("usual"))
    measured = measures.unevenness(run_of("usual"))
    own = measured[(measured["weights"] == "migrants") & (measured["of"] == "service_level")]
    stacked = np.zeros(len(own))
    for part in ("between", "within"):
        foot, head = columns(figure_of("unevenness"), f"service_level-{part}").T
        drawn = head - foot
        chosen = data[(data["of_what"] == "service_level") & (data["part"] == part)]
        assert drawn == pytest.approx(chosen["theil"].to_numpy())
        stacked += drawn
    assert stacked == pytest.approx(own["theil"].to_numpy())


@pytest.mark.mechanism("E2")
def test_the_dotted_line_is_what_luck_alone_would_give() -> None:
    measured = measures.unevenness(run_of("usual")).query(
        "of == 'needs_met' and units == 'places' and weights == 'needs'"
    )
    assert line(figure_of("unevenness"), "needs_met-luck") == pytest.approx(measured["luck"].to_numpy())
    assert (measured["luck"] > 0).all()
    assert not is_drawn(figure_of("unevenness"), "service_level-luck")


def test_modes_bars_add_up_to_all() -> None:
    data = people.modes_of_claiming_data(run_of("usual"))
    figure = figure_of("modes-of-claiming")
    total = sum(heights(figure, f"mode-{mode}") for mode in ("never", "episodic", "sustained"))
    assert total == pytest.approx(np.ones(len(total)))
    census = run_of("usual").table("census")
    assert data["persons"].sum() == census[census["year"] == census["year"].max()]["persons"].sum()


def test_adoption_is_a_row_a_service_of_shares_of_municipalities() -> None:
    run = run_of("usual")
    state = run.table("places_yearly")
    last = state[state["year"] == state["year"].max()]
    figure = figure_of("service-adoption")
    cells = np.asarray(artist(figure, "adoption")[0].get_array(), float)
    rows = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert cells.shape == (len(rows), 7)
    for service in ("information", "council"):
        row = rows.index(run.entries.services[service].label)
        assert cells[row, -1] == pytest.approx((last[f"level_{service}"] > 0.1).mean())
    assert (np.diff(cells[:, -1]) <= 0).all()  # the most offered on top


def test_moves_are_means_for_each_fifth() -> None:
    run = run_of("usual")
    table = run.table("moves")
    own = table[table["origin_fifth"] == 5]
    figure = figure_of("what-movers-lose")
    before = np.asarray(artist(figure, "before")[0].get_xdata(), float)
    assert before[-1] == pytest.approx(own["level_before"].sum() / own["moves"].sum())
    assert widths(figure, "enrolments")[-1] == pytest.approx(
        100 * own["enrolments_lost"].sum() / own["moves"].sum()
    )


def test_rights_and_needs_met_are_drawn_from_the_table() -> None:
    data = claims.rights_data(run_of("usual"))
    figure = figure_of("formal-and-substantive")
    for bars, column in (("rights", "share_right"), ("met", "share_met")):
        assert heights(figure, bars) == pytest.approx(data[column].to_numpy())
    right = data.set_index("group")["share_right"]
    assert right["citizen"] >= right["denizen"] >= right["legal"] > right["unauthorised"]


def test_harms_are_rates_a_thousand_person_years_without_overflow() -> None:
    run = run_of("usual")
    monthly = run.table("monthly")
    year = monthly["month"] // 12 + 1990
    own = monthly[(monthly["status"] == "legal") & (year == 1993)]
    rate = 1000 * own["unmet"].sum() / (own["stock"].sum() / 12)
    assert line(figure_of("harms"), "harms-legal")[3] == pytest.approx(rate)
    narrow = {column: (monthly[column] * 3000).astype(np.int32) for column in ("stock", "unmet")}
    large = changed(monthly=monthly.assign(**narrow))
    assert title_of(FIGURES["harms"].draw(large)) == title_of(figure_of("harms"))


def test_a_rate_of_few_records_is_left_out() -> None:
    lived = claims.harms_data(run_of("usual")).groupby("status")["person_years"].max()
    figure = FIGURES["harms"].draw(scaled(int(lived.min() / claims.LEAST_RECORD_YEARS) + 1))
    assert not is_drawn(figure, f"harms-{lived.idxmin()}")
    assert is_drawn(figure, f"harms-{lived.idxmax()}")


def test_ngos_are_counted_while_open_and_cases_by_month() -> None:
    run = run_of("usual")
    table = run.table("ngos")
    own = table[(table["year"] == 1994) & ~table["closed"]]
    figure = figure_of("ngos")
    assert line(figure, "ngos")[4] == len(own)
    for name, column in (("capacity", "offered"), ("served", "served")):
        assert line(figure, name)[4] == pytest.approx(table[table["year"] == 1994][column].sum() / 12)
        first = table[table["year"] == 1990][column].sum()
        assert line(figure, name)[0] == pytest.approx(first / 3)  # January to March
    data = ngos.ngos_data(run)
    assert data["capacity"].to_numpy() == pytest.approx((data["served"] + data["unused"]).to_numpy())
    assert (data["unused_unasked"] <= data["unused"]).all()
    assert (data["unused"] >= 0).all()
    later = ngos.ngos_data(
        changed(ngos=table[table["year"] > 1990])
    )  # the first NGO comes in the second year
    pd.testing.assert_frame_equal(later, data[data["year"] > 1990].reset_index(drop=True))


def test_people_who_were_counted_are_points_beside_the_stock() -> None:
    usual = run_of("usual")
    date, source = usual.date(3), "A census"
    seen = {"status": "overstayer", "date": date, "persons": 123, "source": source}
    elsewhen = {"status": "overstayer", "date": "1890-01", "persons": 5, "source": source}
    run = Run(replace(usual.scenario, observed=(seen, elsewhen)), usual.tables)
    figure = FIGURES["stock-by-status"].draw(run)
    assert_readable(figure)
    points = artist(figure, "overstayer-counted")[0]
    assert np.asarray(points.get_ydata(), dtype=float).tolist() == [123.0]
    data = people.stock_by_status_data(run)
    known = data[data["counted"].notna()]
    assert known[["date", "status", "counted"]].to_dict("records") == [
        {"date": date, "status": "overstayer", "counted": 123}
    ]
    assert any("Counted by: A census" in " ".join(text.get_text().split()) for text in texts(figure))


def test_a_status_that_nobody_has_is_not_drawn() -> None:
    run = run_of("usual")
    monthly = run.table("monthly")
    figure = FIGURES["stock-by-status"].draw(changed(monthly=monthly[monthly["status"] != "smuggled"]))
    assert not is_drawn(figure, "band-smuggled")
    assert "smuggled" not in {t.get_text() for t in texts(figure)}


def test_where_a_record_stands_for_many_a_share_needs_five_records() -> None:
    data = country.map_data(scaled(60))
    few = data["needs"] < 300  # five records
    assert few.any(), "the case does not arise"
    assert data.loc[few, "share_met"].isna().all()
    assert data.loc[~few, "share_met"].notna().all()
    assert country.map_data(run_of("usual"))["share_met"].notna().sum() > (~few).sum()


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


def test_matplotlib_is_loaded_only_to_draw() -> None:
    code = (
        "import sys, local_citizenship.outcomes.plots as p; early = 'matplotlib' in sys.modules; "
        "numbers = [each.number for each in p.FIGURES.values()]; assert numbers == list(range(1, 18)); sys.exit(early)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_unknown_figure_or_format_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownFigure, match="did you mean 'harms'"):
        figure_named("harm")
    with pytest.raises(ValueError, match="gif"):
        draw_all(run_of("one year"), tmp_path, formats=("gif",))
    assert figure_named("06-map").name == "map"


def test_needs_by_kind_add_up_to_all_needs() -> None:
    data = needs.needs_by_kind_data(run_of("usual"))
    sums = data.groupby("need")["share"].sum()
    assert sums.to_numpy() == pytest.approx(1.0)
    first, _ = last_months(run_of("usual"))
    assert (
        data.drop_duplicates("need")["needs"].sum()
        == totals(run_of("usual"), "needs", ["needs"], (), since=first)["needs"].sum()
    )


def test_needs_met_by_place_compares_what_is_decided() -> None:
    def towns(here: float, there: float) -> pd.DataFrame:
        rows = [("legal", "A", 0, 100, 0, here), ("legal", "B", 1, 100, 0, there)]
        return pd.DataFrame(rows, columns=["group", "where", "order", "needs", "met", "share"])

    own = towns(0.5, 0.4)
    assert needs._places_title(own, Says()) == "Needs of legal residents: 50% met in A, 40% in B"
    sure = needs._places_title(own, Says([towns(0.5 + 0.01 * seed, 0.4) for seed in range(5)]))
    assert sure == "More of the needs of legal residents are met in A (50%) than in B (40%)"
    luck = needs._places_title(own, Says([towns(0.4, 0.3 + 0.05 * seed) for seed in range(5)]))
    assert luck == "Needs of legal residents: 50% met in A, 40% in B"


def test_time_to_help_pairs_each_need_with_its_help() -> None:
    events = [
        (0, 1, "need"),
        (2, 1, "served"),
        (3, 1, "need"),
        (5, 1, "gave_up"),
        (9, 1, "need"),
        (9, 1, "served"),
        (9, 2, "need"),
        (10, 2, "left"),
        (10, 3, "need"),
    ]
    table = pd.DataFrame(events, columns=["month", "migrant", "event"]).assign(status="legal", need="illness")
    data = lives.time_to_help_data(run_of("usual").part(events=table)).set_index("wait")["needs"]
    assert data["at once"] == 1
    assert data["2"] == 1
    assert data["never"] == 2, "given up, and cut short by leaving"
    assert data.sum() == 4, "what is open at the end of the run counts nowhere, as in all other figures"


def test_time_to_help_shows_no_wait_that_no_need_can_have() -> None:
    """The most patience is half a year: a bar of seven months would stand at 0 without a reason."""
    run = run_of("usual")
    figure = lives.time_to_help(run, lives.time_to_help_data(run))
    assert [tick.get_text() for tick in figure.axes[0].get_xticklabels()][-2:] == ["4 to 6", "never"]
    (said,) = artist(figure, "subtitle")
    assert "open for more than 6 months: then it is given up" in said.get_text().replace("\n", " ")
    patient = replace(run.scenario, parameters={**run.parameters, "needs.illness.patience": 9})
    longer = lives.time_to_help(type(run)(patient, run.tables), lives.time_to_help_data(run))
    assert [tick.get_text() for tick in longer.axes[0].get_xticklabels()][-2:] == ["7 and on", "never"]


def test_time_to_help_counts_the_needs_that_all_other_figures_count() -> None:
    """Where every life is recorded, as many needs were met, and as many were not."""
    run = Run.from_model(small_run({"stories.share": 1.0}, months=36))
    found = lives.time_to_help_data(run).set_index("wait")["needs"]
    counted = totals(run, "monthly", ["unmet", *(f"served_{name}" for name in helpers_of(run))]).iloc[0]
    assert found["never"] == counted["unmet"] > 0
    assert found.sum() == counted.sum()


def test_status_flows_count_each_life_once() -> None:
    events = [(0, 1, "arrived", "legal"), (5, 1, "status", "denizen"), (0, 2, "arrived", "smuggled"),
              (7, 2, "deported", "smuggled")]  # fmt: skip
    table = pd.DataFrame(events, columns=["month", "migrant", "event", "status"]).assign(need="")
    data = lives.status_flows_data(run_of("usual").part(events=table))
    found = {(row.begins, row.ends): row.lives for row in data.itertuples()}
    assert found == {("legal", "denizen"): 1, ("smuggled", "deported"): 1}


def test_standardised_places_differ_only_by_what_is_done_for_a_status() -> None:
    """A place where more of the unauthorised live, and each status fares as elsewhere, is as good as the other."""
    monthly = pd.DataFrame({"month": 0, "place": [0, 0, 1, 1], "status": ["legal", "overstayer"] * 2})
    other = {name: 0 for name in run_of("usual").table("monthly") if name not in monthly}
    counts = {"needs": [900, 100, 500, 500], "served_city": [450, 10, 250, 50], "unmet": [450, 90, 250, 450]}
    monthly = monthly.assign(**{**other, **counts})
    found = country.standardised(
        run_of("usual").part(monthly=monthly, places=run_of("usual").table("places"))
    )
    assert found.loc[0] == pytest.approx(found.loc[1]) == pytest.approx((700 + 60) / 2000)
