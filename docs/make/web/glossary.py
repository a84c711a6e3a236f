"""The glossary, from the vocabulary that figures, pages, tables and stories take their words from."""

from __future__ import annotations

from local_citizenship.app.glossary_command import Word, words


def glossary() -> dict[str, str]:
    """The page: each word once, with all it means."""
    together: dict[str, list[Word]] = {}
    for word in words():
        for label in word.label.split("; "):
            together.setdefault(label.lower(), []).append(word)
    entries = []
    for called, found in sorted(together.items()):
        label = next(each for word in found for each in word.label.split("; ") if each.lower() == called)
        label = label[:1].upper() + label[1:]
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
