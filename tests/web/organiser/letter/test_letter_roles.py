"""Letters that may be signed by role: offered where the group has roles, frozen, and shown to readers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ruban.record.member import sign_by_name, sign_unnamed
from ruban.service.submit import submit
from ruban.web.letters.models import LetterPage
from tests.service.cast import Cast, cast_of
from tests.web.organiser.letter.typed import LETTERS, opened, saved, typed

FILE = b"""---
opening: now
closing: 5 days after opening
language: en
title: To the board
addressee: The board
ways: [name, unnamed, role]
demands: [One]
---

We ask you.
"""


@pytest.fixture
def cast(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Cast]:
    """Ten with either role, all enrolled."""
    roles = getattr(request, "param", ("Engineering", "R&D <x>"))
    with cast_of(tmp_path, entitled=20, enrolled=20, window=0, roles=roles) as made:
        yield made


without_roles = pytest.mark.parametrize("cast", [()], indirect=True)


def test_the_form_offers_it_and_says_what_it_costs(organiser: Client) -> None:
    form = organiser.get(f"{LETTERS}new/").content.decode()
    assert 'name="way-role"' in form
    assert "hides less well" in form
    assert "R&amp;D &lt;x&gt;" in form
    assert 'name="way-role" checked' not in form


@without_roles
def test_a_group_without_roles_is_not_offered_it(organiser: Client) -> None:
    assert "way-role" not in organiser.get(f"{LETTERS}new/").content.decode()


def test_it_is_frozen_with_the_letter(organiser: Client, cast: Cast) -> None:
    page = saved(organiser, **{"way-role": "on"})
    seen = organiser.get(f"{LETTERS}{page.token}/open/").content.decode()
    assert "also as one of those with their role" in seen
    opened(organiser, **{"way-role": "on"})
    [letter] = cast.keeper.state.letters.values()
    assert letter.selectors == ("all", "role:Engineering", "role:R&D <x>")
    assert letter.ways == ("name", "unnamed")


def test_a_letter_that_does_not_ask_for_it_is_signed_as_one_of_all(organiser: Client, cast: Cast) -> None:
    opened(organiser)
    assert next(iter(cast.keeper.state.letters.values())).selectors == ("all",)


def test_by_role_alone_is_refused_beside_the_field(organiser: Client) -> None:
    fields = {name: text for name, text in typed(**{"way-role": "on"}).items() if name != "way-unnamed"}
    answer = organiser.post(f"{LETTERS}new/", fields)
    assert answer.status_code == 400
    assert "signs without their name: allow that too" in answer.content.decode()


def test_a_letter_file_may_ask_for_it(organiser: Client) -> None:
    answer = organiser.post(f"{LETTERS}load/", {"letter": SimpleUploadedFile("letter.md", FILE)})
    assert answer.status_code == 302
    assert LetterPage.objects.get().draft["ways"] == ["name", "unnamed", "role"]  # type: ignore[index]


@without_roles
def test_a_letter_file_that_asks_for_it_in_a_group_without_roles_cannot_be_opened(organiser: Client) -> None:
    organiser.post(f"{LETTERS}load/", {"letter": SimpleUploadedFile("letter.md", FILE)})
    page = LetterPage.objects.get()
    assert "This group publishes no roles" in organiser.get(f"{LETTERS}{page.token}/open/").content.decode()


def test_a_file_with_role_and_without_unnamed_says_the_line(organiser: Client) -> None:
    file = FILE.replace(b"[name, unnamed, role]", b"[name, role]")
    answer = organiser.post(f"{LETTERS}load/", {"letter": SimpleUploadedFile("letter.md", file)})
    assert answer.status_code == 400
    assert "line 7" in answer.content.decode()


def test_readers_see_the_count_by_role(organiser: Client, client: Client, cast: Cast) -> None:
    page = opened(organiser, **{"way-role": "on"})
    [letter] = cast.keeper.state.letters.values()
    state = cast.keeper.state
    submit(cast.keeper, sign_unnamed(state, letter, cast.secrets[0], by_role=True), cast.now)
    submit(cast.keeper, sign_by_name(state, letter, cast.secrets[1], cast.name(1), "R&D <x>"), cast.now)
    cast.release()
    said = client.get(f"/cast/en/letters/{page.token}/").content.decode()
    assert "of them, as one of the 10 in Engineering" in said
    assert "<bdi>R&amp;D &lt;x&gt;</bdi>" in said
    counted = client.get(f"/cast/count/{page.letter_id}").json()["by_role"]
    assert counted == [
        {"role": "Engineering", "ring": 10, "named": 0, "unnamed": 1},
        {"role": "R&D <x>", "ring": 10, "named": 1, "unnamed": 0},
    ]
