"""The glossary, from the vocabulary that figures, pages, tables and stories take their words from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from local_citizenship.scenarios.schema import SHIPPED
from local_citizenship.scenarios.vocabulary import TERMS

# What the kinds of terms are, for whoever meets one out of its place.
KINDS = {
    "status": "formal status",
    "rung": "group of status",
    "stage": "stage of a claim",
    "provider": "who helps",
    "mode": "mode of claiming",
    "reason": "reason for leaving",
    "move": "moving",
    "uneven": "unevenness",
    "claims_on_ngos": "claims on NGOs",
    "concept": "concept",
    "services": "service",
    "needs": "need",
    "doors": "door of entry",
    "ngo_kinds": "kind of NGO",
    "trades": "trade",
}


class Word(NamedTuple):
    """One word: what figures call it, what kind of thing it is, its name in tables, and what it means."""

    label: str
    kind: str
    name: str
    meaning: str


def words() -> Iterator[Word]:
    """All terms of the vocabulary, and the entries that are shipped."""
    for kind, terms in TERMS.items():
        yield from (
            Word(term.label, KINDS.get(kind, kind), name, term.definition) for name, term in terms.items()
        )
    for kind, section in SHIPPED.keyed():
        yield from (
            Word(entry.label, KINDS.get(kind, kind), name, entry.meaning) for name, entry in section.items()
        )


def glossary() -> dict[str, str]:
    """The page: each word once, with all it means."""
    together: dict[str, list[Word]] = {}
    for word in words():
        together.setdefault(word.label.lower(), []).append(word)
    entries = []
    for _, found in sorted(together.items()):
        label = found[0].label[:1].upper() + found[0].label[1:]
        lines = [
            f"{_sentence(word.meaning)} *({word.kind}; in tables `{word.name}`)*"
            for word in dict.fromkeys(found)
        ]
        entries.append(f"{label}\n" + "\n".join(f": {line}\n" for line in lines))
    return {
        "glossary": "# Glossary\n\nThe words of the model, as figures, tables, stories and the explorer use them: "
        "declared once, in `scenarios/vocabulary.py` and with each service, need, door, kind of NGO and trade. "
        "The [guide for teachers](../../docs/teachers-guide.md#words) has the words of a lesson; codes such as E3 are "
        "[measures](measures.md), such as D3 [mechanisms](mechanisms.md).\n\n"
        "{.glossary}\n" + "\n".join(entries)
    }


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
