"""The words and colours that travel with a world."""

from __future__ import annotations

from typing import Any

from ..scenarios.catalogue import DOORS, NEEDS, NGO_KINDS, RUNGS, SERVICES, STATUSES

_TERMS = {
    "needs": ("had a need", "had a need", "#0072B2"),
    "aware": ("knew of help", "knew of help", "#0072B2"),
    "willing": ("dared to ask", "dared to ask", "#0072B2"),
    "eligible": ("open to them", "found help open to them", "#0072B2"),
    "claimed": ("asked", "asked", "#0072B2"),
    "served": ("were helped", "were helped", "#0072B2"),
    "city": ("cities", "cities", "#0072b2"),
    "ngo": ("NGOs", "NGOs", "#c98200"),
    "nation": ("the state", "the state", "#00805e"),
    "nobody": ("nobody", "nobody", "#6f6f6f"),
    "citizen": ("naturalised", "naturalised", "#003f63"),
    "denizen": ("permanent", "permanent", "#0072b2"),
    "legal": ("legal", "legal", "#4fa3d1"),
    "unauthorised": ("unauthorised", "unauthorised", "#c24a00"),
}


def vocabulary_shown() -> dict[str, Any]:
    """Terms and entries, and in which order the arrays of a world have them."""
    lists = {"services": SERVICES, "needs": NEEDS, "doors": DOORS, "ngo_kinds": NGO_KINDS}
    entries = {
        kind: {
            name: {"label": name.capitalize(), "words": name, "meaning": "", "colour": "#0072B2"}
            for name in names
        }
        for kind, names in lists.items()
    }
    return {
        "terms": {
            name: {"label": label, "words": words, "definition": "", "colour": colour}
            for name, (label, words, colour) in _TERMS.items()
        },
        "stages": ["needs", "aware", "willing", "eligible", "claimed", "served"],
        "providers": ["city", "ngo", "nation", "nobody"],
        "rungs": list(RUNGS),
        "statuses_of": {
            rung: [rung] if rung in STATUSES else ["irregular", "overstayer", "smuggled"] for rung in RUNGS
        },
        **entries,
    }
