"""From need to help: formal and substantive citizenship (E1), take-up (E3), who fills (E5), harms (E8)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..scenarios.catalogue import RIGHT_HOLDERS, RUNG_OF_STATUS, STATUSES
from ..scenarios.vocabulary import PROVIDER, STAGE
from .declaration import OF_NEEDS, THIS_MODEL, Measure, theme
from .groups import CASCADE, MONTHS_A_YEAR, SERVED, STAGES, By, keys_of, share, totals
from .run import Run


@theme(
    "E1",
    "Formal against substantive citizenship",
    "rights on paper are not yet rights in fact",
    Measure("needs", "needs that ended", "episodes", "Needs that came to an end, met or not."),
    Measure(
        "formal",
        "with a right on paper",
        OF_NEEDS,
        "Share of needs for which the person's rung holds a right on paper: needs.<kind>.right of that month. "
        "An irregular worker keeps the rung of the visa held.",
    ),
    Measure("substantive", "met in fact", OF_NEEDS, "Share of needs that city, NGO or state met."),
    Measure("gap", "gap", OF_NEEDS, "The first less the second; negative where more is met than owed."),
    vary="vary needs.<name>.right",
    by=("status", "region"),
)
def formal_and_substantive(run: Run, by: By = "rung", since: int = 0) -> pd.DataFrame:
    """E1: rights on paper beside needs met. Columns: by, needs (episodes), formal, substantive, gap (shares).

    `formal`: share of the needs that ended for which the person's rung holds a right on paper, by the run's
    parameters needs.<kind>.right, dated changes included. `substantive`: share of them that anybody met.
    `gap` = formal - substantive. `by`: any of rung, status, region, place, need, month, year (not both place
    and need). By place, the kinds of need of each status are taken to be mixed as in the place's region in
    that month, since the ledger keeps kinds by region; the needs met are the place's own. `since`: first month
    counted.
    """
    keys = keys_of(by)
    kept = ("month", "region", "status", "need", "needs", "unmet")
    needs = run.columns_of("needs", [name for name in run.tables.columns("needs") if name in kept])
    if since and "place" not in keys:
        needs = needs[needs["month"] >= since]
    covered = needs["needs"].to_numpy(float) * _has_right(run, needs)
    if "place" not in keys:
        weighed = run.part(needs=needs.assign(covered=covered))
        result = totals(weighed, "needs", ["needs", "covered", "unmet"], keys)
    else:
        weighed = run.part(monthly=_covered_by_place(run, covered), places=run.table("places"))
        result = totals(weighed, "monthly", ["needs", "covered", "unmet"], keys, since)
    result["formal"] = share(result["covered"], result["needs"])
    result["substantive"] = share(result["needs"] - result["unmet"], result["needs"])
    result["gap"] = result["formal"] - result["substantive"]
    return result[[*keys, "needs", "formal", "substantive", "gap"]]


_STEPS = tuple(
    Measure(f"{part}_of_{whole}", f"{part}, of {whole}", f"share of {unit}", f"{part} / {whole}.")
    for part, whole, unit in (
        ("aware", "needs", "needs"),
        ("willing", "aware", "the aware"),
        ("eligible", "willing", "the willing"),
        ("claimed", "eligible", "the eligible"),
        ("served", "claimed", "claims"),
        ("served", "needs", "needs"),
    )
)


@theme(
    "E3",
    "Take-up",
    "those to whom help is open do not all know, dare or ask",
    *(Measure(name, name, "episodes", STAGE[name].definition) for name in (*STAGES, "unmet")),
    *_STEPS,
    Measure(
        "eligible_any",
        "eligible, aware or not",
        "episodes",
        "Needs for which a provider in the place was open to the person, whether known, wanted and dared, or not.",
    ),
    Measure("eligible_aware", "eligible and aware", "episodes", "Of these: the person knew of a provider."),
    Measure(
        "aware_of_eligible",
        "eligible who are aware",
        "share of all eligible",
        "Eligible who are aware: of the needs for which a provider in the place was open to the person, "
        "those in which the person knew of a provider.",
    ),
    Measure("claimed_of_aware", "aware who claim", "share of the aware", "claimed / aware."),
    Measure(
        "claimed_of_eligible_any",
        "eligible who claim",
        "share of all eligible",
        "claimed / needs for which a provider in the place was open to the person.",
    ),
    vary="compare informed-arrivals and firewall",
    by=("status",),
)
def take_up(run: Run, by: By = (), since: int = 0) -> pd.DataFrame:
    """E3: the cascade need -> aware -> willing -> eligible -> claimed -> served, in episodes and shares.

    Columns: by; the counts needs, aware, willing, eligible, claimed, served, unmet (each a part of the one
    before, but for unmet = needs - served); conditional shares aware_of_needs, willing_of_aware,
    eligible_of_willing, claimed_of_eligible, served_of_claimed; claimed_of_aware ("aware who claim") and
    served_of_needs. Unless split by need: eligible_any (a provider open to the person existed) and of these
    aware_of_eligible ("eligible who are aware") and claimed_of_eligible_any ("eligible who claim").
    `by`: any of status, rung, region, month, year, and either place or need. `since`: first month counted.
    """
    keys = keys_of(by)
    by_need = "need" in keys
    whole = () if by_need else ("eligible_any", "eligible_aware")
    counts = totals(run, "needs" if by_need else "monthly", [*CASCADE, *whole], keys, since)
    counts["served"] = counts["needs"] - counts["unmet"]
    result = counts[[*keys, *STAGES, "unmet", *whole]].copy()
    for name in (*(step.name for step in _STEPS), "claimed_of_aware"):
        part, _, before = name.partition("_of_")
        result[name] = share(counts[part], counts[before])
    if not by_need:
        result["aware_of_eligible"] = share(counts["eligible_aware"], counts["eligible_any"])
        result["claimed_of_eligible_any"] = share(counts["claimed"], counts["eligible_any"])
    return result


@theme(
    "E5",
    "Who fills",
    "city, NGO, state or nobody meets the need",
    Measure("needs", "needs that ended", "episodes", "Needs that came to an end, met or not."),
    *(
        Measure(name, f"met by {words}", OF_NEEDS, PROVIDER[name].definition)
        for name, words in (
            ("city", "the city"),
            ("ngo", "an NGO"),
            ("nation", "the state"),
            ("nobody", "nobody"),
        )
    ),
    Measure("turned_away", "turned away", "claims", "Claims for which an NGO had no capacity."),
    Measure(
        "turned_away_share",
        "turned away, of claims on NGOs",
        "share of claims on NGOs",
        "turned away / (turned away + taken on by an NGO).",
    ),
    vary="compare no-ngos",
    by=("status",),
)
def who_fills(run: Run, by: By = "year", since: int = 0) -> pd.DataFrame:
    """E5: who met the needs that ended. Columns: by, needs, city, ngo, nation, nobody, claims turned away.

    city, ngo, nation, nobody: shares of needs, summing to 1. `turned_away`: claims for which an NGO had no
    capacity; `turned_away_share`: of the claims on NGOs (turned away or taken on). `by`: any of month, year,
    status, rung, region, place. `since`: first month counted.
    """
    keys = keys_of(by)
    counts = totals(run, "monthly", ["needs", *SERVED, "unmet", "turned_away", "ngo_cases"], keys, since)
    result = counts[[*keys, "needs"]].copy()
    for provider, column in zip(("city", "ngo", "nation", "nobody"), (*SERVED, "unmet"), strict=True):
        result[provider] = share(counts[column], counts["needs"])
    result["turned_away"] = counts["turned_away"]
    result["turned_away_share"] = share(counts["turned_away"], counts["turned_away"] + counts["ngo_cases"])
    return result


@theme(
    "E8",
    "Harms",
    "needs that nobody meets, for each 1,000 person-years",
    Measure("unmet", "unmet needs", "episodes", "Needs that ended and that nobody met."),
    Measure(
        "person_years",
        "person-years",
        "person-years",
        "A person present at the end of a month counts as a twelfth.",
        THIS_MODEL,
    ),
    Measure("unmet_per_1000", "unmet needs", "per 1,000 person-years", "1,000 · unmet / person-years."),
    vary="compare crackdown",
    by=("status",),
)
def harms(run: Run, by: By = "status", since: int = 0) -> pd.DataFrame:
    """E8: unmet needs for each 1,000 person-years. Columns: by, unmet, person_years, unmet_per_1000.

    A person present at the end of a month counts as a twelfth of a person-year. `by`: any of status, rung,
    region, place, month, year. `since`: first month counted.
    """
    keys = keys_of(by)
    counts = totals(run, "monthly", ["unmet", "stock"], keys, since)
    result = counts[[*keys, "unmet"]].copy()
    result["person_years"] = counts["stock"] / MONTHS_A_YEAR
    result["unmet_per_1000"] = 1000 * share(counts["unmet"], result["person_years"])
    return result


def _has_right(run: Run, needs: pd.DataFrame) -> np.ndarray:
    """Whether the rung holds a right on paper, for each row of the table needs; as the model decides it."""
    holders = np.array(
        [
            [
                RIGHT_HOLDERS.index(run.parameter_at(f"needs.{need}.right", month))
                for need in run.entries.needs
            ]
            for month in range(max(1, run.months))
        ]
    )
    rung = np.array(RUNG_OF_STATUS)[needs["status"].cat.codes.to_numpy()]
    held_by = holders[needs["month"].to_numpy(np.int64), needs["need"].cat.codes.to_numpy()]
    return rung < held_by


def _covered_by_place(run: Run, covered: np.ndarray) -> pd.DataFrame:
    """The monthly needs with a column `covered`: needs times the share with a right in the place's region."""
    needs, places = run.table("needs"), run.table("places")
    monthly = run.columns_of("monthly", ["month", "place", "status", "needs", "unmet"])
    region_of = places.sort_values("place")["region"].to_numpy(np.int64)
    shape = (max(1, run.months), int(region_of.max()) + 1, len(STATUSES))

    def cell(table: pd.DataFrame, region: np.ndarray) -> np.ndarray:
        month, status = table["month"].to_numpy(np.int64), table["status"].cat.codes.to_numpy(np.int64)
        return np.ravel_multi_index((month, region, status), shape)

    regional = cell(needs, needs["region"].to_numpy(np.int64))
    size = int(np.prod(shape))
    with_right = np.bincount(regional, covered, minlength=size)
    right = share(with_right, np.bincount(regional, needs["needs"], minlength=size))
    own = right[cell(monthly, region_of[monthly["place"].to_numpy(np.int64)])]
    count = monthly["needs"].to_numpy(float)
    return monthly.assign(covered=np.where(count > 0, count * own, 0.0))
