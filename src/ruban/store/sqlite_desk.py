"""desk.db: the drawer of invitations as a SQLite file of its own beside the log."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import apsw

from ruban.store.desk import Invitation
from ruban.store.sqlite_files import as_store_error, check_sound, connect, transaction, truncate_journal

_SCHEMA = """
CREATE TABLE invitations (
    code_hash BLOB PRIMARY KEY NOT NULL, name TEXT, identifier BLOB, role TEXT, expires INTEGER
) STRICT, WITHOUT ROWID;
"""
_UPGRADES = ("ALTER TABLE invitations ADD COLUMN expires INTEGER",)
_INSERT = "INSERT INTO invitations (code_hash, name, identifier, role, expires) VALUES (?, ?, ?, ?, ?)"


class SqliteDesk:
    """A `desk.Desk` in a file."""

    def __init__(self, path: Path) -> None:
        """Open or make the file; StoreLocked if another process holds it, StoreError if it is no database of ours."""
        self._db = connect(path, _SCHEMA, create=True, upgrades=_UPGRADES)
        with _disk():
            check_sound(self._db, path.name)

    def add_invitations(self, invitations: Iterable[Invitation]) -> None:
        """Keep all of them, or none."""
        rows = [_row(invitation) for invitation in invitations]
        with _disk(), transaction(self._db):
            self._db.executemany(_INSERT, rows)

    def invitations(self) -> list[Invitation]:
        """All of them, in the order of their codes' hashes."""
        with _disk():
            return [
                Invitation(code_hash=code_hash, name=name, identifier=identifier, role=role, expires=expires)
                for code_hash, name, identifier, role, expires in self._db.execute(
                    "SELECT code_hash, name, identifier, role, expires FROM invitations ORDER BY code_hash"
                )
            ]

    def invitation(self, code_hash: bytes) -> Invitation | None:
        """The invitation of a code, used or not."""
        with _disk():
            row = self._db.execute(
                "SELECT name, identifier, role, expires FROM invitations WHERE code_hash = ?", (code_hash,)
            ).fetchone()
        if row is None:
            return None
        name, identifier, role, expires = row
        return Invitation(code_hash=code_hash, name=name, identifier=identifier, role=role, expires=expires)

    def unused_identifiers(self) -> dict[bytes, bytes]:
        """Code hash by identifier, of invitations not yet used."""
        with _disk():
            found = self._db.execute("SELECT identifier, code_hash FROM invitations WHERE identifier IS NOT NULL")
            return {identifier: code_hash for identifier, code_hash in found}

    def replace_invitation(self, code_hash: bytes, by: Invitation | None) -> None:
        """Forget an invitation that has not been used, and keep `by` in its place; both, or neither."""
        with _disk():
            with transaction(self._db):
                self._db.execute("DELETE FROM invitations WHERE code_hash = ? AND identifier IS NOT NULL", (code_hash,))
                if by is not None:
                    self._db.execute(_INSERT, _row(by))
            truncate_journal(self._db)

    def invitation_counts(self) -> tuple[int, int]:
        """How many invitations there are, and how many have been used."""
        with _disk():
            [(every, unused)] = self._db.execute("SELECT count(*), count(identifier) FROM invitations")
        return every, every - unused

    def expiries(self) -> list[int | None]:
        """When invitations end, used ones too, each time once, soonest first, None last.

        The used ones stay in it: otherwise a time that vanishes would tell that its only person has enrolled.
        """
        with _disk():
            found = self._db.execute("SELECT DISTINCT expires FROM invitations ORDER BY expires NULLS LAST")
            return [expires for (expires,) in found]

    def set_expiry(self, expires: int | None) -> None:
        """Give all invitations this end, used ones too, so that nobody's stands out."""
        with _disk(), transaction(self._db):
            self._db.execute("UPDATE invitations SET expires = ?", (expires,))

    def mark_used(self, code_hashes: Iterable[bytes]) -> None:
        """Forget whose invitations these were. A copy of what the log's store has decided already."""
        used = [(code_hash,) for code_hash in code_hashes]
        if not used:
            return
        with _disk():
            with transaction(self._db):
                self._db.executemany(
                    "UPDATE invitations SET name = NULL, identifier = NULL, role = NULL WHERE code_hash = ?", used
                )
            # Until then the file itself still has the names.
            truncate_journal(self._db)

    def tidy(self) -> None:
        """Write the file anew: a page keeps rows as they came, which would tell in what order people enrolled."""
        with _disk():
            self._db.execute("VACUUM")
            truncate_journal(self._db)

    def close(self) -> None:
        """Let another process open the file."""
        self._db.close()


def _row(one: Invitation) -> tuple[bytes, str | None, bytes | None, str | None, int | None]:
    return one.code_hash, one.name, one.identifier, one.role, one.expires


@contextlib.contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except apsw.Error as error:
        raise as_store_error(error) from error
