"""`places`: what became of single places in a finished run, beside services observed there, if its table tells."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from .console import UsageMistake, err, out, say
from .data_output import Json, say_json
from .folders import reading
from .tables import add_row, titled

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from ..outcomes.run import Run

# What places may be ordered by: name on the command line -> heading; by the first, where nothing is asked for.
ORDERS = {
    "residents": "residents",
    "migrants": "migrants",
    "service_level": "service level",
    "share_met": "needs met",
    "unauthorised": "unauthorised share",
    "tension": "tension",
}


def places(
    run: Annotated[Path, Argument(metavar="RUN", help="The folder of a finished run.")],
    names: Annotated[
        list[str] | None,
        Argument(metavar="[NAME]...", help="Places, in this order; the largest if left out."),
    ] = None,
    sort_by: Annotated[
        str | None, Option("--sort-by", metavar="WHAT", help=f"Highest first: {', '.join(ORDERS)}.")
    ] = None,
    most: Annotated[int, Option(min=1, help="How many, where no NAME is given.")] = 20,
    json: Json = False,
) -> None:
    """Tell of single places: people, services, needs met; and services observed there, if its table tells."""
    from ..outcomes.places_info import NO_ESTIMATE, SENSITIVE, WARNING, places_info
    from ..outcomes.run_folder import load_run

    if sort_by is not None and sort_by not in ORDERS:
        raise UsageMistake(f"places can't be ordered by {sort_by!r}: choose from {', '.join(ORDERS)}")
    with reading(run):
        loaded = load_run(run)
        named = places_info(loaded).named
        state = _state(loaded)
        rows = _chosen(state, names) if names else state
        if sort_by is not None or not names:
            rows = rows.sort_values(sort_by or "residents", ascending=False, kind="stable")
        rows = rows if names else rows.head(most)
        if named and sort_by in SENSITIVE:
            say(WARNING, to=err())
        shown = [each for each in ORDERS if each not in SENSITIVE or each == sort_by or not named]
        if json:
            known = [each for each in ("name", "name_local", "region_name", *shown) if each in rows]
            say_json({"note": NO_ESTIMATE if named else "", "places": rows[known]})
            return
        out().print(_table(loaded, rows, shown))
        if (observed := _observed(loaded, rows)) is not None:
            out().print(observed)
        if named:
            say(f"People are simulated: {NO_ESTIMATE}.")


def _state(run: Run) -> pd.DataFrame:
    """A row a place: names, and what it may be ordered by."""
    from ..outcomes.groups import share
    from ..outcomes.plots.country import map_data

    state = map_data(run).set_index("place")
    about = run.table("places").set_index("place")
    yearly = run.table("places_yearly")
    last = yearly[yearly["year"] == yearly["year"].max()].set_index("place") if len(yearly) else yearly
    state["residents"] = about["population"]
    for name in ("unauthorised", "tension"):
        state[name] = last[name].reindex(state.index) if name in last else float("nan")
    state["unauthorised"] = share(state["unauthorised"], state["migrants"])
    return state


def plain(text: str) -> str:
    """Without marks on letters, and in small ones: Ōizumi -> oizumi."""
    apart = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold().strip()


def _chosen(state: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """The places of these names, in their order; all of a name that several have. Errors: UsageMistake."""
    from ..scenarios.errors import did_you_mean

    called = [plain(str(name)) for name in state["name"]]
    local = [str(name) for name in state["name_local"]] if "name_local" in state else [""] * len(state)
    chosen: list[int] = []
    for given in names:
        wanted = plain(given)
        exact = [i for i, name in enumerate(called) if wanted in (name, local[i])]
        found = exact or [
            i for i, name in enumerate(called) if name.startswith(f"{wanted}-") or local[i].startswith(wanted)
        ]
        if not found:
            hint = did_you_mean(wanted, [*called, *(name.rpartition("-")[0] or name for name in called)])
            raise UsageMistake(f"there is no place {given!r} in this run" + (f": {hint}" if hint else ""))
        chosen += [i for i in found if i not in chosen]
    return state.iloc[chosen]


def _table(run: Run, rows: pd.DataFrame, shown: list[str]) -> Table:
    numbers = tuple(ORDERS[each] for each in shown)
    last = run.date(max(0, run.months - 1))
    title = f"{run.scenario_name}, seed {run.seed}: places at the end, {last} (needs: the last five years)"
    table = titled(title, "place", "region", *numbers, numbers=numbers)
    for _, row in rows.iterrows():
        name = " ".join(str(row[each]) for each in ("name", "name_local") if each in rows and row[each])
        add_row(table, name, row["region_name"], *(_said(each, float(row[each])) for each in shown))
    return table


def _said(what: str, value: float) -> str:
    if value != value:
        return ""
    if what in ("residents", "migrants"):
        return f"{value:,.0f}"
    return f"{value:.0%}" if what in ("share_met", "unauthorised") else f"{value:.2f}"


def _observed(run: Run, rows: pd.DataFrame) -> Table | None:
    """What was observed in these places, beside the run's own; None where nothing was."""
    from ..outcomes.observed import observed_services

    seen = observed_services(run)
    seen = seen[seen["place"].isin(rows.index)]
    if seen.empty:
        return None
    numbers = ("observed", "simulated")
    table = titled("Services observed", "place", "service", "date", *numbers, numbers=numbers)
    for row in seen.to_dict("records"):
        levels = (_said("level", float(row[each])) for each in numbers)
        add_row(table, row["name"], row["service"], row["date"], *levels)
    return table
