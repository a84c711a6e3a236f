"""Prints the lowest versions that pyproject.toml allows, as pip's constraints: `numpy>=2` -> `numpy==2.0.*`."""

import re
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]
for needed in project["dependencies"]:
    name, version = re.match(r"([\w.-]+)>=([\d.]+)", needed).groups()
    print(f"{name}=={version if '.' in version else version + '.0'}.*")
