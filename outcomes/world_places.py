"""The places of a world: they travel apart from it, once for all worlds that share them."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np
import pandas as pd


def places_id(places: pd.DataFrame) -> str:
    """What tells these places from others: a hash of their table."""
    digest = hashlib.sha256()
    for name in ("code", "name", "region_name"):
        digest.update("\n".join(map(str, places[name])).encode())
    for name in ("place", "region", "latitude", "longitude", "population"):
        digest.update(places[name].to_numpy(np.float64).tobytes())
    return digest.hexdigest()[:16]


def places_shown(places: pd.DataFrame, synthetic: bool | None) -> dict[str, Any]:
    """The places as the page takes them: columns, a value a place in order, and the names of regions.

    `synthetic`: whether the municipalities are drawn rather than real, None if that is not known.
    """
    rows = places.sort_values("place")
    regions = rows.drop_duplicates("region").set_index("region")["region_name"]
    return {
        "id": places_id(places),
        "code": rows["code"].astype(str).tolist(),
        "name": rows["name"].astype(str).tolist(),
        "region": rows["region"].astype(int).tolist(),
        "latitude": rows["latitude"].round(4).tolist(),
        "longitude": rows["longitude"].round(4).tolist(),
        "population": rows["population"].round().astype(int).tolist(),
        "regions": [str(regions.get(number, "")) for number in range(int(rows["region"].max()) + 1)],
        "synthetic": synthetic,
    }


def places_json(places: pd.DataFrame, synthetic: bool | None) -> bytes:
    """The same as JSON in UTF-8."""
    return json.dumps(places_shown(places, synthetic), ensure_ascii=False, separators=(",", ":")).encode()
