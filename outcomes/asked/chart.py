"""Draw an answer: its page, what fits on it, and what it says to whoever can't see it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ...scenarios.languages import later, tr, tr_term
from ...scenarios.vocabulary import BLUE, GREEN, INK, ORANGE, PURPLE, RUST, SKY, VERMILION
from ..declaration import COUNTRY, DIVISIONS, OWN
from ..plots import style
from ..plots.declaration import own_look
from ..plots.letters import families_for, readable_language
from ..wording import COUNTED, is_share, localised, percentage, sentence, value_text
from .question import BAR, HEAT, KINDS, LINE, MAP, ON_MAPS, AskedError, Question
from .told import Told
from .values import Group

PALETTE = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, INK, RUST)
ROWS = 13  # lines of text that stand one above the other beside a chart
LABEL, LONGEST = 26, 44  # letters of a label on one line, and on a line that has to hold much
PANELS = 6
TOLD_IN_WORDS = 12  # series
CALLED = (later("Line chart"), later("Bar chart"), later("Map"), later("Heat map"))  # in order of KINDS
SEVERAL = {
    "status": later("statuses"),
    "rung": later("groups of status"),
    "region": later("regions"),
    "place": later("municipalities"),
    "need": later("kinds of need"),
    "door": later("doors"),
    "weights": later("weights"),
    "stay": later("years of stay"),
    "origin_fifth": later("fifths of origin"),
    "service": later("services"),
    "ngos": later("municipalities"),
}
OBSERVED: dict[str, Any] = {"marker": "D", "s": 46, "edgecolor": "white", "linewidths": 1.0, "zorder": 6}


def chart(told: Told, kind: str, observed: pd.DataFrame, ax: Axes | None = None, file: str = "") -> Axes:
    """The chart of an answer; on a page of its own, with title, source and labels that fit, or into `ax`.

    `observed`: as `observed_on` gives it, from a file of this name. Returns the axes (of a page with several, the
    first). Errors: AskedError for what has no room.
    """
    from . import bars, heat, lines, maps

    told = fitting(told if kind != MAP else maps.prepared(told), kind)
    if ax is not None:
        alone = len(told.arms) == 1 or (kind != MAP and len(told.groups) == 1) or kind == BAR
        if not alone:
            raise AskedError(
                f"{len(told.arms)} scenarios by {told.question.by} need a figure of their own: leave out ax, or ask "
                "for one group"
            )
        with mpl.rc_context({"text.parse_math": False}):
            {LINE: lines, BAR: bars, MAP: maps, HEAT: heat}[kind].into(ax, told, observed)
            ax.set_title(title_of(told))
        return ax
    with readable_language() as words, own_look(families_for(_names(told) | words)):
        page = style.sheet(title_of(told), subtitle_of(told, kind, observed, file), _source(told, kind))
        axes: Axes = {LINE: lines, BAR: bars, MAP: maps, HEAT: heat}[kind].on_page(page, told, observed)
        page.finish()
    return axes


def _names(told: Told) -> set[str]:
    return {each.label for each in told.groups} | {*told.arms, told.source, title_of(told)}


def _source(told: Told, kind: str) -> str:
    from ..places_info import places_info

    info = places_info(told.first) if kind == MAP and told.first is not None else None
    return style.credited(told.source, info.credit if info else "")


# What fits ------------------------------------------------------------------------------------------------


def fitting(told: Told, kind: str) -> Told:
    """As many groups as a chart of this kind can name, and which these are."""
    if kind == MAP:
        return told
    arms = len(told.arms)
    most = {
        LINE: ROWS if arms == 1 and told.seeds == 1 else PANELS,
        BAR: max(3, min(ROWS, 36 // arms)),
        HEAT: ROWS,
    }[kind]
    division = DIVISIONS.get(told.question.by)
    if kind == BAR and division is not None and division.in_order:
        return told
    most = min(most, ROWS // max((lines_of(each.label) for each in told.groups[:most]), default=1))
    if len(told.groups) <= most or division is None:
        return told
    there = {"all": localised(f"{len(told.groups):,}"), "things": tr(SEVERAL[told.question.by])}
    if division.in_order:
        steps = np.unique(np.linspace(0, len(told.groups) - 1, min(most, 7)).round().astype(int))
        return told.some(
            [told.groups[step] for step in steps],
            tr("{number} of {all} {things}", number=len(steps), **there),
        )
    if told.question.by in ON_MAPS:
        return told.some(
            told.groups[:most],
            tr("{number} of {all} {things}, those with most migrants", number=most, **there),
        )
    means = told.values.groupby("group")["value"].mean()
    high = means.sort_values(ascending=False, kind="stable").index[:most]
    return told.some(
        [each for each in told.groups if each.name in high],
        tr("{number} of {all} {things}, those highest on average", number=most, **there),
    )


def lines_of(label: str) -> int:
    """Lines that a label takes."""
    return len(wrapped(label).split("\n"))


def wrapped(label: str, width: int = LABEL) -> str:
    """A label on lines of at most so many letters, all of it."""
    return "\n".join(textwrap.wrap(label, width)) or label


def colours_of(groups: Sequence[Group], in_order: bool = False) -> list[str]:
    """A colour for each: their own, if each has another; along a scale, of what is in order."""
    if in_order:
        scale = mpl.colormaps[style.SEQUENTIAL]
        return [mpl.colors.to_hex(scale(share)) for share in np.linspace(0.2, 1.0, len(groups))]
    if have_colours(groups):
        return [each.colour for each in groups]
    return [PALETTE[number % len(PALETTE)] for number in range(len(groups))]


def have_colours(groups: Sequence[Group]) -> bool:
    """Whether each has a colour of its own that no other has."""
    own = [each.colour for each in groups]
    return all(own) and len(set(own)) == len(own)


def is_in_order(told: Told) -> bool:
    """Whether its groups are steps of one thing."""
    division = DIVISIONS.get(told.question.by)
    return division is not None and division.in_order


# Words ----------------------------------------------------------------------------------------------------


def title_of(told: Told) -> str:
    """What is shown, without a finding: of one run, or few, a comparison might be luck."""
    question = told.question
    words = {
        "theme": tr_term(question.theme.title, "measure title"),
        "measure": tr_term(question.measure.label, "measure label"),
        "division": tr(SINGULAR.get(question.by, question.by)),
    }
    if question.theme.id not in ("", OWN) and not words["measure"].lower().startswith(words["theme"].lower()):
        if question.by == COUNTRY:
            return sentence(tr("{theme}: {measure}", **words))
        return sentence(tr("{theme}: {measure}, by {division}", **words))
    return sentence(words["measure"] if question.by == COUNTRY else tr("{measure}, by {division}", **words))


SINGULAR = {
    "rung": later("group of status"),
    "place": later("municipality"),
    "origin_fifth": later("fifth of origin"),
    "stay": later("years of stay"),
    "weights": later("weight"),
    "need": later("kind of need"),
    "ngos": later("NGOs"),
    "status": later("status"),
    "region": later("region"),
    "door": later("door"),
    "service": later("service"),
}


def said_unit(question: Question) -> str:
    """The unit in the language that is spoken."""
    return tr_term(question.measure.unit, "unit")


def subtitle_of(told: Told, kind: str, observed: pd.DataFrame, file: str) -> str:
    """Theme, years, and what a reader has to know to read it."""
    question = told.question
    first, last = (told.years[0], told.years[-1]) if told.years else (None, None)
    years = f"{first}" if first == last else tr("{low} to {high}", low=first, high=last)
    if told.together and first != last:
        years = (
            tr("{years}, together", years=years)
            if question.pooled and not told.means
            else tr("{years}, mean of the years", years=years)
        )
    about = {"name": question.name, "unit": said_unit(question), "years": years}
    parts = [tr("{name}: {unit}, {years}", **about) if told.years else tr("{name}: {unit}", **about)]
    if told.band():
        parts.append(told.band() if kind in (LINE, BAR) else told.mean())
    elif len(told.arms) > 1:
        parts.append(tr("one seed each: what differs may be luck"))
    parts += told.notes
    if len(observed):
        parts.append(tr("diamonds: observed ({file})", file=file) if file else tr("diamonds: observed"))
    return "; ".join(parts)


def alt_text(told: Told, kind: str, observed: pd.DataFrame) -> str:
    """What a chart shows, for whoever can't see it: kind, measure, years, and the values of its series."""
    told = fitting(told, kind)
    called = tr(dict(zip(KINDS, CALLED, strict=True))[kind])
    unit, rows = told.question.measure.unit, told.summary()
    words = []
    groups = told.groups if len(told.groups) > 1 else told.groups[:1]
    for arm in told.arms:
        for group in groups:
            of = rows[(rows["arm"] == arm) & (rows["group"] == group.name)].sort_values("year")
            if of.empty:
                continue
            parts = [arm] * (len(told.arms) > 1) + [group.label] * (told.question.by != COUNTRY)
            first, last = of.iloc[0], of.iloc[-1]
            value = value_text(last["value"], unit)
            if first["year"] != last["year"]:
                begin = value_text(first["value"], unit)
                since, until = f"{first['year']:.0f}", f"{last['year']:.0f}"
                value = tr(
                    "{begin} in {first}, {end} in {last}", begin=begin, first=since, end=value, last=until
                )
            words.append(tr("{name}: {value}", name=", ".join(parts), value=value) if parts else value)
    if (more := len(words) - TOLD_IN_WORDS) > 0:
        words = [*words[:TOLD_IN_WORDS], tr("and {number} more", number=more)]
    said = tr(
        "{chart}. {title} ({subtitle}). {values}.",
        chart=called,
        title=title_of(told),
        subtitle=subtitle_of(told, kind, observed.iloc[:0], ""),
        values="; ".join(words),
    )
    return (
        tr("{text} {number} observed values on top.", text=said, number=len(observed))
        if len(observed)
        else said
    )


