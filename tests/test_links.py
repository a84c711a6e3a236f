"""What pages, documents and notebooks point at is there: files, headings, and commands with their options."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from test_readme import BY_START, COMMANDS, ROOT

FOLDERS = ("agents", "app", "benchmarks", "docs", "experiments", "model", "notebooks", "outcomes", "package", "paper",
           "scenarios", "setting_up", "tests")  # fmt: skip
FILES = sorted(
    [
        *ROOT.glob("*.md"),
        *(file for name in FOLDERS for kind in ("md", "ipynb") for file in (ROOT / name).rglob(f"*.{kind}")),
    ]
)
PAST = ROOT / "CHANGELOG.md"  # names what was there then
GENERATED = ROOT / "build" / "reference"  # by `start.py site`; its links are looked at by test_site.py
PLACEHOLDER = re.compile(r"\b[A-Z]{4,}\b|\.\.\.")


def prose_of(file: Path) -> str:
    """The text of a document, or of a notebook's cells of text."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".ipynb":
        cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "markdown"]
        text = "\n\n".join("".join(cell["source"]) for cell in cells)
    return text


def anchors_of(text: str) -> set[str]:
    """What `#...` may name in a document: its headings, as GitHub and MyST write them, and labels of its own."""
    heads = re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)
    plain = (re.sub(r"[`*]|\[|\]\([^)]*\)", "", head).strip().lower() for head in heads)
    own = re.findall(r'\bid="([^"]+)"|^\(([\w-]+)\)=$', text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head).replace(" ", "-") for head in plain} | {
        one or two for one, two in own
    }


def broken_links(file: Path, text: str) -> Iterator[str]:
    """Links to files and headings of the checkout that are not there."""
    prose = re.sub(r"^(```|~~~).*?^\1", "", text, flags=re.MULTILINE | re.DOTALL)
    for link in re.findall(r"\]\(<?([^)\s>]+)>?(?: \"[^\"]*\")?\)", prose):
        path, _, anchor = link.partition("#")
        target = (file.parent / path).resolve() if path else file
        if re.match(r"\w+:", link) or GENERATED in target.parents:
            continue
        headings = (
            anchors_of(target.read_text(encoding="utf-8"))
            if anchor and target.suffix == ".md" and target.exists()
            else {anchor}
        )
        if not target.exists() or anchor not in headings:
            yield link


def missing_paths(file: Path, text: str) -> Iterator[str]:
    """Paths in code spans that begin with one of the folders and lead nowhere."""
    for path in re.findall(rf"`((?:{'|'.join(FOLDERS)}|\.ci)/[\w./*-]+)`", text):
        above = (ROOT, file.parent)
        if not PLACEHOLDER.search(path) and not any(any(folder.glob(path.rstrip("."))) for folder in above):
            yield path


def typed_in(text: str) -> set[str]:
    """Calls of the command and of start.py, in code spans and in blocks."""
    called = r"(?:local-citizenship|python3 start\.py)"
    spans = re.findall(rf"`{called} (\w[^`]*)`", text)
    lines = re.findall(rf"^[ !$>]*{called} (\w.*?)(?:  +#.*)?$", text, flags=re.MULTILINE)
    return {each.rstrip("\\ ") for each in (*spans, *lines)}


def mistake_in(call: str) -> str:
    """The command or option of a call that there is not; nothing if all are there."""
    words = shlex.split(call.partition(" | ")[0].partition(" > ")[0].partition(" && ")[0])
    if words[0] in BY_START or PLACEHOLDER.match(words[0]):
        return ""
    command: typer.core.TyperCommand | typer.core.TyperGroup = COMMANDS
    context = command.make_context("x", ["list"])
    while isinstance(command, typer.core.TyperGroup) and words and not words[0].startswith("-"):
        if PLACEHOLDER.match(words[0]):
            return ""
        try:
            _, command, words = command.resolve_command(context, words)
        except Exception as error:
            return f"{call}: {error}"
    known = {option for each in command.get_params(context) for option in (*each.opts, *each.secondary_opts)}
    options = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
    return "".join(f"{call}: no {option}" for option in sorted(options - known - {"--help", "-h"}))


def by_name(file: Path) -> str:
    return str(file.relative_to(ROOT))


@pytest.mark.parametrize("file", FILES, ids=by_name)
def test_links_lead_to_files_and_headings(file: Path) -> None:
    assert [*broken_links(file, prose_of(file))] == []


@pytest.mark.parametrize("file", [file for file in FILES if file != PAST], ids=by_name)
def test_paths_and_commands_that_are_named_are_there(file: Path) -> None:
    text = file.read_text(encoding="utf-8") if file.suffix == ".md" else prose_of(file)
    assert [*missing_paths(file, text)] == []
    assert [mistake for each in sorted(typed_in(text)) if (mistake := mistake_in(each))] == []


def test_modules_that_are_to_be_called_are_there() -> None:
    """`python -m NAME` and `python FILE`, in documents."""
    texts = [file.read_text(encoding="utf-8") for file in FILES if file.suffix == ".md" and file != PAST]
    modules = {
        each for text in texts for each in re.findall(r"python[\d.]* (?:-P )?-m (benchmarks\.\w+)", text)
    }
    files = {
        each
        for text in texts
        for each in re.findall(r"python[\d.]* (?:-P )?((?:docs|tests|\.ci)/[\w./]+\.py)", text)
    }
    assert len(modules) > 5
    assert len(files) > 5
    assert [each for each in modules if not (ROOT / f"{each.replace('.', '/')}.py").is_file()] == []
    assert [each for each in files if not (ROOT / each).is_file()] == []


def test_what_is_not_there_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    text = "# Two words\n[a](gone.md) [b](page.md#two-words) [c](#three) `docs/gone.md` `docs/NAME` [d](https://x.org/y)"
    page.write_text(text, encoding="utf-8")
    assert [*broken_links(page, text)] == ["gone.md", "#three"]
    assert [*missing_paths(page, text)] == ["docs/gone.md"]
    assert typed_in("`local-citizenship run japan`\n\n    python3 start.py study list  # all\n") == {
        "run japan", "study list"
    }  # fmt: skip
    assert (
        mistake_in("run japan --seed 3") == mistake_in("study resume DIR -q") == mistake_in("test x.py") == ""
    )
    assert "no --sed" in mistake_in("run japan --sed 3")
    assert "rum" in mistake_in("rum japan")
    assert "rseume" in mistake_in("study rseume studies/x")
