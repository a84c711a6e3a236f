"""The folders at the top install as one package, and nothing else does."""

from __future__ import annotations

import importlib
import itertools
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from datetime import date
from pathlib import Path
from types import ModuleType

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


def of_ci(name: str) -> ModuleType:
    """A module of .ci, which is no package."""
    sys.path.insert(0, str(ROOT / ".ci"))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(ROOT / ".ci"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], list[str]]:
    """Names of the files in a wheel and in a source archive, built from a copy of what git tracks."""
    if not (ROOT / ".git").exists():
        pytest.skip("git knows which files are the project's; this is an unpacked archive")
    copy, out = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("built")
    of_ci("packages").copy_tracked(copy)
    build = f"from setuptools.build_meta import *; build_wheel({str(out)!r}); build_sdist({str(out)!r})"
    done = subprocess.run([sys.executable, "-c", build], cwd=copy, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,), (archive,) = out.glob("*.whl"), out.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        return zipfile.ZipFile(wheel).namelist(), packed.getnames()


@pytest.fixture
def wheel(built: tuple[list[str], list[str]]) -> list[str]:
    return built[0]


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
    kinds = ("*.py", "*.yaml", "*.csv", "*.md", "*.po", "py.typed", "*.html", "*.js", "*.css")
    files = [file for room in rooms_there() for kind in kinds for file in (ROOT / room).rglob(kind)]
    wanted = {installed(file).as_posix() for file in files}
    assert f"{PACKAGE}/scenarios/japan.yaml" in wanted
    assert wanted <= set(wheel)


def test_the_source_archive_is_the_whole_checkout(built: tuple[list[str], list[str]]) -> None:
    listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True).split("\0")
    tracked = {name for name in listed if name and (ROOT / name).is_file()}
    assert {"start.py", "tests/test_packaging.py", ".ci/run"} <= tracked
    assert tracked <= {name.partition("/")[2] for name in built[1]}


def test_an_archive_has_the_same_bytes_on_every_machine(tmp_path: Path) -> None:
    packages, packed = of_ci("packages"), []
    for number, (names, mode) in enumerate([("ab", 0o600), ("ba", 0o664)]):
        archive = tmp_path / f"{number}.tar.gz"
        with tarfile.open(archive, "w:gz") as new:
            for name in names:
                (tmp_path / name).write_text(name)
                (tmp_path / name).chmod(mode)
                os.utime(tmp_path / name, (number, number))
                new.add(tmp_path / name, name)
        packages._settle(archive, 10**9)
        packed.append(archive.read_bytes())
    assert packed[0] == packed[1]
    with tarfile.open(archive) as settled:
        assert [(each.name, each.mode, each.mtime) for each in settled] == [
            ("a", 0o644, 10**9),
            ("b", 0o644, 10**9),
        ]


RELEASABLE = {
    "package/__init__.py": '__version__ = "0.2.0.dev0"\n',
    "CHANGELOG.md": "## 0.2.0 (unreleased)\n\n- More.\n\n## 0.1.0 (2026-11-25)\n",
    "CITATION.cff": "cff-version: 1.2.0\nversion: 0.1.0\ndate-released: 2026-11-25\n",
    "codemeta.json": '{\n "version": "0.1.0",\n "name": "us"\n}\n',
    ".zenodo.json": '{\n "version": "0.1.0",\n "title": "us"\n}\n',
}


def test_a_release_is_built_of_its_own_texts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    packages, built = of_ci("packages"), []

    def build(source: Path, out: Path, epoch: int) -> list[Path]:
        built.append((source / "CITATION.cff").read_text(encoding="utf-8"))
        return []

    monkeypatch.setattr(packages, "copy_tracked", lambda target: target.mkdir())
    monkeypatch.setattr(packages, "build", build)
    monkeypatch.setattr(packages, "check_metadata", lambda files: None)
    packages.make(tmp_path / "dist", 10**9, {"CITATION.cff": "version: 0.2.0\n"})
    assert built == ["version: 0.2.0\n"] * 2


