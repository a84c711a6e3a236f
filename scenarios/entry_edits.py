"""Entries that a scenario file adds, copies or drops: `childcare: {like: schooling}`, `exchange: drop`.

What a file says of its entries holds whatever the order in which it says so. A copy is of its sibling as this file
leaves it: as taken over from the file that is extended, with what this file changes. Of a sibling that this file drops
it is a copy as taken over; of a shipped one that is gone already, a copy as shipped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .checks import Problems, how_to_add, is_blank, is_drop
from .errors import ScenarioError, did_you_mean
from .schema import ENTRY_SECTIONS, SHIPPED, KeyedSection
from .schema.entries import LIKE
from .yaml_text import Node, Scalar, SourceLocation, YamlMapping

# Who may answer a need, and where it says so.
ANSWERING, ANSWERS = ("services", "ngo_kinds"), "answers"
MOST_NAMED = 3  # in a sentence
Entries = dict[str, dict[str, Any]]  # name -> parameter -> value


@dataclass(frozen=True)
class Added:
    """An entry that a file adds: `like` is the sibling it is copied from, "" if it says everything itself."""

    section: str
    name: str
    like: str
    given: frozenset[str]  # the parameters that the file gives
    key: SourceLocation

    @property
    def path(self) -> str:
        return f"{self.section}.{self.name}"


@dataclass
class Edits:
    """What a file does to the entries. `values`: complete parameter values with the entries as edited."""

    values: dict[str, Any]
    added: list[Added] = field(default_factory=list)  # each behind the one that it is a copy of
    dropped: list[str] = field(default_factory=list)  # paths of entries

    def copied(self, values: dict[str, Any]) -> None:
        """Give each added entry what it takes over from its sibling, as the file leaves that sibling."""
        for each in self.added:
            section = values[each.section]
            if each.like in section:
                kept = {*each.given, *_section(each.section).entry.own, "meaning"}
                taken = {name: value for name, value in section[each.like].items() if name not in kept}
                section[each.name].update(taken)


def edit_entries(given: YamlMapping, values: Mapping[str, Any], problems: Problems) -> Edits:
    """The entries of `values` (complete and sound) as a file edits them; the parameters it sets come later."""
    edits = Edits({**values, **{name: dict(values[name]) for name in ENTRY_SECTIONS}})
    # Needs first: whatever answers a need answers its copies, and a copied service takes that over.
    for name in sorted(ENTRY_SECTIONS, key=lambda each: each != "needs"):
        node = given.items.get(name)
        if isinstance(node, YamlMapping):
            _SectionEdit(name, node, edits, problems).edit()
    for section in ENTRY_SECTIONS:
        for parameter, named in _section(section).naming().items():
            if parameter != ANSWERS:
                _keep_named(f"{section}.{parameter}", named, given, edits, problems)
    return edits


def _keep_named(path: str, named: str, given: YamlMapping, edits: Edits, problems: Problems) -> None:
    """No entry may name one that is gone, as a door its trade (`doors.trade`): the file has to name another instead."""
    section, _, parameter = path.partition(".")
    entries, there = edits.values[section], edits.values[named]
    other = next(iter(there))
    copies = {each.name: each for each in edits.added if each.section == section}
    left: dict[str, list[str]] = {}  # what is gone -> the entries that still name it
    for name in [name for name, entry in entries.items() if entry[parameter] not in there]:
        takes_over = name in copies and copies[name].like in entries
        if not takes_over and not _gives(given, section, name, parameter):
            left.setdefault(entries[name][parameter], []).append(name)
        entries[name] = {
            **entries[name],
            parameter: other,
        }  # until that of the file, or of the sibling, is laid over
    for gone, names in left.items():
        drops = given.items.get(named)
        key = drops.keys.get(gone) if isinstance(drops, YamlMapping) else None
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        whose = ", ".join(f"{section}.{name}" for name in names[:MOST_NAMED]) + more
        message = f"there is no {_section(named).one} {gone!r} any more, which is that of {whose}"
        hint = f"name another, as `{section}: {{{names[0]}: {{{parameter}: {other}}}}}`"
        problems.add((key or copies[names[0]].key).error(message, hint))


def _gives(given: YamlMapping, section: str, name: str, parameter: str) -> bool:
    """Whether a file gives a parameter of an entry."""
    entries = given.items.get(section)
    entry = entries.items.get(name) if isinstance(entries, YamlMapping) else None
    return isinstance(entry, YamlMapping) and parameter in entry.items


def _section(name: str) -> KeyedSection[Any]:
    section = getattr(SHIPPED, name)
    assert isinstance(section, KeyedSection)
    return section


class _SectionEdit:
    """What a file does to the entries of one section."""

    def __init__(self, name: str, node: YamlMapping, edits: Edits, problems: Problems) -> None:
        self.name, self.node, self.edits, self.problems = name, node, edits, problems
        self.section = _section(name)
        self.before: Entries = edits.values[name]
        self.entries: Entries = dict(self.before)  # then those added, each behind its sibling
        self.dropped = dict.fromkeys(entry for entry, value in node.items.items() if is_drop(value))
        self.new = [entry for entry in node.items if entry not in self.dropped and self._is_new(entry)]
        self.under_way: list[str] = []
        self.failed: dict[str, ScenarioError] = {}

    def _is_new(self, entry: str) -> bool:
        return entry not in self.before and not ("." in entry and entry.partition(".")[0] in self.before)

    def _left(self) -> Entries:
        """The entries so far, without those that are dropped."""
        return {name: entry for name, entry in self.entries.items() if name not in self.dropped}

    def edit(self) -> None:
        for entry, value in self.node.items.items():
            if entry in self.before and isinstance(value, YamlMapping) and LIKE in value.items:
                message = (
                    f"there is a {self.section.one} {entry!r} already, which cannot be made {LIKE} another"
                )
                self.problems.add(value.keys[LIKE].error(message, "leave `like` out, or choose another name"))
        for entry in self.new[max(0, self.section.limit - len(self._left())) :]:
            self.failed[entry] = self.node.keys[entry].error(self.section.too_many())
            self.problems.add(self.failed[entry])
        for entry in self.new:
            self._add(entry)
        for entry in self.dropped:
            self._drop(entry)
        if not self.entries:
            self.problems.add(self.node.spot.error(f"no {self.section.one} is left", "keep at least one"))
            self.entries = self.before
        # The shipped ones come first, in their order, also where one was dropped and is added again.
        order = dict.fromkeys([*self.section.names, *self.before, *self.new])
        self.edits.values[self.name] = {name: self.entries[name] for name in order if name in self.entries}

    def _drop(self, entry: str) -> None:
        if entry not in self.before:
            hint = did_you_mean(entry, self.entries)
            message = f"there is no {self.section.one} {entry!r} to drop"
            self.problems.add(self.node.keys[entry].error(message, hint))
            return
        del self.entries[entry]
        self.edits.dropped.append(f"{self.name}.{entry}")
        if self.name == "needs":
            self._answer(lambda needs: tuple(need for need in needs if need != entry))

    def _add(self, entry: str) -> None:
        """Add an entry, and first the one that it is a copy of, if that is new as well."""
        if entry in self.entries or entry in self.failed:
            return
        value, key = self.node.items[entry], self.node.keys[entry]
        self.under_way.append(entry)
        try:
            sibling = self._sibling(entry, value, key)
        except ScenarioError as error:
            self.failed[entry] = error
            if error not in self.problems.found:  # told of the one that it is a copy of
                self.problems.add(error)
            return
        finally:
            self.under_way.pop()
        assert isinstance(value, YamlMapping)
        texts = {
            name: node.value
            for name, node in value.items.items()
            if isinstance(node, Scalar) and isinstance(node.value, str)
        }
        base = dict(sibling or self.entries[next(iter(self.entries))])
        if sibling is None:  # traits are off unless the file gives them
            fields = self.section.entry.model_fields.items()
            base |= {name: info.default for name, info in fields if not info.is_required()}
        elif "meaning" not in value.items:
            base["meaning"] = f"like {texts[LIKE]}: {base['meaning']}"[:500]
        base |= self.section.entry.named(entry, texts) | self.section.look(self._left(), texts)
        if "answers" in base:  # of a shipped entry that is gone: some needs may be gone as well
            base["answers"] = tuple(need for need in base["answers"] if need in self.edits.values["needs"])
        self.entries[entry] = base
        like = texts.get(LIKE, "")
        self.edits.added.append(Added(self.name, entry, like, frozenset(value.items), key))
        if self.name == "needs" and like:
            self._answer(lambda needs: (*needs, entry) if like in needs else needs)

    def _sibling(self, entry: str, value: Node, key: SourceLocation) -> dict[str, Any] | None:
        """The values of the entry that a new one is to be like; None if the new one says everything itself.

        Errors: ScenarioError if the new one cannot be added.
        """
        one, entries = self.section.one, self.entries
        near = did_you_mean(entry, self.before)
        how = " ".join(filter(None, (near, how_to_add(self.name, entry))))
        if not isinstance(value, YamlMapping):
            what = "has no value" if is_blank(value) else f"is {value}"
            raise key.error(f"there is no {one} {entry!r}, and {self.name}.{entry} {what}", how)
        if why := self.section.why_not(entry):
            raise key.error(why)
        like = value.items.get(LIKE)
        if like is None:
            must = self.section.must_say()
            lacking = [name for name in must if name not in value.items]
            if 2 * len(lacking) > len(must):  # a slip of the pen, or `like` was forgotten
                raise key.error(f"there is no {one} {entry!r}", how)
            if lacking:
                hint = f"give them, or `{LIKE}: {self.section.names[0]}` to take them from another"
                raise key.error(f"the {one} {entry!r} lacks {', '.join(lacking)}", hint)
            return None
        if is_blank(like):
            raise value.keys[LIKE].error(f"{LIKE} has no value", f"name a {one}, as {self.section.names[0]}")
        said = like.value if isinstance(like, Scalar) else None
        if isinstance(said, str):
            if said in self.under_way[:-1]:
                circle = " -> ".join([*self.under_way[self.under_way.index(said) :], said])
                raise like.spot.error(f"`{LIKE}` goes in a circle: {circle}")
            if said in self.new and said != entry:
                self._add(said)
            if said in self.failed:
                raise self.failed[said]
            if said in entries:
                return entries[said]
            if said in self.section:  # dropped by a file that is extended, but still known
                return self.section[said].model_dump()
        others = [name for name in (*self.before, *self.new) if name != entry]
        near = did_you_mean(said, others) if isinstance(said, str) else None
        hint = near or f"it may be {', '.join(others)}"
        raise like.spot.error(f"{self.name}.{entry} is like {like}, but there is no such {one}", hint)

    def _answer(self, change: Callable[[tuple[str, ...]], Iterable[str]]) -> None:
        """Change what services and kinds of NGO answer."""
        for section in ANSWERING:
            self.edits.values[section] = {
                name: {**entry, "answers": change(entry["answers"])}
                for name, entry in self.edits.values[section].items()
            }
