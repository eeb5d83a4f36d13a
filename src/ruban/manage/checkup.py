"""What can be wrong with a server, looked at one by one; each check says what it found and what to do about it.

Nothing is changed: a check reads, and lets go of what it opened.
"""

from __future__ import annotations

import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ruban.errors import Message, RubanError, StoreCorrupt, StoreError, StoreLocked
from ruban.service.keeper import TWO_RECORDS, Keeper
from ruban.service.open_group import group_folder, open_keeper
from ruban.store.place import database_of, has_record
from ruban.web.configuration import Configuration
from ruban.web.pages import DIST
from ruban.web.private_tables import PRIVATE_DATABASE
from ruban.web.web_key import FILE as WEB_KEY

MIN_FREE_BYTES = 512 * 1024 * 1024
MAX_BEHIND_SECONDS = 120


class Grade(StrEnum):
    """How bad it is."""

    GOOD = "good"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence of what is, and one of what to do (None where nothing is to be done)."""

    grade: Grade
    what: str
    do: str | None = None


Check = Callable[[Configuration, int], Iterator[Finding]]


def check_up(
    configuration: Configuration, now: int, look: Callable[[Keeper], None] = lambda keeper: None
) -> list[Finding]:
    """Every finding, in the order in which they are best mended.

    `look` gets the keeper where the record could be opened, which takes a whole replay.
    """
    found = [finding for check in _CHECKS for finding in check(configuration, now)]
    return [*found, *_record(configuration, now, look)]


def _folder(configuration: Configuration, now: int) -> Iterator[Finding]:
    folder = configuration.data
    if not folder.is_dir():
        yield Finding(
            Grade.NOTE,
            Message("There is no data folder {folder} yet.", folder=str(folder)),
            Message("ruban serve makes it. If you expected one, name it with --data."),
        )
        return
    private = [folder, folder / PRIVATE_DATABASE, folder / WEB_KEY, group_folder(folder) / "keys"]
    exposed = [path for path in private if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    for path in exposed:
        yield Finding(
            Grade.WRONG,
            Message("Other users of this machine may read {path}.", path=str(path)),
            Message("chmod go-rwx {path}", path=str(path)),
        )
    if not exposed:
        yield Finding(Grade.GOOD, Message("Only this user can read {folder}.", folder=str(folder)))
    free = shutil.disk_usage(folder).free
    if free < MIN_FREE_BYTES:
        yield Finding(
            Grade.WRONG,
            Message("The disk has {n:,} MiB left.", n=free // 1024**2),
            Message("Make room: signing pauses before the disk is full."),
        )
    else:
        yield Finding(Grade.GOOD, Message("The disk has {n:,} MiB left.", n=free // 1024**2))


def _address(configuration: Configuration, now: int) -> Iterator[Finding]:
    local = configuration.public_host.partition(":")[0] in ("localhost", "127.0.0.1")
    if configuration.secure or local:
        yield Finding(Grade.GOOD, Message("People reach it at {address}.", address=configuration.public_address))
    else:
        yield Finding(
            Grade.WRONG,
            Message(
                "{address} is not encrypted: whoever is on the way can read and change it.",
                address=configuration.public_address,
            ),
            Message("Put a server with a certificate in front, and set address to https://…"),
        )
    if configuration.secure and not configuration.trust_forwarded:
        yield Finding(
            Grade.NOTE,
            Message("All requests seem to come from the server in front, so its visitors share one limit."),
            Message("If that server sets X-Forwarded-For itself, set trust_forwarded = true."),
        )


def _pages(configuration: Configuration, now: int) -> Iterator[Finding]:
    if (DIST / "manifest.json").is_file():
        yield Finding(Grade.GOOD, Message("Scripts and styles of the pages are there."))
    else:
        yield Finding(
            Grade.WRONG,
            Message("Scripts and styles of the pages are missing."),
            Message("In a checkout: python3 run.py setup; a wheel that is built after that has them."),
        )


def _mail(configuration: Configuration, now: int) -> Iterator[Finding]:
    if not configuration.mail_host:
        yield Finding(
            Grade.NOTE,
            Message("No e-mail can be sent."),
            Message("Codes can be printed and shared without it. For e-mail set mail_host and mail_from."),
        )
        return
    if not configuration.mail_from:
        yield Finding(
            Grade.WRONG, Message("mail_from is missing."), Message("Name the address that e-mails come from.")
        )
    if configuration.mail_user:
        path = Path(configuration.mail_password_file)
        if not configuration.mail_password_file or not path.is_file():
            yield Finding(
                Grade.WRONG,
                Message("The file of the mail password is missing."),
                Message("Write the password into a file and name it with mail_password_file."),
            )
        elif path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield Finding(
                Grade.WRONG,
                Message("Other users of this machine may read {path}.", path=str(path)),
                Message("chmod go-rwx {path}", path=str(path)),
            )
    if configuration.mail_security == "none" and configuration.mail_host not in ("localhost", "127.0.0.1", "::1"):
        yield Finding(
            Grade.WRONG,
            Message("E-mails with codes would travel unencrypted."),
            Message("Set mail_security to starttls or tls."),
        )


def _private_database(configuration: Configuration, now: int) -> Iterator[Finding]:
    path = configuration.data / PRIVATE_DATABASE
    if not path.is_file():
        return
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            [(said,)] = database.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.Error as error:
        said = str(error)
    if said == "ok":
        yield Finding(Grade.GOOD, Message("The private database is sound."))
    else:
        yield Finding(
            Grade.WRONG,
            Message("The private database is damaged: {said}", said=said[:120]),
            Message(
                "It holds organisers' sign-ins and drafts, and no signature. Stop the server and move {path} away; "
                "the next start makes a new one.",
                path=str(path),
            ),
        )


def _record(configuration: Configuration, now: int, look: Callable[[Keeper], None]) -> Iterator[Finding]:
    folder = group_folder(configuration.data)
    if not has_record(folder):
        yield Finding(Grade.NOTE, Message("There is no group yet."), Message("Open one in the organisers' pages."))
        return
    try:
        keeper = open_keeper(folder)
    except StoreLocked:
        yield Finding(
            Grade.NOTE,
            Message("A server has the record open, and replayed it when it started."),
            Message("To have it replayed here, stop the server first."),
        )
        return
    except StoreCorrupt as error:
        yield Finding(
            Grade.WRONG,
            Message("The record does not replay: {error}", error=str(error)),
            error.hint
            or Message(
                "Do not write to it. Copy the folder away, and compare with the last bundle that you downloaded."
            ),
        )
        return
    except (StoreError, RubanError) as error:
        yield Finding(Grade.WRONG, Message("The record cannot be opened: {error}", error=str(error)), error.hint)
        return
    try:
        look(keeper)
        state, frozen = keeper.state, keeper.frozen
        if frozen is not None:
            yield Finding(
                Grade.WRONG,
                Message(
                    "The record has {here:,} entries; {where} has {n:,}, to which it does not lead: nothing is signed.",
                    here=frozen.here,
                    where=frozen.where,
                    n=frozen.size,
                ),
                TWO_RECORDS if frozen.forked else Message("ruban log adopt, with a bundle or the address of a copy."),
            )
        if (database := database_of(folder)) is not None:
            from ruban.store.postgres_connection import keeps_too_much

            for name, value, kept in keeps_too_much(database.address):
                yield Finding(
                    Grade.WRONG,
                    Message("Its database keeps {kept}: {name} is {value}.", kept=kept, name=name, value=value),
                    Message("Change it in postgresql.conf, or give the record a server of its own."),
                )
        yield Finding(
            Grade.GOOD,
            Message(
                "The record replays: {entries:,} entries, {letters:,} letters.",
                entries=state.size,
                letters=len(state.letters),
            ),
        )
        if now + MAX_BEHIND_SECONDS < state.clock:
            yield Finding(
                Grade.WRONG,
                Message("This machine's clock is {n:,} seconds behind the record.", n=state.clock - now),
                Message("Set the clock. Until then nothing is released."),
            )
        if len(keeper.keys.organiser_seeds) < state.opened.quorum:
            yield Finding(
                Grade.WRONG,
                Message("Too few organisers' keys are here to open a letter."),
                Message("Copy organiser-N.key into {folder}.", folder=str(folder / "keys")),
            )
    finally:
        keeper.close()


_CHECKS: tuple[Check, ...] = (_folder, _address, _pages, _mail, _private_database)
