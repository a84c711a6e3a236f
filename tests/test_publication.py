"""What goes with a publication: TRACE, paper, codemeta, Zenodo; they agree with the project and with each other."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from ruamel.yaml import YAML
from scripts import ROOT, script

ELEMENTS = (
    "Problem formulation", "Model description", "Data evaluation", "Conceptual model evaluation",
    "Implementation verification", "Model output verification", "Model analysis", "Model output corroboration",
)  # fmt: skip


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def citation() -> dict[str, Any]:
    return dict(YAML(typ="safe").load(text_of("CITATION.cff")))


def test_trace_has_its_elements_and_points_at_what_is_there() -> None:
    text = text_of("docs/TRACE.md")
    assert re.findall(r"^## \d\. (.+)$", text, re.MULTILINE) == list(ELEMENTS)
    links = re.findall(r"\]\(([^)#]+)\)", text)
    assert len(links) > 10
    for link in links:
        assert (ROOT / "docs" / link).exists(), link
    for file in re.findall(r"`((?:docs|tests)/[\w./-]+)`", text):
        assert (ROOT / file).exists(), file


def test_paper_is_what_a_journal_of_software_takes() -> None:
    _, head, body = text_of("paper/paper.md").split("---\n", 2)
    facts = YAML(typ="safe").load(head)
    assert {"title", "tags", "authors", "affiliations", "date", "bibliography"} <= set(facts)
    assert {each["affiliation"] for each in facts["authors"]} <= {
        each["index"] for each in facts["affiliations"]
    }
    for section in ("# Summary", "# Statement of need", "# References"):
        assert f"\n{section}\n" in body
    assert 250 <= len(body.split()) <= 1000
    cited = set(re.findall(r"@(\w+)", body))
    known = set(re.findall(r"^@\w+\{(\w+),$", text_of("paper/paper.bib"), re.MULTILINE))
    assert cited == known


def test_its_figures_come_from_commands() -> None:
    tool = script("paper/figures.py")
    assert tool.figures()
    for name in tool.figures():
        same = tool.found(name, tool.SHIPPED).read_bytes() == (ROOT / "paper" / name).read_bytes()
        assert same, (
            name
        )  # not compared in the assertion: a difference of pictures takes pytest minutes to tell
    with pytest.raises(FileNotFoundError):
        tool.found("nothing.png", tool.SHIPPED)


def test_descriptions_agree() -> None:
    cited = citation()
    meta, zenodo = (json.loads(text_of(name)) for name in ("codemeta.json", ".zenodo.json"))
    assert meta["version"] == zenodo["version"] == str(cited["version"])
    assert meta["license"].endswith(f"/{cited['license']}")
    assert zenodo["license"] == cited["license"]
    assert zenodo["title"] == cited["title"]
    assert meta["name"] in cited["title"]
    assert [each["name"] for each in meta["author"]] == [each["name"] for each in cited["authors"]]
    assert [each["name"] for each in zenodo["creators"]] == [each["name"] for each in cited["authors"]]
    assert meta["referencePublication"]["name"] == cited["references"][0]["title"]
    assert {"@context", "@type", "description", "programmingLanguage"} <= set(meta)
    assert zenodo["upload_type"] == "software"
