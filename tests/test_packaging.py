"""The folders at the top install as one package, and nothing else does."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import local_citizenship

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "local_citizenship"
TOP = "package"  # what lies at the top of the package itself
ROOMS = (TOP, "scenarios", "agents", "model", "outcomes", "experiments", "app")


def declared() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def rooms_there() -> list[str]:
    return [room for room in ROOMS if (ROOT / room).is_dir()]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Names of the files in a wheel built from a copy of the checkout (a build leaves traces)."""
    copy = tmp_path_factory.mktemp("checkout")
    for room in rooms_there():
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy / name)
    out = tmp_path_factory.mktemp("wheel")
    build = f"from setuptools.build_meta import build_wheel; build_wheel({str(out)!r})"
    done = subprocess.run([sys.executable, "-c", build], cwd=copy, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = out.glob("*.whl")
    return zipfile.ZipFile(built).namelist()


def installed(path: Path) -> Path:
    """Where a file of the checkout is once installed."""
    parts = path.relative_to(ROOT).parts
    return Path(PACKAGE, *(parts[1:] if parts[0] == TOP else parts))


def test_the_list_of_packages_is_the_folders() -> None:
    files = [file for room in rooms_there() for file in (ROOT / room).rglob("*.py")]
    found = {".".join(installed(file.parent).parts) for file in files}
    assert set(declared()["tool"]["setuptools"]["packages"]) == found


def test_every_room_is_mapped_and_typed() -> None:
    mapped = declared()["tool"]["setuptools"]["package-dir"]
    assert mapped == {".".join(installed(ROOT / room).parts): room for room in rooms_there()}
    for room in rooms_there():
        assert (ROOT / room / "py.typed").is_file(), room


def test_the_wheel_holds_only_our_package(wheel: list[str]) -> None:
    tops = {name.partition("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == {PACKAGE}


def test_the_wheel_holds_every_module_and_file_of_data(wheel: list[str]) -> None:
    kinds = ("*.py", "*.yaml", "*.csv", "*.md", "py.typed", "*.html", "*.js", "*.css")
    files = [file for room in rooms_there() for kind in kinds for file in (ROOT / room).rglob(kind)]
    wanted = {installed(file).as_posix() for file in files}
    assert f"{PACKAGE}/scenarios/japan.yaml" in wanted
    assert wanted <= set(wheel)


def test_no_folder_of_the_checkout_hides_the_package() -> None:
    """A Python that is started here finds what is installed."""
    assert not (ROOT / PACKAGE).exists()


def test_the_readme_gives_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "python3 start.py run japan" in readme
    assert "python3 start.py test" in readme


def test_versions_agree() -> None:
    """The changelog has every release with its date, the one to come first; CITATION cites the last one out."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    (coming, _), *released = re.findall(r"^## (\S+) \((.+)\)$", changelog, re.MULTILINE)
    assert local_citizenship.__version__ in (coming, f"{coming}.dev0")
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", date) for _, date in released)
    assert f"version: {released[0][0]}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"date-released: {released[0][1]}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def test_the_index_has_every_page_and_no_other() -> None:
    index = ROOT / "docs" / "README.md"
    links = re.findall(r"\]\((.+?)\)", index.read_text(encoding="utf-8"))
    linked = {(index.parent / link).resolve() for link in links}
    assert all(page.exists() for page in linked)
    assert set((ROOT / "docs").glob("*.md")) - {index, *(ROOT / "docs").glob("*-notes*")} <= linked


def test_hosted_checks_cover_what_the_package_claims() -> None:
    workflow = YAML(typ="safe").load(ROOT / ".github" / "workflows" / "check.yml")["jobs"]["test"]
    matrix = workflow["strategy"]["matrix"]
    claimed = re.findall(r"Python :: (3\.\d+)", "\n".join(declared()["project"]["classifiers"]))
    assert matrix["python"] == claimed
    assert declared()["project"]["requires-python"] == f">={claimed[0]}"
    assert {"python": claimed[0], "versions": "lowest"}.items() <= matrix["include"][0].items()
    run = [step["run"] for step in workflow["steps"] if "start.py" in step.get("run", "")]
    assert run == ["python3 start.py test", "python start.py test"]


def test_the_lowest_versions_are_those_declared() -> None:
    told = subprocess.check_output([sys.executable, ROOT / ".ci" / "lowest.py"], text=True)
    lowest = dict(line.split("==") for line in told.splitlines())
    assert len(lowest) == len(declared()["project"]["dependencies"])
    assert lowest["mesa"] == "3.3.*"
    assert lowest["numpy"] == "2.0.*"
