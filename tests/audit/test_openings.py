"""Step 8: each opening opens a commitment that somebody published, and none that is needed is missing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ruban.audit import openings
from ruban.published import MAX_OPENING_BYTES, SETTINGS
from ruban.record.canonical import encode
from ruban.record.commitment import Opening, claim_payload, encode_opening
from tests.audit.simulator import Publisher, busy, faults, verdict_of
from tests.scribe import Scribe, letter_of_twelve

PAYLOADS = "payloads/000"
MISSING = (8, "CommitmentInvalid", "opening")


def _lines(files: dict[str, bytes]) -> list[bytes]:
    return files[PAYLOADS].split(b"\n")[:-1]


def _with(scribe: Scribe, *more: Opening, without: bytes | None = None) -> Publisher:
    """The record with these openings in its only payloads file, in order."""
    files = scribe.publish().files
    lines = [line for line in _lines(files) if without is None or f'"c":"{without.hex()}"'.encode() not in line]
    lines += [encode_opening(opening) for opening in more]
    return Publisher(files | {PAYLOADS: b"".join(line + b"\n" for line in sorted(lines))})


def _claims(scribe: Scribe) -> list[bytes]:
    return [row.claim for row in scribe.state.roll.rows]


def test_each_opening_that_is_needed_is_missed() -> None:
    scribe, letter = busy()
    text = scribe.state.letters[letter].texts[0]
    group = scribe.state.opened
    needed = [
        *(group.title, group.electorate_source, *group.organiser_names),
        *(text.title, text.text, text.addressee, *text.demands),
        *(*scribe.state.letters[letter].reasons, _claims(scribe)[0], _claims(scribe)[3]),
    ]
    assert len(needed) == len(_lines(scribe.publish().files)) == 11
    for commitment in needed:
        verdict = verdict_of(_with(scribe, without=commitment))
        assert faults(verdict) == [MISSING]
        assert commitment.hex() in str(verdict.findings[0].error)
        assert verdict.findings[0].index == scribe.state.commitments[commitment]
        assert verdict.letters[0].tally.signed == 4


def test_an_opening_that_the_record_says_was_erased_is_not_missed() -> None:
    scribe, _ = busy()
    title = scribe.state.opened.title
    scribe.erase(title.hex())
    verdict = verdict_of(scribe.publish())
    assert verdict.holds
    assert verdict.group is None


def test_an_erased_opening_that_is_still_published_is_found_and_not_shown() -> None:
    scribe, _ = busy()
    erased = Opening(scribe.secrets[4].claim_salt, claim_payload("Member 4"))
    assert erased.commitment in scribe.state.erased
    verdict = verdict_of(_with(scribe, erased))
    assert faults(verdict) == [(8, "CommitmentInvalid", PAYLOADS)]
    assert "Member 4" not in verdict.letters[0].names
    assert "Member 4" not in str(verdict.as_json())


@pytest.mark.parametrize("member", [2, 7])
def test_the_name_of_a_row_that_gave_none_is_found_and_not_shown(member: int) -> None:
    """Of one who signed unnamed, and of one who did not sign: the operator would have to have kept the salt."""
    scribe, _ = busy()
    exposed = Opening(scribe.secrets[member].claim_salt, claim_payload(f"Member {member}"))
    verdict = verdict_of(_with(scribe, exposed))
    assert faults(verdict) == [(8, "CommitmentInvalid", PAYLOADS)]
    assert f"Member {member}" not in str(verdict.as_json())


def test_a_name_once_given_may_stay_after_a_withdrawal_and_need_not() -> None:
    scribe, letter = busy()
    scribe.now += 60
    scribe.batch(scribe.withdraw(letter, 3))
    given = Opening(scribe.secrets[3].claim_salt, claim_payload("Member 3"))
    assert given.commitment.hex().encode() not in scribe.publish().files[PAYLOADS]
    for source in (scribe.publish(), _with(scribe, given)):
        verdict = verdict_of(source)
        assert verdict.holds
        assert verdict.letters[0].names == ("Member 0",)


def test_a_name_that_does_not_open_its_rows_commitment_is_found_and_the_true_one_missed() -> None:
    scribe, _ = busy()
    false = Opening(scribe.secrets[3].claim_salt, claim_payload("Somebody Else"))
    verdict = verdict_of(_with(scribe, false, without=_claims(scribe)[3]))
    assert faults(verdict) == [(8, "CommitmentInvalid", PAYLOADS), MISSING]
    assert verdict.letters[0].names == ("Member 0",)
    forged = encode_opening(false).replace(false.commitment.hex().encode(), _claims(scribe)[3].hex().encode())
    files = _with(scribe, without=_claims(scribe)[3]).files
    lines = sorted([*_lines(files), forged])
    verdict = verdict_of(Publisher(files | {PAYLOADS: b"".join(line + b"\n" for line in lines)}))
    assert faults(verdict) == [MISSING, MISSING]
    assert "Somebody Else" not in str(verdict.as_json())


def _row_with_claim(payload: bytes, **row: Any) -> tuple[Scribe, bytes]:
    """A record in which member 12 signs by name with a claim that anybody may have written."""
    scribe = Scribe()
    scribe.open_group(roles=["Chef"] if row else [])
    for number in range(12):
        scribe.batch(scribe.row(number, **row))
    opening = Opening(bytes([9]) * 32, payload)
    scribe.batch(scribe.row(12, claim=opening.commitment.hex(), **row))
    scribe.epoch()
    letter = scribe.open_letter()
    scribe.batch(scribe.named(letter, 12, claim=opening.commitment.hex()))
    scribe.openings[opening.commitment] = opening
    return scribe, letter


@pytest.mark.parametrize("payload", [b"Member 12", b'{"name": "Member 12"}', b'{"name":"\x1b[2J"}', b'{"name":""}'])
def test_a_claim_of_another_form_gives_no_name(payload: bytes) -> None:
    scribe, _ = _row_with_claim(payload)
    verdict = verdict_of(scribe.publish())
    assert [(step, kind) for step, kind, _ in faults(verdict)] == [(8, "FormatError")]
    assert verdict.letters[0].names == ()
    assert verdict.letters[0].tally.named == 1


def test_a_claims_role_is_that_of_its_row() -> None:
    honest, _ = _row_with_claim(claim_payload("Zoë", "Chef"), role="Chef")
    assert verdict_of(honest.publish()).letters[0].names == ("Zoë",)
    for payload in (claim_payload("Zoë", "Serveuse"), claim_payload("Zoë")):
        scribe, _ = _row_with_claim(payload, role="Chef")
        assert faults(verdict_of(scribe.publish())) == [(8, "CommitmentInvalid", "claim role")]


@pytest.mark.parametrize("text", ["\x1b[2J710 of 770", "a\nb", "\u0085"])
def test_a_title_that_would_steer_a_terminal_is_found_and_not_shown(text: str) -> None:
    scribe = Scribe()
    scribe.open_group(title=scribe.opening(text))
    verdict = verdict_of(scribe.publish())
    assert faults(verdict) == [(8, "FormatError", "payload")]
    assert verdict.group is None


def test_a_letters_text_may_have_lines_and_its_title_may_not() -> None:
    for field, text, holds in (("text", "a\nb", True), ("title", "a\nb", False), ("text", "\x1b[2J", False)):
        scribe, _ = letter_of_twelve()
        words = {name: scribe.opening(name) for name in ("title", "text", "addressee")}
        words[field] = scribe.opening(text)
        scribe.open_letter(texts=[{"lang": "en", "demands": [scribe.opening("One")]} | words])
        assert verdict_of(scribe.publish()).holds is holds


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [lines[1], lines[0], *lines[2:]],
        lambda lines: [lines[0], *lines],
        lambda lines: [*lines, b""],
        lambda lines: [*lines[:-1], lines[-1] + b" "],
        lambda lines: [*lines, b"x" * (MAX_OPENING_BYTES + 1)],
        lambda lines: [*lines, encode_opening(Opening(bytes(32), b"of nothing"))],
    ],
    ids=["order", "twice", "empty", "space", "long", "unknown"],
)
def test_a_payloads_file_has_one_form(change: Any) -> None:
    scribe, _ = busy()
    files = scribe.publish().files
    changed = b"".join(line + b"\n" for line in change(_lines(files)))
    found = faults(verdict_of(Publisher(files | {PAYLOADS: changed})))
    assert found
    assert {step for step, *_ in found} == {8}


def test_a_payloads_file_ends_its_last_line() -> None:
    scribe, _ = busy()
    files = scribe.publish().files
    found = faults(verdict_of(Publisher(files | {PAYLOADS: files[PAYLOADS][:-1]})))
    assert found == [(8, "FormatError", PAYLOADS), MISSING]


def test_a_file_of_nothing_but_line_feeds_ends_after_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openings, "MAX_OPENINGS_COUNT", 50)
    scribe, _ = letter_of_twelve()
    verdict = verdict_of(Publisher(scribe.publish().files | {PAYLOADS: b"\n" * 100_000}))
    assert faults(verdict)[50] == (8, "FormatError", PAYLOADS)
    assert faults(verdict)[51] == MISSING


def test_an_opening_lies_beside_the_entry_that_bears_its_commitment_first() -> None:
    scribe, _ = letter_of_twelve()
    for number in range(300):
        scribe.write({"kind": "remark", "n": number})
    files = scribe.publish().files
    assert files["payloads/001"] == b""
    moved = files | {"payloads/001": files[PAYLOADS], PAYLOADS: b""}
    assert {step for step, *_ in faults(verdict_of(Publisher(moved)))} == {8}
    assert (8, "CommitmentInvalid", "payloads/001") in faults(verdict_of(Publisher(moved)))
    doubled = files | {"payloads/001": files[PAYLOADS]}
    assert faults(verdict_of(Publisher(doubled)))


def _two_letters() -> tuple[Scribe, bytes, bytes]:
    scribe, first = letter_of_twelve()
    second = scribe.open_letter()
    scribe.batch(scribe.named(first, 0), scribe.named(second, 1))
    return scribe, first, second


def test_a_bundle_of_one_letter_needs_and_shows_the_names_of_that_letter_only() -> None:
    scribe, first, _ = _two_letters()
    verdict = verdict_of(scribe.publish(first))
    assert verdict.holds
    assert [(view.texts_included, view.names, view.tally.signed) for view in verdict.letters] == [
        (True, ("Member 0",), 1),
        (False, (), 1),
    ]


def test_openings_of_a_letter_that_is_not_chosen_are_not_missed_and_those_of_the_chosen_are() -> None:
    scribe, first, second = _two_letters()
    files = scribe.publish(first).files
    other = files | {SETTINGS: scribe.publish(second).files[SETTINGS]}
    found = faults(verdict_of(Publisher(other)))
    assert found == [MISSING] * 6


def test_a_letter_of_no_record_cannot_be_chosen() -> None:
    scribe, _ = letter_of_twelve()
    settings = encode({**_json(scribe), "openings": ["ab" * 32]})
    assert faults(verdict_of(Publisher(scribe.publish().files | {SETTINGS: settings}))) == [
        (8, "FormatError", SETTINGS)
    ]


def _json(scribe: Scribe) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(scribe.publish().files[SETTINGS])
    return value


def _later() -> tuple[Scribe, bytes]:
    """Comments, one replaced and one struck with a name; news; a corrected electorate."""
    scribe, letter = busy()
    scribe.now += 60
    scribe.batch(scribe.comment(letter, 2, "Nobody was warned."), scribe.comment(letter, 3, "You liar!"))
    scribe.batch(scribe.comment(letter, 2, "Nobody was warned in time."))
    scribe.strike(letter, _claims(scribe)[3].hex(), _comment(scribe, letter, 3).hex())
    scribe.update(letter)
    scribe.correct(25)
    return scribe, letter


def _comment(scribe: Scribe, letter: bytes, member: int) -> bytes:
    recorded = scribe.state.letters[letter].signatures[scribe.slot_secret(letter, member).tag]
    return recorded.comment or b""


def test_the_verdict_says_what_was_hidden_told_commented_and_corrected() -> None:
    scribe, _ = _later()
    verdict = verdict_of(scribe.publish())
    assert verdict.holds
    [view] = verdict.letters
    assert (view.names, view.comments, view.tally.struck) == (("Member 0",), 1, 2)
    [strike], [update] = view.strikes, view.updates
    assert (strike.count, strike.reason) == (2, "an insult")
    assert [lang for lang, text in update.texts if text is not None and text.startswith("They have answered.")] == [
        "en"
    ]
    assert [(stated.entitled, stated.source) for stated in verdict.electorates] == [
        (30, "staff list"),
        (25, "staff list, corrected"),
    ]


def test_each_opening_of_what_came_later_is_missed() -> None:
    scribe, letter = _later()
    view = scribe.state.letters[letter]
    needed = [
        *(stated.source for stated in scribe.state.electorates),
        *(text.text for update in view.updates for text in update.texts),
        *(strike.reason for strike in view.strikes),
        _comment(scribe, letter, 2),
    ]
    assert len(needed) == 5
    for commitment in needed:
        assert faults(verdict_of(_with(scribe, without=commitment))) == [MISSING]


def test_what_was_struck_or_replaced_may_be_there_and_is_not_shown() -> None:
    scribe, letter = _later()
    [replaced] = scribe.state.letters[letter].old_comments
    for commitment in (replaced, _claims(scribe)[3], _comment(scribe, letter, 3)):
        verdict = verdict_of(_with(scribe, scribe.openings[commitment]))
        assert verdict.holds
        assert (verdict.letters[0].names, verdict.letters[0].comments) == (("Member 0",), 1)


@pytest.mark.parametrize("text", ["", " \n", "a" * 1001, "\x1b[2J"])
def test_a_comment_of_another_form_is_found(text: str) -> None:
    scribe, letter = letter_of_twelve()
    scribe.batch(scribe.unnamed(letter, 0))
    scribe.batch(scribe.comment(letter, 0, text))
    assert faults(verdict_of(scribe.publish())) == [(8, "FormatError", "payload")]


@pytest.mark.parametrize(("text", "holds"), [("a\n" * 4096, True), ("a\n" * 4096 + "a", False), ("\x1b[2J", False)])
def test_an_update_has_lines_and_at_most_8_kib(text: str, holds: bool) -> None:
    scribe, letter = letter_of_twelve()
    scribe.update(letter, texts=[{"lang": "en", "text": scribe.opening(text)}])
    assert verdict_of(scribe.publish()).holds is holds


def test_a_reason_of_a_strike_is_a_line() -> None:
    scribe, letter = letter_of_twelve()
    scribe.batch(scribe.named(letter, 0))
    scribe.strike(letter, _claims(scribe)[0].hex(), reason=scribe.opening("a\nb"))
    assert faults(verdict_of(scribe.publish())) == [(8, "FormatError", "payload")]
