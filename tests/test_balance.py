"""The accounts balance to the person: every month, every status, every place."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from small import small_places, small_run, small_scenario

from local_citizenship.agents.family import MOST_CHILDREN
from local_citizenship.model import LocalCitizenship
from local_citizenship.model.counters import N_STATUSES
from local_citizenship.scenarios.catalogue import CITIZEN, DOORS, NEEDS, STATUSES

BUSY = {  # all that moves people between rungs, places and countries, more often than in life
    "enforcement": {"apprehension": 0.04},
    "status": {"permanent_after": 12, "permanent_rate": 0.05, "marriage": 0.01, "naturalise_after": 12,
               "naturalise_apply": 0.02},
    "doors": {door: {"moving": 0.05, "leaving": 0.01, "runaway": 0.01, "settlers": 0.5} for door in DOORS},
    "needs": {need: {"rate": 0.3, "departure": 0.1, "job_loss": 0.3} for need in NEEDS},
    "labour": {"adjusts": 2.0, "rehiring": 0.2},
    "doors.*.family_joins": 0.02,
    "ngos": {"initial": 25},
}  # fmt: skip
CLAIMED_FROM = ["served_city", "served_ngo", "served_nation", "served_job"]
SERVED = [*CLAIMED_FROM, "served_informal"]
AMNESTY = [(6, "enforcement.halve_in", 1.0), (12, "status.special_permission", 1.0), (15, "status.amnesty", 0.5),
           (16, "status.amnesty", 0.0)]  # fmt: skip
RUNS = {
    "as it comes": ([], {"months": 36}),
    "busy": ([BUSY], {"months": 36}),
    "busy, three threads": ([BUSY], {"months": 18, "threads": 3}),
    "busy, interpreted": ([BUSY], {"months": 5, "engine": "interpreted", "places": small_places(5, 2)}),
    "each record is seven persons": ([BUSY, {"scale": {"persons_per_record": 7}}], {"months": 24}),
    "slump": ([BUSY], {"months": 15, "changes": [(4, "labour.demand", 0.2)]}),
    "crackdown and amnesty": ([BUSY], {"months": 24, "changes": AMNESTY}),
}


@pytest.fixture(scope="module", params=RUNS)
def model(request):
    settings, how = RUNS[request.param]
    return small_run(*settings, **how)


def cube(model: LocalCitizenship, column: str) -> np.ndarray:
    """A column of `monthly` as (months, places, statuses)."""
    frame = model.ledger.monthly()
    values = np.zeros((model.month, len(model.municipalities), N_STATUSES), np.int64)
    values[frame["month"], frame["place"], frame["status"].cat.codes] = frame[column]
    return values


def test_stocks_follow_from_flows(model):
    """Last month's stock, plus who came by any way, less who went by any way, is this month's stock."""
    stock = cube(model, "stock")
    initial = model.state.initial_stock.astype(np.int64) * model.ledger.persons
    before = np.concatenate([initial[None], stock[:-1]])
    came = sum(cube(model, way) for way in ("arrived", "moved_in", "status_in"))
    went = sum(cube(model, way) for way in ("moved_out", "status_out", "left", "deported"))
    assert np.array_equal(stock, before + came - went)
    assert min(initial.sum(), came.sum(), went.sum()) > 0


def test_nobody_is_lost_on_the_way(model):
    """Who leaves a place or a rung reaches another, in the same month."""
    for one, other, axis in (("moved_in", "moved_out", 1), ("status_in", "status_out", 2)):
        assert np.array_equal(cube(model, one).sum(axis=axis), cube(model, other).sum(axis=axis)), one
        assert cube(model, one).sum() > 0, one


def test_the_last_stock_is_who_is_there(model):
    people = model.migrants.to_frame()
    counted = np.zeros((len(model.municipalities), N_STATUSES), np.int64)
    np.add.at(
        counted, (people["home"].to_numpy(), people["status"].cat.codes.to_numpy()), model.ledger.persons
    )
    assert np.array_equal(cube(model, "stock")[-1], counted)
    assert people["identity"].is_unique


def test_who_works_and_who_looks_is_counted_by_place_and_trade(model):
    """Of those who are there, citizens and spouses of nationals left out."""
    people, cities = model.migrants.records, model.state.cities
    came_to_work = model.state.world["doors_spouse"][0][people["door"]] == 0
    people = people[came_to_work & (people["status"] != CITIZEN)]
    for field, jobless in (("at_work", False), ("looking", True)):
        some = people[(people["jobless"] != 0) == jobless]
        head_count = np.zeros(cities[field].shape, np.int64)
        np.add.at(head_count, (some["home"], some["trade"]), 1)
        assert head_count.sum() > 0
        assert model.state.counters[0].places[field].tolist() == head_count.tolist() == cities[field].tolist()


def test_children_live_with_a_family_and_were_born_by_now(model):
    parents = model.migrants.records
    parents = parents[parents["children"] > 0]
    assert len(parents) > 0
    assert parents["family"].all()
    assert parents["children"].max() <= MOST_CHILDREN
    assert (parents["first_born"] <= parents["last_born"]).all()
    assert (parents["last_born"] < model.month).all()
    assert (parents["first_born"] == parents["last_born"])[parents["children"] == 1].all()


def test_every_closed_episode_was_served_once_or_unmet(model):
    for frame in (model.ledger.monthly(), model.ledger.table("needs")):
        assert (frame["needs"] == frame[[*SERVED, "unmet"]].sum(axis=1)).all()
        assert frame["needs"].sum() > 0


def test_the_cascade_narrows(model):
    for frame in (model.ledger.monthly(), model.ledger.table("needs")):
        for wider, narrower in pairwise(("needs", "aware", "willing", "eligible", "claimed")):
            assert (frame[wider] >= frame[narrower]).all(), (wider, narrower)
        assert (frame[CLAIMED_FROM].sum(axis=1) <= frame["claimed"]).all()
        assert (frame.select_dtypes("number") >= 0).all().all()
    monthly = model.ledger.monthly()
    for part, whole in (
        ("eligible", "eligible_aware"), ("eligible_aware", "eligible_any"), ("eligible_any", "needs"),
        ("ngo_served", "ngo_cases"), ("insured", "stock"), ("sustained", "stock"),
    ):  # fmt: skip
        assert (monthly[part] <= monthly[whole]).all(), part
    assert (monthly["ngo_served"] + monthly["ngo_phone"] == monthly["served_ngo"]).all()


def test_the_tables_agree_with_one_another(model):
    """Stock by place, by door, in the nation's row and in the census; needs by place and by region."""
    tables = model.ledger.tables()
    stock = cube(model, "stock").sum(axis=1)
    by_door = tables["doors"].groupby(["month", "status"], observed=False)[["stock", "arrived"]].sum()
    for column in ("stock", "arrived"):
        by_place = cube(model, column).sum(axis=1)
        assert np.array_equal(by_door[column].to_numpy().reshape(-1, N_STATUSES), by_place), column
    assert tables["nation"]["migrants"].tolist() == stock[:, 1:].sum(axis=1).tolist()
    assert tables["nation"]["unauthorised"].tolist() == stock[:, 3:].sum(axis=1).tolist()

    census = tables["census"].groupby(["year", "status"], observed=False)["persons"].sum().unstack()
    assert census.iloc[-1].tolist() == stock[-1].tolist()
    modes = tables["census"][["never", "episodic", "sustained"]].sum(axis=1)
    assert modes.equals(tables["census"]["persons"])

    monthly, needs = tables["monthly"], tables["needs"]
    for column in ("needs", "aware", "claimed", *SERVED, "unmet"):
        by_status = monthly.groupby(["month", "status"], observed=False)[column].sum()
        regional = needs.groupby(["month", "status"], observed=False)[column].sum()
        assert by_status.eq(regional.reindex(by_status.index, fill_value=0)).all(), column

    gone = tables["departures"].groupby(["month", "status"], observed=False)["persons"].sum().unstack()
    gone = gone.reindex(range(model.month), fill_value=0)
    left = cube(model, "left") + cube(model, "deported")
    assert np.array_equal(gone.to_numpy(), left.sum(axis=1))
    assert tables["moves"]["moves"].sum() == cube(model, "moved_in").sum()
    for end, side in (
        ("origin", "moved_out"),
        ("destination", "moved_in"),
    ):  # each of these few places is an area
        by_place = monthly.groupby("place")[side].sum()
        counted = tables["flows"].groupby(end)["moves"].sum()
        assert counted.to_dict() == by_place[by_place > 0].to_dict()
    assert list(gone.columns) == list(STATUSES)


