"""What the exercises look at in a run: one number each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd

from ...outcomes import unevenness
from ...outcomes.cascade import take_up
from ...outcomes.groups import SERVED, UNAUTHORISED_STATUSES, totals
from ...outcomes.people import modes, portability_loss
from ...outcomes.run import Run
from ...scenarios.vocabulary import STAGE

# Whoever may meet a need, as lessons call them -> the column of those met.
PROVIDERS = {
    "state" if column == "served_nation" else column.removeprefix("served_"): column for column in SERVED
}
LONG_STAY = 10  # years
PIONEER, LAGGARD = "Kawasaki-like", "Kawaguchi-like"  # the places of two-towns


class Mistake(ValueError):
    """A student's mistake: says what is wrong and what would do. Notebooks show the sentence and no traceback."""

    def _render_traceback_(self) -> list[str]:
        """Asked for by IPython in place of a traceback."""
        return [str(self)]


def share_met(
    run: Run,
    *,
    place: str | None = None,
    unauthorised: bool | None = None,
    by: Sequence[str] = tuple(PROVIDERS),
) -> float:
    """Share of the needs that ended in the whole run which these providers met (0 to 1): anybody, if none is named, so
    that compatriots' help counts here, which `needs_met` of tables and figures leaves out.

    `place`: only of people who lived there; `unauthorised`: only of those without a permit (True) or with one (False).
    Errors: Mistake for a place that is not there, or an unknown provider.
    """
    counts = run.cached("needs met by place and status", _needs_met)
    if place is not None:
        names = run.table("places").set_index("name")["place"]
        if place not in names.index:
            raise Mistake(f"there is no place {place!r} in this run; there are {', '.join(names.index[:6])}")
        counts = counts[counts["place"] == names[place]]
    unknown = [name for name in by if name not in PROVIDERS]
    if unknown:
        raise Mistake(f"nobody called {unknown[0]!r} meets needs: choose from {', '.join(PROVIDERS)}")
    if unauthorised is not None:
        counts = counts[counts["status"].isin(UNAUTHORISED_STATUSES) == unauthorised]
    met = counts[[PROVIDERS[name] for name in by]].to_numpy().sum()
    return float(met / counts["needs"].sum())


def gap(run: Run, *, unauthorised: bool | None = None, by: Sequence[str] = tuple(PROVIDERS)) -> float:
    """Share of needs met in the pioneer town less that in the other, with `unauthorised` as in `share_met`."""
    much, little = (
        share_met(run, place=place, unauthorised=unauthorised, by=by) for place in (PIONEER, LAGGARD)
    )
    return much - little


def ratio(run: Run) -> float:
    """Share of needs met in the pioneer town over that in the other."""
    return share_met(run, place=PIONEER) / share_met(run, place=LAGGARD)


def gap_by_status(run: Run) -> float:
    """Share of needs met of permit holders less that of the unauthorised."""
    return share_met(run, unauthorised=False) - share_met(run, unauthorised=True)


def left_of_the_unauthorised(run: Run) -> float:
    """Share of needs met of the unauthorised over that of permit holders."""
    return share_met(run, unauthorised=True) / share_met(run, unauthorised=False)


def lost_at_each_step(run: Run, *, asked: bool = True) -> dict[str, float]:
    """What needs are lost to on the way to help: shares of all needs; without `asked`, only before anybody is asked."""
    claims = take_up(run).iloc[0]
    steps = ["needs", "aware", "willing", "eligible", "claimed", *(["served"] if asked else [])]
    return {
        STAGE[after].words: float((claims[before] - claims[after]) / claims["needs"])
        for before, after in pairwise(steps)
    }


def mode_shares(run: Run) -> dict[str, float]:
    """Shares of migrants who never claim, claim episodically, or take part in a sustained way, at the end."""
    found = modes(run, by=()).iloc[0]
    return {name: float(found[name]) for name in ("never", "episodic", "sustained")}


def sustained(run: Run) -> float:
    """Share of migrants who take part in a sustained way, at the end."""
    return mode_shares(run)["sustained"]


def sustained_by_stay(run: Run) -> float:
    """The same among those here for ten years or longer, less that among those here for less than ten."""
    table = modes(run, by="stay")
    long = table["stay"].astype(int) >= LONG_STAY
    return _mean(table[long], "sustained") - _mean(table[~long], "sustained")


def returned_to_ngo(run: Run) -> float:
    """Of the needs that an NGO met, the share after which the person came back with a new one within a year."""
    counts = totals(run, "monthly", ["ngo_returned", "ngo_served"]).iloc[0]
    return float(counts["ngo_returned"] / counts["ngo_served"])


def turned_away(run: Run) -> float:
    """Share of the claims on NGOs for which there was no room."""
    counts = totals(run, "monthly", ["turned_away", "ngo_cases"]).iloc[0]
    return float(counts["turned_away"] / (counts["turned_away"] + counts["ngo_cases"]))


def enrolments_lost(run: Run) -> float:
    """Enrolments left behind for each 100 moves."""
    return 100.0 * float(portability_loss(run, by=())["enrolments_lost"].iloc[0])


def levels(run: Run) -> pd.Series:
    """Service level (0 to 1) of each place by name at the end of the last year, in the table's order."""
    state = run.columns_of("places_yearly", ["year", "place", "service_level"])
    last = state[state["year"] == state["year"].max()].sort_values("place")
    names = run.table("places").sort_values("place")["name"]
    return pd.Series(last["service_level"].to_numpy(), index=list(names))


def mean_level(run: Run) -> float:
    """Plain mean of the service levels of all places."""
    return float(levels(run).mean())


def best_level(run: Run) -> float:
    """Service level of the place that offers most."""
    return float(levels(run).max())


def lead(run: Run) -> float:
    """Service level of the place that offers most less the plain mean of all."""
    return best_level(run) - mean_level(run)


def west_over_east(run: Run) -> float:
    """Mean service level of the first third of the places less that of the last third."""
    level = levels(run)
    third = len(level) // 3
    return float(level.iloc[:third].mean() - level.iloc[-third:].mean())


def theil(run: Run) -> float:
    """Theil index of the service level between places, weighted by residents, in the last year."""
    residents = run.table("places").set_index("name")["population"]
    level = levels(run)
    return unevenness.theil(level, residents.loc[level.index])


def _needs_met(run: Run) -> pd.DataFrame:
    return totals(run, "monthly", ["needs", *SERVED], ("place", "status"))


def _mean(table: pd.DataFrame, column: str) -> float:
    return float((table[column] * table["persons"]).sum() / table["persons"].sum())
