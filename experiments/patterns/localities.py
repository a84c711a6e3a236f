"""P13 to P15, P23 to P27, P29: where migrants live, and what municipalities offer there."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...outcomes.run import Run
from ...outcomes.unevenness import theil
from ...scenarios.catalogue import SERVICES
from .observations import (
    Municipalities,
    last_whole_year,
    municipalities,
    part,
    plain,
    rank_correlation,
    regression,
)
from .pattern import NotAnswerable, Part, Values, above, at_least, below, between, check, in_real_towns

FEW_FOREIGNERS = 0.02
LARGEST_OF_TOKYO = 50
LARGEST = 30
NEARLY_ALL = 9
LEAST_MIGRANTS = 20
# Offered to everybody, and the article's own exceptions (its note 5) from "specifically for this population".
NOT_SPECIFIC = ("schooling", "emergency", "insurance")
SPECIFIC = tuple(service for service in SERVICES if service not in NOT_SPECIFIC)
WELFARE = ("housing", "schooling", "emergency")


@check(
    "P13",
    "foreign share of municipalities at the end of the run: median, 10th and 90th percentile (0.63%, 0.21%, "
    "2.0% on the register; scaled to the model's stock)",
    Part("rank correlation with the start", "number", above(0.8)),
    Part("90th to 10th percentile", "number", between(6, 14)),
    Part("10th percentile", "share"),
    Part("median", "share"),
    Part("90th percentile", "share"),
    given=in_real_towns,
)
def foreign_share(run: Run) -> Values:
    """Migrants over residents at the end of the last whole year, every municipality counting the same:
    Spearman's rank correlation with the share of foreigners on the register that the places start with,
    and the ratio of percentiles. The percentiles themselves are scaled by register total over model stock,
    to be read beside the register's.
    """
    places = municipalities(run, last_whole_year(run))
    start = places.of("foreign_residents") / places.of("population")
    low, middle, high = np.quantile(places.register_share, [0.1, 0.5, 0.9])
    return {
        "rank correlation with the start": rank_correlation(places.share, start, "municipalities"),
        "90th to 10th percentile": float(high / low) if low else float("inf"),
        "10th percentile": float(low),
        "median": float(middle),
        "90th percentile": float(high),
    }


@check(
    "P14",
    "rank correlation of foreign share with fiscal strength at the end (0.57 observed, 0.50 ten years later)",
    Part("rank correlation", "number", between(0.40, 0.65)),
    given=in_real_towns,
)
def share_and_prosperity(run: Run) -> Values:
    """Spearman's rank correlation of migrants over residents, at the end of the last whole year, with fiscal
    strength, over all municipalities.
    """
    places = municipalities(run, last_whole_year(run))
    rho = rank_correlation(places.share, places.of("fiscal_strength"), "municipalities")
    return {"rank correlation": rho}


@check(
    "P15",
    "migrants living where foreigners are under 2% of residents (44%)",
    Part("where under 2%", "share", between(0.35, 0.60)),
    given=in_real_towns,
)
def among_few(run: Run) -> Values:
    """Share of migrants, at the end of the last whole year, in municipalities whose foreign share is below
    2%, the share scaled by register total over model stock as in P13.
    """
    places = municipalities(run, last_whole_year(run))
    migrants = places.of("migrants")
    few = migrants[places.register_share < FEW_FOREIGNERS].sum()
    return {"where under 2%": part(few, migrants.sum(), "migrants")}


@check(
    "P23",
    "municipalities without language classes, 2004 (38.9% in 2023 after years of growth)",
    Part("without classes", "share", between(0.45, 0.85)),
)
def without_classes(run: Run) -> Values:
    """Municipalities whose level of language classes is 0.1 or less at the end of 2004 (offered is, here and
    below, a level above 0.1).
    """
    return {"without classes": float((municipalities(run, 2004).offered(["language"]) == 0).mean())}


@check(
    "P24",
    "big cities, 1995 (Tokyo's 50 wards and cities: information 47, exchange 46, welfare/education/housing "
    "32, consultation 26): order of adoption",
    Part("information less exchange", "count", at_least(0)),
    Part("exchange less welfare", "count", above(0)),
    Part("welfare less consultation", "count", above(0)),
    Part("information", "count"),
    Part("exchange", "count"),
    Part("welfare", "count"),
    Part("consultation", "count"),
)
def order_of_adoption(run: Run) -> Values:
    """The 50 largest municipalities of the region Tokyo at the end of December 1994, the last state before
    the survey of March 1995 (municipalities decide in April): how many offer each; welfare is any of
    housing, schooling and emergency care.
    """
    places = municipalities(run, 1994)
    in_tokyo = np.array([plain(name) == "tokyo" for name in places.place["region_name"]])
    if not in_tokyo.any():
        raise NotAnswerable("the places have no region Tokyo")
    population = np.where(in_tokyo, places.of("population"), -1.0)
    chosen = np.argsort(-population, kind="stable")[: min(LARGEST_OF_TOKYO, int(in_tokyo.sum()))]

    def offer(*services: str) -> float:
        return float((places.offered(services)[chosen] > 0).sum())

    information, exchange = offer("information"), offer("exchange")
    welfare, consultation = offer(*WELFARE), offer("consultation")
    return {
        "information less exchange": information - exchange,
        "exchange less welfare": exchange - welfare,
        "welfare less consultation": welfare - consultation,
        "information": information,
        "exchange": exchange,
        "welfare": welfare,
        "consultation": consultation,
    }


@check(
    "P25",
    "municipalities with nearly the whole bundle, 2004 (7% had their own plan in 2022, 30–40% of large "
    "cities)",
    Part("all municipalities", "share", below(0.08)),
    Part("the 30 largest", "share", above(0.20)),
)
def nearly_everything(run: Run) -> Values:
    """At least nine of the eleven services offered at the end of 2004; the largest by residents, but for Kawasaki
    and Kawaguchi, whose will is written in.
    """
    places = municipalities(run, 2004)
    whole = places.offered() >= NEARLY_ALL
    largest = places.largest("population", LARGEST)
    return {"all municipalities": float(whole.mean()), "the 30 largest": float(whole[largest].mean())}


@check(
    "P26",
    "migrants living in municipalities that offer virtually nothing for them, 2004 (article: numerous)",
    Part("where virtually nothing", "share", between(0.15, 0.50)),
)
def virtually_nothing(run: Run) -> Values:
    """Share of migrants, at the end of 2004, in municipalities that offer at most one of the eight services
    specifically for foreigners: all but schooling and emergency care, which the article names as exceptions
    (its note 5), and health insurance, which is everybody's.
    """
    places = municipalities(run, 2004)
    migrants = places.of("migrants")
    nothing = migrants[places.offered(SPECIFIC) <= 1].sum()
    return {"where virtually nothing": part(nothing, migrants.sum(), "migrants")}


CAUSES = ("foreign share", "fiscal strength", "history")
PARTS_OF_CAUSES = (
    *(Part(f"{name}, lower end", "number", above(0.0)) for name in CAUSES),
    *(Part(name, "number") for name in CAUSES),
)


def slopes_of_causes(run: Run, *, beside_size: bool = False) -> Values:
    """Slopes of the service level on the causes, and lower ends of their intervals; `beside_size` takes out that of log
    population."""
    places = municipalities(run, 2004)
    enough = places.of("migrants") >= LEAST_MIGRANTS
    causes = {
        "foreign share": places.share[enough],
        "fiscal strength": places.of("fiscal_strength")[enough],
        "history": places.of("history")[enough],
    }
    if beside_size:
        causes["log population"] = np.log(places.of("population")[enough])
    slopes, lower, _ = regression(places.of("service_level")[enough], list(causes.values()))
    values = dict(zip(causes, map(float, slopes), strict=True))
    return values | {f"{name}, lower end": float(low) for name, low in zip(CAUSES, lower, strict=False)}


@check(
    "P27",
    "service level regressed on foreign share, fiscal strength, history",
    *PARTS_OF_CAUSES,
    uncounted="P27b is its sharper form",
)
def causes_of_variation(run: Run) -> Values:
    """Ordinary least squares over the municipalities with at least 20 migrants at the end of 2004,
    unweighted: service level on migrants over residents, fiscal strength and history, with a constant.
    Slopes are for one standard deviation of the cause; judged is the lower end of each 95% interval
    (errors allowing for unequal variance, HC1), averaged over seeds. Seeds share the municipalities, hence
    no pooling.
    """
    return slopes_of_causes(run)


def fall_of_theil(run: Run) -> Values:
    """Theil index of service level between municipalities at the end of 1994 less that of 2004."""
    then, now = municipalities(run, 1994), municipalities(run, 2004)
    return {
        f"fall, {weights}": theil_of_level(then, weights) - theil_of_level(now, weights)
        for weights in ("population", "migrants")
    }


def theil_of_level(places: Municipalities, weights: str) -> float:
    """Theil index of service level, weighted by a column. Errors: NotAnswerable if nobody offers anything."""
    level, weight = places.of("service_level"), places.of(weights)
    if not (level * weight).sum():
        raise NotAnswerable("no municipality with people offers anything")
    return theil(level, weight)


@check(
    "P29",
    "Theil of service level over time, diffusion on against off",
    Part("fall with diffusion", "number", above(0.0)),
    Part("fall beyond that without", "number", above(0.0), clear=True),
    Part("fall without diffusion", "number"),
    Part("beyond, weighted by migrants", "number"),
    observers={"japan": fall_of_theil, "japan without diffusion": fall_of_theil},
    uncounted="P29b is its sharper form",
)
def diffusion(observed: Mapping[str, Values]) -> Values:
    """Theil index of service level between municipalities, weighted by residents (who stay the same, so
    that only services can change it): end of 1994 less end of 2004. Without diffusion, city.neighbours,
    city.similar, city.rivalry and city.norm are 0. Runs of one seed are paired; judged are the mean fall with
    diffusion, and the interval of the paired difference over seeds.
    """
    on, off = observed["japan"], observed["japan without diffusion"]
    return {
        "fall with diffusion": on["fall, population"],
        "fall beyond that without": on["fall, population"] - off["fall, population"],
        "fall without diffusion": off["fall, population"],
        "beyond, weighted by migrants": on["fall, migrants"] - off["fall, migrants"],
    }
