"""openings.db: salts and payloads beside the log, by commitment. The caller holds the store's lock.

Fresh openings lie in a table of their own until their entries are released, and then move over sorted: a page keeps
its rows in the order in which they came, and that order must not outlive the window.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from ruban.record.commitment import Opening
from ruban.store.growth import checked_opening
from ruban.store.sqlite_files import check_sound, connect, transaction, truncate_journal

_SCHEMA = """
CREATE TABLE openings(c BLOB PRIMARY KEY NOT NULL, salt BLOB NOT NULL, payload BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE fresh(c BLOB PRIMARY KEY NOT NULL, salt BLOB NOT NULL, payload BLOB NOT NULL) STRICT, WITHOUT ROWID;
"""


class OpeningsFile:
    """The file and its four movements: add, publish, erase, settle."""

    def __init__(self, path: Path, create: bool) -> None:
        self.connection = connect(path, _SCHEMA, create)

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def get(self, commitment: bytes) -> Opening | None:
        """The opening, released or not."""
        row = self.connection.execute(
            "SELECT salt, payload FROM openings WHERE c = ?1 UNION ALL SELECT salt, payload FROM fresh WHERE c = ?1",
            (commitment,),
        ).fetchone()
        return None if row is None else checked_opening(commitment, *row)

    def check(self) -> None:
        """StoreCorrupt unless the file is sound, and everything in it opens the commitment that it lies under."""
        check_sound(self.connection, "openings.db")
        for row in self.connection.execute(
            "SELECT c, salt, payload FROM openings UNION ALL SELECT c, salt, payload FROM fresh"
        ):
            checked_opening(*row)

    def add(self, openings: Collection[Opening]) -> None:
        """Make openings durable, before the entries that they belong to. The same one again changes nothing."""
        if openings:
            with transaction(self.connection):
                self.connection.executemany(
                    "INSERT OR IGNORE INTO fresh VALUES (?, ?, ?)",
                    ((o.commitment, o.salt, o.payload) for o in openings),
                )

    def publish(self, commitments: Collection[bytes]) -> None:
        """Move openings out of the fresh ones, and leave no trace of the order of any."""
        if not commitments:
            return
        with transaction(self.connection):
            self._move(commitments)
        truncate_journal(self.connection)

    def erase(self, commitments: Collection[bytes]) -> None:
        """Delete openings, released or not, so that no file holds a byte of them."""
        if not commitments:
            return
        with transaction(self.connection):
            for table in ("openings", "fresh"):
                self.connection.executemany(f"DELETE FROM {table} WHERE c = ?", ((c,) for c in commitments))
        self._rewrite()

    def settle(self, pending: Collection[bytes], needed: Callable[[bytes], bool]) -> None:
        """Delete what is not needed, publish what is logged by now, keep what is pending."""
        fresh, released = self._commitments("fresh"), self._commitments("openings")
        kept = set(pending)
        gone = {c for c in (*fresh, *released) if c not in kept and not needed(c)}
        self.erase(gone)
        self.publish([c for c in fresh if c not in kept and c not in gone])

    def _commitments(self, table: str) -> list[bytes]:
        return [c for (c,) in self.connection.execute(f"SELECT c FROM {table}")]

    def _move(self, commitments: Iterable[bytes]) -> None:
        moving = set(commitments)
        rows = self.connection.execute("SELECT c, salt, payload FROM fresh ORDER BY c").fetchall()
        self.connection.execute("DELETE FROM fresh")
        for table, part in (
            ("openings", [row for row in rows if row[0] in moving]),
            ("fresh", [row for row in rows if row[0] not in moving]),
        ):
            self.connection.executemany(f"INSERT OR IGNORE INTO {table} VALUES (?, ?, ?)", part)

    def _rewrite(self) -> None:
        # secure_delete zeroes what is deleted; copies that rebalancing left in pages go only with the pages.
        self.connection.execute("VACUUM")
        truncate_journal(self.connection)
