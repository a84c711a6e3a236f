"""What the page says can be put into any order: whole messages, none glued together of words and values."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "docs" / "make"))

from page_texts import glued, texts  # noqa: E402

SCRIPTS = sorted((ROOT / "app" / "classroom" / "page").glob("*.js"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_no_sentence_is_glued_together(script: Path) -> None:
    assert list(glued(script.read_text(encoding="utf-8"))) == []


def test_what_is_glued_is_found() -> None:
    assert list(glued("say(`${number} migrants lived here`);")) == ["{1} migrants lived here"]
    assert list(glued('say("The life of migrant " + number);')) == ["The life of migrant"]
    assert list(glued('say(tr("The life of {name}", { name })); move(`translateX(${x}px)`);')) == []


def test_literals_are_found_but_names_are_not() -> None:
    source = 'el("p", { class: "a note" }, "Click a place " + "on the map."); // "No comment here"'
    assert list(texts(source)) == ["Click a place on the map."]
