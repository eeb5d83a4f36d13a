"""What the documents claim is so: links lead somewhere, errors and words are explained, commands and versions agree."""

from __future__ import annotations

import ast
import inspect
import json
import re
import tomllib
from pathlib import Path

import pytest

from ruban import errors
from tests.house.source import ROOT, SOURCE, kept_files

DOCUMENTS = [f for f in kept_files() if f.suffix == ".md" and "third_party" not in f.parts]
NEEDED = ["README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md"] + [
    f"docs/{name}.md" for name in ("map", "glossary", "threat-model", "limitations", "errors", "adr/README")
]
# The words of the product and those that its screens use instead, as the product's plan gives them.
WORDS = [
    *("group", "electorate", "roll", "stub", "ring", "letter", "demand", "signature", "tag", "record", "checkpoint"),
    *(
        "witness",
        "tally",
        "reading",
        "answer",
        "trustee",
        "commitment",
        "statement",
        "proof",
        "inclusion proof",
        "epoch",
    ),
    *(
        "slot",
        "leaf",
        "organiser",
        "member",
        "reader",
        "addressee",
        "auditor",
        "operator",
        "attester",
        "bundle",
        "batch",
    ),
]
SCREENS = {
    "epoch": ("next signing time", "prochaine heure de signature"),
    "roll": ("those enrolled", "liste des inscrits"),
    "unnamed": ("without my name", "sans mon nom"),
    "sealed": ("under seal until …", "sous pli fermé jusqu'à …"),
    "reading": ("what this number says", "ce que dit ce nombre"),
    "no witness": ("no second party has confirmed this record", "aucun tiers n'a confirmé ce registre"),
}
NEVER_ON_SCREEN = ("stub", "tag", "ring", "slot", "leaf", "epoch")


def _read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def _prose(document: Path) -> str:
    """The text without its code blocks and code spans: links in those are examples."""
    return re.sub(r"```.*?```|`[^`\n]*`", "", document.read_text("utf-8"), flags=re.DOTALL)


def _anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ +(.+)", document.read_text("utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in headings}


def _rows(name: str, heading: str) -> list[list[str]]:
    section = _read(name).partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line.strip("| ") for line in section.split("\n") if line.startswith("|")]
    return [[cell.strip() for cell in line.split("|")] for line in lines[2:]]


@pytest.mark.parametrize("name", NEEDED)
def test_the_documents_that_a_newcomer_needs_are_there(name: str) -> None:
    assert len(_read(name)) > 300


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda f: f.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", _prose(document)):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            file = document.parent / path if path else document
            assert file.exists(), target
            assert not anchor or anchor in _anchors(file), target


def test_the_map_leads_to_every_package() -> None:
    linked = {(ROOT / "docs" / target).resolve() for target in re.findall(r"\]\(([^)#\s]+)\)", _read("docs/map.md"))}
    packages = {p.parent for p in SOURCE.glob("*/__init__.py")}
    assert packages
    assert not {p.name for p in packages - linked}


def test_every_type_of_error_is_explained_and_none_that_is_gone() -> None:
    types = {n for n, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.RubanError)}
    explained = set(re.findall(r"^\| `(\w+)` \|", _read("docs/errors.md"), flags=re.MULTILINE))
    assert types == explained


def test_the_tree_of_errors_is_drawn_with_every_type() -> None:
    types = {n for n, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.RubanError)}
    drawn = {line.strip("│├└─ ").partition(" ")[0] for line in (errors.__doc__ or "").split("\n")}
    assert types <= drawn


@pytest.mark.parametrize("word", WORDS)
def test_every_word_has_its_french_and_its_meaning(word: str) -> None:
    rows = _rows("docs/glossary.md", "People and parties") + _rows("docs/glossary.md", "Things")
    found = [row for row in rows if word in re.split(r", ", row[0])]
    assert len(found) == 1
    assert all(len(cell) > 2 for cell in found[0][1:3])


@pytest.mark.parametrize("word", SCREENS)
def test_screens_have_their_plain_words_in_both_languages(word: str) -> None:
    assert [tuple(row[1:3]) for row in _rows("docs/glossary.md", "What screens say") if row[0] == word] == [
        SCREENS[word]
    ]


def test_no_screen_word_is_a_word_of_the_code() -> None:
    for _, english, french in _rows("docs/glossary.md", "What screens say"):
        assert not set(NEVER_ON_SCREEN) & set(re.findall(r"\w+", english + " " + french))


def test_ci_calls_the_test_command_of_the_readme() -> None:
    command = re.search(r"^(python3 run\.py test)\b", _read("README.md"), flags=re.MULTILINE)
    called = re.search(r"^exec timeout .* (python3 .+)$", _read(".ci/run"), flags=re.MULTILINE)
    assert command
    assert called
    assert called[1] == command[1]
    assert "set -euo pipefail" in _read(".ci/run")


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_command_of_run_py_that_a_document_shows_exists(name: str) -> None:
    shown = set(re.findall(r"python3 run\.py (\w+)", _read(name)))
    usage = ast.get_docstring(ast.parse(_read("run.py"))) or ""
    assert shown
    assert shown <= set(re.findall(r"\b[a-z]+\b", usage))


def test_every_target_of_make_that_a_document_shows_exists() -> None:
    targets = set(re.findall(r"^\.PHONY: (.*)", _read("Makefile"), flags=re.MULTILINE)[0].split(" "))
    for document in DOCUMENTS:
        assert set(re.findall(r"`make (\w+)`", document.read_text("utf-8"))) <= targets


def test_versions_agree() -> None:
    project = tomllib.loads(_read("pyproject.toml"))["project"]["version"]
    logged = re.search(r"^## (\d+\.\d+\.\d+)", _read("CHANGELOG.md"), flags=re.MULTILINE)
    assert logged
    assert logged[1] == project
    assert json.loads(_read("ts/package.json"))["version"] == project


def test_the_readme_says_first_that_nobody_has_audited_it() -> None:
    assert "Nobody outside has audited" in _read("README.md").partition("\n## Two commands")[0]
