"""From need to help: formal and substantive citizenship (E1), take-up (E3), who fills (E5), harms (E8)."""

from __future__ import annotations

import numpy as np

from ..model.columns import Columns
from ..scenarios.catalogue import RIGHT_HOLDERS, RUNG_OF_STATUS, STATUSES
from ..scenarios.vocabulary import STAGE, provider
from .declaration import OF_NEEDS, THIS_MODEL, Measure, theme
from .entries import HELPERS
from .groups import (
    CASCADE,
    MONTHS_A_YEAR,
    STAGES,
    By,
    helpers_of,
    keys_of,
    own_help_of,
    places_of,
    served_in,
    share,
    sums,
)
from .run import Run

MET_BY = {"city": "the city", "nation": "the state"}  # shorter than the vocabulary has them


@theme(
    "E1", "Formal against substantive citizenship", "rights on paper are not yet rights in fact",
    Measure("needs", "needs that ended", "episodes", "Needs that came to an end, met or not."),
    Measure(
        "formal", "with a right on paper", OF_NEEDS,
        "Share of needs for which the person's rung holds a right on paper: needs.<kind>.right of that month. "
        "An irregular worker keeps the rung of the visa held.", of="needs",
    ),
    Measure(
        "substantive", "met in fact", OF_NEEDS,
        "Share of needs that city, NGO, state or the insurance of the job met; what compatriots met is help, and no "
        "citizenship.", of="needs",
    ),
    Measure("gap", "gap", OF_NEEDS, "The first less the second; negative where more is met than owed.", of="needs"),
    vary="vary needs.<name>.right",
    by=("status", "region"),
    also=("rung", "place", "need"),
    pooled=True,
)  # fmt: skip
def formal_and_substantive(run: Run, by: By = "rung", since: int = 0) -> Columns:
    """E1: rights on paper beside needs met. Columns: by, and the measures declared above.

    `by`: any of rung, status, region, place, need, month, year (not both place and need). By place, the kinds of need
    of each status are taken to be mixed as in the place's region in that month, since the ledger keeps kinds by region;
    the needs met are the place's own. Dated changes of rights count. `since`: first month counted.
    """
    keys = keys_of(by)
    needs = run.cached("needs with a right", _needs_with_right)
    wanted = ["needs", "covered", "unmet", *own_help_of(run)]
    if "place" not in keys:
        counts = sums(run.part(needs=needs), "needs", wanted, keys, since)
    else:
        weighed = run.part(monthly=_covered_by_place(run, needs), places=run.table("places"))
        counts = sums(weighed, "monthly", wanted, keys, since)
    formal = share(counts["covered"], counts["needs"])
    substantive = share(served_in(run, counts), counts["needs"])
    measures = {"formal": formal, "substantive": substantive, "gap": formal - substantive}
    return counts.some([*keys, "needs"]).adding(measures)


# Part, of what, and how its unit is called.
_PARTS = (
    ("aware", "needs", "needs"), ("willing", "aware", "the aware"), ("eligible", "willing", "the willing"),
    ("claimed", "eligible", "the eligible"), ("served", "claimed", "claims"), ("served", "needs", "needs"),
)  # fmt: skip
_STEPS = tuple(
    Measure(f"{part}_of_{whole}", f"{part}, of {whole}", f"share of {unit}", f"{part} / {whole}.", of=whole)
    for part, whole, unit in _PARTS
)


@theme(
    "E3", "Take-up", "those to whom help is open do not all know, dare or ask",
    *(Measure(name, name, "episodes", STAGE[name].definition) for name in (*STAGES, "unmet")),
    *_STEPS,
    Measure(
        "eligible_any", "eligible, aware or not", "episodes",
        "Needs for which a provider in the place was open to the person (which is no right to it: E1), whether known, "
        "wanted and dared, or not.",
        not_by=("need",),
    ),
    Measure(
        "eligible_aware", "eligible and aware", "episodes", "Of these: the person knew of a provider.",
        not_by=("need",),
    ),
    Measure(
        "aware_of_eligible", "eligible who are aware", "share of all eligible",
        "Eligible who are aware: of the needs for which a provider in the place was open to the person, "
        "those in which the person knew of a provider.", not_by=("need",), of="eligible_any",
    ),
    Measure("claimed_of_aware", "aware who claim", "share of the aware", "claimed / aware.", of="aware"),
    Measure(
        "claimed_of_eligible_any", "take-up of the eligible", "share of all eligible",
        "claimed / needs for which a provider in the place was open to the person.", not_by=("need",),
        of="eligible_any",
    ),
    vary="compare informed-arrivals and firewall",
    by=("status",),
    also=("rung", "region", "place", "need"),
    pooled=True,
)  # fmt: skip
def take_up(run: Run, by: By = (), since: int = 0) -> Columns:
    """E3: the cascade need -> aware -> willing -> eligible -> claimed -> served, in episodes and shares.

    Columns: by, and the measures declared above, each count a part of the one before (but unmet = needs - served - what
    one's own met, who are no step of the cascade); those of "eligible, aware or not" only unless split by need. `by`:
    any of status, rung, region, month, year, and either place or need. `since`: first month counted.
    """
    keys = keys_of(by)
    by_need = "need" in keys
    whole = () if by_need else ("eligible_any", "eligible_aware")
    wanted = [*CASCADE, *own_help_of(run), *whole]
    counts = sums(run, "needs" if by_need else "monthly", wanted, keys, since)
    counts = counts.adding({"served": served_in(run, counts)})
    result = {}
    shares = [*(step.name for step in _STEPS), "claimed_of_aware"]
    for name in shares if by_need else [*shares, "aware_of_eligible", "claimed_of_eligible_any"]:
        part, _, before = name.partition("_of_")
        if name == "aware_of_eligible":  # of all to whom something was open, not of those who were willing
            part, before = "eligible_aware", "eligible_any"
        result[name] = share(counts[part], counts[before])
    return counts.some([*keys, *STAGES, "unmet", *whole]).adding(result)


