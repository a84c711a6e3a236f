"""The tables of places that come with the package: where their figures are from, and what a map of them shows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PLACES_FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True)
class TableInfo:
    """What is known of a table of places beside its rows.

    `source`: of its figures, in a line. `credit`: what a map names beside its places, which holders of figures and
    outlines ask for (NOTICE has all). `outlines`: the file in data/ with the outlines of its regions, without its
    ending, "" where there is none: municipalities that are drawn then lie within them. `language`: of the local names
    (ISO 639-1). `made_up`: whether its places exist nowhere. `like_japan`: whether Japan's correlations of size, money
    and foreign share are taken for those of the municipalities that are drawn. `told_of`: places that the article, or a
    register beside it, tells of: a map names them first.
    """

    source: str
    credit: str = ""
    outlines: str = ""
    language: str = ""
    made_up: bool = False
    like_japan: bool = True
    told_of: tuple[str, ...] = ()


UNKNOWN = TableInfo("")

_MIC = "Japan: Basic Resident Register (MIC, 31 March 2013); fiscal strength index (MIC, fiscal year 2008"
_JAPAN_CREDIT = "Sources: MIC, MLIT (National Land Numerical Information); edited"

SHIPPED = {
    "japan_prefectures.csv": TableInfo(f"{_MIC}, 2011 where blank); aggregated to prefectures"),
    "japan_prefectures_2013.csv": TableInfo(
        f"{_MIC}); aggregated to prefectures", _JAPAN_CREDIT, "japan_prefectures"
    ),
    "japan_municipalities_2013.csv": TableInfo(
        f"{_MIC}; Tokyo's wards: that of the metropolis)",
        _JAPAN_CREDIT,
        "japan_prefectures",
        "ja",
        told_of=("Hamamatsu-shi", "Oizumi-machi", "Kawasaki-shi", "Kawaguchi-shi", "Toyota-shi"),
    ),
    "korea_municipalities_2015.csv": TableInfo(
        "Korea: census of 2015 (Statistics Korea); fiscal strength: independence ratio of 2023, scaled",
        "Source: Statistics Korea; edited",
        "korea_provinces",
        "ko",
    ),
    "italy_provinces_2023.csv": TableInfo(
        "Italy: residents and foreign residents of provinces, 1 January 2023 (ISTAT); fiscal strength: GDP per head "
        "of 2005 (Eurostat), scaled",
        "Sources: ISTAT, Eurostat, Natural Earth; edited",
        "italy_regions",
        like_japan=False,
    ),
    "spain_provinces_2021.csv": TableInfo(
        "Spain: annual census of 2021 (INE), born abroad, by province; fiscal strength: GDP per head of 2005 "
        "(Eurostat), scaled",
        "Sources: INE, Eurostat, Natural Earth; edited",
        "spain_provinces",
        like_japan=False,
    ),
    "two-towns.csv": TableInfo(
        "assumption: two towns after Kawasaki and Kawaguchi in Tsuda 2008", made_up=True
    ),
    "one-town.csv": TableInfo("assumption: a town after Kawasaki in Tsuda 2008", made_up=True),
    "railway-line.csv": TableInfo("assumption: a made-up row of towns, for teaching", made_up=True),
}

# Tables that former releases came with -> what has taken their place.
FORMER = {
    "korea_provinces.csv": "korea_municipalities_2015.csv",
    "italy_regions.csv": "italy_provinces_2023.csv",
    "spain_provinces.csv": "spain_provinces_2021.csv",
}


def shipped_table(name: str) -> Path | None:
    """Path of a table that comes with the package, or None."""
    return PLACES_FOLDER / name if name in SHIPPED else None


def info_of(path: Path) -> TableInfo:
    """What is known of the table in this file: of a user's own, its name alone."""
    if path.parent.resolve() == PLACES_FOLDER.resolve():
        return SHIPPED[path.name]
    return TableInfo(path.name)
