"""Five languages: nothing lacks, numbers and dates are the locale's, words meet as they should, and whoever has no font
or asks for no language is told."""

from __future__ import annotations

import sys
import warnings
from datetime import date
from pathlib import Path

import babel.dates
import babel.numbers
import pytest
from babel.messages.pofile import read_po
from command_line import call, told
from small import small_run

from local_citizenship.app.classroom.words import page_words
from local_citizenship.outcomes.plots import letters
from local_citizenship.outcomes.plots.style import pieces
from local_citizenship.outcomes.run import Run
from local_citizenship.outcomes.sentences import SENTENCES, Moment, duration, sentence
from local_citizenship.outcomes.wording import (
    change_and_interval,
    count,
    joined,
    localised,
    month_name,
    percent,
    value_text,
)
from local_citizenship.scenarios.languages import (
    ENGLISH,
    LANGUAGES,
    UnknownLanguage,
    catalogue_of,
    current,
    language_for,
    speaking,
    tr,
    tr_number,
)
from local_citizenship.scenarios.languages.catalogue import HOME, UNREVIEWED, read
from local_citizenship.scenarios.languages.kinds import korean
from local_citizenship.scenarios.vocabulary import PROVIDER, RUNG

sys.path.append(str(Path(__file__).parent.parent / "docs" / "make"))

import catalogues

OTHERS = [code for code in LANGUAGES if code != ENGLISH.code]


@pytest.fixture(scope="module")
def wanted():
    return catalogues.messages()


@pytest.mark.parametrize("code", OTHERS)
def test_nothing_lacks_and_every_placeholder_is_kept(code, wanted):
    assert len(wanted) > 500
    assert list(catalogues.lacking(code, wanted)) == []


def test_what_lacks_is_named(monkeypatch, wanted):
    known = catalogues.catalogue("ja")
    broken = {**known.entries}
    gone = ("", "No need was recorded")
    del broken[gone]
    spoilt = broken["", "Moved to {place}."]
    broken["", "Moved to {place}."] = type(spoilt)("", spoilt.message, "", ["{town}"])
    monkeypatch.setattr(catalogues, "catalogue", lambda code: type(known)(broken, known.header))
    found = list(catalogues.lacking("ja", wanted))
    assert len(found) == 2
    assert any("no translation of 'No need was recorded'" in each for each in found)
    assert any("other placeholders (place, town)" in each for each in found)


@pytest.mark.parametrize("code", OTHERS)
def test_catalogues_are_read_as_babel_reads_them(code):
    own = catalogue_of(code)
    with (HOME / f"{code}.po").open("rb") as file:
        other = read_po(file)
    known = {
        (each.context or "", ([each.id] if isinstance(each.id, str) else each.id)[0]): each for each in other
    }
    known.pop(("", ""), None)
    assert known.keys() == own.entries.keys()
    for key, each in known.items():
        forms = [each.string] if isinstance(each.string, str) else list(each.string)
        assert own.entries[key].forms == forms, key
    assert other.num_plurals == LANGUAGES[code].plurals


@pytest.mark.parametrize("code", OTHERS)
def test_bringing_a_catalogue_up_to_date_changes_nothing_where_nothing_lacks(code, wanted):
    assert catalogues.updated(code, wanted) == (HOME / f"{code}.po").read_text(encoding="utf-8")


def test_a_catalogue_with_a_broken_line_says_which():
    with pytest.raises(ValueError, match="line 2 of a catalogue"):
        read('msgid "a"\nmsgstr unquoted\n')


@pytest.mark.parametrize("code", OTHERS)
def test_translations_are_unreviewed_until_somebody_signs(code):
    header = catalogue_of(code).header
    assert header["X-Reviewed-By"]  # a name, or the words that say there is none
    assert bool(catalogue_of(code).reviewer) is (header["X-Reviewed-By"] != UNREVIEWED)
    assert page_words(code)["reviewer"] == catalogue_of(code).reviewer


@pytest.mark.parametrize("code", [*OTHERS, "en"])
@pytest.mark.parametrize("number", [7, 999, 1234, 9999, 12345, 1234567, 0.25, 1234.5])
def test_numbers_are_those_of_the_locale(code, number):
    # Babel knows nothing of CLDR's minimumGroupingDigits, by which Spanish writes 1234 but 12.345, as browsers do.
    grouped = number >= 10_000 or LANGUAGES[code].grouped < 5
    with speaking(code):
        said = babel.numbers.format_decimal(number, locale=code, group_separator=grouped)
        assert localised(f"{number:,}") == said


@pytest.mark.parametrize("code", [*OTHERS, "en"])
def test_percentages_and_months_are_those_of_the_locale(code):
    with speaking(code):
        assert percent(0.34) == babel.numbers.format_percent(0.34, locale=code)
        months = {"ja": "y年M月", "ko": "y년 M월", "es": "MMMM 'de' y", "it": "MMMM y", "en": "MMMM y"}
        for month in range(1, 13):
            said = babel.dates.format_date(date(1994, month, 1), months[code], locale=code)
            assert month_name(f"1994-{month:02}") == said


def test_a_month_is_said_as_the_locale_itself_would():
    for code in OTHERS:
        with speaking(code):
            said = babel.dates.format_skeleton("yMMMM", date(1994, 5, 1), locale=code)
            assert month_name("1994-05") == said


