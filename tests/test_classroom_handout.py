"""The hand-out: whole worlds in one file that asks for nothing outside."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest
from command_line import worked
from handout_content import content_of, script_in, unpacked
from study_tools import made

from local_citizenship.app.classroom import bundle
from local_citizenship.app.classroom.bundle import one_file, one_module
from local_citizenship.app.classroom.handout import Exhibit, handout
from local_citizenship.app.classroom.payload import world_of
from local_citizenship.experiments.studies.points import seed_for
from local_citizenship.outcomes.run import Run
from local_citizenship.outcomes.run_folder import save_run
from local_citizenship.outcomes.simulate import simulate
from local_citizenship.outcomes.story import list_lives, tell

INDEX = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>The page</title>
    <link rel="stylesheet" href="/page/style.css">
    <script type="module" src="/page/app.js"></script>
  </head>
  <body><main></main></body>
</html>
"""
FILES = {
    "index.html": INDEX,
    "style.css": ".app { color: #123456 }",
    "app.js": "import { one } from \"./one.js\";\nimport * as two from './two.js';\nexport { two };\n",
    "one.js": 'export { two as one } from "./two.js";\nexport const later = () => import("./three.js");\n',
    "two.js": 'export const two = "</script>$1\\\\1";\n',
    "three.js": "export const three = 3;\n",
    "unused.js": "throw 1;\n",
}


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small page, which the command takes too."""
    folder = tmp_path / "page"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(bundle, "PAGE", folder)
    return folder


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    return [simulate("two-towns", sets=sets, months=36) for sets in ([], ["fear.weight=0"])]


def modules_of(html: str) -> dict[str, str]:
    return {
        name: base64.b64decode(address.removeprefix("data:text/javascript;base64,")).decode()
        for name, address in script_in(html, "importmap")["imports"].items()
    }


def test_worlds_places_and_lives_are_in_it(page: Path, runs: list[Run]) -> None:
    exhibits = [Exhibit(run, f"world {i}", f"group {i}") for i, run in enumerate(runs)]
    content = content_of(handout(exhibits, page))
    assert content["title"] == "Two towns"
    assert [world["label"] for world in content["worlds"]] == ["world 0", "world 1"]
    for run, world in zip(runs, content["worlds"], strict=True):
        assert unpacked(world["data"]) == world_of(run)
        lives = json.loads(unpacked(content["lives"][world["id"]]["list"]))
        told = json.loads(unpacked(content["lives"][world["id"]]["told"]))
        assert lives["total"] == len(list_lives(run))
        assert {life["migrant"] for life in lives["lives"]} == set(told)
        migrant, life = next(iter(told.items()))
        assert tell(run, int(migrant)).endswith(life["summary"])
    (places,) = content["places"].values()
    assert json.loads(unpacked(places))["name"] == ["Kawasaki-like", "Kawaguchi-like"]


def test_the_same_runs_give_the_same_file(page: Path, runs: list[Run]) -> None:
    exhibits = [Exhibit(runs[0], "a", "a")]
    assert handout(exhibits, page, lives=9) == handout(exhibits, page, lives=9)


def test_no_run_is_in_it_twice(page: Path, runs: list[Run]) -> None:
    twice = [Exhibit(runs[0], name, name) for name in ("a", "b")]
    assert len(content_of(handout(twice, page))["worlds"]) == 1


def test_all_that_the_page_uses_is_inlined(page: Path) -> None:
    html = one_file(page, {"title": "</script><b>", "worlds": []}, title="A & B")
    assert "<title>A &amp; B</title>" in html
    assert "<style>\n.app { color: #123456 }</style>" in html
    assert content_of(html)["title"] == "</script><b>"
    modules = modules_of(html)
    assert set(modules) == {f"page/{name}.js" for name in ("app", "one", "two", "three")}
    assert 'from "page/one.js"' in modules["page/app.js"]
    assert "from 'page/two.js'" in modules["page/app.js"]
    assert 'import("page/three.js")' in modules["page/one.js"]
    assert modules["page/two.js"] == FILES["two.js"]
    assert "src=" not in html
    assert "href=" not in html
    assert re.search(r"Content-Security-Policy\" content=\"default-src 'none';", html)


def test_one_module_for_the_notebook(page: Path) -> None:
    text = one_module(page, "app.js")
    assert not re.search(r"^import|from \"\./", text, re.M)
    (page / "two.js").write_text('import "./app.js";', encoding="utf-8")
    with pytest.raises(ValueError, match=r"circle: app\.js -> one\.js -> two\.js -> app\.js"):
        one_module(page, "app.js")


def told(*arguments: object, code: int) -> str:
    return worked("handout", *arguments, code=code).output


def test_what_cannot_be_handed_out(tmp_path: Path) -> None:
    (tmp_path / "there.html").write_text("x")
    new = ("-o", tmp_path / "x.html")
    for arguments, says in (
        (("two-towns", "-o", tmp_path / "there.html"), "exists already"),
        (("two-towns", "-o", tmp_path), "is a folder"),
        (("two-town", *new), "did you mean 'two-towns'"),
        ((tmp_path, *new), "not a run folder"),
        (("two-towns", "--set", "fear.weight=99", *new), "0 to 40"),
        (("two-towns", "--seeds", 61, *new), "at most 60 runs"),
        (("two-towns", "--seeds", 10**9, *new), "--seeds 1,000,000,000 asks for more"),
    ):
        assert says in told(*arguments, code=2)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["there.html"]


@pytest.mark.usefixtures("page")
def test_scenarios_and_run_folders_in_one_hand_out(runs: list[Run], tmp_path: Path) -> None:
    save_run(runs[1], tmp_path / "unafraid")
    file = tmp_path / "new" / "lesson.html"
    short = ("--months", 36, "-o", file)
    both = ("two-towns", tmp_path / "unafraid")
    assert "runs: 3" in told(*both, "--seeds", 2, "--lives", 3, *short, code=0)
    content = content_of(file.read_text(encoding="utf-8"))
    first, second, unafraid = content["worlds"]
    assert (first["label"], unafraid["label"]) == ("two-towns, seed 1", "unafraid")
    assert first["group"] == second["group"] != unafraid["group"]
    assert unpacked(first["data"]) == world_of(runs[0])
    assert unpacked(unafraid["data"]) == world_of(runs[1])
    assert [each.name for each in file.parent.iterdir()] == ["lesson.html"]
    assert "exists already" in told("two-towns", "-o", file, code=2)
    told("two-towns", "--set", "fear.weight=0", "--overwrite", *short, code=0)
    both = content_of(file.read_text(encoding="utf-8"))["worlds"]
    assert [one["label"] for one in both] == ["two-towns", "two-towns, fear.weight=0"]
    assert unpacked(both[1]["data"]) == world_of(runs[1])


@pytest.mark.usefixtures("page")
def test_the_points_of_a_study_in_one_hand_out(tmp_path: Path) -> None:
    """Its runs are made again, under the study's own seeds; what one changes is in the label."""
    folder = made(tmp_path, name="study")
    file = tmp_path / "study.html"
    assert "runs: 8" in told(folder.path, "--seeds", 2, "-o", file, code=0)
    worlds = content_of(file.read_text(encoding="utf-8"))["worlds"]
    assert worlds[0]["label"].startswith("study: fear.weight = 0, ngos.enabled = true, seed ")
    assert len({one["group"] for one in worlds}) == len(folder.points) == 4
    assert {int(one["seed"]) for one in worlds} == {seed_for(folder.study, 0, k) for k in range(2)}
    assert "at most 60 runs" in told(folder.path, "--seeds", 16, "-o", file, "--overwrite", code=2)
