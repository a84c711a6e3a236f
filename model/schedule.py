"""The month, in one place: THE_MONTH is read from top to bottom, and is what `pass_month` does."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ..agents.crackdown import monthly_reduction
from ..agents.life import EVENTS
from ..agents.ngo import NGO
from . import census as december
from . import living
from . import month as kernels
from . import year as yearly
from .allocation import QUEUE, allocate, by_rank
from .ngo_register import enter_new, register
from .state import FEW, Counters, State

if TYPE_CHECKING:
    from ..scenarios.schema import Parameters

Step = Callable[[State], None]
BETWEEN_ORDERINGS = (
    12  # months: few enough for most to live beside their neighbours, and worth the time it takes
)


def apply_dated_changes(state: State) -> None:
    """The scenario's changes dated this month take effect."""
    if state.month == 0 or state.month not in state.dates:
        return
    before, parameters = state.parameters, state.scenario.parameters_at(state.month)
    state.change_parameters(parameters)
    if opens_a_door(before, parameters):
        place_jobs(state)
    if parameters.claiming.sustained_after != before.claiming.sustained_after:
        state.counters[0].replace_stock(state.head_count(state.month - 1))  # others now count as taking part


def opens_a_door(before: Parameters, after: Parameters) -> bool:
    """Whether people begin to come by a door, for whom there have to be jobs."""
    return any(
        now.arrivals > 0.0 == then.arrivals
        for then, now in zip(before.doors.values(), after.doors.values(), strict=True)
    )


def place_jobs(state: State) -> None:
    """Jobs are divided anew, by those who are here and who will come."""
    state.place_jobs(state.cities["by_door"].sum(axis=0).astype(float))


def the_nation_acts(state: State) -> None:
    """Public concern moves the state's enforcement, and raids are planned (A4, A9)."""
    enforcement = state.parameters.enforcement
    reduction = monthly_reduction(enforcement.halve_in, enforcement.answers_in)
    share = state.parameters.scale.share
    state.call(kernels.nation_acts, state.nation, state.world, state.cities, share, reduction)


def trades_offer_jobs(state: State) -> None:
    """Trades come to depend on migrants, and follow the business cycle as far as they do not; which of their jobs are
    free is counted place by place (A10, D9)."""
    state.call(kernels.trades_act, state.trades, state.world, state.cities)


def a_fiscal_year_begins(state: State) -> bool:
    """In the fiscal year's first month, but for the run's first: what was decided before is where it starts."""
    return state.month > 0 and state.calendar_month == state.parameters.city.fiscal_month


def municipalities_decide(state: State) -> None:
    """In the fiscal year's first month: motivation, agenda, copying, budget; programmes given up end (B1 to B12)."""
    if not a_fiscal_year_begins(state):
        return
    decide_once(state)
    state.pass_chunks(state.used, partial(state.pass_span, kernels.end_programmes))


def ngos_account_and_are_founded(state: State) -> None:
    """In the fiscal year's first month: NGOs close accounts, meet in networks, go to court and lobby, close for
    good, open branches, and new ones are founded (C3 to C10)."""
    if not a_fiscal_year_begins(state):
        return
    if state.parameters.ngos.enabled:
        closing = state.ngos.copy()
        state.call(yearly.keep_accounts, state.ngos, state.world, state.cities)
        closing["alive"], closing["funds"] = state.ngos["alive"], state.ngos["funds"]
        state.ledger.record_ngos_year(state.year, closing, state.parameters.ngos.cases_per_staff)
        state.call(yearly.meet_in_networks, state.ngos, state.world)
        ngos_speak_up(state)
        enter_new(state)
        register(state)
    state.call(yearly.reset_unmet, state.cities)


def ngos_speak_up(state: State) -> None:
    """C8: advocates go to court, and all NGOs lobby the state; those of two towns are as few as they are."""
    staff = state.ngos["staff"]
    in_court = state.world["ngo_kinds_courts"][0] != 0
    advocates = staff[in_court[state.ngos["kind"]]].sum()
    state.call(yearly.speak_up, state.nation, state.world, state.cities, float(advocates), float(staff.sum()))


def ngos_open_their_offices(state: State) -> None:
    """Staff sets how many cases each NGO can take on this month (C4)."""
    state.call(kernels.open_offices, state.ngos, state.world)


