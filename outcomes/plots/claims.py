"""Figures of claiming: the cascade, who met the need, harms, rights on paper."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from ...scenarios.catalogue import STATUSES
from ...scenarios.vocabulary import INK, PROVIDER, RUNG, STAGE, STATUS
from .. import cascade as cases
from ..cascade import take_up
from ..groups import SERVED, STAGES, share
from ..run import Run
from ..wording import count, joined, percent, portion, sentence
from . import style
from .declaration import figure
from .tables import GROUP_OF_STATUS, GROUPS, by_year_and_status, last_months, listed

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
        return "No need was recorded"
    met = {g: percent(wide.loc[g, "served"] / wide.loc[g, "needs"]) for g in with_needs}
    first, *others = with_needs
    said = f"{met[first]} of the needs of {RUNG[first].many} were met"
    if others:
        last = others[-1]  # the unauthorised, where there are any
        said += f", {met[last]} of those of {RUNG[last].many}"
    total = wide.sum()
    losses = {b: float(total[a] - total[b]) for a, b in itertools.pairwise(STAGES)}
    worst = max(losses, key=lambda stage: losses[stage])
    if losses[worst] == 0:
        return said
    most = losses[worst] > 0.5 * sum(losses.values())
    return (
        f"{said}; {'most of the rest were lost' if most else 'the largest loss was'} to {STAGE[worst].words}"
    )


@figure(
    3,
    "claiming-cascade",
    "from need to help, by rung of formal status",
    data=cascade_data,
    pooled=_pooled_cascade,
)
def cascade(run: Run, data: pd.DataFrame) -> Figure:
    """From need to help, per rung: share of need episodes that reach each stage, last five years (E3).

    Stages: need, aware of a provider, willing, eligible, claimed, served.
    """
    title = _cascade_title(data)
    groups = [g for g in CASCADE_GROUPS if data.loc[data["group"] == g, "episodes"].any()]
    if not groups:
        return style.nothing_to_show(run, title, "No episode of need closed in the period shown.")
    _, period = last_months(run)
    page = style.page(run, title, f"Share of episodes of need that came so far, {period}")
    panels = page.panels([1.0] * len(groups))
    rows = np.arange(len(STAGES))[::-1]
    for i, (axes, group) in enumerate(zip(panels, groups, strict=True)):
        own = data[data["group"] == group].set_index("stage").loc[list(STAGES)]
        reached = own["share"].to_numpy(dtype=float)
        axes.barh(rows, reached, height=0.68, color=RUNG[group].colour, gid=f"cascade-{group}")
        for row, part in zip(rows, reached, strict=True):
            axes.text(part + 0.02, row, percent(part), va="center", fontsize=style.TEXT, color=INK)
        needs = float(own["episodes"].to_numpy()[0])
        axes.set_title(f"{RUNG[group].label}\n{count(needs)} needs", loc="left", fontsize=style.TEXT)
        axes.grid(False)
        axes.set_xlim(0, 1.26)
        axes.set_xticks([0, 0.5, 1], ["0%", "50%", "100%"])
        axes.set_yticks(rows, [STAGE[s].label for s in STAGES] if i == 0 else [""] * len(rows))
        axes.set_xlabel("share of needs")
    panels[0].set_ylabel("stage reached")
    return page.finish()


PROVIDER_ORDER = ("city", "ngo", "nation", "nobody")
WHO_PANELS = ("all", "legal", "unauthorised")
WHO_WORDS = {"all": "Everyone", "legal": "Legal and permanent", "unauthorised": "Unauthorised"}


def who_met_the_need_data(run: Run) -> pd.DataFrame:
    """Who met the needs of a year: group (all, legal, unauthorised), year, provider, episodes, share.

    `legal` takes in permanent residents and the naturalised; `nobody` counts needs that went unmet.
    """
    sums = by_year_and_status(run)[[*SERVED, "unmet"]].set_axis(list(PROVIDER_ORDER), axis=1)
    outside = sums.index.get_level_values("status").map(GROUP_OF_STATUS) == "unauthorised"
    parts = []
    for group, rows in {"all": sums, "legal": sums[~outside], "unauthorised": sums[outside]}.items():
        tidy = listed(rows.groupby(level="year").sum(), ["year", "provider", "episodes"])
        tidy.insert(0, "group", group)
        parts.append(tidy)
    result = pd.concat(parts, ignore_index=True)
    result["share"] = share(
        result["episodes"], result.groupby(["group", "year"])["episodes"].transform("sum")
    )
    return result


def _pooled_who(rows: pd.DataFrame, runs: int) -> pd.DataFrame:
    mean = rows.groupby(["group", "year", "provider"], sort=False, as_index=False)["episodes"].sum()
    whole = mean.groupby(["group", "year"])["episodes"].transform("sum")
    mean["share"] = share(mean["episodes"], whole)
    return mean.assign(episodes=mean["episodes"] / runs)


def _who_title(data: pd.DataFrame) -> str:
    total = data[data["group"] == "all"].groupby("provider")["episodes"].sum()
    needs = float(total.sum())
    if needs == 0:
        return "No need was recorded"
    met = {p: float(total.get(p, 0)) for p in ("city", "ngo", "nation")}
    unmet = float(total.get("nobody", 0)) / needs
    if not sum(met.values()):
        return "Nobody met any of the needs"
    top = max(met, key=lambda p: met[p])
    whom = PROVIDER[top].many
    part = met[top] / sum(met.values())
    if unmet == 0:
        begin, rest = "Every need was met", "of them"
    else:
        begin, rest = f"{sentence(portion(unmet))} of needs went unmet", "of the rest"
    if part == 1:
        return f"{begin}; {whom} met all {rest}"
    amount = "most" if part > 0.5 else "the largest part"
    return f"{begin}; {whom} met {amount} {rest} ({percent(part)})"


@figure(4, "who-met-the-need", "city, NGO, state or nobody", data=who_met_the_need_data, pooled=_pooled_who)
def who_met_the_need(run: Run, data: pd.DataFrame) -> Figure:
    """Share of each year's needs met by city, NGO, state or nobody; everyone, legal, unauthorised (E5)."""
    title = _who_title(data)
    shown = [g for g in WHO_PANELS if data.loc[data["group"] == g, "episodes"].any()]
    if not shown:
        return style.nothing_to_show(run, title, "No episode of need closed in this run.")
    page = style.page(run, title, "Share of the needs closed in each year, by who met them")
    panels = page.panels([1.0] * len(shown))
    years = sorted(set(data["year"]))
    active = set(data.loc[data["episodes"] > 0, "provider"])
    ends: list[tuple[float, str, str]] = []
    for i, (axes, group) in enumerate(zip(panels, shown, strict=True)):
        wide = data[data["group"] == group].pivot(index="year", columns="provider", values="share")
        wide = wide.reindex(index=years, columns=list(PROVIDER_ORDER))
        floor = np.zeros(len(years))
        ends = []
        for provider in PROVIDER_ORDER:
            height = wide[provider].to_numpy(dtype=float)
            colour = PROVIDER[provider].colour
            if provider in active:
                ends.append((float(floor[-1] + height[-1] / 2), PROVIDER[provider].label, colour))
            floor = style.columns(axes, np.array(years), floor, height, 0.92, colour, f"{group}-{provider}")
        axes.set_title(WHO_WORDS[group], loc="left", fontsize=style.TEXT)
        style.share_axis(axes)
        if i:
            axes.set_yticklabels([])
        style.year_axis(axes, years, at_most=3 if len(shown) > 1 else 9, margin=0.5)
    panels[0].set_ylabel("share of needs")
    style.label_ends(page, panels[-1], ends)
    return page.finish()