@theme(
    "E5", "Who fills", "city, NGO, state or nobody meets the need",
    Measure("needs", "needs that ended", "episodes", "Needs that came to an end, met or not."),
    *(
        Measure(
            name, f"met by {MET_BY.get(name, provider(name).words)}", OF_NEEDS, provider(name).definition, of="needs"
        )
        for name in (*HELPERS, "nobody")
    ),
    Measure(
        "turned_away", "turned away", "claims", "Claims for which an NGO had no capacity.", not_by=("need",)
    ),
    Measure(
        "turned_away_share", "turned away, of claims on NGOs", "share of claims on NGOs",
        "turned away / (turned away + taken on by an NGO).", not_by=("need",),
    ),
    vary="compare no-ngos",
    by=("status",),
    also=("rung", "region", "place", "need"),
    pooled=True,
)  # fmt: skip
def who_fills(run: Run, by: By = "year", since: int = 0) -> Columns:
    """E5: who met the needs that ended. Columns: by, needs, city, ngo, nation, nobody, claims turned away.

    city, ngo, nation (and whoever else is declared a provider), nobody: shares of needs, summing to 1.
    `turned_away`: claims for which an NGO had no capacity; `turned_away_share`: of the claims on NGOs (turned away or
    taken on); neither is told by need. `by`: any of month, year, status, rung, region, and either place or need.
    `since`: first month counted.
    """
    keys, who = keys_of(by), {**{name: f"served_{name}" for name in helpers_of(run)}, "nobody": "unmet"}
    by_need = "need" in keys
    of_ngos = () if by_need else ("turned_away", "ngo_cases")
    counts = sums(run, "needs" if by_need else "monthly", ["needs", *who.values(), *of_ngos], keys, since)
    result = {name: share(counts[column], counts["needs"]) for name, column in who.items()}
    if by_need:
        return counts.some([*keys, "needs"]).adding(result)
    result["turned_away"] = counts["turned_away"]
    result["turned_away_share"] = share(counts["turned_away"], counts["turned_away"] + counts["ngo_cases"])
    return counts.some([*keys, "needs"]).adding(result)


@theme(
    "E8", "Harms", "needs that nobody meets, for each 1,000 person-years",
    Measure("unmet", "unmet needs", "episodes", "Needs that ended and that nobody met."),
    Measure(
        "person_years", "person-years", "person-years",
        "A person present at the end of a month counts as a twelfth.", THIS_MODEL,
    ),
    Measure(
        "unmet_per_1000", "unmet needs", "per 1,000 person-years", "1,000 · unmet / person-years.", of="person_years"
    ),
    vary="compare crackdown",
    by=("status",),
    also=("rung", "region", "place"),
    pooled=True,
)  # fmt: skip
def harms(run: Run, by: By = "status", since: int = 0) -> Columns:
    """E8: unmet needs for each 1,000 person-years. Columns: by, unmet, person_years, unmet_per_1000.

    `by`: any of status, rung, region, place, month, year. `since`: first month counted.
    """
    keys = keys_of(by)
    counts = sums(run, "monthly", ["unmet", "stock"], keys, since)
    years = counts["stock"] / MONTHS_A_YEAR
    result = {"person_years": years, "unmet_per_1000": 1000 * share(counts["unmet"], years)}
    return counts.some([*keys, "unmet"]).adding(result)


def _needs_with_right(run: Run) -> Columns:
    """The table needs with a column `covered`: those for which the rung holds a right on paper, as the model decides
    it; dated changes of rights count."""
    kept = ("month", "region", "status", "need", "needs", "unmet", *own_help_of(run))
    needs = run.arrays_of("needs", [name for name in run.tables.columns("needs") if name in kept])
    entries = run.entries.needs
    holders = np.empty((max(1, run.months), len(entries)), np.int64)  # the lowest rung that has none
    for number, (name, need) in enumerate(entries.items()):
        holders[:, number] = RIGHT_HOLDERS.index(need.right)
        for change in run.timeline:
            if change["path"] == f"needs.{name}.right":
                holders[max(0, change["month"]) :, number] = RIGHT_HOLDERS.index(change["value"])
    rung = np.array(RUNG_OF_STATUS)[needs["status"]]
    return needs.adding({"covered": needs["needs"] * (rung < holders[needs["month"], needs["need"]])})


def _covered_by_place(run: Run, needs: Columns) -> Columns:
    """The monthly needs with a column `covered`: needs times the share with a right in the place's region."""
    monthly = run.arrays_of("monthly", ["month", "place", "status", "needs", "unmet", *own_help_of(run)])
    region_of = places_of(run, ["region"])["region"]
    shape = (max(1, run.months), int(region_of.max()) + 1, len(STATUSES))

    def cell(table: Columns, region: np.ndarray) -> np.ndarray:
        return np.ravel_multi_index((table["month"], region, table["status"]), shape)

    regional, size = cell(needs, needs["region"]), int(np.prod(shape))
    right = share(np.bincount(regional, needs["covered"], size), np.bincount(regional, needs["needs"], size))
    own = right[cell(monthly, region_of[monthly["place"]])]
    count = monthly["needs"].astype(float)
    return monthly.adding({"covered": np.where(count > 0, count * own, 0.0)})
