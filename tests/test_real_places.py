"""Places that exist: their tables, what is drawn within outlines, and what is shown and not shown of them."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from command_line import call, told
from scripts import ROOT, script

from local_citizenship.app.classroom.payload import places_shown, world_of
from local_citizenship.app.classroom.payload_bytes import from_bytes
from local_citizenship.model import LocalCitizenship
from local_citizenship.outcomes.observed import last_december, observed_services
from local_citizenship.outcomes.places_info import NO_ESTIMATE, SENSITIVE, WARNING, PlacesInfo, places_info
from local_citizenship.outcomes.plots import FIGURES, land
from local_citizenship.outcomes.run import Run
from local_citizenship.outcomes.run_folder import save_run
from local_citizenship.outcomes.simulate import simulate
from local_citizenship.scenarios import ScenarioError, load_scenario
from local_citizenship.scenarios.outlines import inside, read_outlines
from local_citizenship.scenarios.places import PLACES_FOLDER, SHIPPED, Places, load_places
from local_citizenship.scenarios.places_draw import draw_will

TOWNS = """\
code,region,name,name_local,kind,latitude,longitude,population,foreign_residents,fiscal_strength,\
observed_schooling_1990,observed_council_1991-04
1,North,Alpha-shi,甲市,city,43.0,141.0,900000,30000,0.9,0.25,
2,North,Beta-mura,,village,43.2,141.3,9000,20,0.2,,0.5
"""


@cache
def table(name: str) -> Places:
    return load_places(PLACES_FOLDER / name, seed=1990)


@cache
def small(scenario: str) -> Run:
    """A year of a few hundred records, in all its places."""
    return simulate(scenario, sets=["scale.persons_per_record=1000"], months=12)


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run in two towns of a user's own, of which some services were observed."""
    folder = tmp_path_factory.mktemp("towns")
    (folder / "towns.csv").write_text(TOWNS, encoding="utf-8")
    (folder / "towns.yaml").write_text(
        "extends: two-towns\nplaces: towns.csv\nmonths: 18\n", encoding="utf-8"
    )
    return save_run(simulate(folder / "towns.yaml"), folder / "run")


# Tables


def test_tables_have_the_published_rows_and_totals() -> None:
    make = script("docs/make/places.py")
    for name in make.PUBLISHED:
        rows = make.read(PLACES_FOLDER / f"{name}.csv")
        make.check_totals(name, rows)
        with pytest.raises(SystemExit, match="nothing was written"):
            make.check_totals(name, rows[1:])


def test_wards_of_tokyo_are_as_rich_as_the_metropolis_and_no_factory_towns() -> None:
    with (PLACES_FOLDER / "japan_municipalities_2013.csv").open(encoding="utf-8", newline="") as file:
        kind = {row["code"]: row["kind"] for row in csv.DictReader(file)}
    places = table("japan_municipalities_2013.csv")
    ward = np.array([kind[code] == "special ward" for code in places.code])
    assert ward.sum() == 23
    assert set(places.fiscal_strength[ward]) == {1.41}
    assert set(places.industry[ward]) == {0.2}
    assert places.fiscal_strength[~ward].mean() == pytest.approx(0.56, abs=0.005)
    town = dict(zip(places.name, places.industry, strict=True))
    outlying, suburbs = ("Toyota-shi", "Oizumi-machi", "Hamamatsu-shi"), ("Kawaguchi-shi", "Ichikawa-shi")
    assert min(town[each] for each in outlying) > 0.4 > 0.3 > max(town[each] for each in suburbs)
    assert places.foreign_residents[ward].sum() / places.foreign_residents.sum() == pytest.approx(
        0.16, abs=0.005
    )


@pytest.mark.mechanism("B10")
def test_two_cities_want_what_the_article_says_of_them_and_the_rest_is_drawn() -> None:
    """B10: Kawasaki far more than is usual, Kawaguchi far less; nobody else's will is given."""
    places = table("japan_municipalities_2013.csv")
    drawn = draw_will(places.seed, places.code)
    given = {places.name[row]: places.will[row] for row in np.flatnonzero(places.will != drawn)}
    assert given == {"Kawasaki-shi": 2.0, "Kawaguchi-shi": -1.5}
    cities = LocalCitizenship(load_scenario("japan-sample")).state.cities
    own = dict(zip(places.name, cities["own_will"], strict=True))
    assert (own["Kawasaki-shi"], own["Kawaguchi-shi"]) == (2.0, -1.5)


