"""Figures of claiming: the cascade, who met the need, harms, rights on paper."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from ...scenarios.catalogue import RUNGS, STATUSES
from ...scenarios.languages import later, tr
from ...scenarios.vocabulary import INK, RUNG, STAGE, STATUS, Term, provider
from .. import cascade as cases
from ..cascade import take_up
from ..deciding import band
from ..groups import GROUP_OF_STATUS, STAGES, helpers_of, last_months, listed, share, totals
from ..run import Run
from ..wording import count, joined, percent, portion, sentence
from . import style
from .declaration import figure

CASCADE_GROUPS = ("denizen", "legal", "unauthorised")


def cascade_data(run: Run) -> pd.DataFrame:
    """The claiming cascade of the last five years: group, stage, episodes, share (of the group's needs)."""
    first, _ = last_months(run)
    reached = take_up(run, "status", since=first)
    groups = reached.groupby(reached["status"].astype(str).map(GROUP_OF_STATUS))[list(STAGES)].sum()
    groups = groups.reindex(list(CASCADE_GROUPS), fill_value=0)
    tidy = listed(groups, ["group", "stage", "episodes"])
    tidy["share"] = share(tidy["episodes"], tidy["group"].map(groups["needs"]))
    return tidy


def _pooled_cascade(rows: pd.DataFrame, runs: int) -> pd.DataFrame:
    mean = rows.groupby(["group", "stage"], sort=False, as_index=False)["episodes"].sum()
    needs = mean[mean["stage"] == "needs"].set_index("group")["episodes"]
    mean["share"] = share(mean["episodes"], mean["group"].map(needs))
    return mean.assign(episodes=mean["episodes"] / runs)


def _cascade_title(data: pd.DataFrame) -> str:
    wide: Any = data.pivot(index="group", columns="stage", values="episodes")
    with_needs = [g for g in ("legal", "denizen", "unauthorised") if wide.loc[g, "needs"] > 0]
    if not with_needs:
        return tr("No need was recorded")
    met, aware = (
        {g: percent(wide.loc[g, stage] / wide.loc[g, "needs"]) for g in with_needs}
        for stage in ("served", "aware")
    )
    first, *others = with_needs
    if not others:
        return tr(
            "{met} of the needs of {group} were met; in {aware} they knew of help",
            met=met[first],
            group=RUNG[first].many,
            aware=aware[first],
        )
    last = others[-1]  # the unauthorised, where there are any
    return tr(
        "{met} of the needs of {group} were met, {other_met} of those of {other}; "
        "in {aware} and {other_aware} they knew of help",
        met=met[first],
        group=RUNG[first].many,
        other_met=met[last],
        other=RUNG[last].many,
        aware=aware[first],
        other_aware=aware[last],
    )


@figure(
    3, "claiming-cascade", "from need to help, by rung of formal status", data=cascade_data, pooled=_pooled_cascade
)  # fmt: skip
def cascade(run: Run, data: pd.DataFrame) -> Figure:
    """From need to help, per rung: share of need episodes that reach each stage, last five years (E3).

    Stages: need, aware of a provider, willing, eligible, claimed, served.
    """
    title = _cascade_title(data)
    groups = [g for g in CASCADE_GROUPS if data.loc[data["group"] == g, "episodes"].any()]
    if not groups:
        return style.nothing_to_show(run, title, tr("No episode of need closed in the period shown."))
    _, period = last_months(run)
    what = tr(
        "Share of episodes of need that came so far, {period}; open to them: some provider would help, with a right to "
        "it or without",
        period=period,
    )
    page = style.page(run, title, what)
    rows = np.arange(len(STAGES))[::-1]
    by_stage = {g: data[data["group"] == g].set_index("stage").loc[list(STAGES)] for g in groups}
    needs = {g: count(float(own["episodes"].iloc[0])) for g, own in by_stage.items()}
    titles = {g: tr("{group}\n{number} needs", group=RUNG[g].label, number=needs[g]) for g in groups}
    for group, axes in page.beside(titles, tr("stage reached")):
        reached = by_stage[group]["share"].to_numpy(dtype=float)
        axes.barh(rows, reached, height=0.68, color=RUNG[group].colour, gid=f"cascade-{group}")
        for row, part in zip(rows, reached, strict=True):
            axes.text(part + 0.02, row, percent(part), va="center", fontsize=style.TEXT, color=INK)
        axes.grid(False)
        axes.set_xlim(0, 1.26)
        style.share_rows(axes, [STAGE[s].label for s in STAGES], rows)
    return page.finish()


WHO_PANELS = {
    "all": later("Everyone"),
    "legal": later("Legal and permanent"),
    "unauthorised": later("Unauthorised"),
}


def who_met_the_need_data(run: Run) -> pd.DataFrame:
    """Who met the needs of a year: group (all, legal, unauthorised), year, provider, episodes, share.

    `legal` takes in permanent residents and the naturalised; `nobody` counts needs that went unmet.
    """
    who = {**{f"served_{name}": name for name in helpers_of(run)}, "unmet": "nobody"}
    sums = totals(run, "monthly", list(who), ("year", "status")).rename(columns=who)
    outside = sums["status"].map(GROUP_OF_STATUS) == "unauthorised"
    parts = []
    for group, rows in {"all": sums, "legal": sums[~outside], "unauthorised": sums[outside]}.items():
        tidy = listed(rows.groupby("year")[list(who.values())].sum(), ["year", "provider", "episodes"])
        tidy.insert(0, "group", group)
        parts.append(tidy)
    return _with_shares(pd.concat(parts, ignore_index=True))


def _with_shares(rows: pd.DataFrame) -> pd.DataFrame:
    whole = rows.groupby(["group", "year"])["episodes"].transform("sum")
    return rows.assign(share=share(rows["episodes"], whole))


def _pooled_who(rows: pd.DataFrame, runs: int) -> pd.DataFrame:
    sums = rows.groupby(["group", "year", "provider"], sort=False)[["episodes"]].sum().reset_index()
    mean = _with_shares(sums)
    return mean.assign(episodes=mean["episodes"] / runs)


def providers_in(data: pd.DataFrame) -> dict[str, Term]:
    """Who met needs in such a table, in its order and nobody last, with their terms."""
    return {str(name): provider(str(name)) for name in data["provider"].unique()}


def _who_title(data: pd.DataFrame) -> str:
    met = data[data["group"] == "all"].groupby("provider", sort=False)["episodes"].sum()
    needs = float(met.sum())
    if needs == 0:
        return tr("No need was recorded")
    unmet = float(met.get("nobody", 0)) / needs
    met = met.drop("nobody", errors="ignore")
    if not met.sum():
        return tr("Nobody met any of the needs")
    said = [
        tr("{provider} met {share}", provider=provider(str(name)).many, share=percent(number / needs))
        for name, number in met.items()
        if number
    ]
    if unmet == 0:
        return tr("Every need was met; {by_whom}", by_whom=joined(said))
    return tr("{share} of needs went unmet; {by_whom}", share=sentence(portion(unmet)), by_whom=joined(said))


@figure(4, "who-met-the-need", "city, NGO, state or nobody", data=who_met_the_need_data, pooled=_pooled_who)
def who_met_the_need(run: Run, data: pd.DataFrame) -> Figure:
    """Share of each year's needs met by city, NGO, state or nobody; everyone, legal, unauthorised (E5)."""
    title = _who_title(data)
    shown = {g: tr(WHO_PANELS[g]) for g in WHO_PANELS if data.loc[data["group"] == g, "episodes"].any()}
    if not shown:
        return style.nothing_to_show(run, title, tr("No episode of need closed in this run."))
    page = style.page(run, title, tr("Share of the needs closed in each year, by who met them"))
    years, terms = sorted(set(data["year"])), providers_in(data)
    active = set(data.loc[data["episodes"] > 0, "provider"])
    ends: list[style.Label] = []
    for group, axes in page.beside(shown, tr("share of needs")):
        wide = data[data["group"] == group].pivot(index="year", columns="provider", values="share")
        wide = wide.reindex(index=years, columns=list(terms))
        ends = style.stacked(axes, np.array(years), wide, terms, group, 0.92)
        if run.over_seeds is not None and "who-met-the-need" in run.over_seeds:
            rows = run.over_seeds.table("who-met-the-need")
            rows = rows[(rows["group"] == group) & (rows["provider"] != "nobody")]
            met = rows.groupby(["seed", "year"], as_index=False)["share"].sum()
            style.whiskers(axes, years, band(met, ["year"], "share").reindex(years), f"{group}-met")
        style.share_axis(axes)
        style.year_axis(axes, years, at_most=3 if len(shown) > 1 else 9, margin=0.5)
    named = [end for name, end in zip(terms, ends, strict=True) if name in active]
    style.label_ends(page, page.axes[-1], named)
    return page.finish()


LEAST_RECORD_YEARS = 40  # years lived by simulated migrants, each of whom may stand for many


def harms_data(run: Run) -> pd.DataFrame:
    """Unmet needs per 1,000 person-years: year, status, unmet, person_years, rate."""
    found = cases.harms(run, ("year", "status"))
    found["status"] = found["status"].astype(str)
    return found.rename(columns={"unmet_per_1000": "rate"})


def _harms_title(data: pd.DataFrame) -> str:
    lived = data[data["person_years"] > 0]
    if lived.empty or not lived["unmet"].any():
        return tr("No need went unmet")
    groups = lived.groupby(lived["status"].map(GROUP_OF_STATUS))[["unmet", "person_years"]].sum()
    rate = 1000 * groups["unmet"] / groups["person_years"]
    said = [
        tr("{group} {number}", group=RUNG[g].label.lower(), number=count(rate[g]))
        for g in RUNGS
        if g in rate.index
    ]
    return tr("Unmet needs per 1,000 person-years: {by_group}", by_group=joined(said))


def _band_of_many(run: Run) -> pd.DataFrame | None:
    """The rates under several seeds, by status and year, of the years with people enough; None where there is one
    seed."""
    if run.over_seeds is None or "harms" not in run.over_seeds:
        return None
    rows = run.over_seeds.table("harms")
    few = rows["person_years"] < LEAST_RECORD_YEARS * run.persons_per_record
    return band(rows.assign(rate=rows["rate"].where(~few)), ["status", "year"], "rate")


@figure(11, "harms", "unmet needs per 1,000 person-years", data=harms_data)
def harms(run: Run, data: pd.DataFrame) -> Figure:
    """Unmet needs per 1,000 person-years, by status and year (E8)."""
    title = _harms_title(data)
    if data.empty:
        return style.nothing_to_show(run, title, tr("No month of this run has a migrant in it."))
    page = style.page(run, title, tr("Needs that nobody met, by formal status") + style.events_words(run))
    (axes,) = page.panels()
    years = sorted(set(data["year"]))
    ends = []
    # A year of few people gives a rate of pure luck, and is left out of the line.
    enough = data["person_years"] >= LEAST_RECORD_YEARS * run.persons_per_record
    solid = data[enough] if enough.any() else data
    over, highest = _band_of_many(run), float(solid["rate"].max(skipna=True))
    for status in STATUSES:
        own = solid[solid["status"] == status].set_index("year")["rate"].reindex(years)
        if own.notna().sum() == 0:
            continue
        if over is not None and status in over.index.get_level_values(0):
            around: Any = over.loc[status].reindex(own.dropna().index).reindex(years)
            style.band(axes, years, around, STATUS[status].colour, status)
            highest = max(highest, float(around["high"].max(skipna=True)))
        ends.append(style.line(axes, years, own, STATUS[status], f"harms-{status}"))
    style.label_ends(page, axes, ends)
    style.year_axis(axes, years, margin=0.15)
    style.mark_events(axes, run, yearly=True)
    style.count_axis(axes)
    axes.set_ylim(0, max(1.0, 1.08 * highest))
    axes.set_ylabel(tr("per 1,000 person-years"))
    return page.finish()


def rights_data(run: Run) -> pd.DataFrame:
    """Rights on paper beside needs met, last five years.

    Columns: group, needs, with_right, met (episodes), share_right, share_met (of needs).

    `with_right` counts the needs for which the person's rung has a right under national law. Those who work
    outside the activity of their visa keep its rights, so the unauthorised hold more than is open to anyone.
    """
    first, _ = last_months(run)
    found = cases.formal_and_substantive(run, "status", since=first)
    counts = pd.DataFrame(
        {
            "group": found["status"].astype(str).map(GROUP_OF_STATUS),
            "needs": found["needs"],
            "with_right": (found["formal"] * found["needs"]).fillna(0.0),
            "met": (found["substantive"] * found["needs"]).fillna(0.0),
        }
    )
    groups = counts.groupby("group").sum().reindex(list(RUNGS), fill_value=0).round().astype("int64")
    groups["share_right"] = share(groups["with_right"], groups["needs"])
    groups["share_met"] = share(groups["met"], groups["needs"])
    return groups.reset_index()


def _rights_title(data: pd.DataFrame) -> str:
    known: Any = data[data["needs"] > 0].set_index("group")
    if known.empty:
        return tr("No need was recorded")
    group = "legal" if "legal" in known.index else str(known["needs"].idxmax())
    row = known.loc[group]
    right, met = percent(row["share_right"]), percent(row["share_met"])
    told = {"group": RUNG[group].many, "right": right, "met": met}
    if group == "legal" and "unauthorised" in known.index:
        other = known.loc["unauthorised"]
        title = tr(
            "{group} had a right to help in {right} of needs; {met} were met "
            "(the unauthorised: {other_right} and {other_met})",
            **told,
            other_right=percent(other["share_right"]),
            other_met=percent(other["share_met"]),
        )
    else:
        title = tr("{group} had a right to help in {right} of needs; {met} were met", **told)
    return sentence(title)


@figure(10, "formal-and-substantive", "rights on paper beside needs met", data=rights_data)
def formal_and_substantive(run: Run, data: pd.DataFrame) -> Figure:
    """Formal against substantive citizenship: needs with a right on paper, and needs met, per rung (E1)."""
    title = _rights_title(data)
    known = data[data["needs"] > 0]
    if known.empty:
        return style.nothing_to_show(run, title, tr("No episode of need closed in the period shown."))
    _, period = last_months(run)
    what = tr(
        "Share of needs with a right on paper (pale) and share met (solid), {period}; help may be open without a right",
        period=period,
    )
    page = style.page(run, title, what)
    (axes,) = page.panels()
    x = np.arange(len(known))
    colours = [RUNG[g].colour for g in known["group"]]
    for side, column, word, own in (
        (-0.2, "share_right", later("right"), [style.pale(each) for each in colours]),
        (0.2, "share_met", later("met"), colours),
    ):
        height = known[column].to_numpy(dtype=float)
        axes.bar(x + side, height, width=0.37, color=own, gid="rights" if word == "right" else word)
        for at, part in zip(x + side, height, strict=True):
            axes.text(at, part + 0.015, f"{tr(word)}\n{percent(part)}", ha="center", fontsize=style.TEXT)
    needs = zip(known["group"], known["needs"], strict=True)
    axes.set_xticks(
        x, [tr("{group}\n{number} needs", group=RUNG[g].label, number=count(n)) for g, n in needs]
    )
    axes.set_xlim(-0.6, max(1.0, len(known) - 0.4))
    style.share_axis(axes, 1.18)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1.0])
    axes.set_ylabel(tr("share of needs"))
    axes.set_xlabel(tr("rung (irregular workers count as unauthorised, with the visa's rights)"))
    return page.finish()
