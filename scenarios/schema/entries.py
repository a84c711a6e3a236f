"""Entries: the services, needs, doors, kinds of NGO and trades, to which a scenario file may add.

An entry is declared in one place, with its label, words, colour, parameters and traits. Rules ask for traits
("is it a school?"), never for a name or a position.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import ItemsView, Iterable, Iterator, ValuesView
from functools import cache
from itertools import product
from typing import Any, ClassVar, Generic, Self, TypeVar

from pydantic import ConfigDict, RootModel, model_validator

from .parameter import LONGEST_LABEL, Section, declared_fields, presented

# The number of the first added entry: chance is keyed by an entry's number, so that adding one leaves the
# luck of the shipped entries as it was. More may be shipped before then.
FIRST_ADDED = 16
COLOURS = ("#000000", "#E69F00", "#0072B2", "#009E73", "#56B4E9", "#D55E00", "#CC79A7")
MARKERS = ("o", "s", "^", "D", "v")
DROP, LIKE = "drop", "like"
NAME = "[a-z][a-z0-9_]*"


class Entry(Section):
    """What every entry has: how it is called and shown."""

    # What a copy made by `like` does not take over, since two entries must be told apart.
    own: ClassVar[tuple[str, ...]] = ("label", "words", "colour", "marker")

    label: str = presented("Label", "what figures and sliders call it", longest=LONGEST_LABEL)
    meaning: str = presented("Meaning", "what it stands for", longest=500)
    words: str = presented("Words", "what it is called within a sentence")
    colour: str = presented(
        "Colour", "its colour in figures, as '#0072B2' in quotes", pattern="^#[0-9a-fA-F]{6}$"
    )
    marker: str = presented(
        "Marker", "its marker in figures; a line is dashed unless it is o", choices=MARKERS
    )

    @classmethod
    def shipped(
        cls, label: str, words: str, meaning: str, look: str, figures: Iterable[Any] = (), **rest: Any
    ) -> Self:
        """An entry that comes with the schema. `look`: colour and marker; `figures`: what it must say, in order."""
        colour, marker = look.split()
        called = {"label": label, "words": words, "meaning": meaning, "colour": colour, "marker": marker}
        lacking = [name for name, field in cls.model_fields.items() if field.is_required()]
        names = [name for name in lacking if name not in called and name not in rest]
        return cls.model_validate({**called, **dict(zip(names, figures, strict=True)), **rest})

    @classmethod
    def named(cls, name: str, given: dict[str, Any]) -> dict[str, Any]:
        """What an added entry is called and shown as where nothing is said: by its name."""
        label = (given.get("label", "").strip() or name.replace("_", " ").capitalize())[:LONGEST_LABEL]
        return {"label": label, "words": f"{cls.article(label)} {label[:1].lower()}{label[1:]}"}

    @staticmethod
    def article(label: str) -> str:
        """What stands before the label within a sentence."""
        return "the"


E = TypeVar("E", bound=Entry)


class KeyedSection(RootModel[dict[str, E]], Generic[E]):
    """A section that maps names to entries, in order: the shipped ones first, then those added.

    An entry is had by `section["housing"]` or `section.housing`.
    """

    model_config = ConfigDict(strict=True, frozen=True)
    entry: ClassVar[type[Entry]]
    one: ClassVar[str]  # what an entry is called in messages
    limit: ClassVar[int] = 32
    shipped: ClassVar[tuple[str, ...]]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the entries, in order."""
        return tuple(self.root)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The number of each entry, by which its luck is keyed.

        A shipped entry keeps its number whatever is dropped; those added have 16, 17, ...
        """
        added = [name for name in self.root if name not in self.shipped]
        return tuple(
            FIRST_ADDED + added.index(name) if name in added else self.shipped.index(name)
            for name in self.root
        )

    def position(self, name: str) -> int:
        """Where the entry stands among the names. Errors: KeyError if there is none of that name."""
        if name not in self.root:
            raise KeyError(name)
        return self.names.index(name)

    def items(self) -> ItemsView[str, E]:
        """Names and entries, in order."""
        return self.root.items()

    def values(self) -> ValuesView[E]:
        """The entries, in order."""
        return self.root.values()

    def having(self, trait: str) -> tuple[str, ...]:
        """The names of the entries that have a trait."""
        return tuple(name for name, entry in self.root.items() if getattr(entry, trait))

    def __getitem__(self, name: str) -> E:
        return self.root[name]

    def __getattr__(self, name: str) -> E:
        root: dict[str, E] = self.__dict__.get("root", {})
        if name in root:
            return root[name]
        raise AttributeError(f"there is no {type(self).__name__}.{name}")

    def __len__(self) -> int:
        return len(self.root)

    def __iter__(self) -> Iterator[str]:  # type: ignore[override]
        return iter(self.root)

    def __contains__(self, name: object) -> bool:
        return name in self.root

    @model_validator(mode="after")
    def _is_sound(self) -> KeyedSection[E]:
        if not self.root:
            raise ValueError(f"there must be at least one {self.one}")
        if len(self.root) > self.limit:
            raise ValueError(self.too_many())
        for name in self.root:
            if name not in self.shipped and (why := self.why_not(name)):
                raise ValueError(why)
        return self

    @classmethod
    def too_many(cls) -> str:
        """The sentence that states the limit."""
        return f"there can be at most {cls.limit} {cls.one}s, with those shipped"

    @classmethod
    def why_not(cls, name: str) -> str | None:
        """Why an entry cannot have this name, or None if it can."""
        if not re.fullmatch(NAME, name):
            return f"{name!r} cannot be the name of a {cls.one}: use lower-case letters, digits and _"
        if len(name) > LONGEST_LABEL:
            return f"{name!r} is too long for the name of a {cls.one}: use at most {LONGEST_LABEL} characters"
        if name in cls.reserved():
            return f"{name!r} cannot be the name of a {cls.one}: the word has a meaning of its own"
        return None

    @classmethod
    @cache
    def reserved(cls) -> frozenset[str]:
        """Names that no entry can have, since the word means something here or in Python."""
        here = {DROP, LIKE, "root", *dir(KeyedSection), *dir(type(KeyedSection)), *vars(cls)}
        return frozenset(name for name in {*here, *keyword.kwlist} if re.fullmatch(NAME, name))

    @classmethod
    def naming(cls) -> dict[str, str]:
        """The fields by which an entry names others: field -> the section of those it names."""
        return {name: info.names for name, info in declared_fields(cls.entry).items() if info.names}

    @classmethod
    def must_say(cls) -> list[str]:
        """What an added entry that is like no other must give; its name and its number say the rest."""
        said = {*cls.entry.named("name", {}), "colour", "marker"}
        return [
            name for name, info in cls.entry.model_fields.items() if info.is_required() and name not in said
        ]

    @classmethod
    def look(cls, others: dict[str, Any], given: dict[str, Any]) -> dict[str, str]:
        """A colour and a marker for an added entry that none of the others has, as far as there are any."""
        taken = {(other["colour"], other["marker"]) for other in others.values()}
        free = [
            (colour, marker)
            for marker, colour in product(MARKERS, COLOURS)
            if given.get("colour", colour) == colour and given.get("marker", marker) == marker
        ]
        free = [each for each in free if each not in taken] or free or [(COLOURS[0], MARKERS[0])]
        return {"colour": free[0][0], "marker": free[0][1]}