LEAST_RECORD_YEARS = 20  # years lived by simulated migrants, each of whom may stand for many


def harms_data(run: Run) -> pd.DataFrame:
    """Unmet needs per 1,000 person-years: year, status, unmet, person_years, rate."""
    found = cases.harms(run, ("year", "status"))
    found["status"] = found["status"].astype(str)
    return found.rename(columns={"unmet_per_1000": "rate"})


def _harms_title(data: pd.DataFrame) -> str:
    lived = data[data["person_years"] > 0]
    if lived.empty or not lived["unmet"].any():
        return "No need went unmet"
    groups = (
        lived.assign(group=lived["status"].map(GROUP_OF_STATUS))
        .groupby("group")[["unmet", "person_years"]]
        .sum()
    )
    rate = 1000 * groups["unmet"] / groups["person_years"]
    if {"legal", "unauthorised"} <= set(rate.index) and rate["legal"] > 0:
        ratio = rate["unauthorised"] / rate["legal"]
        if 0.95 <= ratio <= 1.05:
            comparison = "as often as legal residents"
        elif 1.95 <= ratio < 2.05:
            comparison = "twice as often as legal residents"
        elif ratio >= 2.05:
            comparison = f"{ratio:.1f} times as often as legal residents"
        elif ratio > 1:
            comparison = f"{percent(ratio - 1)} more often than legal residents"
        else:
            comparison = f"{percent(1 - ratio)} less often than legal residents"
        return f"The unauthorised were left with an unmet need {comparison}"
    names = {g: RUNG[g].label.lower() for g in GROUPS}
    said = [f"{names[g]} {count(rate[g])}" for g in GROUPS if g in rate.index]
    return f"Unmet needs per 1,000 person-years: {joined(said)}"


