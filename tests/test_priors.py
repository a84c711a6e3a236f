"""Priors: one convention makes them of value, range and source; a declaration may give another."""

from __future__ import annotations

import math

import pytest
from command_line import call

from local_citizenship.scenarios import load_scenario
from local_citizenship.scenarios.schema import Prior, iter_parameters, prior_of
from local_citizenship.scenarios.schema.parameter import ParameterInfo
from local_citizenship.scenarios.schema.prior import NARROW, WIDE


def info(default: object, kind: type = float, **about: object) -> ParameterInfo:
    known = {"label": "It", "meaning": "what it is", "unit": "factor", "low": 0.0, "high": 1e6}
    return ParameterInfo(default=default, type=kind, **{**known, **about})  # type: ignore[arg-type]


def ends(prior: Prior | None) -> tuple[float, float, float]:
    assert prior is not None
    return prior.at(0.05), prior.at(0.5), prior.at(0.95)


@pytest.mark.parametrize(
    ("source", "factor"), [("Pak 2000", NARROW), ("assumption", WIDE), ("fitted to P1", WIDE)]
)
def test_what_is_cited_is_narrow_and_what_is_assumed_or_fitted_is_wide(source: str, factor: float) -> None:
    low, middle, high = ends(prior_of(info(10.0, source=source)))
    assert (low, middle, high) == pytest.approx((10 / factor, 10, 10 * factor), rel=1e-3)


def test_of_a_share_the_odds_are_wide() -> None:
    low, middle, high = ends(prior_of(info(0.9, unit="share", high=1.0)))
    assert middle == pytest.approx(0.9)
    assert low / (1 - low) == pytest.approx(9 / WIDE, rel=1e-3)
    assert high / (1 - high) == pytest.approx(9 * WIDE, rel=1e-3)


def test_a_number_that_can_be_negative_is_spread_over_its_range() -> None:
    low, middle, high = ends(prior_of(info(0.0, low=-1.0, high=1.0)))
    assert (low, middle, high) == pytest.approx((-0.5, 0.0, 0.5), abs=0.02)


def test_at_the_end_of_a_range_there_is_no_factor() -> None:
    assert ends(prior_of(info(0.0, high=8.0))) == pytest.approx((0.1, 1.0, 1.9))
    assert ends(prior_of(info(1.0, unit="probability", high=1.0))) == pytest.approx((0.7625, 0.875, 0.9875))


def test_choices_and_switches() -> None:
    assumed = prior_of(info("a", str, choices=("a", "b", "c")))
    assert assumed is not None
    assert [assumed.at(share) for share in (0.1, 0.5, 0.9)] == ["a", "b", "c"]
    cited = prior_of(info(True, bool, source="Pak 2000"))
    assert cited is not None
    assert cited.settled
    assert cited.at(0.1) is True
    assert prior_of(info((), tuple)) is None


def test_a_declaration_overrides() -> None:
    declared = Prior.even(1.0, 2.0)
    assert prior_of(info(10.0, prior=declared)) is declared


@pytest.mark.parametrize("name", ["japan", "two-towns"])
def test_every_parameter_has_a_prior_within_its_range(name: str) -> None:
    scenario, count = load_scenario(name), 0
    for each in iter_parameters(scenario.parameters):
        prior = prior_of(each, each.default, scenario.sources.get(each.path))
        if prior is None:
            assert each.type not in (bool, int, float), each.path
            continue
        count += 1
        for share in (0.0, 0.01, 0.5, 0.99, 1.0):
            value = prior.at(share)
            assert each.takes(value), (each.path, share, value)
            if not (prior.choices or prior.whole or prior.settled):
                assert prior.share(value) == pytest.approx(share, abs=1e-6), each.path
    assert count > 400


def test_a_value_outside_has_no_share() -> None:
    assert math.isnan(Prior.even(0.0, 1.0).share(2.0))
    assert math.isnan(Prior(choices=(True,)).share(False))


def test_explain_prints_it() -> None:
    assert "median 7.77, nine in ten from 1.98 to" in call("explain", "fear.weight").stdout
