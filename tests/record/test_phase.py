"""How a letter stands for a reader, at any time before, during and after it."""

from __future__ import annotations

import pytest

from ruban.record.phase import Phase, letter_phase
from tests.scribe import NOON, Scribe, letter_of_twelve

HOUR = 3600


def _phase(scribe: Scribe, letter: bytes, now: int) -> Phase:
    return letter_phase(scribe.state, scribe.state.letters[letter], now)


@pytest.mark.parametrize(
    ("now", "phase"),
    [
        (NOON + 299, Phase.NOT_YET_OPEN),
        (NOON + 300, Phase.OPEN),
        (NOON + HOUR - 1, Phase.OPEN),
        (NOON + HOUR, Phase.CLOSED),
    ],
)
def test_a_letter_is_open_from_its_opening_until_its_closing(now: int, phase: Phase) -> None:
    scribe, _ = letter_of_twelve()
    letter = scribe.open_letter(opening=NOON + 300, unnamed_from=NOON + 300)
    assert _phase(scribe, letter, now) is phase
    assert phase.over is (phase is Phase.CLOSED)


def test_a_threshold_is_missed_only_once_the_record_has_passed_the_closing() -> None:
    scribe, _ = letter_of_twelve()
    letter = scribe.open_letter(threshold=1)
    assert _phase(scribe, letter, NOON + 2 * HOUR) is Phase.CLOSED
    scribe.now = NOON + HOUR + 1
    scribe.enrol(1)
    assert _phase(scribe, letter, scribe.now) is Phase.THRESHOLD_MISSED
    scribe.close(letter)
    assert _phase(scribe, letter, 0) is Phase.THRESHOLD_MISSED


def test_a_letter_whose_threshold_was_reached_is_closed() -> None:
    scribe, _ = letter_of_twelve()
    letter = scribe.open_letter(threshold=1)
    scribe.batch(scribe.unnamed(letter, 0))
    scribe.close(letter)
    assert _phase(scribe, letter, scribe.now) is Phase.CLOSED


def test_an_extended_letter_is_open_again_and_the_extension_stands_beside() -> None:
    scribe, letter = letter_of_twelve()
    scribe.change(letter, "extend", NOON + 2 * HOUR)
    assert _phase(scribe, letter, NOON + HOUR) is Phase.OPEN
    assert scribe.state.letters[letter].extended


def test_a_cancelled_or_superseded_letter_says_so_from_that_moment_on() -> None:
    scribe, letter = letter_of_twelve()
    other = scribe.open_letter()
    scribe.change(letter, "cancel", NOON + 1800)
    assert _phase(scribe, letter, NOON) is Phase.CANCELLED
    scribe.change(other, "supersede", NOON + 1800, by=letter.hex())
    scribe.close(other)
    assert _phase(scribe, other, NOON) is Phase.SUPERSEDED