# Axes -----------------------------------------------------------------------------------------------------


def value_axis(axes: Axes, unit: str, values: np.ndarray, which: str = "y") -> None:
    """The axis of values, from 0 unless some lie below: percentages of shares, whole numbers of what is counted."""
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    bottom, top = min(0.0, low), max(0.0, high)
    room = 0.06 * (top - bottom)
    shares = is_share(unit)
    if top == bottom:
        bottom, top = (0.0, 1.0) if not shares else (0.0, 0.1)
    elif shares and 0.8 < top <= 1 and bottom == 0:
        top = 1.0
    else:
        top, bottom = top + room * (top > 0), bottom - room * (bottom < 0)
    axis, limits = (axes.yaxis, axes.set_ylim) if which == "y" else (axes.xaxis, axes.set_xlim)
    limits(bottom, top)
    whole = unit in COUNTED
    axis.set_major_locator(MaxNLocator(5, integer=whole and top > 2, steps=style.ROUND))
    axis.set_major_formatter(FuncFormatter(in_figures(unit, top - bottom)))
    if bottom < 0 < top:
        (axes.axhline if which == "y" else axes.axvline)(0, color=style.GREY, lw=1, zorder=1)


def in_figures(unit: str, span: float) -> Any:
    digits = 0 if span >= 0.05 else 1
    if is_share(unit):
        return lambda value, _: percentage(0.0 if abs(value) < 0.0005 else value, digits)
    if span >= 1000 or unit in COUNTED:
        return lambda value, _: localised(f"{value:,.0f}" if abs(value) >= 1 or value == 0 else f"{value:g}")
    return lambda value, _: localised(f"{value:g}")


def unit_words(unit: str) -> str:
    """A unit beside an axis."""
    return wrapped(tr_term(unit, "unit"), 30)


def legend_on(page: style.Page, names: Sequence[str], colours: Sequence[str]) -> None:
    """What the colours of arms stand for, in rows below the subtitle; the page has so much less room."""
    look: Any = {"lw": 0, "marker": "s", "ms": 11}
    handles = [Line2D([], [], color=colour, **look) for colour in colours]
    for columns in range(len(names), 0, -1):
        told = [wrapped(name, 76 if columns == 1 else 400) for name in names]
        legend: Legend = page.figure.legend(
            handles, told, ncols=columns, loc="upper left", bbox_to_anchor=(style.MARGIN, page.top + 0.012),
            frameon=False, fontsize=style.TEXT, borderaxespad=0, borderpad=0.1, handlelength=1.0, columnspacing=1.4,
            handletextpad=0.5,
        )  # fmt: skip
        box = legend.get_window_extent(page.renderer)
        if columns == 1 or box.width <= page.figure.bbox.width * (1 - 2 * style.MARGIN):
            page.top -= box.height / page.figure.bbox.height + 0.005
            return
        legend.remove()
