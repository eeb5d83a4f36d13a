"""News of a letter stand in the record with their time, in each language, and in what is published."""

from __future__ import annotations

from pathlib import Path

import pytest

from ruban.errors import FormatError, RubanError
from ruban.service.publish_update import publish_update
from tests.service.cast import cast_of


def test_news_are_in_the_verdict_with_their_time_and_survive_a_restart(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        letter = cast.open_letter()
        publish_update(cast.keeper, letter, {"en": "They answered.\n", "fr": "Ils ont répondu."}, cast.now + 60)
        cast.reopen()
        verdict = cast.verdict()
        assert verdict.holds
        [update] = verdict.letters[0].updates
        assert update.at == cast.now + 60
        assert update.texts == (("en", "They answered."), ("fr", "Ils ont répondu."))


def test_news_come_after_the_closing_too(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = cast.open_letter()
        cast.now = letter.closing + 60
        publish_update(cast.keeper, letter, {"en": "The director is back."}, cast.now)
        assert letter.closed
        assert cast.verdict().holds


@pytest.mark.parametrize("texts", [{}, {"en": " \n"}, {"en": "a" * 8193}, {"en": "\x1b[2J"}, {"English": "News."}])
def test_what_is_no_news_changes_nothing(tmp_path: Path, texts: dict[str, str]) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = cast.open_letter()
        size = cast.keeper.state.size
        with pytest.raises(FormatError):
            publish_update(cast.keeper, letter, texts, cast.now)
        assert cast.keeper.state.size == size


def test_a_clock_that_went_back_does_not_date_news_before_the_record(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = cast.open_letter()
        try:
            publish_update(cast.keeper, letter, {"en": "News."}, cast.now - 3600)
        except RubanError as error:
            pytest.fail(str(error))
        assert letter.updates[0].at == cast.keeper.state.clock
