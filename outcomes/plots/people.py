"""Figures of people: the stock by status, arrivals and departures, how they claim."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...scenarios.catalogue import MODES, REASONS, STATUSES
from ...scenarios.languages import later, tr
from ...scenarios.vocabulary import MODE, REASON, STATUS
from ..deciding import Says, band, band_of, says_of
from ..groups import UNAUTHORISED_STATUSES, listed, totals
from ..people import modes
from ..run import Run
from ..wording import count, month_name, percent, portion, sentence
from . import style
from .declaration import figure

MOST_COUNTED = 2  # formal statuses whose counts fit beside the stock


def stock_by_status_data(run: Run) -> pd.DataFrame:
    """Persons in the country at each month's end: month, date, status, persons (every month and status); and
    `counted`, those counted in the real country, where the scenario tells (`observed`; else missing)."""
    sums = totals(run, "monthly", ["stock"], ("month", "status"))
    wide = sums.astype({"status": str}).pivot(index="month", columns="status", values="stock")
    wide = wide.reindex(index=range(run.months), columns=list(STATUSES)).fillna(0).astype("int64")
    tidy = listed(wide, ["month", "status", "persons"])
    tidy.insert(1, "date", tidy["month"].map(run.date))
    known = {(str(each["date"]), str(each["status"])): each["persons"] for each in run.scenario.observed}
    if known:
        keys = zip(tidy["date"], tidy["status"], strict=True)
        tidy["counted"] = pd.array([known.get(key) for key in keys], dtype="Int64")
    return tidy


def _counted(data: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The rows with a count, by formal status: the MOST_COUNTED that have most of them."""
    if "counted" not in data:
        return {}
    rows = data[data["counted"].notna()]
    most = rows["status"].value_counts(sort=True).index[:MOST_COUNTED]
    return {status: rows[rows["status"] == status] for status in STATUSES if status in most}


def _draw_counted(run: Run, axes: Axes, data: pd.DataFrame, status: str, counted: pd.DataFrame) -> None:
    """A status as it was simulated, and as it was counted: one panel."""
    own = data[data["status"] == status]
    months = style.years_of(run, own["month"].to_numpy())
    axes.plot(months, own["persons"], color=STATUS[status].colour, lw=2.5, gid=f"{status}-simulated")
    x = style.years_of(run, counted["month"].to_numpy())
    axes.plot(x, counted["counted"].astype(float), "o", color=style.INK, ms=5, gid=f"{status}-counted")
    if run.over_seeds is not None and "stock-by-status" in run.over_seeds:
        over = run.over_seeds.table("stock-by-status")
        of_status = band(over[over["status"] == status], ["month"], "persons").reindex(own["month"])
        style.band(axes, months, of_status, STATUS[status].colour, status)
    axes.set_title(STATUS[status].label, loc="left", fontsize=style.TEXT)
    axes.set_ylim(0, 1.1 * max(float(own["persons"].max()), float(counted["counted"].max())))
    style.time_axis(axes, run, at_most=3)
    style.count_axis(axes)


def _total(data: pd.DataFrame) -> pd.Series:
    return data.groupby("month")["persons"].sum()


def _growth(data: pd.DataFrame) -> float:
    total = _total(data)
    return float(total.iloc[-1] - total.iloc[0])


def _beyond_the_ends(data: pd.DataFrame) -> float:
    total = _total(data)
    return float(total.max() - 1.05 * max(total.iloc[0], total.iloc[-1]))


def _stock_title(data: pd.DataFrame, says: Says) -> str:
    total = _total(data)
    if total.empty or total.max() == 0:
        return tr("Nobody: the run has no migrants")
    first, last = float(total.iloc[0]), float(total.iloc[-1])
    final = data[data["month"] == total.index[-1]]
    outside = float(final.loc[final["status"].isin(UNAUTHORISED_STATUSES), "persons"].sum())
    if last == 0:
        return tr("All {number} migrants were gone by the end", number=count(first))
    begin, end = (month_name(str(data["date"].iloc[row])) for row in (0, -1))
    way = says.sign(_growth)
    told = {"first": count(first), "last": count(last), "begin": begin, "end": end}
    told["share"] = portion(outside / last)
    if len(total) == 1:
        if outside == 0:
            return tr("{last} migrants; none of them unauthorised", **told)
        return tr("{last} migrants; {share} of them unauthorised", **told)
    if told["first"] == told["last"]:
        change = tr("Migrants: {last} at the end of {begin} as at the end of {end}", **told)
    elif way and way * (last - first) > 0:
        change = (
            tr("The stock of migrants grew from {first} to {last}", **told)
            if way > 0
            else tr("The stock of migrants fell from {first} to {last}", **told)
        )
    else:
        change = tr("Migrants: {first} at the end of {begin}, {last} at the end of {end}", **told)
    if total.max() > 1.05 * max(first, last) and says.sign(_beyond_the_ends) > 0:
        change = tr("{change} (highest: {number})", change=change, number=count(float(total.max())))
    if outside == 0:
        return tr("{change}; none of them unauthorised at the end", change=change)
    return tr("{change}; {share} of them unauthorised at the end", change=change, share=told["share"])


