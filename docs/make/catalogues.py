"""The catalogues of messages, brought up to date from the code and the vocabulary.

    python docs/make/catalogues.py          gathers all messages into scenarios/languages/*.po, and says what lacks
    python docs/make/catalogues.py --check  says what lacks, and changes nothing

A message that is new stands there without a translation; one that is gone is kept at the end, as gettext does, and
comes back with its message. `MARKED`, `PAGE`, `vocabulary()` and `declared()` are all that is translated.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.extract import extract

sys.path.append(str(Path(__file__).parent))  # its neighbour is found by `python -P` too

from page_texts import texts

from local_citizenship.scenarios.languages import ENGLISH, LANGUAGES, Catalogue, Language
from local_citizenship.scenarios.languages.catalogue import EMPTY, HOME, UNREVIEWED, Entry, read

ROOT = Path(__file__).resolve().parents[2]
# Where messages are marked in the code: by a call of `tr`, `tr_number` or (said elsewhere) `later`.
MARKED = ("scenarios", "outcomes", "experiments", "app")
PAGE = Path("app/classroom/page")
# Scripts of the page that mark all they say.
MARKS_ITS_OWN = ("class", "control.", "events.", "grid", "join", "format.", "languages.", "parting.")
# Whose titles and questions are translated: the countries, and what the explorer begins with.
SCENARIOS = ("two-towns", "japan", "japan-sample", "korea", "italy", "spain")
_PYTHON = {"tr": (1,), "tr_number": (1, 2), "later": (1,)}
_SCRIPT = {"tr": (1,), "trNumber": (1, 2), "later": (1,)}
_PLACEHOLDER = re.compile(r"\{(\w+)\}")

Key = tuple[str, str]  # context, message


@dataclass
class Message:
    """A message: its plural, "" if nothing is counted in it, and the files that say it."""

    plural: str = ""
    where: set[str] = field(default_factory=set)


def messages() -> dict[Key, Message]:
    """All that is translated, by context and message, in order of the files."""
    found: dict[Key, Message] = {}
    for where, context, message, plural in (*marked(), *vocabulary(), *declared()):
        if not message.strip():
            continue
        each = found.setdefault((context, message), Message())
        each.plural = each.plural or plural
        each.where.add(where)
    return found


def marked() -> Iterator[tuple[str, str, str, str]]:
    """What is marked in Python and in the page's scripts: (file, context, message, plural)."""
    for room in MARKED:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield from _extracted(path, "python", _PYTHON)
    for path in sorted((ROOT / PAGE).glob("*.js")):
        yield from _extracted(path, "javascript", _SCRIPT)
        if not path.name.startswith(MARKS_ITS_OWN):
            for text in texts(path.read_text(encoding="utf-8")):
                yield path.relative_to(ROOT).as_posix(), "", text, ""


def _extracted(
    path: Path, method: str, keywords: dict[str, tuple[int, ...]]
) -> Iterator[tuple[str, str, str, str]]:
    where = path.relative_to(ROOT).as_posix()
    if not any(f"{name}(" in path.read_text(encoding="utf-8") for name in keywords):
        return  # which spares most files the reading
    with path.open("rb") as file:
        for _, said, _, _ in extract(method, file, keywords=keywords, options={"encoding": "utf-8"}):
            one, plural = (said, "") if isinstance(said, str) else (said[0], said[1])
            yield where, "", one, plural


def vocabulary() -> Iterator[tuple[str, str, str, str]]:
    """The terms of the model, its entries, and the scenarios' own: the context says of which kind they are, and which
    field it is."""
    from local_citizenship.outcomes.entries import SAID
    from local_citizenship.scenarios import load_scenario
    from local_citizenship.scenarios.schema import SHIPPED
    from local_citizenship.scenarios.vocabulary import TERMS

    where = "scenarios/vocabulary.py"
    for kind, terms in TERMS.items():
        for term in terms.values():
            for name in ("label", "definition", "words", "many"):
                yield where, f"{kind} {name}", getattr(term.declared, name), ""
    for kind, section in SHIPPED.keyed():
        for entry in section.values():
            for name in SAID:
                yield f"scenarios/schema/{kind}.py", f"{kind} {name}", getattr(entry, name, ""), ""
    for scenario in SCENARIOS:
        for kind, section in load_scenario(scenario).parameters.keyed():
            for entry in section.values():
                for name in SAID:
                    yield f"scenarios/{scenario}.yaml", f"{kind} {name}", getattr(entry, name, ""), ""


def declared() -> Iterator[tuple[str, str, str, str]]:
    """What else is declared in English and shown: headline outcomes, the page's measures, sliders, and questions."""
    from local_citizenship.app.classroom.payload_measures import MEASURES
    from local_citizenship.app.classroom.sliders import LEVERS, sections_shown
    from local_citizenship.experiments.grids.grid import find_grid, read_grid, shipped_grids
    from local_citizenship.outcomes.headline import HEADLINES
    from local_citizenship.outcomes.measures import BY_ID
    from local_citizenship.scenarios import list_scenarios
    from local_citizenship.scenarios.checks import all_parameters

    where = "outcomes/headline.py"
    for headline in HEADLINES.values():
        yield where, "outcome label", headline.label, ""
        yield where, "unit", headline.unit, ""
    where = "app/classroom/payload_measures.py"
    for measure in MEASURES.values():
        yield where, "measure label", measure.label, ""
        yield where, "measure definition", measure.definition, ""
        yield where, "unit", measure.unit, ""
    where = "outcomes/measures.py"
    for theme in BY_ID.values():
        yield where, "measure title", theme.title, ""
        for one in theme.measures:
            yield where, "measure label", one.label, ""
            yield where, "unit", one.unit, ""
    for name, title, question in list_scenarios():
        if name in SCENARIOS:
            yield f"scenarios/{name}.yaml", "scenario title", title, ""
            yield f"scenarios/{name}.yaml", "scenario question", question, ""
    shown = {lever.path for lever in LEVERS}
    for name in shipped_grids():
        where = f"experiments/grids/{name}.yaml"
        grid = read_grid(find_grid(name))
        yield where, "grid title", grid.title, ""
        yield where, "grid question", grid.question, ""
        shown |= {path for factor in grid.factors for path in factor.paths}
    for section in sections_shown().values():
        yield "scenarios/schema", "section label", section["label"], ""
    for path, info in all_parameters().items():
        yield "scenarios/schema", "parameter label", info.label, ""
        yield "scenarios/schema", "unit", info.unit, ""
        if path in shown:
            yield "scenarios/schema", "parameter meaning", info.meaning, ""


