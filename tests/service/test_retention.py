"""A letter keeps names and comments as long as it said, and not a day longer; the count stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from ruban.record.entry import parse_entry
from ruban.record.member import comment
from ruban.record.state import Letter
from ruban.service.open_group import open_keeper
from ruban.service.strike import strike
from ruban.service.submit import submit
from tests.service.cast import DAY, Cast, cast_of
from tests.service.test_adopt import sign
from tests.service.test_erase import mentions


def signed(cast: Cast, member: int, retention_days: int | None) -> Letter:
    """A letter of a day, signed by name and with a comment, closed."""
    letter = cast.open_letter(DAY, retention_days=retention_days)
    sign(cast, member, by_name=True)
    cast.release()
    submit(cast.keeper, comment(cast.keeper.state, letter, cast.secrets[member], "I was there."), cast.now)
    cast.release()
    cast.now = letter.closing + 1
    cast.release()
    assert letter.closed
    return letter


def shown(cast: Cast) -> list[tuple[str, ...]]:
    verdict = cast.verdict()
    assert verdict.holds
    return [letter.names for letter in verdict.letters]


def test_names_and_comments_go_on_their_day(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = signed(cast, 3, 30)
        assert letter.kept_until == letter.closing + 30 * DAY
        cast.now = letter.kept_until - 1
        cast.release()
        assert shown(cast) == [("Member 3",)]
        size = cast.keeper.state.size
        cast.now += 1
        cast.release()
        assert shown(cast) == [()]
        assert cast.verdict().letters[0].tally.named == 1
        [entry] = [parse_entry(leaf) for leaf in cast.keeper.store.entries(size)]
        assert (entry.kind, entry.data["reason"], len(entry.data["commitments"])) == ("erasure", "retention", 2)
        # Once, here and after a new start.
        cast.release()
        cast.reopen()
        cast.release()
        assert cast.keeper.state.size == size + 1
        cast.keeper.close()
        assert mentions(cast.folder, b"Member 3", b"I was there.") == []
        cast.keeper = open_keeper(cast.folder)


def test_a_letter_without_an_end_keeps_them(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = signed(cast, 3, None)
        cast.now = letter.closing + 5000 * DAY
        cast.release()
        assert shown(cast) == [("Member 3",)]


@pytest.mark.parametrize("other", [None, 60])
def test_a_name_stays_as_long_as_another_letter_keeps_it(tmp_path: Path, other: int | None) -> None:
    with cast_of(tmp_path, window=0) as cast:
        first = signed(cast, 3, 30)
        second = signed(cast, 3, other)
        cast.now = first.closing + 40 * DAY
        cast.release()
        assert shown(cast) == [("Member 3",), ("Member 3",)]
        # The comment was the first letter's alone.
        assert cast.keeper.store.opening(comment_of(first)) is None
        assert cast.keeper.store.opening(comment_of(second)) is not None
        cast.now = second.closing + 60 * DAY
        cast.release()
        assert shown(cast) == ([("Member 3",), ("Member 3",)] if other is None else [(), ()])


def test_a_name_that_was_hidden_is_not_erased_again(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = signed(cast, 3, 30)
        strike_all(cast, letter)
        size = cast.keeper.state.size
        cast.now = (letter.kept_until or 0) + 1
        cast.release()
        assert cast.keeper.state.size == size


def comment_of(letter: Letter) -> bytes:
    [recorded] = letter.signatures.values()
    assert recorded.comment is not None
    return recorded.comment


def strike_all(cast: Cast, letter: Letter) -> None:
    strike(cast.keeper, letter, sorted(cast.keeper.state.given(letter, withdrawn=False)), "an insult", cast.now)
