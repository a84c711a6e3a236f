"""What a study answers to a question: of each design point, the measures it has kept, with a band over its seeds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ...outcomes.asked.question import BAR, MAP, AskedError, Question, chosen_groups
from ...outcomes.asked.told import MOST_ARMS, Told
from ...outcomes.asked.values import Group
from ...outcomes.declaration import ALL, COUNTRY, DIVISIONS
from ...outcomes.entries import entries_of
from ...outcomes.outcome_spec import OutcomeSpec
from ...outcomes.wording import localised
from ...scenarios.languages import tr
from .folder import StudyFolder, open_study
from .results import WHOLE_RUN, StudyResults
from .tables import load_results

MOST_NAMED = 8


def told_by_study(folder: Path, question: Question, kind: str, points: Sequence[int] = ()) -> Told:
    """What the study in a folder answers, each of its design points (or those numbered) an arm, its replicates the
    seeds. Errors: AskedError if it has not kept the measure, or has too many points; StudyError."""
    if kind == MAP:
        raise AskedError("a study keeps no places to map: plot the folder of a run")
    study, results = open_study(folder), load_results(folder)
    results.finished()
    kept = _kept(study, question)
    groups = _groups(study, question, kept)
    arms = _points(results, points)
    rows = results.values[results.values["outcome"].isin([each.name for each in kept])]
    rows = rows[rows["point"].isin(arms)]
    group_of = {each.name: each.group for each in kept}
    values = pd.DataFrame(
        {
            "arm": rows["point"].map(arms),
            "run": rows["replicate"],
            "year": rows["year"],
            "group": rows["outcome"].map(group_of),
            "value": rows["value"].astype(float),
        }
    )
    whole = bool((values["year"] == WHOLE_RUN).all())
    if not whole:
        values = values[[question.holds(int(year)) for year in values["year"]]]
    values = values[values["group"].isin([each.name for each in groups])]
    if not values["value"].notna().any():
        raise AskedError(f"study {results.name} has no value of {question.name} in the years asked for")
    years = () if whole else tuple(range(int(values["year"].min()), int(values["year"].max()) + 1))
    pool = whole or (kind == BAR and not (question.by == COUNTRY and len(arms) == 1))
    if pool:
        keys = ["arm", "run", "group"]
        values = values.groupby(keys, sort=False)["value"].mean().reset_index().assign(year=0)
    there = set(values.loc[values["value"].notna(), "group"])
    shown = tuple(each for each in groups if each.name in there)
    number = localised(f"{len(results.runs):,}")
    source = tr("Simulated: study {study}, {number} runs", study=results.name, number=number)
    return Told(question, values, tuple(arms.values()), shown, source, pool, None, years, means=True)


def _kept(study: StudyFolder, question: Question) -> list[OutcomeSpec]:
    """The outcomes that are the measure, a group each. Errors: AskedError, with what there is."""
    outcomes = study.study.outcomes
    wanted = question.theme.id, question.measure.name
    same = [each for each in outcomes if (each.theme, each.measure or each.name) == wanted]
    found = [each for each in same if each.by == question.by]
    if not found:
        names = [each.name for each in same or outcomes]
        few = ", ".join(names[:MOST_NAMED]) + (" ..." if len(names) > MOST_NAMED else "")
        by = "" if question.by == COUNTRY else f" by {question.by}"
        raise AskedError(f"study {study.study.name} has not kept {question.name}{by}; it has {few}")
    return found


def _groups(study: StudyFolder, question: Question, kept: Sequence[OutcomeSpec]) -> list[Group]:
    if question.by == COUNTRY:
        return [Group(ALL, tr("whole country"))]
    terms = DIVISIONS[question.by].terms(entries_of(study.study.scenarios[0].parameters))
    known = {
        each.group: Group(each.group, terms[each.group].label, terms[each.group].colour)
        if each.group in terms
        else Group(each.group, each.group)
        for each in kept
    }
    wanted = chosen_groups(question, {name: group.label for name, group in known.items()})
    return [known[name] for name in wanted]


def _points(results: StudyResults, wanted: Sequence[int]) -> dict[int, str]:
    """Design points by number, with what each is called. Errors: AskedError if they are too many, or not there."""
    names = results.point_names()
    if unknown := [number for number in wanted if number not in names]:
        raise AskedError(
            f"study {results.name} has no design point {unknown[0]}: they are 0 to {len(names) - 1}"
        )
    chosen = list(dict.fromkeys(wanted)) or [*names]
    if len(chosen) > MOST_ARMS:
        raise AskedError(
            f"study {results.name} has {len(chosen)} design points, and at most {MOST_ARMS} are told apart: choose "
            "some, as --point 0 --point 3 (`study export` tells what each is)"
        )
    return {number: names[number] for number in chosen}
