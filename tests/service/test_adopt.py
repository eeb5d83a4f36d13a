"""A record that is older than what was signed takes entries in, signs nothing, and comes back from a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ruban.audit.contents import leaves_of, openings_of
from ruban.errors import CheckpointInvalid, Inconsistent, Refused, RuleBroken, StoreError, StoreFrozen, TagReused
from ruban.log.merkle import leaf_hash
from ruban.primitives.ed25519 import public_key
from ruban.record.entry import parse_entry
from ruban.record.member import sign_by_name, sign_unnamed
from ruban.record.state import Letter
from ruban.record.submission import Submission
from ruban.service.adopt import Copy, adopt
from ruban.service.enrol import Enrolment, enrol
from ruban.service.freeze import compare_with
from ruban.service.open_group import open_keeper, open_to_adopt
from ruban.service.publish import publish
from ruban.service.release import release
from ruban.service.submit import submit
from ruban.store.high_water import FILE
from tests.service.cast import Cast, cast_of
from tests.service.test_high_water import copy_of, put_back


def copy_from(cast: Cast) -> Copy:
    """What somebody has who has downloaded the record just now."""
    keeper, source = cast.keeper, publish(cast.keeper)
    size = keeper.tree.size
    origin = keeper.state.opened.origin
    return Copy(origin, list(leaves_of(source, size)), keeper.store.head().note, list(openings_of(source, size)))


def the_letter(cast: Cast) -> Letter:
    *_, letter = cast.keeper.state.letters.values()
    return letter


def sign(cast: Cast, member: int, *, by_name: bool = False) -> bytes:
    """Hand in a signature; its leaf."""
    state, letter, secret = cast.keeper.state, the_letter(cast), cast.secrets[member]
    made = sign_by_name(state, letter, secret, cast.name(member)) if by_name else sign_unnamed(state, letter, secret)
    submit(cast.keeper, made, cast.now)
    return made.leaf


def lost(cast: Cast, old: Path) -> Copy:
    """A letter and a copy of it all; then signatures and a row, published; then the old copy is put back."""
    cast.open_letter()
    copy_of(cast, old)
    for member in range(6):
        sign(cast, member)
    sign(cast, 6, by_name=True)
    enrol(cast.keeper, Enrolment(cast.invited[12].code, cast.row(12)), cast.now)
    cast.release()
    published = copy_from(cast)
    cast.keeper.close()
    put_back(cast, old)
    cast.keeper = open_keeper(cast.folder)
    return published


def test_a_frozen_record_takes_entries_in_and_comes_back_with_all_of_them(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        published = lost(cast, tmp_path / "old")
        cast.now += 60
        leaf = sign(cast, 7, by_name=True)
        with pytest.raises(StoreFrozen) as caught:
            release(cast.keeper, cast.now + 900)
        assert "ruban log adopt" in str(caught.value.hint)
        cast.reopen()
        assert cast.keeper.store.pending() == [leaf]
        adopted = adopt(cast.keeper, published)
        assert (adopted.entries, adopted.rows, adopted.waiting, adopted.frozen) == (9, 1, 1, False)
        assert cast.keeper.store.head().note == published.note
        cast.release()
        verdict = cast.verdict()
        assert verdict.holds
        [letter] = verdict.letters
        assert (letter.tally.unnamed, letter.tally.named, letter.tally.enrolled) == (6, 2, 13)
        assert set(letter.names) == {cast.name(6), cast.name(7)}
        cast.reopen()
        assert cast.keeper.frozen is None


def test_a_second_signature_of_somebody_whose_first_stands_in_the_copy_waits_on_and_counts_for_nothing(
    tmp_path: Path,
) -> None:
    with cast_of(tmp_path) as cast:
        published = lost(cast, tmp_path / "old")
        # Here nobody knows of the first.
        second = sign(cast, 6, by_name=True)
        assert second not in published.leaves
        assert adopt(cast.keeper, published).waiting == 1
        cast.release()
        verdict = cast.verdict()
        assert verdict.holds
        assert verdict.letters[0].tally.named == 1
        assert cast.keeper.store.pending() == [second]


def test_what_waits_here_and_stands_in_the_copy_is_recorded_once(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        cast.open_letter()
        leaf = sign(cast, 6, by_name=True)
        copy_of(cast, tmp_path / "old")
        cast.release()
        published = copy_from(cast)
        cast.keeper.close()
        put_back(cast, tmp_path / "old")
        cast.keeper = open_keeper(cast.folder)
        assert cast.keeper.store.pending() == [leaf]
        assert adopt(cast.keeper, published).waiting == 0
        assert cast.verdict().letters[0].tally.named == 1


def test_what_was_adopted_cannot_be_taken_a_second_time(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        published = lost(cast, tmp_path / "old")
        adopt(cast.keeper, published)
        with pytest.raises(TagReused):
            sign(cast, 3)
        with pytest.raises(RuleBroken, match="stubs"):
            enrol(cast.keeper, Enrolment(cast.invited[13].code, other_row(cast, 13, of=12)), cast.now)


def other_row(cast: Cast, member: int, of: int) -> Submission:
    """The row of one member's secret under the name of another, as a device would send it with another code."""
    cast.secrets[member] = cast.secrets[of]
    return cast.row(member)