@figure(11, "harms", "unmet needs per 1,000 person-years", data=harms_data)
def harms(run: Run, data: pd.DataFrame) -> Figure:
    """Unmet needs per 1,000 person-years, by status and year (E8)."""
    title = _harms_title(data)
    if data.empty:
        return style.nothing_to_show(run, title, "No month of this run has a migrant in it.")
    page = style.page(run, title, "Needs that nobody met, per 1,000 person-years, by formal status")
    (axes,) = page.panels()
    years = sorted(set(data["year"]))
    ends = []
    # A year of few people gives a rate of pure luck, and is left out of the line.
    enough = data["person_years"] >= LEAST_RECORD_YEARS * run.persons_per_record
    solid = data[enough] if enough.any() else data
    for status in STATUSES:
        own = solid[solid["status"] == status].set_index("year")["rate"].reindex(years)
        if own.notna().sum() == 0:
            continue
        colour = STATUS[status].colour
        axes.plot(
            years,
            own.to_numpy(),
            color=colour,
            lw=2.5,
            marker="o",
            ms=5,
            clip_on=False,
            gid=f"harms-{status}",
        )
        ends.append((float(own.dropna().iloc[-1]), STATUS[status].label, colour))
    style.label_ends(page, axes, ends)
    style.year_axis(axes, years, margin=0.15)
    style.count_axis(axes)
    axes.set_ylim(0, max(1.0, 1.08 * float(solid["rate"].max(skipna=True))))
    axes.set_ylabel("per 1,000 person-years")
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
    groups = counts.groupby("group").sum().reindex(list(GROUPS), fill_value=0).round().astype("int64")
    groups["share_right"] = share(groups["with_right"], groups["needs"])
    groups["share_met"] = share(groups["met"], groups["needs"])
    return groups.reset_index()


def _rights_title(data: pd.DataFrame) -> str:
    known: Any = data[data["needs"] > 0].set_index("group")
    if known.empty:
        return "No need was recorded"
    group = "legal" if "legal" in known.index else str(known["needs"].idxmax())
    row = known.loc[group]
    right, met = percent(row["share_right"]), percent(row["share_met"])
    title = f"{sentence(RUNG[group].many)} had a right to help in {right} of needs; {met} were met"
    if group == "legal" and "unauthorised" in known.index:
        other = known.loc["unauthorised"]
        title += f" (the unauthorised: {percent(other['share_right'])} and {percent(other['share_met'])})"
    return title


@figure(10, "formal-and-substantive", "rights on paper beside needs met", data=rights_data)
def formal_and_substantive(run: Run, data: pd.DataFrame) -> Figure:
    """Formal against substantive citizenship: needs with a right on paper, and needs met, per rung (E1)."""
    title = _rights_title(data)
    known = data[data["needs"] > 0]
    if known.empty:
        return style.nothing_to_show(run, title, "No episode of need closed in the period shown.")
    _, period = last_months(run)
    page = style.page(
        run, title, f"Share of needs with a right on paper (pale) and share met (solid), {period}"
    )
    (axes,) = page.panels()
    x = np.arange(len(known))
    colours = [RUNG[g].colour for g in known["group"]]
    paper, met = known["share_right"].to_numpy(dtype=float), known["share_met"].to_numpy(dtype=float)
    axes.bar(x - 0.2, paper, width=0.37, color=[style.pale(c) for c in colours], gid="rights")
    axes.bar(x + 0.2, met, width=0.37, color=colours, gid="met")
    for i in range(len(known)):
        axes.text(
            x[i] - 0.2, paper[i] + 0.015, f"right\n{percent(paper[i])}", ha="center", fontsize=style.TEXT
        )
        axes.text(x[i] + 0.2, met[i] + 0.015, f"met\n{percent(met[i])}", ha="center", fontsize=style.TEXT)
    names = [
        f"{RUNG[g].label}\n{count(n)} needs" for g, n in zip(known["group"], known["needs"], strict=True)
    ]
    axes.set_xticks(x, names)
    axes.set_xlim(-0.6, max(1.0, len(known) - 0.4))
    style.share_axis(axes, 1.18)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1.0])
    axes.set_ylabel("share of needs")
    axes.set_xlabel("rung (irregular workers count as unauthorised, with the visa's rights)")
    return page.finish()
