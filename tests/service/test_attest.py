"""A second party is named, compares on its own machine, and what it signed goes into the record as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from ruban.errors import FormatError, Refused, RubanError, RuleBroken, SignatureInvalid
from ruban.primitives.ed25519 import public_key
from ruban.record.attest import Compared, make_attestation
from ruban.record.commitment import commit_line
from ruban.record.submission import Submission, encode_submission
from ruban.service.attest import name_attester, take_attestation
from tests.service.cast import Cast, cast_of

COUNCIL = bytes([9]) * 32
KEY = public_key(COUNCIL)
FOUND = Compared(entitled=15, invited=14, found=13, spent=12, method="line by line, names too", date="2026-11-24")


def made(cast: Cast) -> bytes:
    return encode_submission(make_attestation(cast.keeper.state, COUNCIL, FOUND))


def test_what_it_signed_stands_in_the_verdict(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        name_attester(cast.keeper, KEY, "Works council", cast.now)
        take_attestation(cast.keeper, made(cast), cast.now)
        verdict = cast.verdict()
        assert verdict.holds
        [said] = verdict.attestations
        assert (said.by, said.method, said.said.found) == ("Works council", "line by line, names too", 13)


def test_the_number_of_used_invitations_is_that_of_released_rows(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        assert cast.keeper.store.spent_count() == 12
        cast.enrol(range(12, 13))
        # One more waits: to count it would tell when somebody enrolled.
        assert cast.keeper.store.spent_count() == 12
        cast.release()
        assert cast.keeper.store.spent_count() == 13


def test_it_survives_a_new_start(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        name_attester(cast.keeper, KEY, "Works council", cast.now)
        take_attestation(cast.keeper, made(cast), cast.now)
        cast.reopen()
        assert cast.verdict().attestations[0].said.found == 13


def test_the_same_twice_is_refused(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        name_attester(cast.keeper, KEY, "Works council", cast.now)
        text = made(cast)
        take_attestation(cast.keeper, text, cast.now)
        with pytest.raises(Refused, match="attestation"):
            take_attestation(cast.keeper, text, cast.now)


def test_it_may_speak_again_later(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        name_attester(cast.keeper, KEY, "Works council", cast.now)
        for _ in range(2):
            take_attestation(cast.keeper, made(cast), cast.now)
        assert len(cast.verdict().attestations) == 2


def test_nobody_speaks_whom_the_organisers_have_not_named(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        with pytest.raises(Refused, match="key"):
            made(cast)
        name_attester(cast.keeper, KEY, "Works council", cast.now)
        text = made(cast)
    # Another record of the same name: its rolls differ, and the key is not named there.
    with cast_of(tmp_path / "other") as cast, pytest.raises(RuleBroken):
        take_attestation(cast.keeper, text, cast.now)


def test_the_operator_changes_no_number(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        name_attester(cast.keeper, KEY, "Works council", cast.now)
        text = made(cast).replace(b'\\"found\\":13', b'\\"found\\":14')
        with pytest.raises(SignatureInvalid):
            take_attestation(cast.keeper, text, cast.now)
        assert not cast.keeper.state.attestations


def test_only_an_attestation_with_its_own_words_is_taken(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        name_attester(cast.keeper, KEY, "Works council", cast.now)
        honest = make_attestation(cast.keeper.state, COUNCIL, FOUND)
        wrong: list[bytes] = [
            b"",
            b"{}",
            encode_submission(cast.row(12)),
            encode_submission(Submission(honest.leaf)),
            encode_submission(Submission(honest.leaf, (commit_line("method", "other words"),))),
        ]
        for text in wrong:
            with pytest.raises(RubanError):
                take_attestation(cast.keeper, text, cast.now)
        assert not cast.keeper.state.attestations


@pytest.mark.parametrize("name", ["", "two\nlines"])
def test_a_name_is_a_line(tmp_path: Path, name: str) -> None:
    with cast_of(tmp_path) as cast, pytest.raises(FormatError):
        name_attester(cast.keeper, KEY, name, cast.now)


def test_an_organisers_own_key_is_no_second_party(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast, pytest.raises(RuleBroken, match="key"):
        name_attester(cast.keeper, cast.keeper.state.opened.organisers[0], "Works council", cast.now)
