"""The data dictionary: every column of every table of a run, with its unit and meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from ..scenarios.catalogue import EVENTS, PROVIDERS, REASONS, STATUSES
from ..scenarios.vocabulary import STAGE
from .entries import SHIPPED_ENTRIES, Entries


def orders(entries: Entries = SHIPPED_ENTRIES) -> dict[str, tuple[str, ...]]:
    """Columns that hold names, and the order of those names."""
    return {
        "status": STATUSES,
        "door": entries.doors.names,
        "need": entries.needs.names,
        "reason": REASONS,
        "provider": PROVIDERS,
        "kind": entries.ngo_kinds.names,
        "event": EVENTS,
    }


Entry = tuple[str, str]  # unit, meaning

_MONTH: Entry = ("month", "index from the start of the run, 0 = first month")
_YEAR: Entry = ("year", "calendar year")
_PLACE: Entry = ("place", "municipality: its row in the table places, from 0")
_STATUS: Entry = ("name", "formal status")
_DOOR: Entry = ("name", "category of entry")
_NEED: Entry = ("name", "kind of need")

_CASCADE: dict[str, Entry] = {
    **{
        name: ("episodes", STAGE[name].definition)
        for name in ("needs", "aware", "willing", "eligible", "claimed")
    },
    "served_city": ("episodes", "of the claimed, met by the municipality"),
    "served_ngo": ("episodes", "of the claimed, met by an NGO"),
    "served_nation": (
        "episodes",
        "of the claimed, met by an office of the state or the insurance of the job",
    ),
    "unmet": ("episodes", "met by nobody: given up, or cut short by moving or leaving"),
}

_TABLES: dict[str, dict[str, Entry]] = {
    "monthly": {
        "month": _MONTH,
        "place": _PLACE,
        "status": _STATUS,
        "stock": ("persons", "migrants living here at the end of the month"),
        "arrived": ("persons", "came from abroad during the month"),
        "moved_in": ("persons", "came from another municipality"),
        "moved_out": ("persons", "went to another municipality"),
        "status_in": ("persons", "changed into this status"),
        "status_out": ("persons", "changed out of this status"),
        "left": ("persons", "left the country of their own accord"),
        "deported": ("persons", "were deported"),
        **_CASCADE,
        "refused": ("claims", "claims that a city or an office of the state did not meet"),
        "turned_away": ("claims", "claims for which an NGO had no capacity"),
        "eligible_any": ("episodes", "ended needs for which a provider open to the person existed here"),
        "eligible_aware": ("episodes", "of eligible_any, the person knew of a provider"),
        "sustained": ("persons", "now taking part in a sustained programme, at the end of the month"),
        "insured": ("persons", "now in a health insurance (the city's or by the job), at month's end"),
        "ngo_cases": ("claims", "claims that an NGO took on, solved or not"),
        "ngo_served": ("episodes", "needs that an NGO met in the month"),
        "ngo_returned": ("persons", "came back with a new need within the set time after an NGO met one"),
        "ngo_phone": ("episodes", "needs that an NGO met by telephone; among served_ngo, not among ngo_served"),
        "ngo_referred": ("claims", "turned away at first, then referred to an NGO elsewhere in the region"),
        "members": ("persons", "paying members of an NGO, at the end of the month"),
        "mobilised": ("persons", "who have taken up the cause with an NGO, at the end of the month"),
    },
    "needs": {
        "month": _MONTH,
        "region": ("region", "region: number as in the table places, from 0"),
        "status": _STATUS,
        "need": _NEED,
        **_CASCADE,
    },
    "doors": {
        "month": _MONTH,
        "door": _DOOR,
        "status": _STATUS,
        "stock": ("persons", "in the country at the end of the month"),
        "arrived": ("persons", "came from abroad during the month"),
    },
    "departures": {
        "month": _MONTH,
        "door": _DOOR,
        "status": _STATUS,
        "reason": ("name", "why they left the country"),
        "persons": ("persons", "left or were deported during the month"),
    },
    "census": {
        "year": ("year", "calendar year; the census is taken at the end of December"),
        "door": _DOOR,
        "status": _STATUS,
        "stay": ("years", "whole years in the country; 20 stands for 20 and more"),
        "persons": ("persons", "migrants of this door, status and stay"),
        "settlers": ("persons", "of these, intend to settle"),
        "never": ("persons", "have never claimed nor joined a programme"),
        "episodic": ("persons", "have claimed or taken part before, and do not now (or not yet so long)"),
        "sustained": ("persons", "take part in a programme now, for claiming.sustained_after months or longer"),
        "knows_city": ("persons", "know of a service of their municipality"),
        "knows_ngo": ("persons", "know of an NGO that exists in their municipality"),
        "insured": ("persons", "are in a health insurance, the city's or by the job"),
        "months_stayed": ("person-months", "sum of their months in the country"),
        "first_city": ("persons", "still live in the municipality of their arrival"),
        "members": ("persons", "paying members of an NGO"),
        "mobilised": ("persons", "who have taken up the cause with an NGO"),
        "language": ("persons x competence", "sum of their competence in the language, each 0 to 1"),
    },
    "places_yearly": {
        "year": ("year", "calendar year; the state at the end of it"),
        "place": _PLACE,
        "migrants": ("persons", "migrants living here"),
        "unauthorised": ("persons", "of these, unauthorised (irregular, overstayer, smuggled)"),
        "motivation": ("motivation", "how far the municipality wants to act: sum of the weighted causes"),
        "budget": ("million yen a year", "what it would spend on programmes for migrants"),
        "spent": ("million yen a year", "what its programmes cost"),
        "grant": ("million yen a year", "central money it was given"),
        "to_ngos": ("million yen a year", "what it gave to the NGOs in it"),
        "fit": ("0 to 1", "fit of its services to what migrants need"),
        "tension": ("0 to 1", "tension between neighbours"),
        "firewall": ("true or false", "whether its offices keep from reporting to immigration control"),
        "service_level": ("level, 0 to 1", "mean level of all services"),
        "ngos": ("NGOs", "offices in the municipality"),
        "ngo_capacity": ("cases a month", "capacity of these NGOs"),
        "coethnics": ("persons", "migrants who entered by the co-ethnic door"),
        "coethnics_insured": ("persons", "of these, in a health insurance"),
        "coethnics_know_welfare": ("persons", "of the co-ethnics, know of health and welfare services here"),
        "coethnics_first_city": ("persons", "of the co-ethnics, still live where they arrived"),
    },
    "ngos": {
        "year": _YEAR,
        "ngo": ("identity", "the NGO"),
        "kind": ("name", "kind of NGO"),
        "place": _PLACE,
        "branch": ("true or false", "whether it is a branch of another"),
        "specialised": ("true or false", "whether it takes one issue or one group only"),
        "skill": ("probability", "chance that a case taken on is solved within the month"),
        "capacity": ("cases a month", "cases its staff can take on"),
        "funds": ("million yen", "in hand at the end of its year"),
        "served": ("cases", "taken on during its year"),
        "turned_away": ("cases", "turned away during its year for want of capacity"),
        "founded": ("year", "calendar year of founding"),
        "closed": ("true or false", "closed at the end of this year"),
    },
    "moves": {
        "year": _YEAR,
        "origin_fifth": ("1 to 5", "fifth of migrants by service level of the municipality left, 5 the best"),
        "status": _STATUS,
        "moves": ("moves", "moves to another municipality"),
        "level_before": ("level x moves", "sum of the service level of the municipality left"),
        "level_after": ("level x moves", "sum of the service level of the municipality moved to"),
        "enrolments_lost": ("enrolments", "enrolments in insurance and programmes that were left behind"),
    },
    "flows": {
        "year": _YEAR,
        "origin": ("area", "area left: column area of the table places"),
        "destination": ("area", "area moved to; the same as origin for moves within a region"),
        "moves": ("moves", "moves to another municipality"),
    },
    "nation": {
        "month": _MONTH,
        "apprehension": ("probability a month", "chance that an unauthorised migrant is apprehended"),
        "fear": ("0 to 1", "fear of apprehension at the national risk"),
        "demand": ("index, 1 = boom", "demand for migrant labour"),
        "perception": ("0 to 1", "public perception of foreigners' crime"),
        "precedent": ("0 to 1", "how far rights have been won in the courts"),
        "conceded": ("0 to 1", "how far lobbying has freed officials of the duty to report"),
        "migrants": ("persons", "in the country at the end of the month"),
        "unauthorised": ("persons", "of these, unauthorised (irregular, overstayer, smuggled)"),
        "ngos": ("NGOs", "in the country"),
    },
    "events": {
        "month": _MONTH,
        "migrant": ("identity", "the sampled migrant"),
        "event": ("name", "what happened"),
        "place": _PLACE,
        "status": _STATUS,
        "need": ("name", "kind of need concerned, if any"),
        "provider": ("name", "provider concerned; nobody, if none is"),
        "detail": (
            "number",
            "by event: place left, door, reason, status, service, kind of NGO; 1 if the job's insurance was asked",
        ),
        "knows_city": ("true or false", "knew of a service of the municipality"),
        "knows_ngo": ("true or false", "knew of an NGO in the municipality"),
        "settler": ("true or false", "intended to settle"),
        "fear": ("0 to 1", "fear of apprehension"),
        "belonging": ("0 to 1", "belonging to the municipality"),
    },
    "measures": {
        "year": ("year", "calendar year: counts of its months in the run, states at the end of its December"),
        "id": ("E1 to E9", "the outcome it belongs to"),
        "measure": ("name", "what is measured: `local-citizenship measures --define` gives the definition"),
        "by": ("name", "how the country is divided: country (not at all), status, region, stay, service ..."),
        "group": ("name", "the part measured: a status, a region ...; all, of the country"),
        "value": ("as in unit", "the value; missing where nothing was counted"),
        "unit": ("name", "unit of the value"),
    },
    "places": {
        "place": _PLACE,
        "code": ("code", "code of the municipality"),
        "name": ("name", "name of the municipality"),
        "region": ("region", "number of the region, from 0"),
        "region_name": ("name", "name of the region"),
        "area": ("area", "between which flows are counted: the region, or with at most 64 places the place"),
        "latitude": ("degrees north", "position"),
        "longitude": ("degrees east", "position"),
        "population": ("persons", "all residents at the start"),
        "foreign_residents": ("persons", "foreigners on the register: where migrants live, not how many"),
        "fiscal_strength": ("index", "own revenue over the standard need for it; 1 and more is prosperous"),
        "history": ("0 to 1", "history with foreigners and minorities"),
        "internationalisation": ("0 to 1", "earlier internationalisation"),
        "industry": ("0 to 1", "weight of industry in local employment"),
    },
}  # fmt: skip


def columns_of(table: str, entries: Entries = SHIPPED_ENTRIES) -> dict[str, Entry]:
    """Column -> unit and meaning, of a table; none of a table that the dictionary does not know."""
    known = _TABLES.get(table, {})
    if table != "places_yearly":
        return known
    before = list(known).index("service_level")
    of_services: dict[str, Entry] = {}
    for name in entries.services:
        of_services[f"level_{name}"] = ("level, 0 to 1", f"level of the service {name}")
        meaning = f"whether {name}, where offered, is open to the unauthorised"
        of_services[f"open_{name}"] = ("true or false", meaning)
    items = list(known.items())
    return {**dict(items[:before]), **of_services, **dict(items[before:])}


TABLES = {table: columns_of(table) for table in _TABLES}  # of the shipped scenarios


@dataclass(frozen=True)
class Undescribed:
    """A column without an entry in the dictionary."""

    table: str
    column: str


def undescribed(tables: Mapping[str, pd.DataFrame], entries: Entries = SHIPPED_ENTRIES) -> list[Undescribed]:
    """The columns of `tables` that the dictionary does not know; none, if all is well."""
    return [
        Undescribed(table, str(column))
        for table, frame in tables.items()
        for column in frame.columns
        if column not in columns_of(table, entries)
    ]


def describe(tables: Mapping[str, list[str]], entries: Entries = SHIPPED_ENTRIES) -> pd.DataFrame:
    """The dictionary of these tables and columns: table, column, unit, meaning, values (of named columns)."""
    names, rows = orders(entries), []
    for table, columns in tables.items():
        known = columns_of(table, entries)
        for column in columns:
            unit, meaning = known.get(column, ("", ""))
            rows.append((table, column, unit, meaning, " ".join(names.get(column, ()))))
    return pd.DataFrame(rows, columns=["table", "column", "unit", "meaning", "values"])


def conform(
    name: str, table: pd.DataFrame, entries: Entries = SHIPPED_ENTRIES, *, whole: bool = True
) -> pd.DataFrame:
    """The table with named columns as ordered categories; a table without any column gets its columns, empty.

    The table given is not changed; columns are shared, not copied. `whole`: False for some columns only.
    """
    if whole and not len(table):
        missing = [c for c in columns_of(name, entries) if c not in table.columns]
        table = table.assign(**{column: pd.Series([], dtype="int64") for column in missing})
    names = orders(entries)
    wrong = [c for c in table.columns if c in names and not _is_ordered(table[c], names[c])]
    if wrong:
        named = {c: pd.Categorical(table[c], categories=list(names[c]), ordered=True) for c in wrong}
        table = table.assign(**named)
    return table


def _is_ordered(column: pd.Series, order: tuple[str, ...]) -> bool:
    kind = column.dtype
    return isinstance(kind, pd.CategoricalDtype) and bool(kind.ordered) and tuple(kind.categories) == order
