"""Why two lives part: what the record holds of the migrant's mind and of the place at that moment, in either world."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from .run import Run
from .sentences import name_at
from .wording import level, sentence

LEAST_FEAR = 0.05  # a lesser difference of fear is no reason
LEAST_LEVEL = 0.02
LEARNED, CHOSE_A_PLACE = ("learned_city", "learned_ngo"), ("arrived", "present", "moved")
ASKED_OR_NOT = ("asked", "served", "refused", "turned_away", "afraid", "unwilling", "ineligible", "gave_up")
NO_REASON = (
    "The record holds no reason that is this migrant's own: it came by way of others, or of the country as a whole "
    "(who else asked, who told them, how strictly the law was enforced)."
)

Pair = tuple[pd.Series, pd.Series]


def reasons(
    runs: tuple[Run, Run],
    lives: tuple[pd.DataFrame, pd.DataFrame],
    names: tuple[str, str],
    month: int,
    position: int,
) -> list[str]:
    """Sentences on why two lives differ from event number `position` on, in `month` (index from the start).

    `lives`: all events of the migrant in each run. Where one life is missing altogether, there is nothing to say.
    """
    if any(life.empty for life in lives):
        return []
    events = [_event(life, month, position) for life in lives]
    at = _same_moment(lives, month, position)
    found = list(_of_the_mind(at, names, events)) if at is not None else []
    places = {int(row["place"]) for row in events if row is not None}
    if len(places) == 1:
        found += _of_the_place(runs, names, month, places.pop(), events)
    elif all(row is not None and str(row["event"]) in CHOSE_A_PLACE for row in events):
        found += _of_the_choice(runs, names, month, events)
    return found or [NO_REASON]


def _event(life: pd.DataFrame, month: int, position: int) -> pd.Series | None:
    """The life's event of this number, if it falls into the month."""
    row = life.iloc[position] if position < len(life) else None
    return row if row is not None and int(row["month"]) == month else None


def _same_moment(lives: tuple[pd.DataFrame, pd.DataFrame], month: int, position: int) -> Pair | None:
    """The rows in which the mind of both can be compared: of this event, else of the last they had in common."""
    a, b = (_event(life, month, position) for life in lives)
    if a is not None and b is not None:
        return a, b
    return (lives[0].iloc[position - 1], lives[1].iloc[position - 1]) if position else None


def _of_the_mind(at: Pair, names: tuple[str, str], events: list[pd.Series | None]) -> Iterator[str]:
    a, b = at
    happened = {str(row["event"]) for row in events if row is not None}
    if int(a["place"]) == int(b["place"]) and not happened & set(LEARNED):
        for column, what in (
            ("knows_city", "something of what the town hall offers"),
            ("knows_ngo", "of an NGO here"),
        ):
            if bool(a[column]) != bool(b[column]):
                knew, not_so = names if a[column] else names[::-1]
                yield f"In {knew} the migrant knew {what}, in {not_so} not."
    more, less = float(a["fear"]), float(b["fear"])
    if abs(more - less) >= LEAST_FEAR:
        yield (
            f"Fear of being caught was {level(more)} in {names[0]} and {level(less)} in {names[1]} "
            "(from 0, none, to 1)."
        )


def _of_the_place(
    runs: tuple[Run, Run], names: tuple[str, str], month: int, place: int, events: list[pd.Series | None]
) -> Iterator[str]:
    """What the town did in either world, where both were in the same town."""
    a, b = (_place_in_year(run, place, month) for run in runs)
    if a is None or b is None:
        return
    services = runs[0].entries.services
    town, when = _town(runs[0], place), f"at the end of {int(a['year'])}"
    for service in _services_at_stake(runs[0], events):
        was, instead = float(a[f"level_{service}"]), float(b[f"level_{service}"])
        if abs(was - instead) >= LEAST_LEVEL:
            yield (
                f"{sentence(services[service].words)} of {town} stood at level {level(was)} in {names[0]} and "
                f"{level(instead)} in {names[1]} ({when})."
            )
    happened = {str(row["event"]) for row in events if row is not None}
    if bool(a["firewall"]) != bool(b["firewall"]) and happened & {"asked", "afraid"}:
        apart, not_so = names if a["firewall"] else names[::-1]
        yield (
            f"In {apart} {town} kept its services apart from immigration control, in {not_so} not ({when})."
        )
    asked_ngo = any(row is not None and str(row["provider"]) == "ngo" for row in events)
    if (asked_ngo or "learned_ngo" in happened) and int(a["ngos"]) != int(b["ngos"]):
        yield (f"{town} had {int(a['ngos'])} NGOs in {names[0]} and {int(b['ngos'])} in {names[1]} ({when}).")


def _of_the_choice(
    runs: tuple[Run, Run], names: tuple[str, str], month: int, events: list[pd.Series | None]
) -> Iterator[str]:
    """The two towns in which the migrant went to live."""
    for run, name, row in zip(runs, names, events, strict=True):
        state = None if row is None else _place_in_year(run, int(row["place"]), month)
        if row is not None and state is not None:
            average = level(float(state["service_level"]))
            yield (
                f"In {name} services of {_town(run, int(row['place']))} averaged {average} "
                f"at the end of {int(state['year'])}."
            )


def _services_at_stake(run: Run, events: list[pd.Series | None]) -> list[str]:
    """The city's services on which these events turn."""
    services, found = run.entries.services, list[str]()
    for row in events:
        if row is None:
            continue
        event, service = str(row["event"]), name_at(services.names, int(row["detail"]))
        if event in ASKED_OR_NOT:
            found += _answers(run, str(row["need"]))
        elif event == "learned_city":
            found += [*services.having("informs"), service]
        elif event in ("joined", "quit"):
            found.append(service)
        elif event in ("insured", "insurance_lapsed"):
            found += services.having("insurance")
    return list(dict.fromkeys(service for service in found if service))


def _answers(run: Run, need: str) -> list[str]:
    """The city's services that answer a need, in the order in which they are tried."""
    services = run.entries.services
    return sorted(
        (name for name in services if need in services[name].answers), key=lambda name: services[name].turn
    )


def _place_in_year(run: Run, place: int, month: int) -> pd.Series | None:
    """The place at the last December that had been decided by `month`; the first there is, before that; or None."""
    yearly = run.table("places_yearly")
    own = yearly[yearly["place"] == place].sort_values("year")
    if own.empty:
        return None
    year, calendar_month = (int(part) for part in run.date(month).split("-"))
    decided = calendar_month >= int(run.parameters.get("city.fiscal_month", 4))
    past = own[own["year"] <= (year if decided else year - 1)]
    return past.iloc[-1] if len(past) else own.iloc[0]


def _town(run: Run, place: int) -> str:
    places = run.table("places")
    return str(places.loc[places["place"] == place, "name"].iloc[0])
