"""Opening a group, inviting, opening a letter: what may be, and what is refused and leaves nothing behind."""

from __future__ import annotations

import dataclasses
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from ruban.errors import Refused, RuleBroken, StoreCorrupt, StoreError
from ruban.people.file import Person
from ruban.service.invite import invite
from ruban.service.open_group import NewGroup, open_group, open_keeper
from tests.service.cast import DAY, MONDAY, cast_of, people

GROUP = NewGroup(
    origin="cast.example/group",
    title="Atelier",
    organisers=("Ada", "Ben"),
    electorate=20,
    electorate_date="2026-11-01",
    electorate_source="staff list",
    quorum=2,
)


def test_a_group_lies_in_a_folder_for_its_owner_alone(tmp_path: Path) -> None:
    keeper = open_group(tmp_path / "g", GROUP, MONDAY)
    keeper.close()
    for path in (tmp_path / "g").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


@pytest.mark.parametrize(
    "change",
    [
        {"window": 0},
        {"window": 7},
        {"quorum": 3},
        {"slots": 97},
        {"origin": "https://cast.example"},
        {"electorate_date": "2026-02-30"},
        {"electorate": 0},
    ],
)
def test_a_group_that_the_record_would_not_allow_is_not_begun(tmp_path: Path, change: dict[str, object]) -> None:
    with pytest.raises(Exception) as refused:  # noqa: PT011 - several types
        open_group(tmp_path / "g", dataclasses.replace(GROUP, **change), MONDAY)  # type: ignore[arg-type]
    assert type(refused.value).__module__ == "ruban.errors"
    assert not (tmp_path / "g" / "log.db").exists()
    open_group(tmp_path / "g", GROUP, MONDAY).close()


def test_a_second_group_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    open_group(tmp_path / "g", GROUP, MONDAY).close()
    with pytest.raises(StoreError):
        open_group(tmp_path / "g", GROUP, MONDAY)
    open_keeper(tmp_path / "g").close()


def test_a_second_process_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    keeper = open_group(tmp_path / "g", GROUP, MONDAY)
    try:
        code = (
            "import sys; from pathlib import Path; from ruban.service.open_group import open_keeper\n"
            "from ruban.errors import StoreLocked\n"
            "try: open_keeper(Path(sys.argv[1]))\n"
            "except StoreLocked: sys.exit(7)\n"
        )
        done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "g")], capture_output=True, check=False)
        assert done.returncode == 7, done.stderr
    finally:
        keeper.close()


def test_a_folder_with_another_groups_keys_is_refused(tmp_path: Path) -> None:
    for name in ("one", "two"):
        open_group(tmp_path / name, GROUP, MONDAY).close()
    key = (tmp_path / "two" / "keys" / "log.key").read_bytes()
    (tmp_path / "one" / "keys" / "log.key").write_bytes(key)
    with pytest.raises((StoreCorrupt, StoreError)):
        open_keeper(tmp_path / "one")
    with pytest.raises((StoreCorrupt, StoreError)):
        open_keeper(tmp_path / "one")


def test_nobody_is_invited_twice_and_never_more_than_are_entitled(tmp_path: Path) -> None:
    with cast_of(tmp_path, entitled=14, enrolled=2) as cast:
        before = cast.keeper.desk.invitation_counts()
        with pytest.raises(RuleBroken):
            invite(cast.keeper, people(1))
        assert cast.keeper.desk.invitation_counts() == before


def test_somebody_on_the_roll_gets_no_second_invitation(tmp_path: Path) -> None:
    keeper = open_group(tmp_path / "g", GROUP, MONDAY)
    try:
        [ben] = invite(keeper, people(1))
        same = Person(line=2, name="Member Zero", identifier="MEMBER0@meridian.example", role=None)
        with pytest.raises(RuleBroken):
            invite(keeper, (same,))
        assert ben.code not in repr(ben)
    finally:
        keeper.close()


def test_a_letter_waits_for_a_roll(tmp_path: Path) -> None:
    with cast_of(tmp_path, enrolled=3) as cast, pytest.raises(Refused):
        cast.open_letter()


def test_a_letters_times_fall_on_the_ends_of_windows(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        cast.now += 61
        letter = cast.open_letter(seconds=4 * DAY)
        assert letter.opening % cast.window == letter.closing % cast.window == 0
        assert letter.opening <= cast.now < letter.opening + cast.window
        assert letter.closing >= cast.now + 4 * DAY
        assert cast.verdict().holds


def test_what_is_kept_survives_a_restart(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        cast.open_letter()
        before = cast.verdict().as_json()
        cast.reopen()
        after = cast.verdict().as_json()
        for verdict in (before, after):
            verdict["proofs"].pop("seconds")
        assert before == after


@pytest.mark.parametrize("killed_in", ["save_keys", "open_desk", "Keeper.append"])
def test_a_group_whose_making_was_interrupted_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed_in: str
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(f"ruban.service.open_group.{killed_in}", killed)
        with pytest.raises(KeyboardInterrupt):
            open_group(tmp_path / "g", dataclasses.replace(GROUP, organisers=("Ada", "Ben", "Cleo")), MONDAY)
    with pytest.raises(StoreError) as told:
        open_keeper(tmp_path / "g")
    assert "interrupted" in str(told.value)
    open_group(tmp_path / "g", GROUP, MONDAY).close()
    keeper = open_keeper(tmp_path / "g")
    assert len(keeper.keys.organiser_seeds) == len(GROUP.organisers)
    keeper.close()


def test_keys_whose_record_is_elsewhere_are_not_touched(tmp_path: Path) -> None:
    open_group(tmp_path / "g", GROUP, MONDAY).close()
    key = (tmp_path / "g" / "keys" / "log.key").read_bytes()
    for path in (tmp_path / "g").glob("log.db*"):
        path.unlink()
    for emptied in (False, True):
        if emptied:
            (tmp_path / "g" / "log.db").touch()
        with pytest.raises(StoreError) as told:
            open_group(tmp_path / "g", GROUP, MONDAY)
        assert told.value.hint is not None
        assert (tmp_path / "g" / "keys" / "log.key").read_bytes() == key


def test_codes_that_could_not_be_handed_out_invite_nobody(tmp_path: Path) -> None:
    def full(_: object) -> None:
        raise OSError("no space")

    keeper = open_group(tmp_path / "g", GROUP, MONDAY)
    try:
        with pytest.raises(OSError, match="no space"):
            invite(keeper, people(1), full)
        assert keeper.desk.invitation_counts() == (0, 0)
        assert len(invite(keeper, people(1))) == 1
    finally:
        keeper.close()


def test_a_lost_drawer_does_not_make_more_rows_than_are_entitled(tmp_path: Path) -> None:
    with cast_of(tmp_path, entitled=14, enrolled=12) as cast:
        cast.keeper.close()
        (cast.folder / "desk.db").unlink()
        cast.keeper = open_keeper(cast.folder)
        strangers = tuple(
            Person(line=i + 2, name=f"Stranger {i}", identifier=f"stranger{i}@meridian.example", role=None)
            for i in range(3)
        )
        with pytest.raises(RuleBroken):
            invite(cast.keeper, strangers)
        assert len(invite(cast.keeper, strangers[:2])) == 2