def places_attract(state: State) -> None:
    """Jobs, co-ethnics, wages and, if switched on, services make places attractive (D9)."""
    state.call(kernels.lay_out_destinations, state.world, state.cities, state.destinations)


def newcomers_arrive(state: State) -> None:
    """Through each door as many as its trade has jobs for (A2, A10)."""
    numbers = np.zeros(len(state.parameters.doors), np.int64)
    state.call(kernels.count_newcomers, state.world, state.parameters.scale.share, numbers)
    admit(state, numbers, state.month + 1, present_at_start=False)


def migrants_live(state: State) -> None:
    """Everybody lives through the month (A3, A4, D1 to D11): see agents/life.py for the order in a life."""
    look_again = state.offers_changed or a_fiscal_year_begins(state)
    state.thinning.set_bounds(state.world, state.cities, look_again=look_again)
    state.offers_changed = False
    zones = state.thinning.zones

    def live(first: int, last: int, counters: Counters) -> tuple[np.ndarray, np.ndarray]:
        counters.found.fill(0)
        found = counters.flows, counters.queue, counters.gone, counters.found
        state.pass_span(
            living.live, first, last, counters, state.ngos, state.bounds, zones, state.destinations, *found
        )
        return counters.queue[: counters.found[0]].copy(), counters.gone[: counters.found[1]].copy()

    found = state.pass_chunks(state.used, live)
    state.queue = np.concatenate([queue for queue, _ in found], dtype=QUEUE)
    state.free_rows([gone for _, gone in found])


def ngos_serve(state: State) -> None:
    """Requests first, then one rule ranks them: NGOs take cases on as far as they can, or refer (C2, C4, C7)."""
    queue, ngos = state.queue, state.ngos
    if len(queue) == 0:
        return
    room = ngos["capacity"].copy() if state.parameters.ngos.limited else np.full(len(ngos), len(queue))
    order = by_rank(queue["rank"], queue["identity"])
    state.call(allocate, queue, order, room, ngos, state.migrants, state.world, state.cities)
    state.pass_chunks(
        len(queue), lambda *span: state.pass_span(kernels.answer_queue, *span, ngos, queue), FEW
    )


def take_stock(state: State) -> None:
    """What everybody will know next month of who lives where, and of raids (D3)."""
    state.add_up()
    counted = state.counters[0]
    state.call(kernels.take_stock, state.world, state.cities, counted.places, counted.nations)
    state.call(kernels.note_fear, state.nation, state.world, state.cities)


def write_the_ledger(state: State) -> None:
    """The month's counters are put away."""
    counters = state.counters[0]
    state.ledger.record_month(state.month, counters.of_places, counters.of_regions, counters.nations)
    state.ledger.record_flows(state.year, counters.flows)
    nation, demand = state.nation[0], jobs_offered(state)
    state.ledger.record_nation(
        nation["apprehension"],
        nation["mean_fear"],
        demand,
        nation["perception"],
        nation["precedent"],
        nation["conceded"],
        nation["cracks_down"],
        len(state.ngos),
    )


def jobs_offered(state: State) -> float:
    """A10: jobs that trades offer, as a share of a boom's; each counts by the migrants in it."""
    workers = state.trades["workers"] + 1e-9
    return float((state.trades["offered"] * workers).sum() / workers.sum())


def take_the_census(state: State) -> None:
    """In December, and at the end: who has stayed how long, knows what, claims how (E4)."""
    last = state.month == state.scenario.months - 1
    if state.calendar_month != 12 and not last:
        return
    counters = state.counters[0]

    def count(first: int, last: int, counters: Counters) -> None:
        taken = counters.census, counters.place_census
        state.pass_span(december.take_census, first, last, counters, *taken)

    state.pass_chunks(state.used, count)
    state.add_up()
    state.ledger.record_census(state.year, counters.census)
    homes, cases = state.ngos["home"], state.ngos["staff"] * state.parameters.ngos.cases_per_staff
    here = [np.bincount(homes, of_each, len(state.cities)) for of_each in (None, cases)]
    ngo = np.array([*here, state.cities["ngo_staff"] * state.parameters.ngos.cases_per_staff])
    state.ledger.record_places_year(
        state.year, state.cities, counters.place_census, ngo, state.world[0]["nations_of_group"]
    )
    counters.clear_census()


