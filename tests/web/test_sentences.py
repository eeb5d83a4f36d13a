"""An error on a page: in the words of the page, never by the name that a field has in the record."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import ruban.errors
import ruban.web.errors
from ruban.errors import FormatError, Message, RubanError, RuleBroken, StoreFull
from ruban.language import translator
from ruban.web.sentences import LABELS, hint_of, sentence_of

ENGLISH, FRENCH = translator("en"), translator("fr")
SOURCE = Path(ruban.errors.__file__).parent
ASKED = (
    *(SOURCE / "web" / "organiser").rglob("*.py"),
    *(
        SOURCE / "service" / f"{name}.py"
        for name in (
            *("change_letter", "code_days", "correct_electorate", "invite", "open_group", "open_letter"),
            *("publish_update", "strike", "take_back"),
        )
    ),
)
"""The files whose errors an organiser reads."""
KINDS = {
    name
    for module in (ruban.errors, ruban.web.errors)
    for name, kind in vars(module).items()
    if isinstance(kind, type) and issubclass(kind, RubanError) and name != "NotFound"
} | {"commit_line", "_line"}
NOT_SAID = {"session", "draft", "link", "form", "tag", "page"}
"""Where the rest of the sentence says it all, or the page has words of its own."""


def fields_of(source: Path) -> set[str]:
    """The names that a file's errors give to what is wrong, where they are written out."""
    found = set()
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in KINDS and node.args:
            match node.args[0]:
                case ast.Constant(value=str(field)):
                    found.add(field)
    return found


@pytest.mark.parametrize("source", ASKED, ids=lambda path: path.name)
def test_each_field_that_an_organiser_reads_of_has_its_label(source: Path) -> None:
    assert fields_of(source) - NOT_SAID <= LABELS.keys()


def test_the_labels_are_those_of_the_pages() -> None:
    error = RuleBroken("people", Message("people not invited before"), Message("somebody who was"))
    assert sentence_of(ENGLISH, error) == (
        "The list of those entitled: expected people not invited before, got somebody who was"
    )
    assert sentence_of(FRENCH, error).startswith("La liste des ayants droit ; attendu")


def test_a_name_for_programs_is_left_out() -> None:
    assert sentence_of(ENGLISH, FormatError("sig2_hex", "64 digits", "3")) == "Expected 64 digits, got 3"
    assert sentence_of(ENGLISH, FormatError("sig2_hex", "64 digits")) == "Expected 64 digits"


def test_a_place_in_a_file_is_kept() -> None:
    assert (
        sentence_of(FRENCH, FormatError(Message("letter, line {line}", line=3), "1")) == "lettre, ligne 3 ; attendu : 1"
    )


def test_what_the_store_refuses_has_advice_of_its_own() -> None:
    assert hint_of(ENGLISH, StoreFull("store", "space", "none")) == (
        "Try again in a minute. What was acknowledged is safe."
    )
