"""Names in any script: a font that has the letters stands in; where there is none, that is said once."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from command_line import call
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib.font_manager import fontManager

from local_citizenship.outcomes.plots import letters
from local_citizenship.outcomes.plots.letters import MissingLetters, families_for, missing_letters, words_in

TOWNS = """\
code,region,name,latitude,longitude,population,foreign_residents,fiscal_strength
1,神奈川県,川崎市,35.53,139.70,1425472,29122,1.08
2,埼玉県,川口市,35.81,139.72,550000,16500,0.95
"""


def forget() -> None:
    for each in (letters._chosen, letters._installed, letters._warn_once):
        each.cache_clear()


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Fonts are looked for anew, before and after."""
    forget()
    yield
    forget()


@pytest.fixture
def install(tmp_path: Path) -> Iterator[object]:
    """Make a font of black squares for some letters known to Matplotlib, beside its own; what else is installed on
    this machine is not there."""
    before = list(fontManager.ttflist)
    fontManager.ttflist[:] = [font for font in before if font.name.startswith("DejaVu")]
    forget()

    def made(name: str, has: str) -> None:
        pen = TTGlyphPen(None)
        pen.moveTo((0, 0))
        for corner in ((0, 900), (900, 900), (900, 0)):
            pen.lineTo(corner)
        pen.closePath()
        glyphs = {".notdef": pen.glyph(), **{f"u{ord(each):x}": pen.glyph() for each in has}}
        font = FontBuilder(1000, isTTF=True)
        font.setupGlyphOrder(list(glyphs))
        font.setupCharacterMap({ord(each): f"u{ord(each):x}" for each in has})
        font.setupGlyf(glyphs)
        font.setupHorizontalMetrics(dict.fromkeys(glyphs, (1000, 0)))
        font.setupHorizontalHeader(ascent=900, descent=-100)
        font.setupNameTable({"familyName": name, "styleName": "Regular"})
        font.setupOS2()
        font.setupPost()
        font.save(tmp_path / f"{name}.ttf")
        fontManager.addfont(str(tmp_path / f"{name}.ttf"))
        forget()

    yield made
    fontManager.ttflist[:] = before
    fontManager._findfont_cached.cache_clear()


def test_names_that_our_font_has_change_nothing() -> None:
    assert families_for(["Kawasaki", "Łódź", "Αθήνα", "Москва"]) == []
    assert missing_letters(["São Paulo", "Athína"]) == ""


def test_the_first_font_that_has_the_letters_stands_in(install) -> None:
    install("Zz Half", "川")
    install("Noto Sans CJK KR", "川崎")
    install("Noto Sans CJK JP", "川")
    assert families_for(["川"]) == ["DejaVu Sans", "Noto Sans CJK JP"]
    with pytest.warns(MissingLetters):
        assert families_for(["川崎市"]) == ["DejaVu Sans", "Noto Sans CJK KR"]
    assert "letters 市:" in missing_letters(["川崎市"])
    install("Aa Rest", "市")
    assert families_for(["川崎市"]) == ["DejaVu Sans", "Noto Sans CJK KR", "Aa Rest"]
    assert missing_letters(["川崎市"]) == ""


def test_words_are_those_of_all_columns() -> None:
    table = pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": pd.Categorical(["y", "z"])})
    assert words_in(table, pd.DataFrame({"d": [0.5]})) == {"a", "b", "c", "d", "x", "y", "z"}


@pytest.fixture
def towns(tmp_path: Path) -> Path:
    """A scenario of Japanese towns, by their names."""
    (tmp_path / "jp.csv").write_text(TOWNS, encoding="utf-8")
    file = tmp_path / "jp.yaml"
    file.write_text("extends: two-towns\ntitle: 川崎と川口\nplaces: jp.csv\nmonths: 2\n", encoding="utf-8")
    return file


def test_letters_without_a_font_are_said_once(towns: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(letters, "_installed", lambda: {"DejaVu Sans": _ours()})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = call("run", towns, "--seeds", 1, "--out", tmp_path / "r")
    assert (result.exit_code, result.stderr.count("No installed font")) == (0, 1)
    assert "No installed font has the letters と 口 埼 奈 崎 川 市 玉 県 神: " in result.stderr


def test_in_python_they_are_a_warning_and_only_one(towns: Path, monkeypatch) -> None:
    from local_citizenship.outcomes.plots import FIGURES
    from local_citizenship.outcomes.simulate import simulate

    monkeypatch.setattr(letters, "_installed", lambda: {"DejaVu Sans": _ours()})
    run = simulate(str(towns))
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        for name in ("map", "stock-by-status"):
            FIGURES[name].draw(run)
    assert [each.category for each in heard] == [MissingLetters]


def test_names_are_drawn_in_the_font_that_has_them(towns: Path, install) -> None:
    from local_citizenship.outcomes.plots import FIGURES
    from local_citizenship.outcomes.simulate import simulate

    install("Noto Sans CJK JP", "と口埼奈崎川市玉県神")
    figure = FIGURES["map"].draw(simulate(str(towns)))
    named = figure.findobj(lambda each: "川崎市" in getattr(each, "get_text", str)())
    assert named
    assert all(text.get_fontfamily() == ["DejaVu Sans", "Noto Sans CJK JP"] for text in named)


def _ours() -> str:
    import matplotlib as mpl

    return f"{mpl.get_data_path()}/fonts/ttf/DejaVuSans.ttf"
