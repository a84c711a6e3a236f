"""The world that the page shows: its numbers are those of tables and measures, counts to the person."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from small import small_run

from local_citizenship.app.classroom.artifacts import lives_shown
from local_citizenship.app.classroom.payload import places_json, world_of
from local_citizenship.app.classroom.payload_bytes import (
    Packed,
    counts,
    floats,
    from_bytes,
    measured,
    to_bytes,
)
from local_citizenship.model import LocalCitizenship
from local_citizenship.outcomes.headline import headlines
from local_citizenship.outcomes.measures import formal_and_substantive, harms, unevenness, who_fills
from local_citizenship.outcomes.plots.country import map_data
from local_citizenship.outcomes.run import Run
from local_citizenship.outcomes.run_folder import load_run, save_run
from local_citizenship.outcomes.simulate import simulate
from local_citizenship.outcomes.story import list_lives, lives_at_a_glance
from local_citizenship.scenarios import load_scenario
from local_citizenship.scenarios.catalogue import DOORS, REASONS, SERVICES, STATUSES


@pytest.fixture(scope="module")
def model() -> LocalCitizenship:
    """Japan for 30 months that begin in spring, one record for 100 people: two calendar years in part."""
    sets = ["scale.persons_per_record=100", "stories.share=0.05", "start=1990-04"]
    made = LocalCitizenship(load_scenario("japan", sets=sets, months=30))
    made.run()
    return made


@pytest.fixture(scope="module")
def run(model: LocalCitizenship) -> Run:
    return Run.from_model(model)


@pytest.fixture(scope="module")
def opened(model: LocalCitizenship) -> tuple[dict, dict[str, Packed]]:
    return from_bytes(world_of(Run.from_model(model)))


def test_it_is_the_same_from_model_run_and_folder(model: LocalCitizenship, run: Run, tmp_path) -> None:
    block = world_of(Run.from_model(model))
    assert world_of(run) == block
    save_run(run, tmp_path / "kept")
    assert world_of(load_run(tmp_path / "kept")) == block


def test_counts_by_month_are_the_tables(run: Run, opened) -> None:
    header, arrays = opened
    monthly = run.table("monthly")
    by_month = monthly.groupby("month").sum(numeric_only=True)
    stock = monthly.pivot_table(index="month", columns="place", values="stock", aggfunc="sum", fill_value=0)
    stock = stock.reindex(columns=range(len(run.table("places"))), fill_value=0)
    assert np.array_equal(arrays["stock"].values, stock)
    by_status = monthly.groupby(["month", "status"], observed=False)["stock"].sum().unstack()
    assert np.array_equal(arrays["stock_status"].values, by_status)
    assert np.array_equal(arrays["arrivals"].values, by_month["arrived"])
    assert np.array_equal(arrays["departures"].values, by_month["left"] + by_month["deported"])
    served = by_month[[f"served_{provider}" for provider in header["providers"][:-1]]]
    assert np.array_equal(arrays["who"].values, np.column_stack([served, by_month["unmet"]]))
    stages = by_month[["needs", "aware", "willing", "eligible", "claimed"]]
    claimed = served.drop(columns="served_informal")
    assert np.array_equal(arrays["cascade"].values, np.column_stack([stages, claimed.sum(axis=1)]))
    assert arrays["stock"].scale == header["persons"] == 100


def test_accounts_balance_within_a_world(opened) -> None:
    _, arrays = opened
    people = arrays["stock"].values.sum(axis=1)
    assert np.array_equal(people, arrays["stock_status"].values.sum(axis=1))
    assert np.array_equal(np.diff(people), (arrays["arrivals"].values - arrays["departures"].values)[1:])
    assert np.array_equal(arrays["who"].values.sum(axis=1), arrays["cascade"].values[:, 0])


def test_states_of_places_are_the_tables_to_a_step(run: Run, opened) -> None:
    header, arrays = opened
    assert header["years"] == [1990, 1991, 1992]
    yearly = run.table("places_yearly").set_index(["year", "place"])
    for name in ("level", "motivation", "budget", "spent", "grant", "tension", "ngos"):
        exact = yearly["service_level" if name == "level" else name].unstack().to_numpy(float)
        assert arrays[name].values == pytest.approx(exact, abs=max(1e-9, arrays[name].scale / 2)), name
    for number, service in enumerate(SERVICES):
        exact = yearly[f"level_{service}"].unstack().to_numpy(float)
        assert arrays["services"].values[:, :, number] == pytest.approx(exact, abs=0.002 + 1e-9)
    told = {column: yearly[column].unstack().to_numpy(bool) for column in yearly}
    for bit, service in enumerate(SERVICES):
        is_open = (arrays["access"].raw.astype(int) >> bit & 1).astype(bool)
        assert np.array_equal(is_open, told[f"open_{service}"]), service
    assert np.array_equal(arrays["firewall"].raw.astype(bool), told["firewall"])
    assert 0 < yearly["open_emergency"].mean() < 1


def test_access_is_told_of_as_many_services_as_there_can_be(tmp_path) -> None:
    most = load_scenario("two-towns").parameters.services.limit
    added = [f"service_{number}" for number in range(len(SERVICES), most)]
    like = "like: schooling, threshold: 0, open_to_unauthorised: 1"
    lines = [f"  {name}: {{{like}, label: {name}}}\n" for name in added]
    (tmp_path / "many.yaml").write_text(
        f"extends: two-towns\ncity: {{pace: 1, budget: 20000}}\nscale: {{share: 0.0002}}\nservices:\n{''.join(lines)}"
    )
    many = LocalCitizenship(load_scenario(tmp_path / "many.yaml", months=16), engine="interpreted")
    many.run()
    run = Run.from_model(many)
    header, arrays = from_bytes(world_of(run))
    rows = run.table("places_yearly")
    last = rows[rows["year"] == rows["year"].max()]
    assert len(header["services"]) == most == 32
    assert last[f"open_{added[-1]}"].any()
    assert ((arrays["access"].raw[-1] >> 31 & 1) == last[f"open_{added[-1]}"]).all()
    assert (arrays["firewall"].raw[-1] == last["firewall"]).all()


@pytest.mark.mechanism("E5", "E8")
def test_shares_of_the_year_are_the_measures(run: Run, opened) -> None:
    _, arrays = opened
    filled = who_fills(run, by=("year", "place"))
    shares, rates = arrays["needs_met"], arrays["unmet_rate"]
    seen = 0
    for row in filled.itertuples():
        value = shares.values[row.year - 1990, row.place]
        if row.needs < 5 * 100:
            assert np.isnan(value)
        else:
            seen += 1
            assert value == pytest.approx(1 - row.nobody - row.informal, abs=shares.scale)
    assert seen > 50
    for row in harms(run, by=("year", "place")).itertuples():
        value = rates.values[row.year - 1990, row.place]
        if row.person_years > 0:
            assert value == pytest.approx(row.unmet_per_1000, abs=rates.scale)


@pytest.mark.mechanism("E1", "E3")
def test_needs_met_are_those_of_tables_and_figures(run: Run, opened) -> None:
    header, arrays = opened
    cascade, who = (arrays[name].values.sum(axis=0) for name in ("cascade", "who"))
    apart = [header["providers"].index(name) for name in header["unclaimed"]]
    met = headlines(run, ["needs_met"])["needs_met"]
    assert cascade[-1] / cascade[0] == pytest.approx(met)
    assert 1 - (who[-1] + who[apart].sum()) / who.sum() == pytest.approx(met)
    assert who[apart].sum() > 0
    right = formal_and_substantive(run, by=())["substantive"].iloc[0]
    assert (
        map_data(run)["met"].sum() / map_data(run)["needs"].sum()
        == pytest.approx(right)
        == pytest.approx(met)
    )


@pytest.mark.mechanism("E2")
def test_unevenness_is_that_of_the_measures(run: Run, opened) -> None:
    _, arrays = opened
    table = unevenness(run)
    levels = table[(table["of"] == "service_level") & (table["weights"] == "migrants")]
    assert arrays["theil_between"].values == pytest.approx(levels["between"].to_numpy(), rel=1e-6)
    assert arrays["theil_within"].values == pytest.approx(levels["within"].to_numpy(), rel=1e-6)


def test_moves_add_up(run: Run, opened) -> None:
    header, arrays = opened
    monthly = run.table("monthly")
    year = 1990 + (monthly["month"] + 3) // 12
    assert np.array_equal(arrays["flows"].values.sum(axis=(1, 2)), monthly.groupby(year)["moved_in"].sum())
    assert len(header["groups"]) == arrays["flows"].raw.shape[1] == 47
    area = arrays["group_of_place"].values.astype(int)
    names = run.table("places")["region_name"].tolist()
    assert [header["groups"][each] for each in area] == names


def test_places_and_what_is_said_of_measures(model: LocalCitizenship, opened) -> None:
    header, arrays = opened
    places = json.loads(places_json(Run.from_model(model)))
    assert places["id"] == header["places_id"]
    assert len(places["name"]) == arrays["stock"].raw.shape[1] == len(places["region"])
    assert places["synthetic"] is False
    for name, about in header["measures"].items():
        shape = arrays[about["array"]].raw.shape
        assert shape[0] == (len(header["years"]) if about["when"] == "year" else header["months"]), name
        assert not about["map"] or shape[1] == len(places["name"])
        assert about["column"] is None or about["column"] < shape[2]
        assert about["label"], name
        assert about["definition"].endswith((".", ")")), name
        assert about["unit"], name


def test_a_world_without_people_can_be_shown() -> None:
    nobody = {"doors": {door: {"initial": 0.0, "arrivals": 0.0} for door in DOORS}}
    header, arrays = from_bytes(world_of(Run.from_model(small_run(nobody, months=3))))
    assert header["months"] == 3
    assert not arrays["stock"].values.any()
    assert not arrays["flows"].values.any()
    for name in ("needs_met", "unmet_rate", "unauthorised", "theil_between", "theil_within"):
        assert np.isnan(arrays[name].values).all(), name


@pytest.mark.parametrize(
    ("values", "unit", "kind"),
    [([0, 255], 1, "u1"), ([0, 256], 1, "u2"), ([0, 65_535 * 20], 20, "u2"), ([2**32 - 1], 1, "u4")],
)
def test_counts_travel_exactly_in_few_bytes(values: list[int], unit: int, kind: str) -> None:
    header, arrays = from_bytes(to_bytes({}, {"x": counts(values, unit)}))
    assert header["arrays"]["x"]["type"] == kind
    assert arrays["x"].values.tolist() == values


def test_no_value_stays_no_value() -> None:
    packed = measured([0.25, np.nan, 1.0], low=0.0, high=1.0)
    header, arrays = from_bytes(
        to_bytes({"é": "ü"}, {"x": packed, "y": floats([np.nan, 0.5]), "z": measured([np.nan])})
    )
    assert header["é"] == "ü"
    assert arrays["x"].values == pytest.approx([0.25, np.nan, 1.0], abs=1e-5, nan_ok=True)
    assert arrays["y"].values == pytest.approx([np.nan, 0.5], nan_ok=True)
    assert np.isnan(arrays["z"].values).all()
    assert all(about["offset"] % 8 == 0 for about in header["arrays"].values())


def test_what_cannot_travel_is_refused() -> None:
    for said, pack in (
        ("multiples of 20", lambda: counts([30], 20)),
        ("multiples of 1", lambda: counts([-1])),
        (r"lie outside 0\.0 to 1\.0", lambda: measured([1.2], low=0.0, high=1.0)),
        ("LCW1", lambda: from_bytes(b"PK\x03\x04")),
    ):
        with pytest.raises(ValueError, match=said):
            pack()


def test_lives_at_a_glance_are_the_lives_listed(run: Run) -> None:
    listed, glance = list_lives(run), lives_at_a_glance(run)
    assert glance["migrant"].tolist() == listed["migrant"].tolist()
    for name in ("events", "needs", "met", "moves"):
        assert glance[name].tolist() == listed[name].tolist()
    assert [run.date(month) for month in glance["last"]] == listed["last"].tolist()
    doors = run.entries.doors.names
    assert [doors[door] for door in glance["door"]] == listed["door"].tolist()
    ends = [REASONS[end] if end >= 0 else "recorded to the end" for end in glance["end"]]
    assert ends == listed["end"].tolist()
    assert all(
        statuses.split(", ")[-1] == STATUSES[last] or STATUSES[last] in statuses
        for statuses, last in zip(listed["statuses"], glance["status"], strict=True)
    )
    some = lives_shown(run, 10)
    assert len(some["lives"]) == 10 < some["total"] == len(listed)
    assert {life["migrant"] for life in some["lives"]} <= {str(migrant) for migrant in listed["migrant"]}


def test_people_who_were_counted_are_sent_beside_the_simulated(tmp_path: Path) -> None:
    """Those counted within the run, by month from its first; of a world that has a part of the country, none."""
    file = tmp_path / "counted.yaml"
    rows = [("1989-12", 90), ("1990-01", 100), ("1991-03", 140), ("2030-01", 7)]
    counts = "".join(
        f"  - {{status: overstayer, date: {date}, persons: {persons}, source: A census}}\n"
        for date, persons in rows
    )
    whole = "scale: {share: 1, persons_per_record: 500}"
    file.write_text(f"extends: two-towns\nmonths: 24\n{whole}\nobserved:\n{counts}", encoding="utf-8")
    header, _ = from_bytes(world_of(simulate(str(file))))
    words = {"status": "overstayer", "source": "A census"}
    assert header["counted"] == [
        {**words, "month": 0, "persons": 100},
        {**words, "month": 14, "persons": 140},
    ]
    part = from_bytes(world_of(simulate(str(file), sets=["scale.share=0.01"])))
    assert part[0]["counted"] == []
