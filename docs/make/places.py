"""The tables of real places and their outlines, made from the files they were gathered in.

`python docs/make/places.py FOLDER` reads FOLDER, checks row counts and published totals, and writes
`scenarios/data/`. Nothing is written before everything has been checked. Sources and licences: NOTICE.
"""

from __future__ import annotations

import csv
import io
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import scipy.spatial

from local_citizenship.model.catchments import EARTH
from local_citizenship.model.geography import on_globe
from local_citizenship.scenarios.places_draw import industry_of, share_out

DATA = Path(__file__).resolve().parents[2] / "scenarios" / "data"
Rows = list[dict[str, str]]

OUTLINES = ("japan_prefectures", "korea_provinces", "italy_regions", "spain_provinces")
# Rows, residents and foreign residents as published (Japan: MIC, 31 March 2013; Korea: census of 2015; Italy: ISTAT,
# 1 January 2023, residents provisional; Spain: INE, census of 2021). Born abroad in Spain: the sum of the table carried
# before, for which no published total was at hand.
PUBLISHED = {
    "japan_municipalities_2013": (1742, 128_373_879, 1_980_200),
    "japan_prefectures_2013": (47, 128_373_879, 1_980_200),
    "korea_municipalities_2015": (229, 51_069_375, 1_363_712),
    "italy_provinces_2023": (107, 58_836_166, 5_141_341),
    "spain_provinces_2021": (52, 47_400_798, 7_254_797),
}

# Spain's autonomous communities and cities, in English, and their provinces.
COMMUNITIES = {
    "Andalusia": "Almería; Cádiz; Córdoba; Granada; Huelva; Jaén; Málaga; Sevilla",
    "Aragon": "Huesca; Teruel; Zaragoza",
    "Asturias": "Asturias",
    "Balearics": "Balears, Illes",
    "Basque Country": "Araba/Álava; Bizkaia; Gipuzkoa",
    "Canaries": "Palmas, Las; Santa Cruz de Tenerife",
    "Cantabria": "Cantabria",
    "Castile and León": "Ávila; Burgos; León; Palencia; Salamanca; Segovia; Soria; Valladolid; Zamora",
    "Castile-La Mancha": "Albacete; Ciudad Real; Cuenca; Guadalajara; Toledo",
    "Catalonia": "Barcelona; Girona; Lleida; Tarragona",
    "Ceuta": "Ceuta",
    "Extremadura": "Badajoz; Cáceres",
    "Galicia": "Coruña, A; Lugo; Ourense; Pontevedra",
    "Madrid": "Madrid",
    "Melilla": "Melilla",
    "Murcia": "Murcia",
    "Navarre": "Navarra",
    "Rioja": "Rioja, La",
    "Valencia": "Alicante/Alacant; Castellón/Castelló; Valencia/València",
}

# Tokyo's 23 wards: see `scenarios/data/README.md`.
WARD, METROPOLIS, WARDS, INDUSTRY = "special ward", "1.41", 23, "0.2"
ITALY_MUNICIPALITIES = 7996
# The article's factory towns are "outlying": money and a middling size also make the suburbs of a metropolis, whose
# people go to work in its offices. Where that begins, and how much it takes from a factory town, are assumptions.
AROUND, METROPOLITAN, SUBURBAN = 30.0, 5e6, 4.0  # km; residents within; logits for ten times as many
# The two cities of which it says what they want: Kawasaki and Kawaguchi. Standard deviations: how many is assumed.
WILL = {"141305": "2", "112038": "-1.5"}

# Far from the rest, and drawn apart: name, and west, south, east and north in degrees.
ISLANDS = {
    "japan_prefectures": [
        ("Okinawa, Amami", (122.8, 24.0, 131.5, 29.0)),
        ("Ogasawara", (141.9, 26.4, 142.5, 27.3)),
    ],
    "spain_provinces": [("Canarias", (-18.3, 27.5, -13.2, 29.5))],
}


