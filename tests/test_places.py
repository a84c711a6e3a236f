"""Places: reading tables, what is wrong in them, and the draw of synthetic municipalities."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from local_citizenship.scenarios.catalogue import COUNCIL, INFORMATION, SERVICES
from local_citizenship.scenarios.errors import ScenarioError
from local_citizenship.scenarios.places import PLACES_FOLDER, SHIPPED, load_places, shipped_table
from local_citizenship.scenarios.places_draw import draw_municipalities, share_out
from local_citizenship.scenarios.places_table import Region, read_table

JAPAN = PLACES_FOLDER / "japan_prefectures.csv"
ROOT = Path(__file__).resolve().parents[1]

REGIONS = """\
code,region,municipalities,population,foreign_residents,latitude,longitude,sd_log_population,sd_log_foreign_share
01,North,12,400000,3000,43.0,141.0,1.2,0.6
02,South,30,2500000,60000,35.6,139.6,1.6,0.8
"""
TOWNS = """\
code,region,name,latitude,longitude,population,foreign_residents,fiscal_strength
101,North,Alpha,43.0,141.0,40000,300,0.4
102,North,Beta,43.2,141.3,9000,20,0.2
201,South,"Gamma, City",35.6,139.6,900000,30000,1.1
"""
# As Excel saves it where 1,5 is one and a half.
GERMAN = (
    re.sub(r"(\d)\.(\d)", r"\1~\2", TOWNS.replace('"Gamma, City"', "Gamma"))
    .replace(",", ";")
    .replace("~", ",")
)


def with_column(name: str, *cells: object) -> str:
    """The towns with one more column."""
    lines = zip(TOWNS.splitlines(), (name, *cells), strict=True)
    return "".join(f"{line},{cell}\n" for line, cell in lines)


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "table.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# Tables as they should be


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_tables_keep_their_sums(name: str) -> None:
    path = shipped_table(name)
    assert path is not None
    places = load_places(path, seed=1)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    foreign = "born_abroad" if "born_abroad" in rows[0] else "foreign_residents"
    assert places.population.sum() == sum(int(row["population"]) for row in rows)
    assert places.foreign_residents.sum() == sum(int(row[foreign]) for row in rows)
    assert len(places) == sum(int(row.get("municipalities", 1)) for row in rows)
    assert places.source == SHIPPED[name].source


def test_all_tables_in_the_folder_are_listed() -> None:
    assert {path.name for path in PLACES_FOLDER.glob("*.csv")} == set(SHIPPED)
    assert shipped_table("nowhere.csv") is None


def test_two_towns_are_a_proactive_and_a_minimal_city() -> None:
    towns = load_places(PLACES_FOLDER / "two-towns.csv", seed=1)
    assert towns.name == ["Kawasaki-like", "Kawaguchi-like"]
    assert towns.has_level
    assert not towns.synthetic
    proactive, minimal = towns.level
    assert (proactive > minimal).all()
    assert minimal[INFORMATION] > 0.0 == minimal[COUNCIL]
    assert towns.history[0] > towns.history[1]
    # "significant immigrant populations": the minimal town has no fewer foreigners for its size.
    share = towns.foreign_residents / towns.population
    assert share[1] > share[0]


def test_municipalities_are_used_as_they_are_whatever_the_order(tmp_path: Path) -> None:
    places = load_places(write(tmp_path, TOWNS), seed=3)
    assert places.name == ["Alpha", "Beta", "Gamma, City"]
    assert places.regions == ["North", "South"]
    assert places.region.tolist() == [0, 0, 1]
    assert places.population.tolist() == [40000, 9000, 900000]
    assert places.fiscal_strength.tolist() == [0.4, 0.2, 1.1]
    assert places.level.shape == (3, len(SERVICES))
    assert not places.level.any()
    assert not places.has_level
    header, *rows = TOWNS.splitlines()
    shuffled = load_places(write(tmp_path, "\n".join([header, *reversed(rows), ""])), seed=3)
    assert shuffled.fingerprint == places.fingerprint


def test_regions_stay_together_where_codes_do_not(tmp_path: Path) -> None:
    text = TOWNS.replace("102,North", "999,North")
    places = load_places(write(tmp_path, text), seed=3)
    assert places.code == ["101", "999", "201"]
    assert places.region.tolist() == [0, 0, 1]


def test_byte_order_mark_windows_lines_and_blank_lines_do_no_harm(tmp_path: Path) -> None:
    plain = load_places(write(tmp_path, TOWNS), seed=3)
    windows = load_places(write(tmp_path, b"\xef\xbb\xbf" + TOWNS.replace("\n", "\r\n\r\n").encode()), seed=3)
    assert windows.fingerprint == plain.fingerprint


@pytest.mark.parametrize(
    "saved",
    [
        GERMAN,
        "\ufeff" + GERMAN.replace("\n", "\r\n"),
        "\ufeffsep=;\r\n" + GERMAN,
        '"sep=;"\n' + GERMAN.replace(",", "."),
        GERMAN.replace(";", "\t"),
        GERMAN.replace("\n", ";;\n") + ";;;;;;;;;\n",
        "sep=,\n" + TOWNS.replace("Gamma, City", "Gamma"),
        TOWNS.replace("Gamma, City", "Gamma").replace("\n", ",,\n") + ",,,\n",
    ],
    ids=["semicolons", "bom", "sep", "quoted sep", "tabs", "empty columns", "sep=,", "of commas"],
)  # fmt: skip
def test_what_excel_makes_of_a_table_is_read(saved: str, tmp_path: Path) -> None:
    plain = load_places(write(tmp_path, TOWNS.replace("Gamma, City", "Gamma")), seed=3)
    assert load_places(write(tmp_path, saved), seed=3).fingerprint == plain.fingerprint


def test_the_line_is_right_below_a_line_for_excel(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="'population' holds 'many'") as caught:
        load_places(write(tmp_path, "sep=;\n" + GERMAN.replace("9000", "many")), seed=3)
    assert caught.value.line == 4


def test_given_traits_are_kept_and_blank_ones_drawn(tmp_path: Path) -> None:
    drawn = load_places(write(tmp_path, TOWNS), seed=3)
    places = load_places(write(tmp_path, with_column("history", 0.75, "", 0)), seed=3)
    assert places.history.tolist() == [0.75, drawn.history[1], 0.0]
    assert places.industry.tolist() == drawn.industry.tolist()
    willed = load_places(write(tmp_path, with_column("will", 2, "", -1.5)), seed=3)
    assert willed.will.tolist() == [2.0, drawn.will[1], -1.5]
    assert willed.fingerprint != drawn.fingerprint


def test_levels_say_where_services_start(tmp_path: Path) -> None:
    places = load_places(write(tmp_path, with_column("level_council", 0.5, 0.5, 0.5)), seed=3)
    assert places.has_level
    assert places.level[:, COUNCIL].tolist() == [0.5, 0.5, 0.5]
    assert places.level.sum() == 1.5


def test_regions_without_codes_go_by_name_and_without_spreads_by_default(tmp_path: Path) -> None:
    text = "region,municipalities,population,foreign_residents,latitude,longitude\nNorth,3,9000,90,40,140\n"
    (region,) = read_table(write(tmp_path, text)).regions
    assert (region.code, region.sd_log_population, region.sd_log_foreign_share) == ("North", 1.2, 0.6)
    assert (region.fiscal_strength_mean, region.fiscal_strength_sd) == (0.55, 0.30)


def test_provinces_belong_to_a_wider_region_or_to_themselves(tmp_path: Path) -> None:
    plain = load_places(write(tmp_path, REGIONS), seed=1)
    assert list(plain.wider_regions) == ["North", "South"]
    header, *rows = REGIONS.splitlines()
    text = "\n".join(
        [f"{header},wider_region", f"{rows[0]},Isle", f"{rows[1]},", f"03{rows[1][2:-5]},1,Isle"]
    )
    wider = load_places(write(tmp_path, text.replace("03,South", "03,West")), seed=1)
    assert list(wider.wider_regions) == ["Isle", "South", "Isle"]
    assert wider.fingerprint != plain.fingerprint
    assert load_places(write(tmp_path, with_column("name_local", "", "", "")), seed=1).wider == ()


def test_spreads_may_be_blank_for_a_region_of_one(tmp_path: Path) -> None:
    text = REGIONS.replace("01,North,12,400000,3000,43.0,141.0,1.2,0.6", "01,North,1,400000,3000,43,141,,")
    places = load_places(write(tmp_path, text), seed=1)
    assert (places.population[0], places.latitude[0], places.longitude[0]) == (400000, 43.0, 141.0)


# What is wrong with a table: (text, line, what the message must name)

WRONG: dict[str, tuple[str | bytes, int, list[str]]] = {
    "empty": ("", 1, ["empty"]),
    "blank": ("\n\n", 1, ["empty"]),
    "header only": (REGIONS.splitlines()[0] + "\n", 1, ["no rows"]),
    "neither kind": ("code,region,population\n1,A,5\n", 1, ["neither", "municipalities"]),
    "a strange separator": ("sep=|\n" + TOWNS.replace(",", "|"), 1, ["separated by '|'", "commas"]),
    "both semicolons and tabs": (TOWNS.replace(",", ";").replace("code;", "code\t"), 1, ["neither"]),
    "a thousand or one": (
        "sep=;\n" + GERMAN.replace("9000", "9.000"),
        4,
        ["'9.000'", "two ways", "digits alone"],
    ),
    "thousands of a German": (GERMAN.replace("900000", "1.900.000"), 4, ["'1.900.000'", "two ways"]),
    "a comma too many": (GERMAN.replace("43,2", "43,2,1"), 3, ["'latitude' holds '43,2,1'"]),
    "a semicolon too many": (GERMAN.replace("Beta", "Be;ta"), 3, ["9 cells", "a semicolon in double quotes"]),
    "more than the header": (TOWNS.replace("20,0.2", "20,0.2,5"), 3, ["9 cells", "8 columns"]),
    "missing column": (re.sub(",latitude|,43.0|,35.6", "", REGIONS), 1, ["latitude"]),
    "misspelt column": (REGIONS.replace("tion,f", "ton,f"), 1, ["populaton", "did you mean 'population'"]),
    "misspelt kind": (REGIONS.replace("municipalities", "municipalites"), 1, ["mean 'municipalities'"]),
    "misspelt service": (TOWNS.replace("strength", "strength,level_counsil"), 1, ["mean 'level_council'"]),
    "column of the other kind": (TOWNS.replace("code,", "code,municipalities,"), 1, ["'municipalities'"]),
    "column twice": (TOWNS.replace("name", "region"), 1, ["'region' appears twice"]),
    "alias twice": (REGIONS.replace("code", "born_abroad"), 1, ["'foreign_residents' appears twice"]),
    "column without name": (TOWNS.replace("name", ""), 1, ["column 3 has no name"]),
    "ragged row": (TOWNS.replace('"Gamma, City"', "Gamma, City"), 4, ["9 cells", "8 columns", "quotes"]),
    "short row": (TOWNS.replace(",20,0.2", ",20"), 3, ["7 cells"]),
    "open quote": (TOWNS.replace('City"', "City"), 4, ["not CSV"]),
    "duplicate code": (TOWNS.replace("201,", "101,"), 4, ["code '101'", "line 2"]),
    "duplicate region code": (REGIONS.replace("02,", "01,"), 3, ["code '01'", "line 2"]),
    "duplicate region": (REGIONS.replace("South", "North"), 3, ["region 'North'", "line 2"]),
    "blank code": (TOWNS.replace("102,", ","), 3, ["'code' is blank"]),
    "blank name": (TOWNS.replace("Beta", " "), 3, ["'name' is blank"]),
    "blank population": (TOWNS.replace("9000", ""), 3, ["'population' is blank"]),
    "blank fiscal strength": (TOWNS.replace("20,0.2", "20,"), 3, ["'fiscal_strength' is blank"]),
    "blank spread": (REGIONS.replace("1.6,", ","), 3, ["'sd_log_population' is blank"]),
    "zero population": (TOWNS.replace("9000", "0"), 3, ["'population' is 0", "1 or more"]),
    "negative population": (TOWNS.replace("9000", "-9000"), 3, ["'population' is -9000"]),
    "part of a person": (TOWNS.replace("9000", "9000.5"), 3, ["'population'", "whole number"]),
    "words": (TOWNS.replace("9000", "many"), 3, ["'population' holds 'many'", "not a number"]),
    "thousands": (TOWNS.replace("9000,", '"9,000",'), 3, ["'population' holds '9,000'", "separators"]),
    "not a number": (TOWNS.replace("9000", "nan"), 3, ["'population' holds 'nan'"]),
    "endless": (TOWNS.replace("9000", "1e999"), 3, ["'population' is 1e999"]),
    "too many foreigners": (TOWNS.replace(",20,", ",9001,"), 3, ["'foreign_residents' is 9001", "9000"]),
    "negative foreigners": (TOWNS.replace(",20,", ",-1,"), 3, ["'foreign_residents' is -1", "0 or more"]),
    "latitude": (TOWNS.replace("43.2", "143.2"), 3, ["'latitude' is 143.2", "-90 to 90"]),
    "longitude": (TOWNS.replace("141.3", "-181"), 3, ["'longitude' is -181", "-180 to 180"]),
    "fiscal strength": (TOWNS.replace("20,0.2", "20,-0.2"), 3, ["'fiscal_strength' is -0.2"]),
    "no municipality": (REGIONS.replace("North,12", "North,0"), 2, ["'municipalities' is 0"]),
    "more towns than people": (REGIONS.replace("12,400000,3000", "12,11,3"), 2, ["11", "12 municipalities"]),
    "too many towns": (REGIONS.replace("North,12,400000", "North,999990,4000000"), 3, ["1000000"]),
    "negative spread": (REGIONS.replace("1.6", "-1.6"), 3, ["'sd_log_population' is -1.6"]),
    "level": (with_column("level_council", 1.5, 0, 0), 2, ["'level_council' is 1.5", "0 to 1"]),
    "blank level": (with_column("level_council", "", 0, 0), 2, ["'level_council' is blank"]),
    "trait": (with_column("history", -0.1, 0, 0), 2, ["'history' is -0.1"]),
    "will": (with_column("will", -3.1, 0, 0), 2, ["'will' is -3.1, outside -3 to 3"]),
    "zero byte": (TOWNS.replace("Beta", "Be\0ta"), 3, ["zero byte"]),
    "not UTF-8": (TOWNS.encode().replace(b"Beta", b"B\xeata"), 3, ["UTF-8"]),
    "UTF-16": (TOWNS.encode("utf-16"), 1, ["UTF-8"]),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_is_told_with_line_and_column(case: str, tmp_path: Path) -> None:
    text, line, named = WRONG[case]
    path = write(tmp_path, text)
    with pytest.raises(ScenarioError) as caught:
        load_places(path, seed=1)
    assert caught.value.file == str(path)
    assert caught.value.line == line
    for words in named:
        assert words in str(caught.value)


def test_the_line_is_right_after_a_cell_of_two_lines(tmp_path: Path) -> None:
    text = TOWNS.replace("Alpha", '"Al\npha"').replace("9000", "x")
    with pytest.raises(ScenarioError) as caught:
        load_places(write(tmp_path, text), seed=1)
    assert caught.value.line == 4


def test_a_missing_table_is_told_with_what_comes_near(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r".*japan_prefecture\.csv.*'japan_prefectures\.csv'"):
        load_places(tmp_path / "japan_prefecture.csv", seed=1)
    with pytest.raises(ScenarioError, match="folder"):
        load_places(tmp_path, seed=1)
    with pytest.raises(ScenarioError, match="no table of places"):
        load_places(tmp_path / ("x" * 5000), seed=1)


# The draw


@st.composite
def regions_of_a_country(draw: st.DrawFn, least: int = 1) -> tuple[Region, ...]:
    found = []
    for number in range(draw(st.integers(least, 5))):
        count = draw(st.integers(1, 60))
        people = round(count * draw(st.floats(1.0, 500_000.0)))
        region = st.builds(
            Region,
            code=st.just(f"{number:02}"),
            name=st.just(f"R{number}"),
            municipalities=st.just(count),
            population=st.just(people),
            foreign_residents=st.integers(0, people),
            latitude=st.floats(-90.0, 90.0),
            longitude=st.floats(-180.0, 180.0),
            sd_log_population=st.floats(0.0, 5.0),
            sd_log_foreign_share=st.floats(0.0, 5.0),
            fiscal_strength_mean=st.floats(0.0, 3.0),
            fiscal_strength_sd=st.floats(0.0, 3.0),
        )
        found.append(draw(region))
    return tuple(found)


@settings(max_examples=60)
@given(regions=regions_of_a_country(), seed=st.integers(0, 2**63))
def test_every_region_is_shared_out_exactly_and_within_bounds(regions: tuple[Region, ...], seed: int) -> None:
    drawn = draw_municipalities(regions, seed)
    assert len(set(drawn.code)) == len(drawn.code)
    for number, region in enumerate(regions):
        own = drawn.region == number
        people, foreign = drawn.population[own], drawn.foreign_residents[own]
        assert len(people) == region.municipalities
        assert people.sum() == region.population
        assert foreign.sum() == region.foreign_residents
        assert people.min() >= 1
        assert (np.diff(people) <= 0).all()
        assert (foreign >= 0).all()
        assert (foreign <= people).all()
    assert np.isfinite(drawn.fiscal_strength).all()
    assert drawn.fiscal_strength.min() >= 0.05
    assert np.abs(drawn.latitude).max() <= 90.0
    assert np.abs(drawn.longitude).max() <= 180.0


@settings(max_examples=25)
@given(regions=regions_of_a_country(2), seed=st.integers(0, 2**63))
def test_a_region_does_not_depend_on_the_others(regions: tuple[Region, ...], seed: int) -> None:
    everything = draw_municipalities(regions, seed)
    for number, region in enumerate(regions):
        alone = draw_municipalities((region,), seed)
        own = everything.region == number
        for field in ("population", "foreign_residents", "fiscal_strength"):
            assert np.array_equal(getattr(everything, field)[own], getattr(alone, field)), field


ROOM = st.tuples(st.integers(0, 1000), st.integers(0, 10**7), st.floats(0.0, 1e9))


@settings(max_examples=80)
@given(rooms=st.lists(ROOM, min_size=1, max_size=40), filled=st.floats(0.0, 1.0))
def test_shares_sum_to_the_total_within_their_bounds(
    rooms: list[tuple[int, int, float]], filled: float
) -> None:
    low, room, weights = (np.array(each) for each in zip(*rooms, strict=True))
    high = low + room
    total = int(low.sum() + filled * (high.sum() - low.sum()))
    shares = share_out(total, weights, low, high)
    assert shares.sum() == total
    assert (shares >= low).all()
    assert (shares <= high).all()


def test_shares_follow_the_weights_where_no_bound_binds() -> None:
    low, high = np.zeros(3, dtype=np.int64), np.full(3, 1000)
    assert share_out(100, np.array([1.0, 2.0, 1.0]), low, high).tolist() == [25, 50, 25]
    assert share_out(1500, np.array([1.0, 8.0, 1.0]), low, high).tolist() == [250, 1000, 250]
    with pytest.raises(ValueError, match="can't be shared out"):
        share_out(3001, np.ones(3), low, high)


def test_the_seed_decides_and_nothing_else() -> None:
    first, again, other = (load_places(JAPAN, seed=seed) for seed in (5, 5, 6))
    assert first.fingerprint == again.fingerprint
    assert first.fingerprint != other.fingerprint
    assert not np.array_equal(first.population, other.population)


def test_a_region_added_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    before = load_places(write(tmp_path, REGIONS), seed=4)
    added = "015,Far,5,50000,100,10.0,100.0,1.0,0.5\n"
    after = load_places(write(tmp_path, REGIONS + added), seed=4)
    assert after.regions == ["North", "Far", "South"]
    for field in ("population", "foreign_residents", "fiscal_strength", "history", "industry"):
        kept = getattr(after, field)[after.region != 1]
        assert np.array_equal(kept, getattr(before, field)), field


def test_japan_is_as_uneven_as_observed() -> None:
    figures = []
    for seed in range(1990, 1995):
        places = load_places(JAPAN, seed=seed)
        share = places.foreign_residents / places.population
        figures.append(
            [
                spearmanr(places.fiscal_strength, share).statistic,
                spearmanr(places.population, share).statistic,
                spearmanr(places.fiscal_strength, places.population).statistic,
                *np.quantile(100.0 * share, [0.1, 0.5, 0.9]),
                100.0 * share.max(),
            ]
        )
    each, mean = np.array(figures), np.mean(figures, axis=0)
    # Observed: 0.57, 0.43, 0.71; 0.21%, 0.63%, 2.0%, at most 14.5%.
    assert each[:, :3] == pytest.approx(np.tile([0.57, 0.43, 0.71], (5, 1)), abs=0.04)
    assert mean[3:6] == pytest.approx([0.21, 0.63, 2.0], rel=0.15)
    assert each[:, 6].min() > 5.0
    assert each[:, 6].max() <= 15.1


def test_japans_municipalities_are_plausible_in_size() -> None:
    places = load_places(JAPAN, seed=1990)
    assert len(places) == 1738
    assert places.population.min() >= 300
    assert 2_000_000 < places.population.max() <= 3_800_000
    region = np.bincount(places.region, places.population)[places.region]
    assert (places.population / region).max() <= 0.61
    assert np.median(places.population) == pytest.approx(25_500, rel=0.2)


def test_japans_map_is_plausible() -> None:
    places = load_places(JAPAN, seed=1990)
    east = (places.longitude[:, None] - places.longitude) * np.cos(np.radians(36.0)) * 111.2
    north = (places.latitude[:, None] - places.latitude) * 111.2
    distance = np.hypot(east, north) + np.diag(np.full(len(places), np.inf))
    own = places.region[:, None] == places.region
    assert np.where(own, distance, np.inf).min() > 0.5  # kilometres: no two on one spot
    nearest_is_own = places.region[distance.argmin(axis=1)] == places.region
    assert nearest_is_own.mean() > 0.75
    centres = {region.name: region for region in read_table(JAPAN).regions}
    order = []
    for number, name in enumerate(places.regions):
        here = places.region == number
        away = np.hypot(
            (places.longitude[here] - centres[name].longitude) * 0.81,
            places.latitude[here] - centres[name].latitude,
        )
        assert away.max() * 111.2 < 170.0
        order.append(spearmanr(places.population[here], away).statistic)
    assert np.mean(order) == pytest.approx(-0.32, abs=0.08)  # observed within prefectures


def test_traits_are_within_bounds_skewed_and_tied_to_their_causes() -> None:
    places = load_places(JAPAN, seed=1990)
    traits = np.column_stack([places.history, places.internationalisation, places.industry])
    assert traits.min() >= 0.0
    assert traits.max() <= 1.0
    assert places.will.mean() == pytest.approx(0.0, abs=0.1)
    assert places.will.std() == pytest.approx(1.0, abs=0.05)
    assert np.median(places.history) < 0.1
    assert 0.02 < (places.history > 0.8).mean() < 0.08
    share = places.foreign_residents / places.population
    for cause in (share, places.population):
        assert 0.1 < spearmanr(places.history, cause).statistic < 0.5
    for cause in (places.population, places.fiscal_strength):
        assert spearmanr(places.internationalisation, cause).statistic > 0.5
    assert spearmanr(places.industry, places.fiscal_strength).statistic > 0.5
    rich = places.fiscal_strength > 0.9
    middling = (places.population > 30_000) & (places.population < 150_000)
    large = places.population > 600_000
    assert places.industry[rich & middling].mean() > places.industry[rich & large].mean()


def test_places_are_read_only_and_their_fingerprint_covers_them() -> None:
    places = load_places(PLACES_FOLDER / "two-towns.csv", seed=1)
    with pytest.raises(ValueError, match="read-only"):
        places.population[0] = 5
    changes: dict[str, Any] = {
        "population": places.population + 1,
        "level": places.level * 0.5,
        "name": ["A", "B"],
        "region": places.region[::-1].copy(),
        "has_level": False,
    }
    for field, value in changes.items():
        assert replace(places, **{field: value}).fingerprint != places.fingerprint, field
    assert replace(places).fingerprint == places.fingerprint
