"""Releases tell as little as they can; and a letter ends with all that was acknowledged."""

from __future__ import annotations

from pathlib import Path

import pytest

from ruban.record.entry import parse_entry
from ruban.record.member import sign_by_name, sign_unnamed, withdraw
from ruban.service.keeper import Keeper
from ruban.service.release import release
from ruban.service.submit import submit, submit_many
from tests.service.cast import DAY, Cast, cast_of


def _sign_unnamed(cast: Cast, letter: object, members: range) -> None:
    state = cast.keeper.state
    [it] = state.letters.values()
    submit_many(cast.keeper, [sign_unnamed(state, it, cast.secrets[member]) for member in members], cast.now)


def test_unnamed_signatures_wait_for_company(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        letter = cast.open_letter()
        _sign_unnamed(cast, letter, range(4))
        cast.release()
        assert letter.unnamed == 0
        _sign_unnamed(cast, letter, range(4, 5))
        cast.release()
        assert letter.unnamed == 5
        assert cast.verdict().holds


def test_a_lone_signature_waits_a_day_and_no_longer(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        letter = cast.open_letter()
        _sign_unnamed(cast, letter, range(1))
        begun = cast.now
        while letter.unnamed == 0:
            assert cast.now <= begun + DAY
            cast.release()
        assert cast.now == begun + DAY
        assert cast.verdict().holds


def test_a_restart_does_not_make_it_wait_again(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        letter = cast.open_letter()
        _sign_unnamed(cast, letter, range(1))
        cast.release()
        cast.reopen()
        cast.now += DAY - 2 * cast.window
        cast.release()
        [letter] = cast.keeper.state.letters.values()
        assert letter.unnamed == 1


def test_one_batch_a_window(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        letter = cast.open_letter()
        state = cast.keeper.state
        submit(cast.keeper, sign_by_name(state, letter, cast.secrets[0], cast.name(0)), cast.now)
        cast.release()
        assert letter.named == 1
        submit(cast.keeper, sign_by_name(state, letter, cast.secrets[1], cast.name(1)), cast.now + 1)
        release(cast.keeper, cast.now + 2)
        assert letter.named == 1
        cast.release()
        assert letter.named == 2


def test_batches_are_shuffled(tmp_path: Path) -> None:
    with cast_of(tmp_path, entitled=40, enrolled=0) as cast:
        cast.enrol(range(40))
        arrived = [cast.secrets[member].row_key.hex() for member in range(40)]
        cast.release()
        released = [row.key.hex() for row in cast.keeper.state.roll.rows]
        assert sorted(released) == sorted(arrived)
        assert released != arrived


def test_all_that_was_acknowledged_is_in_the_record_before_the_letter_closes(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        letter = cast.open_letter(seconds=4 * DAY)
        cast.now = letter.closing - 1
        _sign_unnamed(cast, letter, range(3))
        # The server was down over the closing.
        cast.reopen()
        cast.now = letter.closing + 3 * cast.window + 7
        release(cast.keeper, cast.now)
        [letter] = cast.keeper.state.letters.values()
        assert letter.closed
        assert letter.unnamed == 3
        assert letter.series[-1].time == letter.closing
        kinds = [parse_entry(leaf).kind for leaf in cast.keeper.store.entries()]
        assert kinds[-1] == "letter.closed"
        assert cast.verdict().holds


def test_two_letters_that_close_together_both_close_with_all_they_have(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        letters = [cast.open_letter(seconds=4 * DAY), cast.open_letter(seconds=4 * DAY)]
        cast.now = letters[0].closing - 1
        for letter in letters:
            submit(cast.keeper, sign_unnamed(cast.keeper.state, letter, cast.secrets[0]), cast.now)
        cast.now += 1
        release(cast.keeper, cast.now)
        assert [(letter.closed, letter.signed) for letter in letters] == [(True, 1), (True, 1)]
        assert cast.verdict().holds


def test_a_withdrawal_in_its_own_window_is_taken(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        letter = cast.open_letter()
        state = cast.keeper.state
        submit(cast.keeper, sign_by_name(state, letter, cast.secrets[0], cast.name(0)), cast.now)
        cast.release()
        submit(cast.keeper, withdraw(state, letter, cast.secrets[0]), cast.now)
        cast.release()
        assert (letter.named, letter.withdrawn) == (0, 1)
        assert cast.verdict().holds


def test_a_clock_that_goes_back_writes_no_earlier_time(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = cast.open_letter()
        submit(cast.keeper, sign_by_name(cast.keeper.state, letter, cast.secrets[0], cast.name(0)), cast.now)
        release(cast.keeper, cast.now - 5 * DAY)
        assert letter.named == 1
        assert cast.verdict().holds


def test_a_process_killed_between_batch_and_closing_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cast_of(tmp_path) as cast:
        letter = cast.open_letter(seconds=4 * DAY)
        _sign_unnamed(cast, letter, range(2))

        def killed(*args: object, **kwargs: object) -> None:
            raise KeyboardInterrupt

        cast.now = letter.closing
        with monkeypatch.context() as patched:
            patched.setattr(Keeper, "append_entry", killed)
            with pytest.raises(KeyboardInterrupt):
                release(cast.keeper, cast.now)
        assert not letter.closed
        cast.reopen()
        release(cast.keeper, cast.now + 60)
        [letter] = cast.keeper.state.letters.values()
        assert letter.closed
        assert letter.unnamed == 2
        assert cast.verdict().holds
