"""Several processes on one record in PostgreSQL: each acts on what the others wrote, and nothing is lost."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from ruban.audit.verify import audit
from ruban.errors import FormatError, InvitationSpent, LetterClosed, StoreError, TagReused
from ruban.log.merkle import leaf_hash
from ruban.proof import MemberSecret, verify_batch
from ruban.record.member import sign_by_name, sign_unnamed
from ruban.service import intake
from ruban.service.change_letter import change_letter
from ruban.service.enrol import Enrolment, enrol
from ruban.service.keeper import Keeper
from ruban.service.open_group import NewGroup, open_group, open_keeper
from ruban.service.publish import publish
from ruban.service.release import release
from ruban.service.submit import submit
from ruban.store.place import DATABASE_FILE, Database
from tests.postgres_server import Postgres
from tests.service.cast import Cast, cast_of


@pytest.fixture
def database(postgres: Postgres) -> Database:
    return Database(postgres.address, f"t_{secrets.token_hex(8)}")


@pytest.fixture
def cast(tmp_path: Path, database: Database) -> Iterator[Cast]:
    with cast_of(tmp_path, database=database) as made:
        yield made


@pytest.fixture
def other(cast: Cast) -> Iterator[Keeper]:
    """The keeper of a second process."""
    keeper = open_keeper(cast.folder)
    yield keeper
    keeper.close()


def test_what_one_opens_the_other_takes_signatures_for_and_either_releases(cast: Cast, other: Keeper) -> None:
    letter = cast.open_letter()
    for number in range(6):
        keeper = (cast.keeper, other)[number % 2]
        submit(keeper, sign_unnamed(cast.keeper.state, letter, cast.secrets[number]), cast.now + 60)
    submit(other, sign_by_name(cast.keeper.state, letter, cast.secrets[7], cast.name(7)), cast.now + 60)
    cast.now += cast.window
    released = [release(keeper, cast.now).entries for keeper in (other, cast.keeper)]
    assert released[0] >= 7
    assert released[1] == 0
    assert cast.keeper.state.size == other.state.size
    verdict = cast.verdict()
    assert (verdict.letters[0].tally.unnamed, verdict.letters[0].tally.named) == (6, 1)
    assert audit(publish(other))[0].as_json()["letters"] == verdict.as_json()["letters"]


def test_a_tag_and_a_code_are_used_once_whichever_process_is_asked(cast: Cast, other: Keeper) -> None:
    letter = cast.open_letter()
    submit(cast.keeper, sign_unnamed(cast.keeper.state, letter, cast.secrets[0]), cast.now)
    with pytest.raises(TagReused):
        submit(other, sign_by_name(cast.keeper.state, letter, cast.secrets[0], cast.name(0)), cast.now)
    enrol(cast.keeper, cast.enrolment(12), cast.now)
    cast.secrets[12] = MemberSecret.fresh(cast.keeper.state.opened.roll_id)
    with pytest.raises(InvitationSpent):
        enrol(other, Enrolment(cast.invited[12].code, cast.row(12)), cast.now)


def test_a_letter_that_another_process_closes_in_between_takes_nothing(
    cast: Cast, other: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = cast.open_letter()
    late = sign_unnamed(cast.keeper.state, letter, cast.secrets[0])

    def closed_meanwhile(claims: object) -> None:
        if not other.state.letters[letter.letter_id].closed:
            change_letter(other, other.state.letters[letter.letter_id], "close", "The board has answered.", cast.now)
        verify_batch(claims)  # type: ignore[arg-type]  # handed on as it came

    other.catch_up()
    monkeypatch.setattr(intake, "verify_batch", closed_meanwhile)
    with pytest.raises(LetterClosed):
        submit(cast.keeper, late, cast.now)
    assert cast.keeper.store.promise(leaf_hash(late.leaf)) is None
    assert cast.keeper.store.pending() == []


def test_a_release_of_another_process_in_between_only_asks_the_rules_again(
    cast: Cast, other: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = cast.open_letter()
    submission = sign_unnamed(cast.keeper.state, letter, cast.secrets[0])
    released: list[int] = []

    def released_meanwhile(claims: object) -> None:
        if not released:
            released.append(cast.now)
            submit(other, sign_by_name(other.state, letter, cast.secrets[1], cast.name(1)), cast.now)
            cast.now += cast.window
            release(other, cast.now)
        verify_batch(claims)  # type: ignore[arg-type]  # handed on as it came

    other.catch_up()
    monkeypatch.setattr(intake, "verify_batch", released_meanwhile)
    before = other.state.size
    assert not submit(cast.keeper, submission, cast.now).recorded
    assert other.state.size > before
    assert cast.keeper.store.promise(leaf_hash(submission.leaf)) is not None


def test_the_folder_names_the_database_for_its_owner_alone(cast: Cast, database: Database) -> None:
    path = cast.folder / DATABASE_FILE
    assert path.stat().st_mode & 0o777 == 0o600
    assert not (cast.folder / "log.db").exists()
    assert not (cast.folder / "desk.db").exists()
    assert database.address not in repr(database)
    path.write_text("{}")
    with pytest.raises(FormatError, match=DATABASE_FILE):
        open_keeper(cast.folder)


def test_no_second_group_is_begun_over_one(cast: Cast, tmp_path: Path, database: Database) -> None:
    group = NewGroup(
        origin="letters.example/other",
        title="Other",
        organisers=("Eve",),
        electorate=12,
        electorate_date="2026-11-01",
        electorate_source="staff list",
    )
    for folder, where in ((cast.folder, None), (cast.folder, database), (tmp_path / "new", database)):
        with pytest.raises(StoreError):
            open_group(folder, group, cast.now, where)
    assert not (tmp_path / "new" / DATABASE_FILE).exists()
    cast.reopen()
    assert cast.keeper.state.opened.origin == "cast.example/group"
