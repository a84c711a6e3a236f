"""The pages that are printed: as their Markdown says, on one sheet of A4, and without anything from outside."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from browser import CHROMIUM, QUIET, needs_browser

from local_citizenship.app.print_page import PRINTED, as_html, main

DOCS = Path(__file__).parent.parent / "docs"


@pytest.mark.parametrize("name", PRINTED)
def test_the_page_is_as_its_markdown_says(name: str) -> None:
    """Mended by `.venv/bin/python -P -m local_citizenship.app.print_page docs/NAME.md`."""
    written = (DOCS / f"{name}.html").read_text(encoding="utf-8")
    assert written == as_html((DOCS / f"{name}.md").read_text(encoding="utf-8"))
    assert "http" not in written
    assert "<script" not in written


@pytest.mark.parametrize("name", PRINTED)
def test_what_it_links_to_is_there(name: str) -> None:
    for text in ((DOCS / f"{name}.html"), (DOCS / f"{name}.md")):
        links = re.findall(r'href="([^"]+)"|\]\(([^)]+)\)', text.read_text(encoding="utf-8"))
        assert all((DOCS / (html or markdown)).exists() for html, markdown in links)


@needs_browser
@pytest.mark.parametrize("name", PRINTED)
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
