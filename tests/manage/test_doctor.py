"""`ruban doctor`: what is not right is found, what is right is not complained of, and nothing is changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ruban.manage.checkup import MAX_BEHIND_SECONDS, Grade, check_up
from ruban.store.place import Database
from ruban.web.configuration import Configuration
from ruban.web.pages import DIST
from tests.postgres_server import running
from tests.service.cast import Cast, cast_of

HTTPS = "https://letters.example.org"


def grades(configuration: Configuration, now: int = 0) -> list[str]:
    """What is said to be wrong."""
    return [str(found.what) for found in check_up(configuration, now) if found.grade is Grade.WRONG]


@pytest.fixture
def sound(tmp_path: Path) -> tuple[Configuration, int]:
    with cast_of(tmp_path, entitled=12, enrolled=0) as cast:
        now = cast.now
    tmp_path.chmod(0o700)
    return Configuration(data=tmp_path), now


def test_nothing_is_wrong_with_a_sound_server(sound: tuple[Configuration, int]) -> None:
    assert (DIST / "manifest.json").is_file()
    assert grades(*sound) == []


def test_a_server_that_runs_is_left_alone(tmp_path: Path) -> None:
    with cast_of(tmp_path, entitled=12, enrolled=0) as cast:
        tmp_path.chmod(0o700)
        assert grades(Configuration(data=tmp_path), cast.now) == []


def _readable(configuration: Configuration) -> Configuration:
    configuration.data.chmod(0o755)
    return configuration


def _damaged(configuration: Configuration) -> Configuration:
    (configuration.data / "private.db").write_bytes(b"no database" * 100)
    (configuration.data / "private.db").chmod(0o600)
    return configuration


def _lost_key(configuration: Configuration) -> Configuration:
    (configuration.data / "group" / "keys" / "log.key").unlink()
    return configuration


def _open_password(configuration: Configuration) -> Configuration:
    path = configuration.data / "password"
    path.write_text("secret", "utf-8")
    path.chmod(0o644)
    mail = replace(configuration, mail_host="mail.example.org", mail_from="a@b.example", mail_user="ruban")
    return replace(mail, mail_password_file=str(path))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_readable, "Other users of this machine may read"),
        (_damaged, "The private database is damaged"),
        (_lost_key, "The record cannot be opened"),
        (_open_password, "Other users of this machine may read"),
        (lambda found: replace(found, address="http://letters.example.org"), "is not encrypted"),
        (lambda found: replace(found, address=HTTPS, mail_host="mail.example.org"), "mail_from is missing"),
        (
            lambda found: replace(found, mail_host="m.example", mail_from="a@b.example", mail_user="u"),
            "The file of the mail password is missing",
        ),
        (
            lambda found: replace(found, mail_host="m.example", mail_from="a@b.example", mail_security="none"),
            "would travel unencrypted",
        ),
    ],
)
def test_what_is_wrong_is_said(
    sound: tuple[Configuration, int], spoil: Callable[[Configuration], Configuration], said: str
) -> None:
    [wrong] = grades(spoil(sound[0]), sound[1])
    assert said in wrong


def test_a_clock_behind_the_record_is_said(sound: tuple[Configuration, int]) -> None:
    configuration, now = sound
    [wrong] = grades(configuration, now - 10 * MAX_BEHIND_SECONDS)
    assert "behind the record" in wrong


def test_a_damaged_record_is_said(tmp_path: Path) -> None:
    with cast_of(tmp_path, entitled=12, enrolled=3) as cast:
        _forge(cast)
    tmp_path.chmod(0o700)
    [wrong] = grades(Configuration(data=tmp_path), 2_000_000_000)
    assert wrong.startswith(("The record does not replay", "The record cannot be opened"))


def _forge(cast: Cast) -> None:
    cast.keeper.close()
    path = cast.folder / "log.db"
    data = bytearray(path.read_bytes())
    at = data.rindex(b'"kind":"roll.row"')
    data[at + 10] ^= 1
    path.write_bytes(data)


def test_a_database_that_keeps_what_ruban_forgets_is_wrong(tmp_path: Path) -> None:
    with running(settings={"log_statement": "all", "log_min_duration_statement": "0"}) as server:
        with cast_of(tmp_path, entitled=12, enrolled=0, database=Database(server.address, "kept")) as cast:
            now = cast.now
        tmp_path.chmod(0o700)
        said = grades(Configuration(data=tmp_path), now)
    assert [name for name in ("log_statement", "log_min_duration_statement") if name in " ".join(said)] == [
        "log_statement",
        "log_min_duration_statement",
    ]
    assert len(said) == 2
