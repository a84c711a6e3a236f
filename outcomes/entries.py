"""The entries of a run (services, needs, doors, kinds of NGO, trades) as its scenario has them: labels, words, colours.

Who meets needs is no entry of a scenario: providers are declared in `agents/providers/`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..agents.providers import PROVIDERS
from ..agents.tally import TALLIES
from ..scenarios.languages import ENGLISH, current, tr_term
from ..scenarios.schema import ENTRY_SECTIONS, SHIPPED, KeyedSection, Parameters
from ..scenarios.schema.doors import Doors
from ..scenarios.schema.needs import Needs
from ..scenarios.schema.ngo_kinds import NgoKinds
from ..scenarios.schema.services import Services
from ..scenarios.schema.trades import Trades

# Who may meet a need, as the ledger counts them; `vocabulary.provider` has their words.
HELPERS = tuple(TALLIES[row] for row in sorted({each.tally for each in PROVIDERS}))
# Of these, those on whom nobody makes a claim: what they meet is help, and no substantive citizenship.
OWN_HELPERS = tuple(TALLIES[row] for row in sorted({each.tally for each in PROVIDERS if not each.is_claim}))


@dataclass(frozen=True)
class Entries:
    """The entries of a run, each kind as the scenario's parameters have it, in order."""

    services: Services
    needs: Needs
    doors: Doors
    ngo_kinds: NgoKinds
    trades: Trades

    def keyed(self) -> Iterator[tuple[str, KeyedSection[Any]]]:
        """Each kind, by its name."""
        yield from ((kind, getattr(self, kind)) for kind in ENTRY_SECTIONS)

    def spoken(self) -> Entries:
        """The same, called as in the language that is spoken, as far as it has their words: a user's own stay as they
        are."""
        if current() is ENGLISH:
            return self
        return Entries(**{kind: _spoken(kind, section) for kind, section in self.keyed()})


# What of an entry is said in figures, tables, stories and pages.
SAID = ("label", "words", "meaning", "struck", "solved")


def _spoken(kind: str, section: KeyedSection[Any]) -> Any:
    said = {}
    for name, entry in section.items():
        words = {field: getattr(entry, field) for field in SAID if hasattr(entry, field)}
        told = {field: tr_term(text, f"{kind} {field}") for field, text in words.items()}
        said[name] = entry.model_copy(update=told)
    return type(section).model_construct(said)


def entries_of(parameters: Parameters | Mapping[str, Any]) -> Entries:
    """The entries of a scenario's parameters, or those that a run's (path -> value) tell of.

    A run folder of the time when entries had no labels has the shipped ones, with its own values.
    """
    if isinstance(parameters, Parameters):
        return Entries(**{kind: getattr(parameters, kind) for kind in ENTRY_SECTIONS})
    given: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in ENTRY_SECTIONS}
    for path, value in parameters.items():
        kind, _, rest = path.partition(".")
        if kind in given and "." in rest:
            name, _, field = rest.partition(".")
            given[kind].setdefault(name, {})[field] = tuple(value) if isinstance(value, list) else value
    return Entries(**{kind: _section(section, given[kind]) for kind, section in SHIPPED.keyed()})


def _section(shipped: Any, given: dict[str, dict[str, Any]]) -> Any:
    declared = any("label" in fields for fields in given.values())
    names = list(given) if declared else [*shipped.names, *(name for name in given if name not in shipped)]
    entry, found = type(shipped).entry, dict[str, dict[str, Any]]()
    for name in names:
        known = shipped[name].model_dump() if name in shipped else _unsaid(shipped, name, given[name], found)
        found[name] = {**known, **given.get(name, {})}
    entries = {name: entry.model_construct(**fields) for name, fields in found.items()}
    return type(shipped).model_construct(entries)


def _unsaid(
    shipped: Any, name: str, given: dict[str, Any], others: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """What an added entry is where a run does not say: as in a scenario file, but never another's meaning."""
    entry = type(shipped).entry
    called = entry.named(name, given)
    usual = {field: info.default for field, info in entry.model_fields.items() if not info.is_required()}
    look = type(shipped).look(others, given)
    return {**shipped[shipped.names[0]].model_dump(), **usual, **called, **look, "meaning": called["label"]}


SHIPPED_ENTRIES = entries_of(SHIPPED)
