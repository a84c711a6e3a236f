"""Figures of needs: by kind, and where one lives by formal status."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ...scenarios.languages import later, tr
from ...scenarios.vocabulary import INK, MOVE, RUNG
from ..cascade import take_up
from ..deciding import Says, says_of
from ..groups import GROUP_OF_STATUS, helpers_of, last_months, listed, share, totals
from ..inequality import least_needs
from ..run import Run
from ..wording import count, joined, percent, percentage, sentence
from . import style
from .claims import CASCADE_GROUPS, providers_in
from .country import NAMED, map_data
from .declaration import figure

HALF = 0.5
FIFTHS = ("1", "2", "3", "4", "5")


def needs_by_kind_data(run: Run) -> pd.DataFrame:
    """Needs of the last five years by kind: need, provider (nobody last), episodes, needs, share (of the kind's needs);
    kinds with most needs first."""
    first, _ = last_months(run)
    who = {**{f"served_{name}": name for name in helpers_of(run)}, "unmet": "nobody"}
    sums = totals(run, "needs", ["needs", *who], ("need",), since=first)
    sums = sums.assign(need=sums["need"].astype(str)).sort_values("needs", ascending=False, kind="stable")
    sums = sums[sums["needs"] > 0].rename(columns=who).set_index("need")
    tidy = listed(sums[list(who.values())], ["need", "provider", "episodes"])
    tidy["needs"] = tidy["need"].map(sums["needs"]).astype("int64")
    tidy["share"] = share(tidy["episodes"], tidy["needs"])
    return tidy


def _kinds_title(data: pd.DataFrame, labels: dict[str, str], least: int) -> str:
    """The kind with most needs, and those of which most and fewest were met, in that order. `least`: needs without
    which a kind tells nothing."""
    if data.empty:
        return tr("No need was recorded")
    kinds = data[data["provider"] == "nobody"].set_index("need")
    unmet, enough = kinds["share"], kinds.loc[kinds["needs"] >= least, "share"]
    told = {unmet.index[0], *((enough.idxmin(), enough.idxmax()) if len(enough) else ())}
    said = [
        tr("{need} {share}", need=labels.get(need, need).lower(), share=percent(1 - float(unmet[need])))
        for need in unmet.sort_values(kind="stable").index
        if need in told
    ]
    return tr("Needs met, by kind: {shares}", shares=joined(said))


@figure(13, "needs-by-kind", "needs met by kind of need, and by whom", data=needs_by_kind_data)
def needs_by_kind(run: Run, data: pd.DataFrame) -> Figure:
    """Share of needs met by whom, a bar a kind of need, the last five years (D1, E5)."""
    entries = run.entries.needs
    labels = {name: entry.label for name, entry in entries.items()}
    title = _kinds_title(data, labels, least_needs(run))
    if data.empty:
        return style.nothing_to_show(run, title, tr("No episode of need closed in the period shown."))
    _, period = last_months(run)
    what = tr(
        "Share of needs met, by kind and by whom, {period}; those with most needs on top", period=period
    )
    page = style.page(run, title, what)
    (axes,) = page.panels()
    kinds = list(dict.fromkeys(data["need"]))
    rows = np.arange(len(kinds))[::-1]
    wide: Any = data.pivot(index="need", columns="provider", values="share").loc[kinds]
    terms = {name: term for name, term in providers_in(data).items() if name != "nobody"}
    floor = np.zeros(len(kinds))
    for name, term in terms.items():
        part = np.nan_to_num(wide[name].to_numpy(dtype=float))
        axes.barh(rows, part, left=floor, height=0.7, color=term.colour, gid=f"kind-{name}", label=term.label)
        floor = floor + part
    for row, met in zip(rows, floor, strict=True):
        axes.text(met + 0.01, row, percent(float(met)), va="center", fontsize=style.TEXT, color=INK)
    needs = data.drop_duplicates("need").set_index("need")["needs"]
    top = min(1.0, max(0.1, 1.18 * float(floor.max())))
    axes.set_xlim(0, top)
    axes.set_yticks(rows, [f"{labels.get(kind, kind)} ({count(float(needs[kind]))})" for kind in kinds])
    axes.set_ylabel(tr("kind of need (needs)"))
    axes.grid(False, axis="y")
    axes.grid(axis="x", color="#e6e6e6")
    ticks = [tick for tick in axes.get_xticks() if 0 <= tick <= top]
    axes.set_xticks(ticks, [percentage(tick) for tick in ticks])
    axes.set_xlabel(tr("share of needs"))
    axes.legend(
        loc="upper left",
        bbox_to_anchor=(1.0, 1.0),
        fontsize=style.TEXT,
        frameon=False,
        title=tr("met by"),
        title_fontsize=style.TEXT,
    )
    return page.finish()


def needs_met_by_place_data(run: Run) -> pd.DataFrame:
    """Share of needs met by rung and where one lives, over the whole run: group (rung), where (a place, or of many
    places a fifth of migrants by service level, 5 the best), order, needs, met, share (none of fewer than five records'
    needs)."""
    columns = ["group", "where", "order", "needs", "met", "share"]
    found = take_up(run, ("place", "status"))
    places = map_data(run).set_index("place")
    if found.empty or not places["migrants"].any():
        return pd.DataFrame(columns=columns)
    found = found.assign(group=found["status"].astype(str).map(GROUP_OF_STATUS))
    if len(places) <= NAMED:
        names = places["name"].astype(str)
        order = {name: number for number, name in enumerate(names)}
        found["where"] = found["place"].map(names)
    else:
        fifth = _fifths(places)
        order = {name: number for number, name in enumerate(FIFTHS[::-1])}
        found["where"] = found["place"].map(fifth)
    sums = found.groupby(["group", "where"], observed=True)[["needs", "served"]].sum().reset_index()
    sums = sums.rename(columns={"served": "met"}).assign(order=sums["where"].map(order))
    enough = sums["needs"] >= least_needs(run)
    sums["share"] = share(sums["met"], sums["needs"].where(enough, 0))
    known = sums[sums["group"].isin(CASCADE_GROUPS)]
    return known.sort_values(["group", "order"], ignore_index=True)[columns]


def _fifths(places: pd.DataFrame) -> pd.Series:
    """Of each place, the fifth of migrants by service level in which it lies, as "1" to "5"."""
    ordered = places.sort_values("service_level", kind="stable", na_position="first")
    passed = ordered["migrants"].cumsum() - ordered["migrants"] / 2
    part = np.clip((5 * passed / max(1.0, float(ordered["migrants"].sum()))).astype(int), 0, 4)
    return pd.Series([FIFTHS[number] for number in part], index=ordered.index)


def _apart(group: str, one: str, other: str) -> Callable[[pd.DataFrame], float]:
    """How much more of a rung's needs are met in one place than in another."""

    def difference(data: pd.DataFrame) -> float:
        own = data[data["group"] == group].set_index("where")["share"]
        return float(own.get(one, np.nan) - own.get(other, np.nan))

    return difference


FIFTH = {
    "1": later("the worst served fifth"),
    "2": later("the second fifth"),
    "3": later("the third fifth"),
    "4": later("the fourth fifth"),
    "5": later("the best served fifth"),
}


def _where(name: str, named: bool) -> str:
    return name if named else tr(FIFTH[name])


def _places_title(data: pd.DataFrame, says: Says) -> str:
    known = data[data["share"].notna()]
    groups = [group for group in ("legal", "unauthorised") if (known["group"] == group).sum() > 1]
    if not groups:
        return tr("No two places have needs enough to compare")
    named, said = not set(data["where"]) <= set(FIFTHS), list[str]()
    for group in groups:
        own = known[known["group"] == group].set_index("where")["share"]
        one, other = str(own.index[0]), str(own.index[-1])
        told = {
            "group": RUNG[group].many,
            "share": percent(float(own.iloc[0])),
            "other_share": percent(float(own.iloc[-1])),
            "where": _where(one, named),
            "other": _where(other, named),
        }
        sign = says.sign(_apart(group, one, other)) if len(own) == 2 or not named else 0
        if told["share"] == told["other_share"] and (len(own) == 2 or not named):
            said.append(tr("needs of {group}: {share} met in {where} as in {other}", **told))
        elif sign and sign * (own.iloc[0] - own.iloc[-1]) > 0:
            said.append(_compared(sign > 0, bool(said), told))
        elif len(own) == 2 or not named:
            said.append(tr("needs of {group}: {share} met in {where}, {other_share} in {other}", **told))
        else:
            low, high = percent(float(own.min())), percent(float(own.max()))
            said.append(
                tr("needs of {group}: {share} met everywhere", group=told["group"], share=low)
                if low == high
                else tr("needs of {group}: {low} to {high} met", group=told["group"], low=low, high=high)
            )
    return sentence("; ".join(said))


def _compared(more: bool, again: bool, told: dict[str, str]) -> str:
    """That more or fewer needs are met in one place; `again`: the other has been named."""
    if again:
        return (
            tr("more of the needs of {group} are met in {where} ({share} against {other_share})", **told)
            if more
            else tr(
                "fewer of the needs of {group} are met in {where} ({share} against {other_share})", **told
            )
        )
    return (
        tr(
            "more of the needs of {group} are met in {where} ({share}) than in {other} ({other_share})",
            **told,
        )
        if more
        else tr(
            "fewer of the needs of {group} are met in {where} ({share}) than in {other} ({other_share})",
            **told,
        )
    )


@figure(
    14, "needs-met-by-place", "needs met by place and rung of formal status", data=needs_met_by_place_data
)
def needs_met_by_place(run: Run, data: pd.DataFrame) -> Figure:
    """Share of needs met: a row a rung of formal status, a column where one lives; darker for more (E1, E2, E3)."""
    title = _places_title(data, says_of(run, "needs-met-by-place"))
    if not data["share"].notna().any():
        return style.nothing_to_show(run, title, tr("No rung has needs enough anywhere."))
    named = not set(data["where"]) <= set(FIFTHS)
    across = tr("place") if named else tr("fifth of migrants by service level")
    what = tr("Share of needs met over the whole run, by formal status and {division}", division=across)
    page = style.page(run, title, what)
    (axes,) = page.panels()
    groups = [group for group in CASCADE_GROUPS if group in set(data["group"])]
    where = list(dict.fromkeys(data.sort_values("order")["where"]))
    top = max(0.05, float(data["share"].max()))
    colours = mpl.colormaps[style.SEQUENTIAL]
    for cell in data.itertuples():
        row, column = groups.index(str(cell.group)), where.index(str(cell.where))
        value: Any = cell.share
        known = bool(np.isfinite(value))
        colour = colours(float(value) / top) if known else "#eeeeee"
        axes.add_patch(
            Rectangle((column - HALF, row - HALF), 1, 1, facecolor=colour, edgecolor="white", lw=3,
                      gid=f"cell-{cell.group}-{column}")
        )  # fmt: skip
        share_of = {"share": percent(float(value)), "number": count(float(str(cell.needs)))}
        said = tr("{share}\nof {number}", **share_of) if known else tr("few\nneeds")
        ink = style.readable_on(colour) if known else style.GREY
        axes.text(column, row, said, ha="center", va="center", fontsize=style.TEXT, color=ink)
    axes.set_xlim(-HALF, len(where) - HALF)
    axes.set_ylim(len(groups) - HALF, -HALF)
    axes.set_xticks(range(len(where)), [name if named else MOVE[name].label for name in where])
    axes.set_yticks(range(len(groups)), [RUNG[group].label for group in groups])
    axes.set_xlabel(across)
    axes.set_ylabel(tr("formal status"))
    axes.grid(False)
    return page.finish()
