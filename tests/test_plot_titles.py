"""Titles, numbers in words and source lines of figures follow the data."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from drawn import run_of, scaled

from local_citizenship.outcomes import wording
from local_citizenship.outcomes.deciding import Says
from local_citizenship.outcomes.plots import FIGURES, claims, country, ngos, people, services, style, title_of
from local_citizenship.outcomes.run import Run
from local_citizenship.scenarios.catalogue import SERVICES


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
    assert both.endswith("; in 80% and 80% they knew of help")
    vain = claims._cascade_title(cascade_counts(legal=2))
    assert "unauthorised" not in vain
    assert vain == "2% of the needs of legal residents were met; in 80% they knew of help"


def providers(**episodes: int) -> pd.DataFrame:
    rows = [("all", 1990, p, episodes.get(p, 0), np.nan) for p in ("city", "ngo", "nation", "nobody")]
    return pd.DataFrame(rows, columns=["group", "year", "provider", "episodes", "share"])


@pytest.mark.parametrize(
    ("episodes", "title"),
    [
        ({"nobody": 5, "city": 3, "ngo": 2}, "Half of needs went unmet; cities met 30% and NGOs met 20%"),
        (
            {"nobody": 40, "city": 15, "ngo": 25, "nation": 20},
            "40% of needs went unmet; cities met 15%, NGOs met 25% and the state met 20%",
        ),
        ({"nobody": 9}, "Nobody met any of the needs"),
        ({"nation": 9}, "Every need was met; the state met 100%"),
        ({}, "No need was recorded"),
    ],
)  # fmt: skip
def test_the_title_of_who_met_the_need_follows_the_data(episodes: dict[str, int], title: str) -> None:
    assert claims._who_title(providers(**episodes)) == title


def over(*tables: pd.DataFrame) -> Says:
    """What so many tables, of a seed each, let a headline say."""
    return Says(tables)


def stock(*persons: int, dates: tuple[str, ...] = ("1990-01", "1990-02", "1991-01")) -> pd.DataFrame:
    rows = [(month, dates[month], "legal", number) for month, number in enumerate(persons)]
    return pd.DataFrame(rows, columns=["month", "date", "status", "persons"])


def test_the_title_of_the_stock_compares_what_is_decided_over_seeds() -> None:
    one = stock(100, 200)
    ends = "Migrants: 100 at the end of January 1990, 200 at the end of February 1990"
    plain = f"{ends}; none of them unauthorised at the end"
    assert people._stock_title(one, Says()) == plain
    alike = [stock(100, 195 + seed) for seed in range(5)]
    grew = people._stock_title(one, over(*alike))
    assert grew == "The stock of migrants grew from 100 to 200; none of them unauthorised at the end"
    assert people._stock_title(one, over(*alike[:4])) == plain  # too few seeds
    mixed = [stock(100, 100 + change) for change in (90, 10, -20, 40, -5)]
    assert people._stock_title(one, over(*mixed)) == plain
    fell = [stock(200, 95 + seed) for seed in range(5)]
    assert people._stock_title(stock(200, 100), over(*fell)).startswith(
        "The stock of migrants fell from 200 to 100"
    )
    assert people._stock_title(stock(100, 200), over(*fell)) == plain  # what this run does not show
    assert people._stock_title(stock(7), Says()).startswith("7 migrants")
    rose_and_fell = stock(100, 500, 300)
    peaks = [stock(100, 480 + 10 * seed, 300) for seed in range(5)]
    assert "from 100 to 300 (highest: 500); none" in people._stock_title(rose_and_fell, over(*peaks))
    assert "highest" not in people._stock_title(rose_and_fell, Says())
    assert people._stock_title(stock(7, 0), Says()) == "All 7 migrants were gone by the end"


def test_the_title_of_the_moves_has_a_random_move_beside_it() -> None:
    fifths = pd.DataFrame(
        {"origin_fifth": [5, 1], "moves": 10, "level_before": [0.8, 0.1], "level_after": [0.5, 0.45],
         "level_random": 0.475}
    )  # fmt: skip
    assert services._moves_title(fifths) == (
        "Out of the best served fifth movers went from 0.80 to 0.50 of service level, out of the worst served fifth "
        "from 0.10 to 0.45; a random move ends at 0.47"
    )
    assert services._moves_title(fifths.head(1)) == "Movers went from 0.80 to 0.50 of service level"


def test_of_two_places_no_title_tells_of_fifths() -> None:
    fifths = pd.DataFrame(
        {"origin_fifth": [1, 4], "moves": 10, "level_before": [0.0996, 0.81], "level_after": [0.81, 0.0996],
         "level_random": 0.47}
    )  # fmt: skip
    assert services._moves_title(fifths, few=True) == (
        "Out of the better served place movers went from 0.81 to 0.10 of service level, out of the worse served place "
        "from 0.10 to 0.81; a random move ends at 0.47"
    )
    assert services._origins([1, 4], few=True) == ["worse served place", "better served place"]
    assert services._origins([1, 2, 5], few=True) == ["worst served place", "place 2", "best served place"]
    assert services._origins([1, 5], few=False) == ["worst served fifth", "best served fifth"]


def test_the_title_of_adoption_does_not_compare_what_is_alike() -> None:
    data = pd.DataFrame({"year": [1990, 1991], "service": "council", "share": 0.5})
    assert (
        services._adoption_title(data, {}, Says())
        == "On average a municipality offered 0.5 of 1 services in 1990 as in 1991"
    )


def test_the_titles_of_unevenness_ngos_and_harms_follow_the_data() -> None:
    def uneven(first: float, last: float) -> str:
        years = {"year": [1990, 1990, 1991, 1991], "part": ["between", "within"] * 2}
        theil = np.repeat([first / 2, last / 2], 2)
        return services._uneven_title(pd.DataFrame({"of_what": "service_level", **years, "theil": theil}))

    falling = (
        "Unevenness of service levels (Theil index): 0.40 in 1990, 0.20 in 1991, 50% of it within regions"
    )
    assert uneven(0.4, 0.2) == falling
    assert "0.30 in 1990 as in 1991" in uneven(0.3, 0.3), "a number is said once"
    assert "0.30 in 1990 as in 1991" in uneven(0.301, 0.304), "to the digits shown"

    def offices(*numbers: int) -> str:
        years = range(1990, 1990 + len(numbers))
        cases = {"capacity": 5.0, "served": 9.0, "turned_away": 1.0}
        return ngos._ngos_title(pd.DataFrame({"year": years, "ngos": numbers, **cases}))

    assert offices(3, 5).startswith("5 NGOs in 1991, 3 in 1990; 10% of claims")
    assert offices(1).startswith("1 NGO;")

    def harm(legal: float, unauthorised: float) -> str:
        who = {"year": 1990, "status": ["legal", "overstayer"], "unmet": [legal, unauthorised]}
        return claims._harms_title(pd.DataFrame({**who, "person_years": 100.0, "rate": 0.0}))

    assert harm(10, 30) == "Unmet needs per 1,000 person-years: legal residents 100 and unauthorised 300"


def test_the_title_of_adoption_ranks_what_is_decided_over_seeds() -> None:
    def offered(**shares: float) -> pd.DataFrame:
        rows = [(1999, s, shares.get(s, 0.5)) for s in SERVICES]
        return pd.DataFrame(rows, columns=["year", "service", "share"])

    labels = {"insurance": "health insurance"}
    own = offered(insurance=0.9, council=0.0)
    plain = "On average a municipality offered 5.4 of 11 services in 1999"
    assert services._adoption_title(own, labels, Says()) == plain
    seeds = [offered(insurance=0.9 - 0.01 * seed, council=0.001 * seed) for seed in range(5)]
    ranked = f"{plain}; most often health insurance (90%) and least often council (none)"
    assert services._adoption_title(own, labels, over(*seeds)) == ranked
    luck = [offered(insurance=0.4 + 0.1 * seed, council=0.0) for seed in range(5)]
    assert services._adoption_title(own, labels, over(*luck)) == f"{plain}; least often council (none)"


def test_a_place_is_called_lowest_or_highest_where_seeds_agree() -> None:
    def towns(*met: float) -> pd.DataFrame:
        names = [f"T{number}" for number in range(len(met))]
        return pd.DataFrame({"name": names, "migrants": 5, "service_level": 0.5, "share_met": met})

    own = towns(0.2, 0.3, 0.4)
    assert country._map_title(own, Says()).endswith("; needs met 20% to 40%")
    same = [towns(0.2, 0.3, 0.4 + 0.01 * seed) for seed in range(5)]
    assert country._map_title(own, over(*same)).endswith("; needs met from 20% in T0 to 40% in T2")
    luck = [towns(0.3 + 0.05 * (seed % 3 - 1), 0.3, 0.4) for seed in range(5)]
    assert country._map_title(own, over(*luck)).endswith("; needs met 20% to 40%")
    two = country._map_title(towns(0.4, 0.2), Says())
    assert two == "Service level 0.50 everywhere; needs met 40% in T0 and 20% in T1"


def test_percentages_never_round_to_nothing_or_all() -> None:
    shown = [wording.percent(value) for value in (0.0, 0.001, 0.123, 0.999, 1.0, float("nan"))]
    assert shown == ["0%", "under 1%", "12%", "over 99%", "100%", "none"]


def test_numbers_have_thousands_separators_and_three_digits() -> None:
    assert wording.count(904_567) == "905,000"
    assert wording.count(9_123) == "9,123"
    assert wording.portion(0.51) == "half"
    assert wording.portion(0.53) == "53%"


def test_the_source_says_how_many_people_a_record_stands_for() -> None:
    assert "stands for" not in style.source_line(run_of("usual"))
    assert style.source_line(scaled(20)).endswith("one record stands for 20 people")


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


COMPARING = (
    r"\b(more|less|most|least|largest|smallest|fewer|grew|fell|peak|highest|twice|times as|as often|up from|down from)"
    r"\b"
)


@pytest.mark.parametrize("name", [*FIGURES])
def test_a_headline_of_one_run_compares_nothing_that_luck_may_turn(name: str) -> None:
    from drawn import figure_of

    assert not re.search(COMPARING, title_of(figure_of(name)))
