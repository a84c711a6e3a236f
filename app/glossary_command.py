"""`glossary`: what the words and codes of figures, tables and pages mean, from the one vocabulary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, NamedTuple

from typer import Argument

from ..outcomes.invocation import typed
from .console import UsageMistake, out, say
from .data_output import Json, say_json
from .options import Lang
from .tables import add_row, titled

KINDS = {
    "status": "formal status", "rung": "rung of formal status", "stage": "step of a claim", "provider": "who helps",
    "mode": "mode of claiming", "reason": "why somebody leaves", "move": "moving", "uneven": "unevenness",
    "claims_on_ngos": "claims on NGOs", "concept": "idea", "services": "service", "needs": "need",
    "doors": "door of entry", "ngo_kinds": "kind of NGO", "trades": "trade",
}  # fmt: skip
LEAST = 3  # letters by which a word is looked for within others


class Word(NamedTuple):
    """A word or a code: what it is called, of what kind it is, and what it means. Where two kinds of thing have the
    same name and meaning (a formal status that is a rung by itself), it is one word, with both labels and kinds."""

    name: str
    kind: str
    label: str
    meaning: str


def glossary(
    word: Annotated[
        str | None,
        Argument(metavar="WORD", help="A word or a code, as denizen, E3, D5 or P29; all if left out."),
    ] = None,
    json: Json = False,
    _: Lang = None,
) -> None:
    """Tell what a word or a code means that figures, tables and pages use."""
    known = list(words())
    if word is not None:
        known = found(word, [*known, *codes(word)])
        if not known:
            from ..scenarios.errors import did_you_mean

            every = {part: part for each in words() for part in (each.name, each.label)}
            hint = did_you_mean(word, every)
            raise UsageMistake(
                f"there is no word {word!r}: {f'{hint} ' if hint else ''}`glossary` tells them all."
            )
    if json:
        say_json([each._asdict() for each in known])
        return
    table = titled("Words" if word is None else word, "word", "is", "means")
    for each in known:
        called = each.label if each.name in (each.label, "") else f"{each.label}\n{each.name}"
        add_row(table, called, each.kind, each.meaning)
    out().print(table)
    if word is None:
        say(*code_groups())
        say(f"One of them: {typed('glossary E3')}")


def words() -> Iterator[Word]:
    """The words of the model, those of its entries among them, each once."""
    from ..scenarios.schema import SHIPPED
    from ..scenarios.vocabulary import payload

    once: dict[tuple[str, str], Word] = {}
    for kind, terms in payload(SHIPPED).items():
        for name, told in terms.items():
            what = f"{SHIPPED.doors[name].kind} {KINDS[kind]}" if kind == "doors" else KINDS[kind]
            key, label = (name, told["definition"]), told["label"]
            if key in once:
                before = once[key]
                label = (
                    before.label
                    if label.casefold() == before.label.casefold()
                    else f"{before.label}; {label}"
                )
                what = f"{before.kind}; {what}"
            once[key] = Word(name, what, label, told["definition"])
    yield from once.values()


def code_groups() -> Iterator[str]:
    """What the codes are of: a line for each letter."""
    from ..experiments.mechanisms import GROUPS, MECHANISMS

    for letter, what in GROUPS.items():
        numbers = [int(each.id[1:]) for each in MECHANISMS if each.id[0] == letter]
        yield f"{letter}{min(numbers)} to {letter}{max(numbers)}".ljust(11) + what
    yield f"{'P01 ...':<11}What the model is held against: patterns"


def codes(word: str) -> Iterator[Word]:
    """Mechanisms and measures, each by all of its names; and patterns, which take longer to load, if the word may be
    one."""
    from ..experiments.mechanisms import MECHANISMS
    from ..outcomes.measures import all_measures
    from .measures_command import names_of

    for each in MECHANISMS:
        what = "what is measured" if each.is_measure else "mechanism"
        yield Word(each.id, what, each.name, each.claim)
    for theme, measure in all_measures():
        for name in names_of(theme, measure):
            yield Word(name, f"measure, {measure.unit}", measure.label, measure.definition)
    if word[:1].upper() == "P" and word[1:2].isdigit():
        from ..experiments.patterns import PATTERNS

        for pattern in PATTERNS.values():
            yield Word(pattern.id, "pattern", pattern.id, pattern.wording)


def found(word: str, known: list[Word]) -> list[Word]:
    """Those that are called so, one or many, with or without a hyphen: first by their label, then by their name; else
    those that have it in one of them."""
    wanted = _plain(word)
    labels = {each: [_plain(part) for part in each.label.split(";")] for each in known}
    by_label = [each for each in known if wanted in labels[each]]
    by_name = [each for each in known if wanted == _plain(each.name) and each not in by_label]
    if by_label or by_name or len(word.strip()) < LEAST:
        return [*by_label, *by_name]
    return [each for each in known if any(wanted in part for part in (_plain(each.name), *labels[each]))]


def _plain(word: str) -> str:
    """A word as it is looked for: `Co-ethnics` and `coethnic` are one, as are `groups of ...` and `group of ...`."""
    parts = word.casefold().replace("-", "").replace("_", " ").split()
    return " ".join(_singular(part) for part in parts)


def _singular(part: str) -> str:
    """What one and many have in common: `city`, `status`, `class`, and `hous` of `house` and `houses`."""
    if part.endswith("ies") and len(part) > LEAST + 1:
        return f"{part[:-3]}y"
    if part.endswith("s") and not part.endswith(("ss", "us")) and len(part) > LEAST:
        part = part[:-1]
    return part[:-1] if part.endswith(("se", "xe", "che", "she")) and len(part) > LEAST else part
