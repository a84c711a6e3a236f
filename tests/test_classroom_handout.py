"""The hand-out: whole worlds in one file that asks for nothing outside."""

from __future__ import annotations

import base64
import gzip
import json
import re
from pathlib import Path

import pytest
from study_tools import made
from typer.testing import CliRunner

from local_citizenship.app.classroom.bundle import one_file, one_module
from local_citizenship.app.classroom.handout import Exhibit, handout, write_whole
from local_citizenship.app.classroom.payload import world_of
from local_citizenship.app.cli import app
from local_citizenship.experiments.studies.points import seed_for
from local_citizenship.model import LocalCitizenship
from local_citizenship.outcomes.run import Run
from local_citizenship.outcomes.run_folder import save_run
from local_citizenship.outcomes.story import list_lives, tell
from local_citizenship.scenarios import load_scenario

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
def page(tmp_path: Path) -> Path:
    folder = tmp_path / "page"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    found = []
    for sets in ([], ["fear.weight=0"]):
        model = LocalCitizenship(load_scenario("two-towns", sets=sets, months=36))
        model.run()
        found.append(Run.from_model(model))
    return found


def content_of(html: str) -> dict:
    found = re.search(r'<script type="application/json" id="handout">(.*?)</script>', html, re.S)
    assert found
    return json.loads(found[1])


def unpacked(data: str) -> bytes:
    return gzip.decompress(base64.b64decode(data))


def modules_of(html: str) -> dict[str, str]:
    found = re.search(r'<script type="importmap">(.*?)</script>', html, re.S)
    assert found
    return {
        name: base64.b64decode(address.removeprefix("data:text/javascript;base64,")).decode()
        for name, address in json.loads(found[1])["imports"].items()
    }


def outside(text: str) -> list[str]:
    """Addresses of other machines, the names of XML's kinds aside, which nobody asks for."""
    return [
        each
        for each in re.findall(r"(?:https?:)?//[\w.-]+\.\w+[^\s\"'`)]*", text)
        if "www.w3.org" not in each
    ]


def test_worlds_places_and_lives_are_in_it(page: Path, runs: list[Run]) -> None:
    content = content_of(
        handout([Exhibit(run, f"world {i}", f"group {i}") for i, run in enumerate(runs)], page)
    )
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
    assert (
        len(content_of(handout([Exhibit(runs[0], "a", "a"), Exhibit(runs[0], "b", "b")], page))["worlds"])
        == 1
    )


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


def test_the_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "lesson.html"
    file.write_text("old")

    def fails() -> str:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_whole(file, fails)
    assert file.read_text() == "old"
    assert write_whole(file, lambda: "né") == 3
    assert [each.name for each in tmp_path.iterdir()] == ["lesson.html"]


def told(*arguments: object, code: int) -> str:
    result = CliRunner().invoke(app, ["handout", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result.output


def test_what_cannot_be_handed_out(tmp_path: Path) -> None:
    (tmp_path / "there.html").write_text("x")
    assert "exists already" in told("two-towns", "-o", tmp_path / "there.html", code=2)
    assert "is a folder" in told("two-towns", "-o", tmp_path, code=2)
    assert "did you mean 'two-towns'" in told("two-town", "-o", tmp_path / "x.html", code=2)
    assert "not a run folder" in told(tmp_path, "-o", tmp_path / "x.html", code=2)
    assert "0 to 20" in told("two-towns", "--set", "fear.weight=99", "-o", tmp_path / "x.html", code=2)
    assert "at most 60 runs" in told("two-towns", "--seeds", 61, "-o", tmp_path / "x.html", code=2)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["there.html"]


def test_scenarios_and_run_folders_in_one_hand_out(
    page: Path, runs: list[Run], tmp_path: Path, monkeypatch
) -> None:
    from local_citizenship.app.classroom import bundle

    monkeypatch.setattr(bundle, "PAGE", page)
    save_run(runs[1], tmp_path / "unafraid")
    file = tmp_path / "new" / "lesson.html"
    said = told(
        "two-towns", tmp_path / "unafraid", "--seeds", 2, "--months", 36, "--lives", 3, "-o", file, code=0
    )
    assert "runs: 3" in said
    content = content_of(file.read_text(encoding="utf-8"))
    assert [one["label"] for one in content["worlds"]] == [
        "two-towns, seed 1",
        content["worlds"][1]["label"],
        "unafraid",
    ]
    assert len({one["group"] for one in content["worlds"]}) == 2
    assert content["worlds"][0]["group"] == content["worlds"][1]["group"]
    assert unpacked(content["worlds"][0]["data"]) == world_of(runs[0])
    assert unpacked(content["worlds"][2]["data"]) == world_of(runs[1])
    assert [each.name for each in file.parent.iterdir()] == ["lesson.html"]
    assert "exists already" in told("two-towns", "-o", file, code=2)
    told("two-towns", "--months", 36, "--set", "fear.weight=0", "--overwrite", "-o", file, code=0)
    both = content_of(file.read_text(encoding="utf-8"))["worlds"]
    assert [one["label"] for one in both] == ["two-towns", "two-towns, fear.weight=0"]
    assert unpacked(both[1]["data"]) == world_of(runs[1])


def test_the_points_of_a_study_in_one_hand_out(page: Path, tmp_path: Path, monkeypatch) -> None:
    """Its runs are made again, under the study's own seeds; what one changes is in the label."""
    from local_citizenship.app.classroom import bundle

    monkeypatch.setattr(bundle, "PAGE", page)
    folder = made(tmp_path, name="study")
    file = tmp_path / "study.html"
    assert "runs: 8" in told(folder.path, "--seeds", 2, "-o", file, code=0)
    worlds = content_of(file.read_text(encoding="utf-8"))["worlds"]
    assert worlds[0]["label"].startswith("study: fear.weight = 0, ngos.enabled = true, seed ")
    assert len({one["group"] for one in worlds}) == len(folder.points) == 4
    assert {int(one["seed"]) for one in worlds} == {seed_for(folder.study, 0, k) for k in range(2)}
    assert "at most 60 runs" in told(folder.path, "--seeds", 16, "-o", file, "--overwrite", code=2)
