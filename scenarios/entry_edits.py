"""Entries that a scenario file adds, copies or drops: `childcare: {like: schooling}`, `exchange: drop`."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .checks import Problems, how_to_add, is_drop
from .errors import did_you_mean
from .schema import ENTRY_SECTIONS, SHIPPED, KeyedSection
from .schema.entries import LIKE
from .yaml_text import Node, Scalar, SourceLocation, YamlMapping

# Who may answer a need.
ANSWERING = ("services", "ngo_kinds")


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
    added: list[Added] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)  # paths of entries

    def copied(self, values: dict[str, Any]) -> None:
        """Give each added entry what it takes over from its sibling, as the file leaves that sibling."""
        for each in self.added:
            section = values[each.section]
            if each.like in section:
                kept = {*each.given, *_section(each.section).entry.own, "meaning"}
                source = {name: value for name, value in section[each.like].items() if name not in kept}
                section[each.name].update(copy.deepcopy(source))


def edit_entries(given: YamlMapping, values: Mapping[str, Any], problems: Problems) -> Edits:
    """The entries of `values` (complete and sound) as a file edits them; the parameters it sets come later."""
    edits = Edits({**values, **{name: dict(values[name]) for name in ENTRY_SECTIONS}})
    # Needs first: whatever answers a need answers its copies, and a copied service takes that over.
    for name in sorted(ENTRY_SECTIONS, key=lambda each: each != "needs"):
        node = given.items.get(name)
        if isinstance(node, YamlMapping):
            _edit_section(name, node, edits, problems)
    return edits


def _section(name: str) -> KeyedSection[Any]:
    section = getattr(SHIPPED, name)
    assert isinstance(section, KeyedSection)
    return section


def _edit_section(name: str, node: YamlMapping, edits: Edits, problems: Problems) -> None:
    section, entries = _section(name), edits.values[name]
    before = dict(entries)
    for entry, value in node.items.items():
        key = node.keys[entry]
        if is_drop(value):
            _drop(name, entry, key, edits, problems)
        elif entry not in entries and not ("." in entry and entry.partition(".")[0] in entries):
            _add(name, entry, value, key, edits, problems)
        elif isinstance(value, YamlMapping) and LIKE in value.items:
            message = f"there is a {section.one} {entry!r} already, which cannot be made {LIKE} another"
            problems.add(value.keys[LIKE].error(message, "leave `like` out, or choose another name"))
    if not entries:
        problems.add(node.spot.error(f"no {section.one} is left", "keep at least one"))
        entries.update(before)
    # The shipped ones come first, in their order, also where one was dropped and is added again.
    shipped = [each for each in section.names if each in entries]
    edits.values[name] = {each: entries[each] for each in dict.fromkeys([*shipped, *entries])}


def _drop(name: str, entry: str, key: SourceLocation, edits: Edits, problems: Problems) -> None:
    entries = edits.values[name]
    if entry not in entries:
        hint = did_you_mean(entry, entries)
        problems.add(key.error(f"there is no {_section(name).one} {entry!r} to drop", hint))
        return
    del entries[entry]
    edits.dropped.append(f"{name}.{entry}")
    if name == "needs":
        _answer(edits, lambda needs: tuple(need for need in needs if need != entry))


def _add(name: str, entry: str, value: Node, key: SourceLocation, edits: Edits, problems: Problems) -> None:
    section, entries = _section(name), edits.values[name]
    if not isinstance(value, YamlMapping):
        said = "has no value" if isinstance(value, Scalar) and value.value is None else f"is {value}"
        hint = f"{near} " if (near := did_you_mean(entry, entries)) else ""
        message = f"there is no {section.one} {entry!r}, and {name}.{entry} {said}"
        problems.add(key.error(message, f"{hint}{how_to_add(name, entry)}"))
        return
    if why := section.why_not(entry):
        problems.add(key.error(why))
        return
    like = value.items.get(LIKE)
    sibling = _sibling(name, entry, like, value, edits, problems)
    if like is None:
        lacking = [each for each in section.must_say() if each not in value.items]
        if lacking:
            problems.add(_lacking(name, entry, key, lacking, entries))
            return
    elif sibling is None:
        return
    if len(entries) >= section.limit:
        problems.add(key.error(section.too_many()))
        return
    scalars = {
        k: v.value for k, v in value.items.items() if isinstance(v, Scalar) and isinstance(v.value, str)
    }
    base = copy.deepcopy(sibling or section[section.names[0]].model_dump())
    if sibling is None:  # traits are off unless the file gives them
        base |= {k: i.default for k, i in section.entry.model_fields.items() if not i.is_required()}
    elif "meaning" not in value.items:
        base["meaning"] = f"like {scalars[LIKE]}: {base['meaning']}"[:500]
    base |= section.entry.named(entry, scalars) | section.look(entries, scalars)
    base["label"] = base["label"][:25]
    entries[entry] = base
    edits.added.append(Added(name, entry, scalars.get(LIKE, ""), frozenset(value.items), key))
    if name == "needs" and sibling is not None:
        copied = scalars[LIKE]
        _answer(edits, lambda needs: (*needs, entry) if copied in needs else needs)


def _sibling(
    name: str, entry: str, like: Node | None, value: YamlMapping, edits: Edits, problems: Problems
) -> dict[str, Any] | None:
    """The values of the entry that another is to be like; None if there is no such entry."""
    if like is None:
        return None
    section, entries = _section(name), edits.values[name]
    said = like.value if isinstance(like, Scalar) else None
    if isinstance(said, str) and said in entries:
        return dict(entries[said])
    if isinstance(said, str) and said in section:  # dropped, but still known
        return section[said].model_dump()
    if isinstance(like, Scalar) and said is None:
        problems.add(
            value.keys[LIKE].error(f"{LIKE} has no value", f"name a {section.one}, as {section.names[0]}")
        )
        return None
    hint = did_you_mean(said, entries) if isinstance(said, str) else None
    hint = hint or f"it may be {', '.join(each for each in entries if each != entry)}"
    problems.add(like.spot.error(f"{name}.{entry} is like {like}, but there is no such {section.one}", hint))
    return None


def _lacking(
    name: str, entry: str, key: SourceLocation, lacking: list[str], entries: Mapping[str, Any]
) -> Any:
    """The error for an entry that does not say everything: mostly a slip of the pen, or one that forgot `like`."""
    one = _section(name).one
    if 2 * len(lacking) > len(_section(name).must_say()):
        near = did_you_mean(entry, entries)
        hint = f"{near} " if near else ""
        return key.error(f"there is no {one} {entry!r}", f"{hint}{how_to_add(name, entry)}")
    message = f"the {one} {entry!r} lacks {', '.join(lacking)}"
    return key.error(message, f"give them, or `{LIKE}: {_section(name).names[0]}` to take them from another")


def _answer(edits: Edits, change: Any) -> None:
    """Change what services and kinds of NGO answer."""
    for section in ANSWERING:
        edits.values[section] = {
            name: {**entry, "answers": change(entry["answers"])}
            for name, entry in edits.values[section].items()
        }