def test_a_record_of_which_only_the_keys_are_left_comes_back(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        published = lost(cast, tmp_path / "old")
        cast.keeper.close()
        for name in ("log.db", "openings.db", "desk.db"):
            for path in cast.folder.glob(f"{name}*"):
                path.unlink()
        with pytest.raises(StoreError):
            open_keeper(cast.folder)
        cast.keeper = open_to_adopt(cast.folder)
        adopted = adopt(cast.keeper, published)
        assert adopted.entries == len(published.leaves)
        cast.reopen()
        assert cast.verdict().holds
        sign(cast, 8, by_name=True)
        cast.release()
        assert cast.verdict().letters[0].tally.named == 2


def test_a_copy_that_went_another_way_is_refused_with_both_checkpoints(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        copy_of(cast, tmp_path / "old")
        cast.open_letter()
        other = Cast(tmp_path / "old", open_keeper(tmp_path / "old"), now=cast.now)
        for _ in range(2):
            other.open_letter()
        published = copy_from(other)
        other.keeper.close()
        with pytest.raises(Inconsistent) as caught:
            adopt(cast.keeper, published)
        assert published.note.decode() in str(caught.value.evidence)
        compare_with(cast.keeper, published.note, "elsewhere")
        assert cast.keeper.frozen is not None
        with pytest.raises(StoreFrozen):
            cast.open_letter()


def test_a_copy_with_nothing_more_or_of_another_group_is_refused(tmp_path: Path) -> None:
    with cast_of(tmp_path / "one") as cast, cast_of(tmp_path / "two") as stranger:
        with pytest.raises(Refused):
            adopt(cast.keeper, copy_from(cast))
        stranger.open_letter()
        with pytest.raises(CheckpointInvalid):
            adopt(cast.keeper, copy_from(stranger))
        with pytest.raises(CheckpointInvalid):
            compare_with(cast.keeper, stranger.keeper.store.head().note, "elsewhere")
        assert cast.keeper.frozen is None


def test_entries_that_the_checkpoint_does_not_sign_are_refused(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        published = lost(cast, tmp_path / "old")
        size = cast.keeper.tree.size
        short = Copy(published.origin, published.leaves[:-1], published.note, published.openings)
        with pytest.raises(CheckpointInvalid):
            adopt(cast.keeper, short)
        assert cast.keeper.tree.size == cast.keeper.store.head().size == size
        assert public_key(cast.keeper.keys.log_seed) == cast.keeper.state.opened.log_key


def test_whoever_knows_more_is_remembered_beside_the_keys(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        published = lost(cast, tmp_path / "old")
        cast.keeper.close()
        # The mark went back with the keys, as in a copy of the whole folder.
        shutil.copy(tmp_path / "old" / "keys" / FILE, cast.folder / "keys" / FILE)
        cast.keeper = open_keeper(cast.folder)
        assert cast.keeper.frozen is None
        compare_with(cast.keeper, published.note, "https://mirror.example")
        assert cast.keeper.frozen is not None
        assert cast.keeper.frozen.where == "https://mirror.example"
        cast.reopen()
        assert cast.keeper.frozen is not None


def test_texts_of_what_is_missing_are_kept_while_the_record_is_frozen(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        cast.open_letter()
        copy_of(cast, tmp_path / "old")
        leaf = sign(cast, 6, by_name=True)
        cast.release()
        claim = parse_entry(leaf).bytes_of("claim")
        cast.keeper.close()
        # Only the log is an old one; the texts beside it are those of now.
        shutil.copy(tmp_path / "old" / "log.db", cast.folder / "log.db")
        cast.keeper = open_keeper(cast.folder)
        assert cast.keeper.store.index_of(leaf_hash(leaf)) is None
        assert cast.keeper.store.opening(claim) is not None