def main(folder: Path) -> None:
    tables = {
        "japan_municipalities_2013": japan(folder),
        "japan_prefectures_2013": read(folder / "japan_prefectures_2013.csv"),
        "korea_municipalities_2015": korea(folder),
        "italy_provinces_2023": italy(folder),
        "spain_provinces_2021": spain(folder),
    }
    for name, rows in tables.items():
        check_totals(name, rows)
    written = {f"{name}.csv": as_csv(rows) for name, rows in tables.items()}
    for name in OUTLINES:
        country, _, parts = name.partition("_")
        written[f"{name}.geojson"] = outline(
            folder / f"{country}_outline_{parts}.geojson", ISLANDS.get(name, [])
        )
    for name, text in written.items():
        (DATA / name).write_text(text, encoding="utf-8", newline="\n")
        print(f"{name}: {len(text.encode()):,} bytes")


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def joined(folder: Path, name: str) -> list[tuple[dict[str, str], dict[str, str]]]:
    """The rows of a table, each with that of the file `_more` beside it."""
    more = {row["code"]: row for row in read(folder / f"{name}_more.csv")}
    return [(row, more[row["code"]]) for row in read(folder / f"{name}.csv")]


def as_csv(rows: Rows) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def require(holds: bool, words: str) -> None:
    if not holds:
        sys.exit(f"places: {words}; nothing was written")


def check_totals(name: str, rows: Rows) -> None:
    number, residents, foreign = PUBLISHED[name]
    column = "born_abroad" if "born_abroad" in rows[0] else "foreign_residents"
    found = len(rows), *(sum(int(row[each]) for row in rows) for each in ("population", column))
    require(found == (number, residents, foreign), f"{name} has {found}, published are {PUBLISHED[name]}")


def japan(folder: Path) -> Rows:
    rows = []
    there = joined(folder, "japan_municipalities_2013")
    around = residents_around([row for row, _ in there])
    for (row, more), near in zip(there, around, strict=True):
        ward = more["kind"] == WARD
        note = more["note"]
        if ward:
            published = row["fiscal_strength"]
            note = f"fiscal_strength is the metropolis's; the ward's own published figure is {published}"
        elif more["fiscal_year_used"] != "2008":
            note = f"fiscal_strength is of {more['fiscal_year_used']}" + (f"; {note}" if note else "")
        rows.append(
            {
                **named(row, more["name_local"]),
                "kind": more["kind"],
                **figures(row),
                "fiscal_strength": METROPOLIS if ward else row["fiscal_strength"],
                "industry": industry_of_japan(row, ward, near),
                "will": WILL.get(row["code"], ""),
                "note": note,
            }
        )
    require(sum(row["kind"] == WARD for row in rows) == WARDS, "Tokyo has not 23 wards")
    others = [float(row["fiscal_strength"]) for row in rows if row["kind"] != WARD]
    mean = sum(others) / len(others)
    require(
        math.isclose(mean, 0.56, abs_tol=0.005), f"the mean fiscal index is {mean:.4f}, published is 0.56"
    )
    return rows


def residents_around(rows: Rows) -> np.ndarray:
    """(P,) who lives within AROUND km of each place, its own residents among them."""
    degrees = (np.array([float(row[each]) for row in rows]) for each in ("latitude", "longitude"))
    points = EARTH * on_globe(*degrees)
    population = np.array([float(row["population"]) for row in rows])
    near = scipy.spatial.KDTree(points).query_ball_point(points, AROUND)
    return np.array([population[each].sum() for each in near])


def industry_of_japan(row: dict[str, str], ward: bool, around: float) -> str:
    """How far a municipality is a factory town, where that is known; blank where it is left to the draw."""
    if ward:
        return INDUSTRY
    if around <= METROPOLITAN:
        return ""
    population, strength = (np.array([float(row[each])]) for each in ("population", "fiscal_strength"))
    suburban = -SUBURBAN * math.log10(around / METROPOLITAN)
    return f"{industry_of(population, strength, np.array([suburban]))[0]:.2f}"