@figure(1, "stock-by-status", "migrants by formal status over time", data=stock_by_status_data)
def stock_by_status(run: Run, data: pd.DataFrame) -> Figure:
    """Stacked area of the migrant stock by formal status, persons at the end of each month (A1, A3); beside it, a
    panel for each status that was counted in the real country: simulated (line) against counted (points)."""
    title = _stock_title(data, says_of(run, "stock-by-status"))
    if not data["persons"].any():
        return style.nothing_to_show(run, title, tr("No month of this run has a migrant in it."))
    what = tr("Migrants by formal status, the naturalised among them, persons at the end of each month")
    counted = _counted(data)
    beside = "; " + tr("right: simulated (line) and counted (points)") if counted else ""
    who = dict.fromkeys(str(each["source"]) for each in run.scenario.observed) if counted else {}
    page = style.page(
        run,
        title,
        f"{what}{style.events_words(run)}{beside}",
        credit=tr("Counted by: {who}", who="; ".join(who)) if who else "",
    )
    axes, *others = page.panels([1.0, *[0.45] * len(counted)])
    for panel, (status, rows) in zip(others, counted.items(), strict=True):
        _draw_counted(run, panel, data, status, rows)
    wide = data.pivot(index="month", columns="status", values="persons")
    present = [s for s in STATUSES if wide[s].any()]
    x = style.years_of(run, wide.index.to_numpy())
    style.label_ends(page, axes, style.stacked(axes, x, wide[present], STATUS, "band"))
    highest = float(wide.sum(axis=1).max())
    if run.over_seeds is not None and "stock-by-status" in run.over_seeds:
        sums = (
            run.over_seeds.table("stock-by-status")
            .groupby(["seed", "month"], as_index=False)["persons"]
            .sum()
        )
        total = band(sums, ["month"], "persons").reindex(wide.index)
        style.band_of_total(axes, x, total, "total")
        highest = max(highest, float(total["high"].max()))
    axes.set_ylim(0, 1.03 * highest)
    style.time_axis(axes, run)
    style.mark_events(axes, run, yearly=False)
    style.count_axis(axes)
    axes.set_ylabel(tr("persons"))
    return page.finish()


def arrivals_and_departures_data(run: Run) -> pd.DataFrame:
    """Arrivals, and departures by reason: month, date, flow, persons (that month), persons_a_year.

    `persons_a_year` is the sum of the twelve months that end with this one; missing in the first eleven.
    """
    months = range(run.months)
    arrived = totals(run, "monthly", ["arrived"], "month").set_index("month")["arrived"]
    gone = totals(run, "departures", ["persons"], ("month", "reason"))
    flows = {"arrived": arrived}
    for reason in REASONS:
        flows[f"left: {reason}"] = gone[gone["reason"] == reason].set_index("month")["persons"]
    parts = []
    for flow, counted in flows.items():
        persons = counted.reindex(months, fill_value=0)
        tidy = {"month": months, "date": [run.date(m) for m in months], "flow": flow, "persons": persons}
        parts.append(pd.DataFrame({**tidy, "persons_a_year": persons.rolling(12).sum()}))
    return pd.concat(parts, ignore_index=True)


def _flows_title(data: pd.DataFrame) -> str:
    total = data.groupby("flow")["persons"].sum()
    arrived = float(total.get("arrived", 0))
    reasons = {r: float(total.get(f"left: {r}", 0)) for r in REASONS}
    left = sum(reasons.values())
    if arrived == 0 and left == 0:
        return tr("Nobody arrived and nobody left")
    told = {"arrived": count(arrived), "left": count(left)}
    if left == 0:
        return tr("{arrived} arrived; nobody left", **told)
    told["share"] = percent(reasons["deported"] / left)
    if arrived == 0:
        return tr("Nobody arrived; {left} left, {share} of them by deportation", **told)
    return tr("{arrived} arrived and {left} left, {share} of them by deportation", **told)


@figure(2, "arrivals-and-departures", "arrivals, and departures by reason", data=arrivals_and_departures_data)
def arrivals_and_departures(run: Run, data: pd.DataFrame) -> Figure:
    """Departures by reason, stacked, below the line of arrivals; persons in twelve months (A2, A10, D11).

    Runs under two years show single months instead.
    """
    title = _flows_title(data)
    if not data["persons"].any():
        return style.nothing_to_show(run, title, tr("No arrival and no departure in this run."))
    yearly = run.months >= 24
    if yearly:
        value, unit = "persons_a_year", tr("persons in 12 months")
        what = tr("Departures by reason (areas) against arrivals (black line), sums of the last 12 months")
    else:
        value, unit = "persons", tr("persons a month")
        what = tr("Departures by reason (areas) against arrivals (black line), each month")
    page = style.page(run, title, what + style.events_words(run))
    (axes,) = page.panels()
    wide = data.pivot(index="month", columns="flow", values=value).dropna()
    x = style.years_of(run, wide.index.to_numpy())
    present = [r for r in REASONS if wide[f"left: {r}"].any()]
    stack = wide[[f"left: {r}" for r in present]].set_axis(present, axis=1)
    ends = style.stacked(axes, x, stack, REASON, "band")
    arrived = wide["arrived"].to_numpy(dtype=float)
    axes.plot(x, arrived, color="black", lw=3, marker="o" if len(x) == 1 else None, gid="arrived")
    if (over := band_of(run, "arrivals-and-departures", ["flow", "month"], value)) is not None:
        own = over.loc["arrived"].reindex(wide.index)
        style.band(axes, x, own, "black", "arrived")
    axes.set_ylim(0, max(1.0, 1.05 * max(arrived.max(), stack.sum(axis=1).max() if present else 0.0)))
    style.label_ends(page, axes, [*ends, (float(arrived[-1]), tr("arrivals"), "black")])
    style.time_axis(axes, run)
    style.mark_events(axes, run, yearly=False)
    style.count_axis(axes)
    axes.set_ylabel(unit)
    return page.finish()


