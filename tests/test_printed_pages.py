"""The pages that are printed: as their Markdown says, on one sheet of A4, and without anything from outside."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from browser import CHROMIUM, QUIET, needs_browser

from local_citizenship.app.print_page import LETTERS, PRINTED, as_html, language_of, main

DOCS = Path(__file__).parent.parent / "docs"
TRANSLATED = [f"teachers-guide.{code}" for code in LETTERS]
PAGES = [*PRINTED, *TRANSLATED]
UNREVIEWED = "machine-made, unreviewed"


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_as_its_markdown_says(name: str) -> None:
    """Mended by `.venv/bin/python -P -m local_citizenship.app.print_page docs/NAME.md`."""
    written = (DOCS / f"{name}.html").read_text(encoding="utf-8")
    page = DOCS / f"{name}.md"
    assert written == as_html(page.read_text(encoding="utf-8"), language_of(page))
    assert "http" not in written
    assert "<script" not in written


@pytest.mark.parametrize("name", PAGES)
def test_what_it_links_to_is_there(name: str) -> None:
    for text in ((DOCS / f"{name}.html"), (DOCS / f"{name}.md")):
        links = re.findall(r'href="([^"]+)"|\]\(([^)]+)\)', text.read_text(encoding="utf-8"))
        assert all((DOCS / (html or markdown)).exists() for html, markdown in links)


@needs_browser
@pytest.mark.parametrize("name", PAGES)
def test_it_prints_on_one_sheet_of_a4(name: str, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.pdf"
    options = ["--headless", *QUIET, f"--user-data-dir={tmp_path / 'profile'}", "--no-pdf-header-footer"]
    command = [str(CHROMIUM), *options, f"--print-to-pdf={sheet}", (DOCS / f"{name}.html").as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    content = sheet.read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == 1
    width, height = (float(n) for n in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", content)[0])
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (210, 297)


def test_a_markdown_page_becomes_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A & B\n\n| a | b |\n|---|---|\n| 1 | <b> |\n", encoding="utf-8")
    assert main([str(page)]) == 0
    written = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<h1>A &amp; B</h1>" in written
    assert "<td>&lt;b&gt;</td>" in written
    assert main([str(tmp_path / "none.md")]) == 2
    assert "Give one or more Markdown files" in capsys.readouterr().err


def sections(text: str) -> list[tuple[int, str]]:
    """The parts of a Markdown page: level of the heading, and what stands below it, the heading included."""
    found = re.split(r"^(#+) ", text, flags=re.MULTILINE)[1:]
    return [(len(marks), part) for marks, part in zip(found[::2], found[1::2], strict=True)]


def commands(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def numbers(text: str) -> Counter[str]:
    return Counter(re.findall(r"\d+(?:\.\d+)*", re.sub(r"\]\([^)]*\)", "]", text)))


@pytest.mark.parametrize("name", TRANSLATED)
def test_a_translation_has_kept_up_with_the_page(name: str) -> None:
    """The same headings, rows, items and commands, and in each part every number: so that none goes stale unseen."""
    own, english = (
        sections((DOCS / f"{each}.md").read_text(encoding="utf-8")) for each in (name, "teachers-guide")
    )
    assert UNREVIEWED in own[0][1].splitlines()[2]  # until somebody has read it, and takes the line out
    assert [level for level, _ in own] == [level for level, _ in english]
    for (_, theirs), (_, ours) in zip(english, own, strict=True):
        assert commands(ours) == commands(theirs)
        for begin in ("| ", "- "):
            rows = [sum(line.startswith(begin) for line in part.splitlines()) for part in (ours, theirs)]
            assert rows[0] == rows[1], theirs.splitlines()[0]
        assert numbers(theirs) - numbers(ours) == Counter(), theirs.splitlines()[0]


def test_a_translation_that_lost_something_is_found() -> None:
    english = (DOCS / "teachers-guide.md").read_text(encoding="utf-8")
    assert numbers(english) - numbers(english.replace("480 runs", "48 runs")) == Counter({"480": 1})
    assert commands("`a` and `b`") != commands("`a`")