def test_a_release_says_its_version_and_date_in_three_places() -> None:
    assert of_ci("release").released(RELEASABLE, "0.2.0", date(2026, 12, 1)) == {
        "package/__init__.py": '__version__ = "0.2.0"\n',
        "CHANGELOG.md": "## 0.2.0 (2026-12-01)\n\n- More.\n\n## 0.1.0 (2026-11-25)\n",
        "CITATION.cff": "cff-version: 1.2.0\nversion: 0.2.0\ndate-released: 2026-12-01\n",
        "codemeta.json": '{\n "version": "0.2.0",\n "name": "us"\n}\n',
        ".zenodo.json": '{\n "version": "0.2.0",\n "title": "us"\n}\n',
    }
    for name in RELEASABLE:  # and the project's own files are of that form
        given = {**RELEASABLE, name: (ROOT / name).read_text(encoding="utf-8")}
        if name != "CHANGELOG.md" or "(unreleased)" in given[name]:
            of_ci("release").released(given, "99.0.0", date(2026, 12, 1))


@pytest.mark.parametrize(
    ("version", "changelog", "told"),
    [
        ("0.2", "", "0.2 is no version"),
        ("0.1.0", "", "0.1.0 does not follow 0.1.0"),
        ("0.2.0", "## 0.1.0 (2026-11-25)\n", "begins with 0.1.0"),
        ("0.3.0", "## 0.2.0 (unreleased)\n\n## 0.2.0 (unreleased)\n", "stands 2 times"),
    ],
)
def test_what_cannot_be_a_release_is_told(version: str, changelog: str, told: str) -> None:
    text = {**RELEASABLE, "CHANGELOG.md": changelog or RELEASABLE["CHANGELOG.md"]}
    with pytest.raises(SystemExit, match=re.escape(told)):
        of_ci("release").released(text, version, date(2026, 12, 1))


def test_no_folder_of_the_checkout_hides_the_package() -> None:
    """A Python that is started here finds what is installed."""
    assert not (ROOT / PACKAGE).exists()


def test_versions_agree() -> None:
    """The changelog has every release with its date, the one to come first; CITATION cites the last one out."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    sections = re.findall(r"^## (\S+) \((.+)\)$", changelog, re.MULTILINE)
    (first, state), *_ = sections
    unreleased = state == "unreleased"
    assert local_citizenship.__version__ == (f"{first}.dev0" if unreleased else first)
    version, day = sections[1] if unreleased else sections[0]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", date) for _, date in sections[unreleased:])
    assert f"version: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"date-released: {day}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def test_the_index_has_every_page_and_no_other() -> None:
    index = ROOT / "docs" / "README.md"
    links = re.findall(r"\]\((.+?)\)", index.read_text(encoding="utf-8"))
    linked = {(index.parent / link).resolve() for link in links}
    assert all(page.exists() for page in linked)
    assert set((ROOT / "docs").glob("*.md")) - {index, *(ROOT / "docs").glob("*-notes*")} <= linked


def test_hosted_checks_cover_what_the_package_claims_and_more() -> None:
    jobs = YAML(typ="safe").load(ROOT / ".github" / "workflows" / "check.yml")["jobs"]
    claimed = of_ci("versions").pythons()
    assert declared()["project"]["requires-python"] == f">={claimed[0]}"
    assert set(claimed) < set(jobs["test"]["strategy"]["matrix"]["python"])
    assert jobs["lowest"]["strategy"]["matrix"]["python"] == claimed
    run = [step["run"] for step in jobs["test"]["steps"] if "start.py" in step.get("run", "")]
    assert run == ["python3 start.py test", "python start.py test"]
    named = re.findall(r"\S*\.ci/\S+\.py", str(jobs))
    assert named == [".ci/versions.py", ".ci/packages.py"]
    assert all((ROOT / name).is_file() for name in named)


def test_the_quick_tests_are_there_and_every_need_has_a_lower_bound() -> None:
    assert all((ROOT / "tests" / f"{name}.py").is_file() for name in of_ci("versions").QUICK)
    project = declared()["project"]
    needed = [*project["dependencies"], *itertools.chain(*project["optional-dependencies"].values())]
    bounds = {each: re.match(r"[\w.-]+>=\d", each) for each in needed}
    assert [each for each, bound in bounds.items() if bound is None] == []
    twice = {
        name: {each for each in needed if each.startswith(f"{name}>")} for name in ("starlette", "uvicorn")
    }
    assert all(len(bound) == 1 for bound in twice.values()), twice


def test_nothing_tracked_names_an_address_to_download_from() -> None:
    """A lock file would: it goes by the index that whoever wrote it had."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.split()
    locks = [
        name for name in listed if re.search(r"(^|[/.])(pylock|requirements)[^/]*$|\.lock$|-lock\.", name)
    ]
    assert [name for name in locks if "://" in (ROOT / name).read_text(encoding="utf-8")] == []