@pytest.mark.parametrize(
    ("name", "places"), [("japan_municipalities_2013", 1742), ("korea_municipalities_2015", 229)]
)
def test_real_municipalities_have_a_name_in_two_scripts_and_lie_on_the_map(name: str, places: int) -> None:
    found = table(f"{name}.csv")
    assert len(found) == len(found.name_local) == places
    assert all(local and not local.isascii() for local in found.name_local)
    assert found.named
    assert not found.synthetic
    outlines = read_outlines(found.about.outlines)
    assert set(found.regions) == set(outlines.regions)
    assert inside(outlines.of(""), np.column_stack([found.longitude, found.latitude])).mean() > 0.95


@pytest.mark.parametrize(
    "name", [name for name, about in SHIPPED.items() if about.outlines and not about.language]
)
def test_municipalities_that_are_drawn_lie_on_land_and_sum_to_their_region(name: str) -> None:
    places = table(name)
    outlines = read_outlines(places.about.outlines)
    points = np.column_stack([places.longitude, places.latitude])
    for number, region in enumerate(places.regions):
        own = places.region == number
        assert inside(outlines.of(region), points[own]).all() or own.sum() == 1, region
    with (PLACES_FOLDER / name).open(encoding="utf-8", newline="") as file:
        people = {row["region"]: int(row["population"]) for row in csv.DictReader(file)}
    sums = np.bincount(places.region, places.population)
    assert [people[region] for region in places.regions] == sums.tolist()


def test_japans_correlations_are_not_taken_for_those_of_others() -> None:
    def within(name: str) -> float:
        places = table(name)
        frame = pd.DataFrame({"r": places.region, "a": places.population, "b": places.fiscal_strength})
        large = frame.groupby("r").filter(lambda part: len(part) > 30).groupby("r")
        return float(np.mean([part["a"].rank().corr(part["b"].rank()) for _, part in large]))

    assert within("japan_prefectures_2013.csv") > 0.6
    assert abs(within("spain_provinces_2021.csv")) < 0.1 > abs(within("italy_provinces_2023.csv"))


def test_a_ring_within_another_is_a_hole() -> None:
    square = np.array([[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]], float)
    hole = np.array([[1, 1], [3, 1], [3, 3], [1, 3], [1, 1]], float)
    points = np.array([[0.5, 0.5], [2.0, 2.0], [3.5, 2.0], [5.0, 2.0]])
    assert inside((square, hole), points).tolist() == [True, False, True, False]


@pytest.mark.parametrize("scenario", ["japan", "korea", "italy", "spain"])
def test_countries_lie_in_real_places_whose_sources_are_named(scenario: str) -> None:
    one = load_scenario(scenario)
    assert one.places.about.outlines
    assert one.places.about.credit
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    assert one.places_name in notice
    assert f"{one.places.about.outlines}.geojson" in notice


def test_japan_lives_in_real_towns_unless_they_are_drawn() -> None:
    real, sample, drawn = (load_scenario(name).places for name in ("japan", "japan-sample", "japan-drawn"))
    assert real.fingerprint == sample.fingerprint
    assert (real.named, drawn.named) == (True, False)
    assert (real.population.sum(), len(real)) == (drawn.population.sum(), len(drawn))
    other = load_scenario("japan-drawn", sets=["places_seed=2"]).places
    assert other.fingerprint != drawn.fingerprint


# Services that were observed


def test_what_was_observed_stands_beside_the_runs_own(observed: Path) -> None:
    run = simulate(observed.parent / "towns.yaml")
    seen = observed_services(run)
    level = run.table("places_yearly").set_index(["year", "place"])["level_schooling"]
    assert seen[["place", "service", "date", "observed"]].values.tolist() == [
        [0, "schooling", "1990", 0.25], [1, "council", "1991-04", 0.5],
    ]  # fmt: skip
    assert seen["simulated"].iloc[0] == pytest.approx(level[1990, 0])
    assert seen["difference"].iloc[0] == pytest.approx(level[1990, 0] - 0.25)
    done = call("places", observed, "alpha", "乙")
    assert "there is no place '乙'" in told(done)
    done = call("places", observed, "BETA", "甲市")
    assert done.stdout.index("Beta-mura") < done.stdout.index("Alpha-shi 甲市")
    assert done.stdout.index("Services observed") < done.stdout.index("1991-04")


def test_the_last_december_by_a_date() -> None:
    assert [last_december(date) for date in ("2006", "2006-12", "2006-04")] == [2006, 2006, 2005]


def test_observations_change_no_draw(tmp_path: Path) -> None:
    (tmp_path / "plain.csv").write_text(
        "\n".join(line.rsplit(",", 2)[0] for line in TOWNS.splitlines()), encoding="utf-8"
    )
    (tmp_path / "seen.csv").write_text(TOWNS, encoding="utf-8")
    plain, seen = (load_places(tmp_path / name, seed=1) for name in ("plain.csv", "seen.csv"))
    assert (plain.history == seen.history).all()
    assert (plain.industry == seen.industry).all()
    assert not plain.observed
    assert len(seen.observed) == 2
    assert not plain.has_level
    assert not seen.has_level


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("observed_schooling", "says neither what was observed nor when"),
        ("observed_schooling_2006-13", "says neither what was observed nor when"),
        ("observed_shooling_2006", "there is no service 'shooling'"),
    ],
)
def test_a_column_of_observations_names_a_service_and_a_date(tmp_path: Path, column: str, said: str) -> None:
    file = tmp_path / "towns.csv"
    file.write_text(TOWNS.replace("observed_schooling_1990", column), encoding="utf-8")
    with pytest.raises(ScenarioError, match=said):
        load_places(file, seed=1)


