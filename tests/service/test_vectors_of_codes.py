"""The vectors of codes: each is read as it says, and the file is what its generator makes."""

from __future__ import annotations

import json

import pytest

from ruban.errors import FormatError
from ruban.service.codes import code_words, format_code, parse_code
from tests.service.vectors_of_codes import FILE, LANGUAGES, Case, cases, encode

COUNTS = {("forms", "ok"): 10, ("typed", "ok"): 49, ("typed", "format"): 52}
CASES: list[Case] = json.loads(FILE.read_text("utf-8"))


def test_the_file_is_what_its_generator_makes() -> None:
    assert FILE.read_text("utf-8") == encode(cases())


def test_no_case_is_lost() -> None:
    kinds = [(case["kind"], case["expect"]) for case in CASES]
    assert {kind: kinds.count(kind) for kind in sorted(set(kinds))} == dict(sorted(COUNTS.items()))
    assert len({case["name"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", [c for c in CASES if c["kind"] == "forms"], ids=lambda c: c["name"])
def test_a_code_has_these_forms_and_each_of_them_is_read(case: Case) -> None:
    code = bytes.fromhex(case["code"])
    assert format_code(code) == case["printed"]
    assert parse_code(case["printed"]) == code
    for language in LANGUAGES:
        assert code_words(code, language) == case[language]
        assert parse_code(case[language]) == code


@pytest.mark.parametrize("case", [c for c in CASES if "sent" in c], ids=lambda c: c["name"])
def test_a_code_is_read_as_it_was_typed_and_as_the_page_sends_it(case: Case) -> None:
    assert parse_code(case["typed"]).hex() == case["code"]
    assert parse_code(case["sent"]).hex() == case["code"]


@pytest.mark.parametrize("case", [c for c in CASES if "wrong" in c], ids=lambda c: c["name"])
def test_what_is_no_code_is_refused_with_the_places_of_the_slips(case: Case) -> None:
    with pytest.raises(FormatError) as refused:
        parse_code(case["typed"])
    assert list(refused.value.evidence) == case["wrong"]