def test_what_ngos_say_they_took_on_is_what_migrants_say():
    """NGOs' own accounts of a fiscal year against the migrants' of the same months."""
    model = small_run(BUSY, months=16)
    accounts = model.ledger.tables()["ngos"]
    year = accounts[accounts["year"] == 1991]
    cases, turned = (cube(model, column)[3:15].sum() for column in ("ngo_cases", "turned_away"))
    assert year["served"].sum() == cases > 0
    assert year["turned_away"].sum() == turned


def test_scaled_runs_count_persons():
    """One record for seven: about as many people as at full size, and everything a multiple of seven."""
    full, scaled = (small_run({"scale.persons_per_record": persons}, months=12) for persons in (1, 7))
    stocks = [cube(model, "stock")[-1].sum() for model in (full, scaled)]
    assert stocks[1] == pytest.approx(stocks[0], rel=0.1)
    for name in ("monthly", "needs", "doors", "departures", "census"):
        frame = scaled.ledger.tables()[name].select_dtypes("integer")
        counts = frame.drop(columns=["month", "year", "place", "region", "stay"], errors="ignore")
        assert (counts % 7 == 0).all().all(), name
        assert counts.to_numpy().sum() > 0, name


def test_the_stock_kept_up_to_date_is_the_stock_counted_head_by_head():
    """All that stands from month to month, after every month, and after a dated change of what counts."""
    changes = [(7, "claiming.sustained_after", 2), (12, "claiming.sustained_after", 9)]
    keen = {"claiming.join": 0.05, "belonging.growth": 0.05, "voice.mobilise": 0.5}
    places = small_places(level=1.0)
    model = LocalCitizenship(small_scenario(BUSY, keen, months=18, changes=changes, places=places))
    seen = dict.fromkeys(("stock", "by_door", "knowers", "ngo_knowers", "insured", "sustained", "members", "members_of",
                          "mobilised"), 0)  # fmt: skip
    for month in range(18):
        model.step()
        kept, counted = model.state.counters[0], model.state.head_count(month)
        for name in seen:
            assert np.array_equal(kept.places[name], counted.places[name]), (month, name)
            seen[name] += int(counted.places[name].sum())
        assert np.array_equal(kept.nations["stock"], counted.nations["stock"]), month
    assert all(seen.values()), seen
