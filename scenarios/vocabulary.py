"""The words of the model: one label, definition and colour for each term, for figures, page, stories and tables alike.

What entries are called (services, needs, doors, kinds of NGO, trades) is declared with the entry; here are fixed lists.
Colours are those of Okabe and Ito (2008), which the colour-blind can tell apart, with darker kin of the same hue.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .languages import tr_term

LONGEST_LABEL = 25
BLUE, SKY, GREEN, YELLOW = "#0072B2", "#56B4E9", "#009E73", "#F0E442"
ORANGE, VERMILION, PURPLE, BLACK = "#E69F00", "#D55E00", "#CC79A7", "#000000"
NAVY, RUST = "#003F63", "#7A2E00"
INK, GREY, PALE = "#222222", "#5f5f5f", "#d9d9d9"


class Declared(NamedTuple):
    """One term as it is declared, in English. `label`: at most 25 characters; `words`: within a sentence, of one;
    `many`: of all of its kind."""

    name: str
    label: str
    definition: str
    colour: str = GREY
    words: str = ""
    many: str = ""


class Term:
    """One term in the language that is spoken; `declared`: in English. `kind`: of which list it is."""

    def __init__(self, *told: str, kind: str = "", **more: str) -> None:
        self.declared, self.kind = Declared(*told, **more), kind
        self.name, self.colour = self.declared.name, self.declared.colour

    @property
    def label(self) -> str:
        """What figures and tables call it."""
        return self._said("label")

    @property
    def definition(self) -> str:
        """What it means."""
        return self._said("definition")

    @property
    def words(self) -> str:
        """One of its kind, within a sentence."""
        return self._said("words")

    @property
    def many(self) -> str:
        """All of its kind, within a sentence."""
        return self._said("many")

    def _said(self, field: str) -> str:
        return tr_term(getattr(self.declared, field), f"{self.kind} {field}")

    def said(self) -> dict[str, str]:
        """All that is told of it but its name."""
        return {
            field: str(getattr(self, field)) for field in ("label", "definition", "colour", "words", "many")
        }


def _terms(kind: str, *terms: Term) -> dict[str, Term]:
    if long := [term.declared.label for term in terms if len(term.declared.label) > LONGEST_LABEL]:
        raise ValueError(f"labels of more than {LONGEST_LABEL} characters: {', '.join(long)}")
    for term in terms:
        term.kind = kind
    return {term.name: term for term in terms}


STATUS = _terms(
    "status",
    Term("citizen", "naturalised", "Has been given the country's citizenship.", NAVY, "a citizen"),
    Term("denizen", "permanent", "Holds a permanent residence permit.", BLUE, "a permanent resident"),
    Term("legal", "legal", "Holds a permit and keeps to it.", SKY, "a legal resident"),
    Term("irregular", "irregular",
        "Holds a visa and works outside what it allows; keeps the rights of the visa, and counts as unauthorised.",
        ORANGE, "someone working outside what the visa allows"),
    Term("overstayer", "overstayers", "Stayed on after the permit ran out.", VERMILION,
        "someone without a valid permit"),
    Term("smuggled", "smuggled", "Entered without papers, with a smuggler's help.", RUST, "someone without papers"),
)  # fmt: skip

RUNG = _terms(
    "rung",
    Term("citizen", "Naturalised", STATUS["citizen"].declared.definition, NAVY, "a citizen", "the naturalised"),
    Term("denizen", "Permanent residents", STATUS["denizen"].declared.definition, BLUE, "a permanent resident",
        "permanent residents"),
    Term("legal", "Legal residents", STATUS["legal"].declared.definition, SKY, "a legal resident", "legal residents"),
    Term("unauthorised", "Unauthorised",
        "Works outside the visa, stayed on without a permit, or came without papers.", VERMILION,
        "an unauthorised migrant", "the unauthorised"),
)  # fmt: skip

# The claiming cascade; `words`: what the loss between a stage and the one before is due to.
STAGE = _terms(
    "stage",
    Term("needs", "had a need", "Needs that came to an end, met or not: the start of the cascade.", BLUE),
    Term("aware", "knew of help", "Of the needs: the person knew of a provider.", BLUE, "not knowing whom to ask"),
    Term("willing", "willing to ask",
        "Of the aware: thought it worth asking and dared to (and had not been helped by compatriots before).", BLUE,
        "unwillingness or fear"),
    Term("eligible", "open to them",
        "Of the willing: some provider they would go to was open to them (which is no right to it).", BLUE,
        "exclusion"),
    Term("claimed", "asked", "Of the eligible: asked at least once.", BLUE, "not getting round to asking"),
    Term("served", "were helped",
        "Of the claimed: met by city, NGO or state, or the insurance that comes with a job.", BLUE, "asking in vain"),
    Term("unmet", "left unmet", "Met by nobody: given up, or cut short by moving or leaving.", VERMILION),
)  # fmt: skip

# `words`: one whom somebody asks; `many`: all of that kind.
PROVIDER = _terms(
    "provider",
    Term("nobody", "nobody", "The need went unmet: given up, or cut short by moving or leaving.", PALE, "nobody",
        "nobody"),
    Term("city", "city", "The municipality, by one of its services.", BLUE, "the town hall", "cities"),
    Term("ngo", "NGO", "An NGO, in its office or by telephone.", ORANGE, "an NGO", "NGOs"),
    Term("nation", "state", "An office of the state.", GREEN, "an office of the state", "the state"),
    Term("job", "job insurance", "The health insurance that the law attaches to a job.", SKY,
        "the health insurance that came with the job", "job insurance"),
    Term("informal", "compatriots", "Compatriots, a congregation or an ethnic business: help, and no claim.", PURPLE,
        "compatriots", "compatriots"),
)  # fmt: skip


def provider(name: str, **said: str) -> Term:
    """The term of a provider; of one that has none here, what can be said of any, but for the fields `said`."""
    if name in PROVIDER:
        return PROVIDER[name]
    plain, taken = name.replace("_", " "), {term.colour for term in PROVIDER.values()}
    colour = next((each for each in (PURPLE, SKY, YELLOW, VERMILION, NAVY, RUST) if each not in taken), GREY)
    words = said.get("words", f"the {plain}")
    usual = {
        "label": plain,
        "definition": f"Met by {words}.",
        "colour": colour,
        "words": words,
        "many": words,
    }
    return Term(name, kind="provider", **{**usual, **said})


MODE = _terms(
    "mode",
    Term("never", "never", "Never claimed nor joined a programme.", PALE),
    Term("episodic", "episodic", "Claimed or took part before, not now (or not yet as long as the sustained).",
        ORANGE),
    Term("sustained", "sustained", "Takes part now in a programme, for claiming.sustained_after months or longer.",
        BLUE),
)  # fmt: skip

# Why somebody left; `words`: in "left by deportation"; `many`: how a life story ends.
REASON = _terms(
    "reason",
    Term("target", "savings target", "Had saved what was planned.", GREEN, "with their savings target reached",
        "Had saved what was planned, and went home"),
    Term("expiry", "permit expired", "The permit ran out and was not renewed.", ORANGE, "with an expired permit",
        "The permit ran out and was not renewed; went home"),
    Term("unmet", "unmet need", "A need that nobody met ended the stay.", PURPLE, "over an unmet need",
        "Went home after a problem that nobody had helped with"),
    Term("deported", "deported", "Was caught and deported.", VERMILION, "by deportation", "Was deported"),
    Term("return", "own reasons", "Left for reasons of their own.", SKY, "for reasons of their own",
        "Went home for reasons of their own"),
)  # fmt: skip

# A move, and what is lost by it; fifths of migrants by the service level of where they live.
MOVE = _terms(
    "move",
    Term("before", "before", "Mean service level of the municipality left.", BLUE),
    Term("after", "after", "Mean service level of the municipality moved to.", VERMILION),
    Term("enrolments", "enrolments lost", "Enrolments in insurance and programmes left behind.", PURPLE),
    *(
        Term(str(n), label, f"Fifth {n} of migrants by the service level of where they live, 5 the best.")
        for n, label in enumerate(("worst served fifth", "second", "third", "fourth", "best served fifth"), start=1)
    ),
)  # fmt: skip

UNEVEN = _terms(
    "uneven",
    Term("between", "between regions", "Part of the Theil index between the means of regions.", ORANGE),
    Term("within", "within regions", "The rest of it: between places of one region.", BLUE),
    Term("luck", "by luck", "What chance alone would give if all places were alike.", INK),
)  # fmt: skip

CLAIMS_ON_NGOS = _terms(
    "claims_on_ngos",
    Term("capacity", "capacity", "Cases a month that the staff of NGOs can take on.", GREY),
    Term("served", "taken on", "Cases that NGOs took on, solved or not.", BLUE),
    Term("turned_away", "turned away", "Claims for which an NGO had no capacity.", VERMILION),
)  # fmt: skip

CONCEPT = _terms(
    "concept",
    Term("formal", "with a right on paper", "A right that the rung of formal status holds."),
    Term("substantive", "met in fact",
        "The need was met by city, NGO or state: compatriots' help is counted apart, for nobody claims it."),
    Term("service", "service",
        "What a municipality may offer foreign residents, as language classes; each answers some of their needs."),
    Term("level", "service level",
        "How much of a service a municipality offers, 0 to 1; or the mean of all services."),
    Term("firewall", "firewall", "The city's offices keep what they learn from immigration control."),
    Term("fear", "fear", "Fear of being reported and deported if one asks, 0 (none) to 1."),
    Term("belonging", "belonging", "How far a migrant feels at home in the municipality, 0 to 1."),
    Term("local", "local citizenship", "Rights and services that cities and NGOs give to foreign residents, beside "
        "what the state grants."),
    Term("door", "door of entry", "The category under which somebody came, as trainee or visitor."),
    Term("group", "group of compatriots", "Migrants who share a nationality, as far as the doors of entry tell: those "
        "of one group know, help and follow each other."),
    Term("rung", "rung", "A step of the ladder of formal status, from the unauthorised to the naturalised."),
    Term("sojourner", "sojourner", "Came for a time, to earn, and means to go home."),
    Term("settler", "settler", "Means to stay for good."),
    Term("cascade", "claiming cascade", "The steps from a need to help, and how many needs come so far."),
    Term("take_up", "take-up", "Of the needs for which some provider was open to them: the share that was claimed."),
    Term("uneven", "unevenness (Theil index)", "How far places differ, 0 if all are alike; it adds up over regions."),
    Term("seed", "seed", "The number of one lot of luck: the same seed, the same people with the same luck."),
    Term("record", "record", "A line of the model's memory; it stands for as many people as the scenario says."),
    Term("decided", "decided", "The sign of a difference holds beyond luck: its 95% interval over seeds leaves 0 out."),
    Term("ensemble", "ensemble",
        "Weighted sets of parameters that agree with what was observed, as far as a calibration can tell."),
    Term("plausible", "plausible world", "A run, or the mean of runs, under one set of an ensemble."),
    Term("medoid", "medoid", "The set in the middle of an ensemble; the shipped scenarios have what was learned from "
        "it."),
    Term("tolerance", "tolerance", "How far an observation may be off: half the width of a 95% interval."),
    Term("discrepancy", "discrepancy", "How far the best version of the model may be off what was observed."),
    Term("emulator", "emulator", "A statistical model of the model's outcomes, which tells in no time what a run would "
        "have, and how sure that is."),
    Term("point", "design point", "One combination of settings that a study runs, several times."),
)  # fmt: skip

TERMS = {
    "status": STATUS, "rung": RUNG, "stage": STAGE, "provider": PROVIDER, "mode": MODE, "reason": REASON, "move": MOVE,
    "uneven": UNEVEN, "claims_on_ngos": CLAIMS_ON_NGOS, "concept": CONCEPT,
}  # fmt: skip


def payload(entries: Any) -> dict[str, dict[str, dict[str, str]]]:
    """All words as JSON takes them: kind -> name -> label, definition, colour, words (and marker, of entries).

    `entries`: tells them by `keyed()`, as a run's `entries` and a scenario's `parameters` do.
    """
    words: dict[str, dict[str, dict[str, str]]] = {}
    for kind, terms in TERMS.items():
        words[kind] = {name: term.said() for name, term in terms.items()}
    shown = {
        "label": "label",
        "definition": "meaning",
        "colour": "colour",
        "marker": "marker",
        "words": "words",
    }
    for kind, section in entries.keyed():
        words[kind] = {
            name: {field: getattr(entry, own) for field, own in shown.items()}
            for name, entry in section.items()
        }
    return words