# What is shown


def test_a_map_of_real_places_has_land_boxes_names_and_sources() -> None:
    figure = FIGURES["map"].draw(small("japan"))
    texts = [text.get_text().replace("\n", " ") for text in figure.findobj() if hasattr(text, "get_text")]
    assert any(NO_ESTIMATE in text and "MIC" in text and "MLIT" in text for text in texts)
    assert {"Okinawa Amami", "Ogasawara", "Tokyo", "Osaka"} <= set(texts)
    names = {text.get_text() for text in figure.findobj() if text.get_gid() == "name"}
    assert names
    assert not any(name.endswith("-shi") for name in names)
    # Two maps, four boxes each.
    assert len([part for part in figure.findobj() if part.get_gid() == "land"]) == 10


def test_every_figure_of_a_real_place_says_that_it_is_no_estimate_and_others_do_not() -> None:
    for scenario, said in (("korea", True), ("two-towns", False)):
        run = simulate("two-towns", months=2) if scenario == "two-towns" else small(scenario)
        assert places_info(run).named is said
        for drawing in FIGURES.values():
            texts = [part.get_text().replace("\n", " ") for part in drawing.draw(run).texts]
            assert any(NO_ESTIMATE in text for text in texts) is said, drawing.name


@pytest.mark.filterwarnings("ignore:Glyph")
def test_names_are_in_the_readers_script_where_there_is_a_font(monkeypatch: pytest.MonkeyPatch) -> None:
    for each in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(each, raising=False)
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    assert land.reader_language() == "ja"
    run = small("japan")
    with_font = land.FontProperties(family="DejaVu Sans")
    for font in (None, with_font):
        monkeypatch.setattr(land, "font_for", lambda _, font=font: font)
        names = [text.get_text() for text in FIGURES["map"].draw(run).findobj() if text.get_gid() == "name"]
        assert names
        assert all(name.isascii() is (font is None) for name in names)


def test_the_page_gets_land_names_and_the_warning() -> None:
    run = small("japan")
    shown = places_shown(run)
    assert json.dumps(shown)
    assert len(shown["name_local"]) == len(shown["name"]) == 1742
    assert shown["named"]
    assert shown["warning"] == WARNING
    assert "MLIT" in shown["credit"]
    assert [each["name"] for each in shown["islands"]] == ["Okinawa, Amami", "Ogasawara"]
    assert [each["name"] for each in shown["crowds"]] == ["Tokyo", "Osaka"]
    (west, south, east, north), _ = (each["box"] for each in shown["crowds"])
    assert west < 139.7 < east  # Tokyo
    assert south < 35.7 < north
    assert len(shown["land"]) > 47
    assert all(len(ring) % 2 == 0 for ring in shown["land"])
    measures = from_bytes(world_of(run))[0]["measures"]
    assert {name for name, about in measures.items() if about["sensitive"]} == set(SENSITIVE)
    made_up = places_shown(simulate("two-towns", months=2))
    assert not made_up["named"]
    assert not made_up["land"]
    assert not made_up["crowds"]
    assert made_up["name_local"] is None


def test_real_towns_are_ranked_by_what_shames_them_only_when_asked_and_told(tmp_path: Path) -> None:
    folder = save_run(small("korea"), tmp_path / "r")
    plain = call("places", folder, "--most", "3")
    assert "unauthorised" not in plain.stdout
    assert "tension" not in plain.stdout
    assert WARNING[:40] not in plain.stderr
    for what in SENSITIVE:
        asked = call("places", folder, "--most", "3", "--sort-by", what)
        assert what in asked.stdout
        assert WARNING[:40] in asked.stderr
    assert NO_ESTIMATE in plain.stdout
    assert "can't be ordered by 'shame'" in told(call("places", folder, "--sort-by", "shame"))


def test_a_manifest_of_a_stranger_names_no_file_and_breaks_nothing() -> None:
    run = simulate("two-towns", months=2)
    run.manifest["places"] = {
        "table": 3,
        "synthetic": None,
        "named": "yes",
        "outlines": "../../secret",
        "more": 1,
    }
    assert places_info(run) == PlacesInfo()
    run.manifest["places"] = ["nothing"]
    assert places_info(run) == PlacesInfo()