def updated(code: str, wanted: dict[Key, Message]) -> str:
    """The catalogue of a language with the messages that are wanted, in order, and what it has of them."""
    before = catalogue(code)
    language = LANGUAGES[code]
    parts = [
        f"# What figures, stories, hand-outs and pages say, in {language.name}. `docs/make/catalogues.py` brings it\n"
        "# up to date, and keeps what stands under msgstr. Who has read it all puts their name into X-Reviewed-By.\n"
        f"{_field('msgid', '')}{_field('msgstr', _header(language, before.reviewer or UNREVIEWED))}"
    ]
    for (context, message), told in wanted.items():
        old = before.entries.get((context, message)) or before.gone.get((context, message))
        number = language.plurals if told.plural else 1
        forms = old.forms if old is not None and len(old.forms) == number else [""] * number
        lines = [f"#: {where}\n" for where in sorted(told.where)]
        lines += [_field("msgctxt", context)] if context else []
        lines += [_field("msgid", message)]
        if told.plural:
            lines += [_field("msgid_plural", told.plural)]
            lines += [_field(f"msgstr[{at}]", form) for at, form in enumerate(forms)]
        else:
            lines += [_field("msgstr", forms[0])]
        parts.append("".join(lines))
    gone = [entry for key, entry in before.entries.items() if key not in wanted and all(entry.forms)]
    parts += [_set_aside(entry) for entry in (*gone, *before.gone.values()) if entry.key not in wanted]
    return "\n".join(parts)


def _set_aside(entry: Entry) -> str:
    """An entry whose message nothing says any more."""
    lines = [_field("msgctxt", entry.context)] if entry.context else []
    lines.append(_field("msgid", entry.message))
    if entry.plural:
        lines += [_field("msgid_plural", entry.plural)]
        lines += [_field(f"msgstr[{at}]", form) for at, form in enumerate(entry.forms)]
    else:
        lines += [_field("msgstr", entry.forms[0])]
    return "".join(f"#~ {line}\n" for line in "".join(lines).splitlines())


def catalogue(code: str) -> Catalogue:
    """The catalogue as it lies in its file; an empty one if there is none yet."""
    file = HOME / f"{code}.po"
    return read(file.read_text(encoding="utf-8")) if file.is_file() else EMPTY


def _header(language: Language, reviewer: str) -> str:
    rule = "n != 1" if language.plurals == 2 else "0"
    fields = {
        "Project-Id-Version": "local-citizenship",
        "Language": language.code,
        "X-Reviewed-By": reviewer,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": f"nplurals={language.plurals}; plural=({rule});",
    }
    return "".join(f"{name}: {said}\n" for name, said in fields.items())


def _field(name: str, text: str) -> str:
    """A keyword and its text; one of several lines has each on its own."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    lines = [f"{line}\\n" for line in escaped.split("\n")[:-1]] + [escaped.rsplit("\n", 1)[-1]]
    lines = [line for line in lines if line] or [""]
    said = "\n".join(f'"{line}"' for line in lines)
    return f'{name} ""\n{said}\n' if len(lines) > 1 else f"{name} {said}\n"


def lacking(code: str, wanted: dict[Key, Message]) -> Iterator[str]:
    """What a language's catalogue lacks: messages, forms, or placeholders of the English one."""
    there = catalogue(code)
    for (context, message), told in wanted.items():
        called = f"{context + ': ' if context else ''}{message!r} ({', '.join(sorted(told.where))})"
        entry = there.entries.get((context, message))
        if entry is None or not all(entry.forms):
            yield f"{code} has no translation of {called}"
            continue
        # Of a language without a plural, the only form stands for several too.
        english = [message, told.plural or message][-len(entry.forms) :]
        for named, form in zip(english, entry.forms, strict=True):
            if other := set(_PLACEHOLDER.findall(named)) ^ set(_PLACEHOLDER.findall(form)):
                yield f"{code} has other placeholders ({', '.join(sorted(other))}) in {called}: {form!r}"
    for context, message in there.entries.keys() - wanted.keys():
        yield f"{code} translates what nothing says any more (bring it up to date): {message!r} {context}".rstrip()


def main(check: bool) -> int:
    """Bring the catalogues up to date, or only say what they lack. The exit code is 1 if they lack anything."""
    wanted = messages()
    codes = [code for code in LANGUAGES if code != ENGLISH.code]
    if not check:
        for code in codes:
            (HOME / f"{code}.po").write_text(updated(code, wanted), encoding="utf-8", newline="\n")
    found = [each for code in codes for each in lacking(code, wanted)]
    print(*found, f"{len(wanted)} messages, {len(found)} lacking in {len(codes)} languages", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
