"""The nine steps: an honest record holds, each dishonest publisher is found out, with evidence, beside the others."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ruban.audit.verify import MAX_ENTRIES, MAX_FINDINGS, audit
from ruban.errors import CheckpointInvalid, FetchFailed, FormatError, Inconsistent, RubanError
from ruban.log.checkpoint import Checkpoint, sign_checkpoint
from ruban.log.merkle import leaf_hash, root_of
from ruban.log.tiles import bundles_of, encode_path, tiles_of
from ruban.primitives.ed25519 import public_key
from ruban.published import CHECKPOINT, SETTINGS, parse_settings
from ruban.record.canonical import encode
from ruban.record.entry import make_entry
from ruban.record.phase import Phase
from tests.audit.simulator import Publisher, busy, faults, verdict_of
from tests.scribe import LOG, RECEIPT, Scribe, letter_of_twelve

ENTRIES = "tile/entries/000.p/"


def test_an_honest_record_holds_and_says_what_it_is() -> None:
    scribe, letter = busy()
    verdict = verdict_of(scribe.publish(), origin=scribe.origin, log_key=public_key(LOG))
    assert verdict.holds
    assert (verdict.group, verdict.entries, verdict.proofs) == ("Atelier", len(scribe.leaves), 12 + 5 + 2)
    [view] = verdict.letters
    tally = view.tally
    assert (tally.signed, tally.enrolled, tally.entitled) == (4, 12, 30)
    assert (tally.named, tally.unnamed, tally.withdrawn, tally.erased) == (3, 1, 1, 1)
    assert (view.title, view.status, view.extended) == ("To the board", Phase.OPEN, True)
    assert view.names == ("Member 0", "Member 3")
    assert view.reasons == ("because",)
    assert (verdict.as_of, verdict.rehearsal, verdict.unknown) == (scribe.now, False, 0)
    assert view.letter_id == letter


def test_a_verdict_is_plain_json_and_the_same_each_time() -> None:
    scribe, _ = busy()
    texts = {json.dumps(verdict_of(scribe.publish()).as_json()) for _ in range(2)}
    assert len(texts) == 1
    assert json.loads(texts.pop())["holds"] is True


def test_an_open_letter_past_its_closing_is_closed_though_nobody_says_so() -> None:
    scribe, letter = letter_of_twelve()
    assert verdict_of(scribe.publish()).letters[0].status == "open"
    scribe.now = scribe.state.letters[letter].closing + 1
    scribe.enrol(1)
    assert verdict_of(scribe.publish()).letters[0].status == "closed"


@pytest.mark.parametrize(
    ("demand", "value"), [("origin", "localhost/other"), ("log_key", public_key(RECEIPT))], ids=["origin", "key"]
)
def test_another_log_than_the_one_demanded_is_not_audited(demand: str, value: Any) -> None:
    scribe, _ = letter_of_twelve()
    with pytest.raises(CheckpointInvalid):
        verdict_of(scribe.publish(), **{demand: value})


def _settings(scribe: Scribe, **changes: Any) -> bytes:
    return encode(json.loads(scribe.publish().files[SETTINGS]) | changes)


def test_settings_that_are_not_the_groups_are_found() -> None:
    scribe, _ = letter_of_twelve()
    files = scribe.publish().files | {SETTINGS: _settings(scribe, receipt_key="ab" * 32)}
    assert faults(verdict_of(Publisher(files))) == [(1, "CheckpointInvalid", SETTINGS)]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"log_key": public_key(RECEIPT).hex()}, CheckpointInvalid),
        ({"origin": "localhost/other"}, CheckpointInvalid),
        ({"format": 2}, FormatError),
        ({"more": 1}, FormatError),
    ],
)
def test_a_checkpoint_that_the_settings_do_not_explain_is_no_record(
    changes: dict[str, Any], error: type[RubanError]
) -> None:
    scribe, _ = letter_of_twelve()
    with pytest.raises(error):
        verdict_of(Publisher(scribe.publish().files | {SETTINGS: _settings(scribe, **changes)}))


def _signed(scribe: Scribe, size: int, root: bytes) -> bytes:
    return sign_checkpoint(Checkpoint(origin=scribe.origin, size=size, root=root), LOG)


def test_another_root_is_found_and_the_rest_is_counted() -> None:
    scribe, _ = busy()
    files = scribe.publish().files | {CHECKPOINT: _signed(scribe, len(scribe.leaves), bytes(32))}
    verdict = verdict_of(Publisher(files))
    assert faults(verdict) == [(2, "CheckpointInvalid", "root")]
    assert verdict.letters[0].tally.signed == 4


@pytest.mark.parametrize("size", [2**40, 2**62])
def test_a_signed_size_beyond_all_bounds_is_refused_at_once(size: int) -> None:
    scribe, _ = letter_of_twelve()
    with pytest.raises(FormatError, match=str(MAX_ENTRIES)):
        verdict_of(Publisher(scribe.publish().files | {CHECKPOINT: _signed(scribe, size, bytes(32))}))


def test_an_empty_record_is_no_record() -> None:
    scribe, _ = letter_of_twelve()
    files = {CHECKPOINT: _signed(scribe, 0, root_of([])), SETTINGS: scribe.publish().files[SETTINGS]}
    with pytest.raises(FormatError, match="entry 0"):
        verdict_of(Publisher(files))


@pytest.mark.parametrize("fault", ["missing", "changed", "short", "long"])
def test_each_file_of_the_log_is_read_and_compared(fault: str) -> None:
    scribe, _ = letter_of_twelve()
    files = scribe.publish().files
    for path in [path for path in files if path.startswith("tile/")]:
        data = files[path]
        dishonest = {
            "missing": {name: other for name, other in files.items() if name != path},
            "changed": files | {path: data[:-1] + bytes([data[-1] ^ 1])},
            "short": files | {path: data[:-1]},
            "long": files | {path: data + b"x"},
        }[fault]
        if path.startswith(ENTRIES) and fault != "changed":
            with pytest.raises(FormatError, match="entry 0"):
                verdict_of(Publisher(dishonest))
        else:
            assert 2 in {step for step, *_ in faults(verdict_of(Publisher(dishonest)))}


def _large() -> Scribe:
    """Three entry bundles: most entries are of an unknown kind."""
    scribe, letter = letter_of_twelve()
    for number in range(600):
        scribe.write({"kind": "remark", "n": number})
    scribe.batch(scribe.named(letter, 0))
    return scribe


def test_a_missing_entry_bundle_ends_the_record_there_as_a_finding() -> None:
    scribe = _large()
    files = scribe.publish().files
    assert verdict_of(Publisher(files)).holds
    del files["tile/entries/001"]
    verdict = verdict_of(Publisher(files))
    assert (2, "FetchFailed", "tile/entries/001") in faults(verdict)
    assert verdict.letters[0].tally.signed == 0


def test_a_record_that_ends_early_is_replayed_as_far_as_it_goes() -> None:
    scribe, letter = letter_of_twelve()
    honest = scribe.unnamed(letter, 0)
    scribe.batch(make_entry({**honest.data, "proof": honest.data["proof"][:-64] + "02" + "00" * 31}))
    for number in range(300):
        scribe.write({"kind": "remark", "n": number})
    files = scribe.publish().files
    del files[f"tile/entries/001.p/{len(scribe.leaves) - 256}"]
    found = faults(verdict_of(Publisher(files)))
    assert (7, "ProofInvalid", "proof") in found
    assert found[0][:2] == (2, "FetchFailed")


def test_tiles_of_a_larger_tree_are_compared_too() -> None:
    scribe = _large()
    files = scribe.publish().files
    for path in ("tile/0/000", "tile/0/001", "tile/1/000.p/2"):
        tampered = files | {path: bytes(len(files[path]))}
        assert faults(verdict_of(Publisher(tampered))) == [(2, "FormatError", path)]


def test_a_forked_record_is_inconsistent_with_a_checkpoint_seen_before_and_both_notes_are_evidence() -> None:
    scribe, letter = letter_of_twelve()
    earlier = scribe.checkpoint()
    scribe.batch(scribe.unnamed(letter, 0))
    assert verdict_of(scribe.publish(), earlier=earlier).holds
    other, letter = letter_of_twelve()
    other.batch(other.unnamed(letter, 0))
    verdict = verdict_of(other.publish(), earlier=earlier)
    assert faults(verdict) == [(3, Inconsistent.__name__, "checkpoint")]
    assert verdict.findings[0].evidence == f"{earlier.decode()}\n{other.checkpoint().decode()}"


def test_a_record_shorter_than_one_seen_before_is_found_but_is_no_fork() -> None:
    scribe, letter = letter_of_twelve()
    short = scribe.publish()
    scribe.batch(scribe.unnamed(letter, 0))
    verdict = verdict_of(short, earlier=scribe.checkpoint())
    assert faults(verdict) == [(3, "CheckpointInvalid", "checkpoint size")]


def test_an_earlier_checkpoint_by_another_key_is_the_readers_mistake() -> None:
    scribe, _ = letter_of_twelve()
    size, root = len(scribe.leaves), root_of([leaf_hash(leaf) for leaf in scribe.leaves])
    earlier = sign_checkpoint(Checkpoint(origin=scribe.origin, size=size, root=root), RECEIPT)
    with pytest.raises(CheckpointInvalid):
        verdict_of(scribe.publish(), earlier=earlier)


def test_an_entry_that_breaks_a_rule_is_a_finding_with_the_entry_as_evidence() -> None:
    scribe, letter = busy()
    scribe.batch(scribe.unnamed(letter, 2))
    verdict = verdict_of(scribe.publish())
    [finding] = verdict.findings
    assert (finding.step, finding.kind, finding.index) == (7, "signature", len(scribe.leaves) - 1)
    assert finding.evidence == scribe.leaves[-1].hex()
    assert finding.as_json()["error"] == "TagReused"


def test_findings_do_not_hide_one_another() -> None:
    """One of each step, all at once, and the tally of the rest."""
    scribe, letter = busy()
    scribe.write(b"no entry")
    entry = scribe.signed({"kind": "x"} | _change(scribe, letter)).data
    scribe.write({**entry, "at": scribe.now + 1})
    scribe.epoch()
    honest = scribe.unnamed(letter, 7)
    scribe.batch(make_entry({**honest.data, "proof": honest.data["proof"][:-64] + "02" + "00" * 31}))
    files = scribe.publish().files
    files[SETTINGS] = _settings(scribe, receipt_key="ab" * 32)
    files[f"tile/0/000.p/{len(scribe.leaves)}"] = b""
    files["payloads/000"] = b""
    verdict = verdict_of(Publisher(files), earlier=letter_of_twelve()[0].checkpoint())
    assert {step for step, *_ in faults(verdict)} == {1, 2, 3, 4, 5, 6, 7, 8}
    assert verdict.letters[0].tally.signed == 4


def _change(scribe: Scribe, letter: bytes) -> dict[str, Any]:
    return {
        "kind": "letter.changed",
        "v": 1,
        "letter": letter.hex(),
        "action": "close",
        "closing": scribe.now + 60,
        "reason": "ab" * 32,
        "at": scribe.now,
    }


def test_a_record_wrong_all_over_has_so_many_findings_and_a_number_for_the_rest() -> None:
    scribe, _ = letter_of_twelve()
    for _ in range(MAX_FINDINGS + 20):
        scribe.leaves.append(b"x")
    verdict = verdict_of(scribe.publish())
    assert len(verdict.findings) == MAX_FINDINGS
    assert verdict.findings_left_out == 20
    assert not verdict.holds


def test_openings_wrong_all_over_are_counted_too() -> None:
    scribe, _ = letter_of_twelve()
    verdict = verdict_of(Publisher(scribe.publish().files | {"payloads/000": b"\n" * (MAX_FINDINGS + 5)}))
    assert len(verdict.findings) == MAX_FINDINGS
    assert verdict.findings_left_out == 5 + 8


def test_more_rows_than_entitled_are_found() -> None:
    for electorate, wrong in ((12, []), (11, [(6, "RuleBroken", "roll.row")])):
        scribe = Scribe(electorate=electorate)
        scribe.open_group()
        scribe.enrol(12)
        assert faults(verdict_of(scribe.publish())) == wrong


def test_a_failing_proof_has_no_effect_and_a_later_honest_signature_with_its_tag_counts() -> None:
    scribe, letter = letter_of_twelve()
    honest = scribe.unnamed(letter, 0)
    scribe.batch(make_entry({**honest.data, "proof": honest.data["proof"][:-64] + "02" + "00" * 31}))
    scribe.batch(honest)
    verdict = verdict_of(scribe.publish())
    assert faults(verdict) == [(7, "ProofInvalid", "proof")]
    assert verdict.letters[0].tally.signed == 1


def test_rows_that_fail_take_their_epochs_letters_and_signatures_with_them_in_three_replays() -> None:
    """A chain made to be unravelled a link at a time: each letter's time hides the next bad row's batch."""
    scribe = Scribe(slots=8, electorate=100)
    scribe.open_group()
    scribe.enrol(12)
    start = scribe.now
    for _ in range(4):
        row = scribe.row(len(scribe.secrets))
        scribe.now = start
        scribe.batch({**row.data, "proof": row.data["proof"][:-64] + "02" + "00" * 31})
        scribe.epoch()
        scribe.now += 3600
        letter = scribe.open_letter()
        scribe.batch(scribe.unnamed(letter, 0))
    source = Publisher(scribe.publish().files)
    found = faults(verdict_of(source))
    assert found.count((6, "ProofInvalid", "proof")) == 4
    entries = next(path for path in source.readings if path.startswith(ENTRIES))
    assert source.readings[entries] <= 3


def test_a_record_that_changes_between_two_readings_is_not_judged() -> None:
    """Else proofs could be judged over one record and counted over another."""
    scribe, letter = letter_of_twelve()
    honest = scribe.unnamed(letter, 0)
    scribe.batch(make_entry({**honest.data, "proof": honest.data["proof"][:-64] + "02" + "00" * 31}))
    other, letter = letter_of_twelve()
    other.batch(other.unnamed(letter, 0))
    lies = other.publish().files

    def answers(path: str, reading: int, data: bytes) -> bytes:
        return lies[path] if path.startswith(ENTRIES) and reading > 1 else data

    with pytest.raises(FetchFailed, match="same bytes"):
        verdict_of(Publisher(scribe.publish().files, answers))


def test_a_record_that_grows_while_it_is_read_is_read_again() -> None:
    scribe, letter = letter_of_twelve()
    scribe.batch(scribe.unnamed(letter, 0))
    before = scribe.publish().files
    scribe.now += 60
    scribe.batch(scribe.step_forward(letter, 0))
    after = scribe.publish().files

    def answers(path: str, reading: int, data: bytes) -> bytes:
        return before[path] if path == CHECKPOINT and reading == 1 else data

    source = Publisher(before | after, answers)
    verdict = verdict_of(source)
    assert verdict.holds
    assert verdict.letters[0].tally.named == 1
    assert source.readings[CHECKPOINT] == 3


def test_a_record_that_never_rests_is_read_three_times() -> None:
    scribe, letter = letter_of_twelve()
    scribe.batch(scribe.unnamed(letter, 0), scribe.unnamed(letter, 0))
    other, _ = letter_of_twelve()
    notes = [scribe.checkpoint(), other.checkpoint()]
    source = Publisher(
        scribe.publish().files, lambda path, reading, data: notes[(reading + 1) % 2] if path == CHECKPOINT else data
    )
    assert faults(verdict_of(source)) == [(7, "TagReused", "tag")]
    assert source.readings[CHECKPOINT] == 5


def test_progress_is_told() -> None:
    scribe, _ = busy()
    told: list[tuple[str, int, int]] = []
    audit(scribe.publish(), progress=lambda what, done, total: told.append((what, done, total)))
    assert told == [("recount", len(scribe.leaves), len(scribe.leaves)), ("proofs", 19, 19)]


def test_the_files_of_the_scribe_are_those_of_the_log() -> None:
    scribe = _large()
    files = scribe.publish().files
    hashes = [leaf_hash(leaf) for leaf in scribe.leaves]
    paths = {encode_path(path) for path, _ in [*tiles_of(hashes), *bundles_of(scribe.leaves)]}
    assert paths == {path for path in files if path.startswith("tile/")}
    assert parse_settings(files[SETTINGS]).openings is None


def test_texts_erased_after_people_signed_are_counted_in_the_verdict() -> None:
    scribe, letter = letter_of_twelve()
    scribe.batch(scribe.unnamed(letter, 0))
    assert verdict_of(scribe.publish()).letters[0].erased_texts == 0
    text = scribe.state.letters[letter].texts[0]
    scribe.erase(text.title.hex(), text.demands[1].hex())
    verdict = verdict_of(scribe.publish())
    assert verdict.holds
    assert verdict.letters[0].erased_texts == 2
    assert verdict.letters[0].texts[0].demands[1] is None
