"""The documentation site: nothing that is declared is left out of it, and no page is out of reach.

The build itself, with its tutorials, is `python3 start.py site` (`.ci/site`): it takes minutes, and Sphinx.
"""

from __future__ import annotations

import re
import runpy
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from test_readme import BY_START, COMMANDS, parse

import local_citizenship
from local_citizenship.experiments.mechanisms import MECHANISMS
from local_citizenship.outcomes.dictionary import columns_of, known_tables
from local_citizenship.outcomes.measures import all_measures
from local_citizenship.outcomes.plots import FIGURES
from local_citizenship.scenarios.schema import ENTRY_SECTIONS, SHIPPED, iter_parameters
from local_citizenship.scenarios.vocabulary import TERMS

ROOT = Path(__file__).resolve().parent.parent
WEB, PAGES = ROOT / "docs" / "make" / "web", ROOT / "docs" / "site"
WRITTEN = {file: file.read_text(encoding="utf-8") for file in sorted(PAGES.rglob("*.md"))}
BUILDER: dict[str, Any] = runpy.run_path(str(WEB / "build.py"))
CONF: dict[str, Any] = runpy.run_path(str(WEB / "conf.py"))


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """The generated pages: path below build/reference -> text."""
    before = list(sys.path)
    found: dict[str, str] = BUILDER["generated"]()
    assert sys.path == before
    return found


def trees(text: str) -> list[str]:
    """What the tables of contents of a page name."""
    blocks = re.findall(r"^```\{toctree\}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line and not line.startswith(":")]


def in_trees(made: dict[str, str]) -> set[Path]:
    """All pages that some table of contents names, as files (of generated ones, where they will lie)."""
    pages = {**WRITTEN, **{BUILDER["REFERENCE"] / f"{name}.md": text for name, text in made.items()}}
    found = set()
    for file, text in pages.items():
        for name in trees(text):
            path = ROOT / name[1:] if name.startswith("/") else file.parent / name
            there = sorted(path.parent.glob(f"{path.name}.*")) or [path.with_suffix(".md")]
            found |= {each.resolve() for each in there if each.suffix in (".md", ".ipynb")}
    return found


def test_settings_load_without_sphinx() -> None:
    assert CONF["release"] == local_citizenship.__version__
    assert CONF["nitpicky"]
    assert (ROOT / f"{CONF['root_doc']}.md").is_file()
    assert all((WEB / "static" / name).is_file() for name in CONF["html_css_files"])


def test_every_parameter_is_in_the_reference(made: dict[str, str]) -> None:
    for section in type(SHIPPED).model_fields:
        page = made[f"parameters/{section}"]
        entries = getattr(SHIPPED, section)
        for info in iter_parameters(entries, f"{section}."):
            path = info.path
            if section in ENTRY_SECTIONS:
                _, entry, last = path.split(".", 2)
                assert f"| `{entry}` |" in page
                path = f"{section}.NAME.{last}"
            start = page.index(f"```{{parameter}} {path}\n")
            told = page[start : page.index("\n```\n", start)]
            assert info.unit in told
            assert info.source.rstrip(".") in told or section in ENTRY_SECTIONS


def test_every_measure_mechanism_table_figure_and_public_name_is_in_the_reference(
    made: dict[str, str],
) -> None:
    for theme, measure in all_measures():
        if not measure.is_users:
            assert f"```{{measure}} {theme.id}.{measure.name}\n" in made["measures"]
            assert measure.definition in made["measures"]
    for mechanism in MECHANISMS:
        page = made["measures" if mechanism.is_measure else "mechanisms"]
        assert f"(mechanism-{mechanism.id.lower()})=" in page
    for table in known_tables():
        assert f"## `{table}`" in made["tables"]
        assert all(f"| `{column}` |" in made["tables"] for column in columns_of(table))
    for drawing in FIGURES.values():
        assert f"figures/{drawing.stem}.png" in made["figures"]
    for name in set(local_citizenship.__all__) - {"__version__"}:
        assert f":: local_citizenship.{name}\n" in made["python"]


def test_every_command_and_option_is_in_the_reference(made: dict[str, str]) -> None:
    page = made["commands"]
    for name in (*COMMANDS.list_commands(COMMANDS.make_context("x", ["list"])), *BY_START):
        assert re.search(rf"^#+ {name}$", page, re.MULTILINE), name
    assert "\n#### study run\n" in page
    for option in ("--seeds", "--shard I/N", "--class", "--measure FILE.py:FUNCTION"):
        assert f"`{option}" in page or f", {option}`" in page


def test_every_word_of_the_vocabulary_is_in_the_glossary(made: dict[str, str]) -> None:
    lines = {line.lower() for line in made["glossary"].splitlines()}
    assert {term.label.lower() for terms in TERMS.values() for term in terms.values()} <= lines
    listed = made["glossary"].partition("{.glossary}\n")[2].splitlines()
    labels = [line.lower() for line in listed if line and not line.startswith(": ")]
    assert len(set(labels)) == len(labels)


def test_every_page_is_in_a_table_of_contents(made: dict[str, str]) -> None:
    named = in_trees(made)
    home = ROOT / f"{CONF['root_doc']}.md"
    wanted = {
        file for pattern in CONF["include_patterns"] for file in ROOT.glob(pattern.replace("**.", "**/*."))
    }
    generated = {BUILDER["REFERENCE"] / f"{name}.md" for name in made if not Path(name).suffix}
    wanted = {file for file in wanted if BUILDER["REFERENCE"] not in file.parents} | generated
    assert {ROOT / "docs" / "ODD.md", ROOT / "README.md"} <= wanted
    assert sorted(wanted - named - {home}) == []
    assert sorted(named - wanted) == []


@pytest.mark.parametrize("file", WRITTEN, ids=lambda file: str(file.relative_to(PAGES)))
def test_links_lead_somewhere_and_pictures_have_a_text(file: Path, made: dict[str, str]) -> None:
    text = WRITTEN[file]
    generated = {(BUILDER["REFERENCE"] / (name if Path(name).suffix else f"{name}.md")) for name in made}
    for told, target in re.findall(r"!?\[([^\]]*)\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        path = (file.parent / target).resolve()
        assert path.exists() or path in generated, f"{told}: {target}"
    assert not re.search(r"!\[\s*\]", text)


def test_commands_that_the_pages_type_can_be_given() -> None:
    text = "\n".join(WRITTEN.values())
    typed = set(re.findall(r"^ *python3 start\.py (.+?)(?:  +#.*)?$", text, re.MULTILINE))
    typed |= set(re.findall(r"`python3 start\.py (\w[^`]*?)`", text))
    typed = {each for each in typed if "COMMAND" not in each}
    assert len(typed) > 40
    assert isinstance(COMMANDS, typer.core.TyperGroup)
    for given in typed:
        words = shlex.split(given)
        if words[0] not in BY_START:
            parse(COMMANDS, words)


def test_what_pages_ask_of_other_addresses_is_found() -> None:
    asks = BUILDER["ASKS"]
    for page in (
        '<script src="https://cdn.example/x.js">',
        "<img alt='a' src='//example.org/a.png'>",
        '<link rel="stylesheet" href="https://fonts.example/css">',
        "@import 'https://example.org/x.css'",
        "src: url(https://example.org/font.woff)",
    ):
        assert asks.search(page), page
    for page in (
        '<a href="https://example.org">a link</a>',
        '<link rel="canonical" href="https://example.org/">',
        '<script src="_static/x.js">',
        "url(data:image/png;base64,AAAA)",
    ):
        assert not asks.search(page), page
