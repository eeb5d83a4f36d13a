"""The names of a letter as a table."""

from __future__ import annotations

from django.test import Client

from tests.service.cast import Cast
from tests.web.organiser.letter.signed import signed
from tests.web.organiser.letter.typed import LETTERS


def test_it_holds_the_names_that_readers_see(organiser: Client, cast: Cast) -> None:
    answer = organiser.get(f"{LETTERS}{signed(cast).token}/names.csv")
    assert answer.content.decode("utf-8-sig").splitlines() == ["name,role", "Member 2,", "Member 3,"]