def named(row: dict[str, str], local: str) -> dict[str, str]:
    return {each: row[each] for each in ("code", "region", "name")} | {"name_local": local}


def figures(row: dict[str, str]) -> dict[str, str]:
    return {each: row[each] for each in ("latitude", "longitude", "population", "foreign_residents")}


def korea(folder: Path) -> Rows:
    return [
        {
            **named(row, more["name_local"]),
            **figures(row),
            "fiscal_strength": row["fiscal_strength"],
            "note": more["note"],
        }
        for row, more in joined(folder, "korea_municipalities_2015")
    ]


def italy(folder: Path) -> Rows:
    """Each province's number of municipalities is its share, by residents, of its region's."""
    provinces = read(folder / "italy_provinces_2023.csv")
    numbers: dict[str, int] = {}
    for region in read(folder / "italy_regions.csv"):
        inside = [row for row in provinces if row["region"] == region["region"]]
        require(bool(inside), f"no province lies in {region['region']}")
        shares = shared(int(region["municipalities"]), [int(row["population"]) for row in inside])
        numbers |= {row["code"]: number for row, number in zip(inside, shares, strict=True)}
    require(sum(numbers.values()) == ITALY_MUNICIPALITIES, "Italy's municipalities are not all shared out")
    return [
        province(row, row["region"], str(numbers[row["code"]]), row["foreign_residents"]) for row in provinces
    ]


def shared(total: int, weights: list[int]) -> list[int]:
    """Whole numbers in proportion to the weights, each at least 1, that sum to the total."""
    import numpy as np

    low, high = np.ones(len(weights), np.int64), np.full(len(weights), total)
    return [int(each) for each in share_out(total, np.array(weights, float), low, high)]


def province(
    row: dict[str, str], wider: str, municipalities: str, foreign: str, **spreads: str
) -> dict[str, str]:
    """A province as a region whose municipalities are drawn; `wider`: the region or community it belongs to."""
    return {
        "code": row["code"],
        "region": row["name"],
        "wider_region": wider,
        "municipalities": municipalities,
        "population": row["population"],
        "foreign_residents": foreign,
        "latitude": row["latitude"],
        "longitude": row["longitude"],
        **spreads,
        "fiscal_strength_mean": row["fiscal_strength"],
    }


def spain(folder: Path) -> Rows:
    older = {row["code"]: row for row in read(folder / "spain_provinces.csv")}
    rows = []
    for row in read(folder / "spain_provinces_2021.csv"):
        old = older[row["code"]]
        require(row["foreign_residents"] == old["born_abroad"], f"{row['name']} differs from the older table")
        spreads = {each: old[each] for each in ("sd_log_population", "sd_log_foreign_share")}
        wider = next(name for name, inside in COMMUNITIES.items() if row["name"] in inside.split("; "))
        made = province(row, wider, old["municipalities"], row["foreign_residents"], **spreads)
        rows.append({"born_abroad" if each == "foreign_residents" else each: v for each, v in made.items()})
    return rows


def outline(path: Path, islands: Sequence[tuple[str, tuple[float, ...]]]) -> str:
    """GeoJSON with the name of each part alone, a part a line, and the windows that are drawn apart."""
    parts = []
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        about = feature["properties"]
        kept = {"code": about["code"], "region": about["region"]}
        part = {"type": "Feature", "properties": kept, "geometry": feature["geometry"]}
        parts.append(json.dumps(part, ensure_ascii=False, separators=(",", ":")))
    apart = json.dumps([{"name": name, "bbox": box} for name, box in islands], separators=(",", ":"))
    return f'{{"type":"FeatureCollection","islands":{apart},"features":[\n' + ",\n".join(parts) + "\n]}\n"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python docs/make/places.py FOLDER")
    main(Path(sys.argv[1]))
