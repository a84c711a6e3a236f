"""What each measure of E1 to E9 is: the one place for its name, words, unit, definition and source.

The table `measures` of a run folder, the command `measures` and its `--define` are made from it. A measure's
name is the column of the function that computes it (in E2, with what it is the unevenness of before it).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .collaboration import LEAST_MIGRANTS
from .spread import ADOPTED_LEVEL, LEAST_NEEDS
from .unevenness import NEIGHBOURS

TSUDA, THEIL, GINI, MORAN = "Tsuda 2008", "Theil 1967", "Gini 1912", "Moran 1950"
OWN = "this model"
REFERENCES = {
    TSUDA: "Takeyuki Tsuda: Localities and the Struggle for Immigrant Rights. Japan Focus, 2008 (the claims measured)",
    THEIL: "Henri Theil: Economics and Information Theory. North-Holland, 1967",
    GINI: "Corrado Gini: Variabilità e mutabilità. Cuppini, 1912",
    MORAN: "P. A. P. Moran: Notes on Continuous Stochastic Phenomena. Biometrika 37, 1950",
}


@dataclass(frozen=True)
class Measure:
    """One measure. `unit` beginning with "share of" marks a share between 0 and 1 (a gap may be negative)."""

    name: str
    label: str
    unit: str
    definition: str
    source: str = TSUDA


@dataclass(frozen=True)
class Theme:
    """One of E1 to E9. `groups`: what it is divided by, besides the whole country; `notes`: what holds for several."""

    id: str
    title: str
    claim: str
    groups: str
    measures: tuple[Measure, ...]
    notes: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Measure:
        """The measure of this name. Errors: KeyError."""
        for measure in self.measures:
            if measure.name == name:
                return measure
        raise KeyError(name)


_LEVEL = "level, 0 to 1"
_NEEDS = "share of needs"


def _share_of(whole: str, part: str, name: str, label: str) -> Measure:
    return Measure(name, label, f"share of {whole}", part)


_E1 = Theme(
    "E1",
    "Formal against substantive citizenship",
    "rights on paper are not yet rights in fact",
    "status, region",
    (
        Measure("needs", "needs that ended", "episodes", "Needs that came to an end, met or not."),
        _share_of(
            "needs",
            "Share of needs for which the person's rung holds a right on paper: needs.<kind>.right of that month. "
            "An irregular worker keeps the rung of the visa held.",
            "formal",
            "with a right on paper",
        ),
        _share_of("needs", "Share of needs that city, NGO or state met.", "substantive", "met in fact"),
        _share_of("needs", "The first less the second; negative where more is met than owed.", "gap", "gap"),
    ),
)

_E2 = Theme(
    "E2",
    "Unevenness",
    "local citizenship differs from city to city, even within one nation",
    "weights (the same by another weight: residents, needs)",
    (
        Measure("level_count", "places counted", "places", "Places with a weight above 0."),
        Measure(
            "level_mean", "mean service level", _LEVEL, "Mean of the eleven levels, averaged over people."
        ),
        Measure(
            "level_gini", "Gini of service level", "Gini, 0 to 1", "Gini coefficient; 0 = all alike.", GINI
        ),
        Measure("level_theil", "Theil of service level", "Theil index", "Theil's T; 0 = all alike.", THEIL),
        Measure(
            "level_between_regions",
            "level, between regions",
            "Theil index",
            "Part of level_theil between the means of regions.",
            THEIL,
        ),
        Measure(
            "level_within_regions",
            "level, within regions",
            "Theil index",
            "The rest of level_theil: between places of one region.",
            THEIL,
        ),
        Measure(
            "level_between_statuses",
            "level, between statuses",
            "Theil index",
            "Theil's T between the means of statuses: do some live where services are better?",
            THEIL,
        ),
        Measure(
            "level_within_statuses",
            "level, within statuses",
            "Theil index",
            "The rest: between people of one status in different places.",
            THEIL,
        ),
        Measure(
            "level_variation", "variation of level", "deviation / mean", "Coefficient of variation.", OWN
        ),
        Measure(
            "level_moran",
            "Moran's I of level",
            "-1 to 1",
            f"Have neighbours ({NEIGHBOURS} nearest places) like levels? 0 by chance; not weighted. By service: E7.",
            MORAN,
        ),
        Measure(
            "needs_count", "places with needs", "places", "Places counted (see below), of a weight above 0."
        ),
        Measure(
            "needs_mean",
            "mean share of needs met",
            _NEEDS,
            "Share of a place's needs met, averaged over people.",
        ),
        Measure("needs_gini", "Gini of needs met", "Gini, 0 to 1", "Gini coefficient; 0 = all alike.", GINI),
        Measure("needs_theil", "Theil of needs met", "Theil index", "Theil's T; 0 = all alike.", THEIL),
        Measure(
            "needs_between_regions",
            "needs, between regions",
            "Theil index",
            "Part of needs_theil between the means of regions.",
            THEIL,
        ),
        Measure(
            "needs_within_regions",
            "needs, within regions",
            "Theil index",
            "The rest of needs_theil: between places of one region.",
            THEIL,
        ),
        Measure(
            "needs_variation", "variation of needs met", "deviation / mean", "Coefficient of variation.", OWN
        ),
        Measure(
            "needs_moran",
            "Moran's I of needs met",
            "-1 to 1",
            f"Do neighbours ({NEIGHBOURS} nearest places counted) meet like shares? 0 by chance; not weighted.",
            MORAN,
        ),
        Measure(
            "cells_theil",
            "Theil by place and status",
            "Theil index",
            "Theil's T of the share of needs met in cells of place and status.",
            THEIL,
        ),
        Measure(
            "cells_between_places",
            "needs, between places",
            "Theil index",
            "Part of cells_theil between the means of places.",
            THEIL,
        ),
        Measure(
            "cells_within_places",
            "needs, within places",
            "Theil index",
            "The rest of cells_theil: between statuses in one place.",
            THEIL,
        ),
        Measure(
            "cells_between_statuses",
            "needs, between statuses",
            "Theil index",
            "Part of cells_theil between the means of statuses.",
            THEIL,
        ),
        Measure(
            "cells_within_statuses",
            "needs, within statuses",
            "Theil index",
            "The rest of cells_theil: between places, among people of one status.",
            THEIL,
        ),
    ),
    (
        "Weights are population. level_...: migrants living in the place at the end of December (under residents: "
        "all residents at the start of the run); between and within statuses: their person-years in the year.",
        f"needs_... count places, cells_... cells of place and status, with {LEAST_NEEDS} needs or more in the year, "
        "weighted by the person-years of migrants there (under needs: by needs).",
    ),
)

_E3 = Theme(
    "E3",
    "Take-up",
    "those entitled do not all know, dare or ask",
    "status",
    (
        Measure(
            "needs", "needs", "episodes", "Needs that came to an end, met or not: the start of the cascade."
        ),
        Measure("aware", "aware", "episodes", "Of the needs: the person knew of a provider."),
        Measure("willing", "willing", "episodes", "Of the aware: thought it worth asking and dared to."),
        Measure(
            "eligible",
            "eligible",
            "episodes",
            "Of the willing: a provider they would go to was open to them.",
        ),
        Measure("claimed", "claimed", "episodes", "Of the eligible: asked at least once."),
        Measure("served", "served", "episodes", "Of the claimed: met by city, NGO or state."),
        Measure("unmet", "unmet", "episodes", "Needs less served."),
        _share_of("needs", "aware / needs.", "aware_of_needs", "aware, of needs"),
        _share_of("the aware", "willing / aware.", "willing_of_aware", "willing, of aware"),
        _share_of("the willing", "eligible / willing.", "eligible_of_willing", "eligible, of willing"),
        _share_of("the eligible", "claimed / eligible.", "claimed_of_eligible", "claimed, of eligible"),
        _share_of("claims", "served / claimed.", "served_of_claimed", "served, of claimed"),
        _share_of("needs", "served / needs.", "served_of_needs", "served, of needs"),
        Measure(
            "eligible_any",
            "eligible, aware or not",
            "episodes",
            "Needs for which a provider in the place was open to the person, whether known, wanted and dared, or not.",
        ),
        Measure(
            "eligible_aware",
            "eligible and aware",
            "episodes",
            "Of these: the person knew of a provider.",
        ),
        _share_of(
            "all eligible",
            "Eligible who are aware: of the needs for which a provider in the place was open to the person, "
            "those in which the person knew of a provider.",
            "aware_of_eligible",
            "eligible who are aware",
        ),
        _share_of("the aware", "claimed / aware.", "claimed_of_aware", "aware who claim"),
        _share_of(
            "all eligible",
            "claimed / needs for which a provider in the place was open to the person.",
            "claimed_of_eligible_any",
            "eligible who claim",
        ),
    ),
)

_E4 = Theme(
    "E4",
    "Modes of claiming",
    "only a small minority takes part in programmes",
    "status, stay (whole years in the country, 20 = 20 and more)",
    (
        Measure("persons", "migrants", "persons", "Everybody in the country at the end of December."),
        _share_of("migrants", "Never claimed nor joined a programme.", "never", "never"),
        _share_of(
            "migrants",
            "Claimed or took part before, not now (or not yet as long as the sustained).",
            "episodic",
            "episodic",
        ),
        _share_of(
            "migrants",
            "Takes part now in a programme (language, schooling, exchange, council), "
            "for claiming.sustained_after months or longer.",
            "sustained",
            "sustained",
        ),
    ),
)

_E5 = Theme(
    "E5",
    "Who fills",
    "city, NGO, nation or nobody meets the need",
    "status",
    (
        Measure("needs", "needs that ended", "episodes", "Needs that came to an end, met or not."),
        _share_of("needs", "Met by the municipality.", "city", "met by the city"),
        _share_of("needs", "Met by an NGO.", "ngo", "met by an NGO"),
        _share_of(
            "needs",
            "Met by an office of the state, or by the insurance that comes with a job.",
            "nation",
            "met by the state",
        ),
        _share_of(
            "needs", "Met by nobody: given up, or cut short by moving or leaving.", "nobody", "met by nobody"
        ),
        Measure("turned_away", "turned away", "claims", "Claims for which an NGO had no capacity."),
        _share_of(
            "claims on NGOs",
            "turned away / (turned away + taken on by an NGO).",
            "turned_away_share",
            "turned away, of claims on NGOs",
        ),
    ),
)

_E6 = Theme(
    "E6",
    "Portability loss",
    "who moves loses the rights and services of the place left",
    "status, origin_fifth (fifths of migrants by the service level of where they live, 5 the best)",
    (
        Measure("moves", "moves", "moves", "Moves from one municipality to another."),
        Measure("level_before", "level left", _LEVEL, "Mean service level of the municipality left."),
        Measure("level_after", "level found", _LEVEL, "Mean service level of the municipality moved to."),
        Measure(
            "level_lost",
            "level lost",
            "level a move",
            "The first less the second; negative where movers gain.",
        ),
        Measure(
            "enrolments_lost",
            "enrolments lost",
            "enrolments a move",
            "Enrolments in insurance and programmes left behind, for each move.",
        ),
    ),
)

_E7 = Theme(
    "E7",
    "Diffusion",
    "sharing programmes makes cities more alike",
    "service (whole country: the mean of the eleven)",
    (
        _share_of(
            "places",
            f"Municipalities with the service at a level above {ADOPTED_LEVEL}.",
            "places",
            "places with it",
        ),
        _share_of(
            "migrants",
            f"Migrants who live where its level is above {ADOPTED_LEVEL}.",
            "migrants",
            "migrants with it",
        ),
        Measure("mean_level", "mean level", _LEVEL, "Plain mean over municipalities, end of December."),
        Measure(
            "variance",
            "variance between places",
            "squared level",
            "Plain variance of the level between municipalities (divided by their number).",
        ),
        Measure(
            "moran",
            "Moran's I of adoption",
            "-1 to 1",
            f"Moran's I of having it (level above {ADOPTED_LEVEL}), {NEIGHBOURS} nearest places as neighbours; "
            "missing while all or none have it.",
            MORAN,
        ),
    ),
)

_E8 = Theme(
    "E8",
    "Harms",
    "needs that nobody meets, for each 1,000 person-years",
    "status",
    (
        Measure("unmet", "unmet needs", "episodes", "Needs that ended and that nobody met."),
        Measure(
            "person_years",
            "person-years",
            "person-years",
            "A person present at the end of a month counts as a twelfth.",
            OWN,
        ),
        Measure("unmet_per_1000", "unmet needs", "per 1,000 person-years", "1,000 · unmet / person-years."),
    ),
)

_E9 = Theme(
    "E9",
    "Collaboration",
    "cities do less, or more, where NGOs are at work",
    "ngos (municipalities with and without an NGO)",
    (
        Measure(
            "places", "places counted", "places", f"Municipalities with {LEAST_MIGRANTS} migrants or more."
        ),
        Measure(
            "motivation",
            "motivation",
            "motivation",
            "How far the city wants to act: sum of the weighted causes. Mean weighted by migrants.",
        ),
        Measure(
            "service_level",
            "service level",
            _LEVEL,
            "Mean of the eleven levels, end of December. Mean over places weighted by migrants.",
        ),
        Measure(
            "spent_per_migrant",
            "spent a migrant",
            "thousand yen a year",
            "What the cities' programmes cost, over the migrants living there.",
        ),
        Measure(
            "effort",
            "effort",
            "level / motivation",
            "Service level over motivation: how much of what it is moved to do a city does.",
            OWN,
        ),
    ),
    (
        "NGOs are founded where needs go unmet: the difference between places with and without is no effect. "
        "For that, compare runs: local-citizenship compare.",
    ),
)

OUTCOMES: tuple[Theme, ...] = (_E1, _E2, _E3, _E4, _E5, _E6, _E7, _E8, _E9)
BY_ID: dict[str, Theme] = {outcome.id: outcome for outcome in OUTCOMES}


def all_measures() -> Iterator[tuple[Theme, Measure]]:
    """Every measure with the outcome it belongs to, in order."""
    for outcome in OUTCOMES:
        for measure in outcome.measures:
            yield outcome, measure