THE_MONTH: tuple[Step, ...] = (
    apply_dated_changes,
    trades_offer_jobs,
    the_nation_acts,
    municipalities_decide,
    ngos_account_and_are_founded,
    ngos_open_their_offices,
    places_attract,
    newcomers_arrive,
    migrants_live,
    ngos_serve,
    take_stock,
    write_the_ledger,
    take_the_census,
)


def pass_month(state: State) -> None:
    """One month, step by step."""
    if state.month % BETWEEN_ORDERINGS == 0:
        state.order_rows()
    state.set_month_luck()
    state.counters[0].carry_over()
    for step in THE_MONTH:
        step(state)
    state.month += 1


def describe() -> list[tuple[int, str, str]]:
    """The numbered month: number, name and what happens, as `local-citizenship schedule` prints it."""
    return [
        (number, step.__name__.replace("_", " "), " ".join((step.__doc__ or "").split()))
        for number, step in enumerate(THE_MONTH, start=1)
    ]


def describe_life() -> list[tuple[int, str, str, str]]:
    """A month in a life (`migrants_live`): number, event, what happens and the mechanisms it stands for."""
    return [
        (number, event.name, event.meaning, ", ".join(event.mechanisms))
        for number, event in enumerate(EVENTS, start=1)
    ]


# How the steps are carried out --------------------------------------------------------------------------


TRUST_AT_START = 0.5  # in firewalls there are at the start (D3)


def begin(state: State) -> None:
    """Before the first month: those already present, the NGOs there are, and what cities already do."""
    state.call(kernels.begin_trades, state.trades, state.world, state.parameters.scale.share)
    the_nation_acts(state)
    state.call(yearly.begin_cities, state.world, state.cities)
    initial = initial_records(state)
    state.place_jobs(initial)
    places_attract(state)
    admit(state, (initial + 0.5).astype(np.int64), 0, present_at_start=True)
    take_stock(state)
    state.call(kernels.begin_concern, state.nation, state.world, state.cities, state.parameters.scale.share)
    state.cities["share_past"] = state.cities["share"][:, None]  # those already here are no inflow
    state.cities["tension"] = 0.0
    state.initial_stock = state.counters[0].places["stock"].copy()
    if state.parameters.ngos.enabled:
        number = int(state.parameters.ngos.initial * state.parameters.scale.share + 0.5)
        state.ngos = np.zeros(number, NGO)
        state.call(yearly.found_first, state.ngos, state.world, state.cities, number)
    register(state)
    state.call(yearly.begin_services, state.world, state.cities)
    if not state.scenario.places.has_level:
        for year in range(state.parameters.city.head_start):
            state.month = year - state.parameters.city.head_start  # luck of years before the run
            state.set_month_luck()
            decide_once(state)
        state.month = 0
    else:
        state.cities["service_level"] = state.cities["level"].mean(axis=1)
    state.cities["service_quintile"] = service_quintiles(state)
    state.cities["risk"] = state.world["talk"] = state.world["risk"][0]
    state.cities["trust"] = TRUST_AT_START * state.cities["firewall"]


def initial_records(state: State) -> np.ndarray:
    """Records present at the start, by door (D,)."""
    scale = state.parameters.scale
    return state.world["doors_initial"][0] * scale.share / scale.persons_per_record


def decide_once(state: State) -> None:
    """One yearly decision of all municipalities, after central money, if any, has been divided."""
    state.call(yearly.divide_fund, state.world, state.cities)
    state.call(yearly.decide, state.world, state.cities)
    state.cities["service_quintile"] = service_quintiles(state)


def service_quintiles(state: State) -> np.ndarray:
    """Fifth of each place by service level, 4 the best; each fifth holds a fifth of the migrants."""
    order = np.argsort(state.cities["service_level"], kind="stable")
    people = state.cities["migrants"][order].astype(float)
    middle = np.cumsum(people) - people / 2.0
    result = np.zeros(len(order), np.int64)
    result[order] = np.minimum(4, (5.0 * middle / max(1.0, people.sum())).astype(np.int64))
    return result


def admit(state: State, numbers: np.ndarray, month: int, *, present_at_start: bool) -> None:
    """`numbers` (D,) of newcomers through each door; their ordinals begin at 0 for each door and month."""
    rows = state.take_rows(int(numbers.sum()))
    whither = rows, numbers, month, state.destinations, present_at_start
    state.pass_chunks(len(rows), lambda *span: state.pass_span(kernels.admit, *span, *whither), FEW)