def test_english_is_as_it_was():
    assert current() is ENGLISH
    assert count(12_345) == "12,300"
    assert duration(27) == "2 years 3 months"
    assert joined(["a", "b", "c"]) == "a, b and c"
    assert value_text(0.0312, "share of needs", change=True) == "+3.1 points"
    assert value_text(-0.0000335, "share of needs", change=True) == "-0.0034 points"
    assert value_text(8.78e-05, "Theil index", change=True) == "+0.000088"
    assert change_and_interval(-0.02484, -0.02566, -0.02403, "share of needs") == (
        "-2.48 points",
        "-2.57 to -2.40",
    )
    assert change_and_interval(0.00048, 0.00018, 0.00079, "share of needs") == (
        "+0.048 points",
        "+0.018 to +0.079",
    )
    assert tr("Moved to {place}.", place="{odd}") == "Moved to {odd}."


def test_values_and_lists_in_other_languages():
    with speaking("es"):
        assert value_text(0.0312, "share of needs", change=True) == "+3,1 puntos"
        assert joined(["a", "b", "c"]) == "a, b y c"
        assert duration(25) == "2 años y 1 mes"
        assert percent(0.001) == "menos de 1\u00a0%"
    with speaking("ja"):
        assert duration(27) == "2年3か月"
        assert joined(["甲", "乙"]) == "甲、乙"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("시청이(가)", "시청이"),
        ("단체이(가)", "단체가"),
        ("서울(으)로", "서울로"),
        ("부산(으)로", "부산으로"),
        ("NGO을(를)", "NGO를"),
        ("보험과(와)", "보험과"),
    ],
)
def test_korean_particles_follow_the_last_sound(text, said):
    assert korean(text) == said


def test_articles_melt_into_prepositions():
    with speaking("es"):
        assert (
            tr("Asked {provider} again.", provider=PROVIDER["city"].words)
            == "Volvió a pedir ayuda al ayuntamiento."
        )
    with speaking("it"):
        assert (
            tr("Asked {provider} again.", provider=PROVIDER["city"].words)
            == "Ha chiesto di nuovo aiuto al comune."
        )
        assert LANGUAGES["it"].joined("Soddisfatto il 8% e il 11%, nel 80% e il 9%") == (
            "Soddisfatto l'8% e l'11%, nell'80% e il 9%"
        )


@pytest.mark.parametrize("code", OTHERS)
def test_counted_things_have_their_forms(code):
    with speaking(code):
        one, two = (tr_number("{number} year", "{number} years", n, number=n) for n in (1, 2))
    assert (one.replace("1", "2") == two) is (LANGUAGES[code].plurals == 1)


def a_moment(event: str) -> Moment:
    return Moment(
        month=3, event=event, place="Ōizumi", status="overstayer", need="wages", provider="city", detail=2,
        knows_city=True, knows_ngo=False, settler=False, fear=0.4, old_place="Hamamatsu", target_years=4.0,
    )  # fmt: skip


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("event", SENTENCES)
def test_every_event_has_a_sentence_in_every_language(code, event):
    english = sentence(a_moment(event))
    with speaking(code):
        said = sentence(a_moment(event))
    assert said != english
    assert "{" not in said
    assert "(가)" not in said
    assert "(으)로" not in said


def test_the_words_of_a_run_are_in_the_language_that_is_spoken():
    run = Run.from_model(small_run())
    assert run.entries.needs["wages"].label == "Unpaid wages"
    with speaking("it"):
        assert run.entries.needs["wages"].label == "Salari non pagati"
        assert RUNG["unauthorised"].label == "Irregolari"
    assert run.entries.needs["wages"].label == "Unpaid wages"


def test_without_a_font_figures_are_in_english_and_say_so(monkeypatch):
    monkeypatch.setattr(letters, "_chosen", lambda found: ((), "東") if found else ((), ""))
    letters._warn_once.cache_clear()
    with speaking("ja"):
        with (
            pytest.warns(letters.MissingLetters, match="figures are in English"),
            letters.readable_language(),
        ):
            assert current() is ENGLISH
        assert current().code == "ja"
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # told once
            with letters.readable_language() as words:
                assert not words


def test_lines_break_within_japanese_but_not_before_a_full_stop():
    found = pieces("移民の27%は、申請したNGOがない。", spaces=False)
    assert "".join(found) == "移民の27%は、申請したNGOがない。"
    assert "27%" in found
    assert "は、" in found
    assert "NGO" in found
    assert found[-1] == "い。"
    assert pieces("two words", spaces=True) == ["two ", "words"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [("ja", "ja"), ("ja-JP", "ja"), ("es_ES.UTF-8", "es"), ("IT", "it"), ("", "en")],
)
def test_a_language_is_found_by_its_code(asked, code):
    assert language_for(asked).code == code


def test_the_surroundings_count_only_if_asked_for(monkeypatch):
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    assert current() is ENGLISH
    assert language_for("auto").code == "ko"
    monkeypatch.setenv("LANG", "C.UTF-8")
    assert language_for("auto") is ENGLISH


def test_an_unknown_language_is_refused_in_one_sentence():
    with pytest.raises(UnknownLanguage, match=r"'de': there are en \(English\), ja"):
        language_for("de")
    assert "there is no language 'de'" in told(call("glossary", "fear", "--lang", "de"))


def test_the_page_gets_its_messages_and_the_vocabulary_alone():
    words = page_words("es")
    assert words["words"]["Undo"] == ("Deshacer",)
    assert words["terms"]["status label"]["legal"] == "regulares"
    assert "Nobody moved" not in words["words"]  # which only a figure says
    assert page_words("en") is None