STAY_BUCKETS = (
    (later("under 1"), 0, 0), ("1", 1, 1), ("2", 2, 2), ("3", 3, 3), ("4", 4, 4), ("5–6", 5, 6), ("7–9", 7, 9),
    ("10–14", 10, 14), ("15 +", 15, 10_000),
)  # fmt: skip


def modes_of_claiming_data(run: Run) -> pd.DataFrame:
    """How people had claimed by the last census: year, years_of_stay, mode, persons, share (of that stay)."""
    columns = ["year", "years_of_stay", "mode", "persons", "share"]
    if run.table("census").empty:
        return pd.DataFrame(columns=columns)
    year = int(run.table("census")["year"].max())
    found = modes(run, "stay")
    stay = found["stay"].to_numpy(int)
    rows = []
    for name, low, high in STAY_BUCKETS:
        own = found[(stay >= low) & (stay <= high)]
        persons = own["persons"].sum()
        for mode in MODES:
            counted = round(float((own[mode] * own["persons"]).sum()))
            rows.append((year, name, mode, counted, counted / persons if persons else np.nan))
    return pd.DataFrame(rows, columns=columns)


def _modes_title(data: pd.DataFrame) -> str:
    total = data.groupby("mode")["persons"].sum()
    everyone = float(total.sum()) if len(total) else 0.0
    if everyone == 0:
        return tr("No census: nobody was counted in a December")
    never, sustained = total["never"] / everyone, total["sustained"] / everyone
    told = {"never": sentence(portion(never)), "sustained": percent(sustained)}
    if never == 1:
        return tr("{never} of migrants had never claimed anything", **told)
    persons = data.groupby("years_of_stay")["persons"].sum()
    long = [name for name, low, _ in STAY_BUCKETS if low >= 5]
    stayed = float(persons.reindex(long).sum())
    if not stayed:
        return tr(
            "{never} of migrants had never claimed anything; {sustained} take part in a sustained programme",
            **told,
        )
    own = data[data["years_of_stay"].isin(long) & (data["mode"] == "sustained")]["persons"].sum()
    return tr(
        "{never} of migrants had never claimed anything; {sustained} take part in a sustained programme, "
        "{settled} of those here for five years or longer",
        **told,
        settled=percent(own / stayed),
    )


@figure(7, "modes-of-claiming", "never, episodic, sustained, by stay", data=modes_of_claiming_data)
def modes_of_claiming(run: Run, data: pd.DataFrame) -> Figure:
    """Share of migrants who never, episodically or in a sustained way claimed, by years of stay (D7, E4)."""
    title = _modes_title(data)
    if data.empty or not data["persons"].any():
        return style.nothing_to_show(run, title, tr("The census is taken each December; this run has none."))
    year = int(data["year"].iloc[0])
    what = tr("Migrants by mode of claiming, share of those with the same stay, December {year}", year=year)
    page = style.page(run, title, what)
    (axes,) = page.panels()
    names = [name for name, _, _ in STAY_BUCKETS]
    wide = data.pivot(index="years_of_stay", columns="mode", values="share").reindex(names)
    persons = data.groupby("years_of_stay")["persons"].sum().reindex(names)
    kept = [n for n in names if persons[n] > 0]
    wide = wide.loc[kept]
    x = np.arange(len(kept))
    floor = np.zeros(len(kept))
    ends = []
    for mode in MODES[::-1]:
        height = wide[mode].to_numpy(dtype=float)
        axes.bar(x, height, bottom=floor, width=0.86, color=MODE[mode].colour, gid=f"mode-{mode}")
        ink = style.readable_on(MODE[mode].colour)
        for i, share in enumerate(height):
            if share >= 0.07:
                axes.text(i, floor[i] + share / 2, percent(share), color=ink, **style.INSIDE)
        ends.append((float(floor[-1] + height[-1] / 2), MODE[mode].label, MODE[mode].colour))
        floor = floor + height
    style.label_ends(page, axes, ends)
    axes.set_xticks(x, [tr(name) for name in kept])
    axes.set_xlim(-0.5, len(kept) - 0.5)
    style.share_axis(axes)
    axes.set_xlabel(tr("years in the country"))
    axes.set_ylabel(tr("share of migrants"))
    return page.finish()
