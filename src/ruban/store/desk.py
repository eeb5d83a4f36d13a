"""What must not be public and may be forgotten: invitations, and which releases are held. Never a signature.

An own SQLite file beside the log. It links no person to a row: an invitation forgets its person when its code is used.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import apsw

from ruban.errors import Message, StoreError, StoreLocked

_SCHEMA = """
CREATE TABLE IF NOT EXISTS invitations (
    code_hash BLOB PRIMARY KEY, name TEXT, identifier BLOB, role TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS held (
    letter BLOB, selector TEXT, since INTEGER, PRIMARY KEY (letter, selector)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """One entitled person's way onto the roll; `name` and `identifier` are None once the code has been used."""

    code_hash: bytes = field(repr=False)
    name: str | None = field(repr=False)
    identifier: bytes | None = field(repr=False)
    role: str | None = field(repr=False, default=None)

    @property
    def used(self) -> bool:
        """Whether somebody has enrolled with this code."""
        return self.identifier is None


class Desk:
    """The organisers' private drawer."""

    def __init__(self, path: Path) -> None:
        """Open or make the file; StoreLocked if another process holds it, StoreError if it is no database."""
        # SQLite gives its journal the mode of the database.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        try:
            self._db = apsw.Connection(str(path))
            self._db.pragma("locking_mode", "EXCLUSIVE")
            self._db.pragma("journal_mode", "TRUNCATE")
            self._db.pragma("synchronous", "FULL")
            self._db.pragma("secure_delete", "ON")
            with self._db:
                self._db.execute(_SCHEMA)
        except apsw.BusyError as busy:
            raise StoreLocked("desk", Message("a file no other process holds"), Message("a held one")) from busy
        except apsw.Error as wrong:
            raise StoreError("desk", Message("a readable database"), type(wrong).__name__) from wrong

    def add_invitations(self, invitations: Iterable[Invitation]) -> None:
        """Keep all of them, or none."""
        rows = [(i.code_hash, i.name, i.identifier, i.role) for i in invitations]
        with self._db:
            self._db.executemany("INSERT INTO invitations VALUES (?, ?, ?, ?)", rows)

    def invitation(self, code_hash: bytes) -> Invitation | None:
        """The invitation of a code, used or not."""
        for name, identifier, role in self._db.execute(
            "SELECT name, identifier, role FROM invitations WHERE code_hash = ?", (code_hash,)
        ):
            return Invitation(code_hash=code_hash, name=name, identifier=identifier, role=role)
        return None

    def unused_identifiers(self) -> dict[bytes, bytes]:
        """Code hash by identifier, of invitations not yet used."""
        found = self._db.execute("SELECT identifier, code_hash FROM invitations WHERE identifier IS NOT NULL")
        return {identifier: code_hash for identifier, code_hash in found}

    def invitation_counts(self) -> tuple[int, int]:
        """How many invitations there are, and how many have been used."""
        [(every, unused)] = self._db.execute("SELECT count(*), count(identifier) FROM invitations")
        return every, every - unused

    def mark_used(self, code_hashes: Iterable[bytes]) -> None:
        """Forget whose invitations these were. A copy of what the log's store has decided already."""
        with self._db:
            self._db.executemany(
                "UPDATE invitations SET name = NULL, identifier = NULL, role = NULL WHERE code_hash = ?",
                [(code_hash,) for code_hash in code_hashes],
            )

    def tidy(self) -> None:
        """Write the file anew: a page keeps rows as they came, which would tell in what order people enrolled."""
        self._db.execute("VACUUM")

    def held_since(self, letter: bytes, selector: str, boundary: int) -> int:
        """The window from which unnamed signatures wait for company; `boundary` if they begin to now."""
        with self._db:
            self._db.execute("INSERT OR IGNORE INTO held VALUES (?, ?, ?)", (letter, selector, boundary))
            [(since,)] = self._db.execute(
                "SELECT since FROM held WHERE letter = ? AND selector = ?", (letter, selector)
            )
        return int(since)

    def no_longer_held(self, letter: bytes, selector: str) -> None:
        """They have been released."""
        with self._db:
            self._db.execute("DELETE FROM held WHERE letter = ? AND selector = ?", (letter, selector))

    def close(self) -> None:
        """Let another process open the file."""
        self._db.close()
