"""log.db: entries, head, what is pending, and what is taken for ever. The caller holds the store's lock.

No table has a time or a row number of arrival. Pages keep rows in the order in which they came, so a release also
rewrites what stays: until then the order of what is *pending* can be read off the file, afterwards none can.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from ruban.errors import IntakePaused, Message, RubanError, StoreCorrupt
from ruban.log.merkle import Tree, leaf_hash
from ruban.store.growth import check_expected, check_note, claim_taken, commitments_in, describe, head_after, verdict_on
from ruban.store.ports import EMPTY_HEAD, Head, Pending, Submitted
from ruban.store.sqlite_files import check_sound, connect, transaction, truncate_journal

_SPENT = """
CREATE TABLE spent(h BLOB PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID;
"""
_SPENT_TRIGGERS = """
CREATE TRIGGER spent_stay BEFORE DELETE ON spent BEGIN SELECT raise(ABORT, 'spent is for ever'); END;
CREATE TRIGGER spent_are_fixed BEFORE UPDATE ON spent BEGIN SELECT raise(ABORT, 'spent is for ever'); END;
"""
_SCHEMA = f"""
CREATE TABLE entries(idx INTEGER PRIMARY KEY, hash BLOB NOT NULL, leaf BLOB NOT NULL) STRICT;
CREATE INDEX entries_by_hash ON entries(hash);
CREATE TABLE head(
  id INTEGER PRIMARY KEY CHECK (id = 1), size INTEGER NOT NULL, root BLOB NOT NULL, note BLOB NOT NULL) STRICT;
CREATE TABLE pending(
  hash BLOB PRIMARY KEY NOT NULL, leaf BLOB NOT NULL, promise BLOB NOT NULL, commitments BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE pending_claims(key BLOB PRIMARY KEY NOT NULL, hash BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE pending_spent(h BLOB PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE claimed(key BLOB PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID;
{_SPENT}
INSERT INTO head VALUES (1, 0, x'{EMPTY_HEAD.root.hex()}', x'');
CREATE TRIGGER entries_follow BEFORE INSERT ON entries
  WHEN new.idx IS NOT (SELECT ifnull(max(idx), -1) + 1 FROM entries)
  BEGIN SELECT raise(ABORT, 'an entry follows the last'); END;
CREATE TRIGGER entries_stay BEFORE DELETE ON entries BEGIN SELECT raise(ABORT, 'entries are for ever'); END;
CREATE TRIGGER entries_are_fixed BEFORE UPDATE ON entries BEGIN SELECT raise(ABORT, 'entries are for ever'); END;
CREATE TRIGGER head_is_one BEFORE INSERT ON head BEGIN SELECT raise(ABORT, 'there is one head'); END;
CREATE TRIGGER head_stays BEFORE DELETE ON head BEGIN SELECT raise(ABORT, 'the head stays'); END;
CREATE TRIGGER head_never_forks BEFORE UPDATE ON head
  WHEN new.size < old.size OR (new.size = old.size AND new.root <> old.root)
  BEGIN SELECT raise(ABORT, 'the log only grows'); END;
CREATE TRIGGER claims_stay BEFORE DELETE ON claimed BEGIN SELECT raise(ABORT, 'claims are for ever'); END;
CREATE TRIGGER claims_are_fixed BEFORE UPDATE ON claimed BEGIN SELECT raise(ABORT, 'claims are for ever'); END;
{_SPENT_TRIGGERS}
"""


class LogFile:
    """The file, with its tree and head in memory once `check` has run."""

    def __init__(self, path: Path, create: bool) -> None:
        self.connection = connect(path, _SCHEMA, create)
        self.tree = Tree()
        self.head = EMPTY_HEAD

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def check(self) -> None:
        """Derive the tree from every entry and take it up, only if it is the one under the stored head and its note.

        Raises StoreCorrupt on any difference. Whether the note is signed by the log's key is for the caller to say.
        """
        check_sound(self.connection, "log.db")
        tree = Tree()
        for index, stored, leaf in self.connection.execute("SELECT idx, hash, leaf FROM entries ORDER BY idx"):
            computed = leaf_hash(leaf)
            if index != tree.size or stored != computed:
                raise StoreCorrupt(Message("entry {n}", n=tree.size), computed.hex(), stored.hex())
            tree.append(computed)
        for stored, leaf in self.connection.execute("SELECT hash, leaf FROM pending"):
            if stored != leaf_hash(leaf):
                raise StoreCorrupt("pending entry", leaf_hash(leaf).hex(), stored.hex())
        head = self._stored_head()
        if (head.size, head.root) != (tree.size, tree.root()):
            raise StoreCorrupt("head", describe(tree.size, tree.root()), describe(head.size, head.root))
        if head != EMPTY_HEAD:
            try:
                check_note(head)
            except ValueError as error:
                raise StoreCorrupt("head note", describe(head.size, head.root), str(error)) from error
        self.tree, self.head = tree, head

    def rows_between(self, column: str, start: int, end: int) -> list[bytes]:
        """The hashes or leaves (`column`) with these indices."""
        rows = self.connection.execute(
            f"SELECT {column} FROM entries WHERE idx >= ? AND idx < ? ORDER BY idx", (start, end)
        )
        return [value for (value,) in rows]

    def index_of(self, hashed: bytes) -> int | None:
        """The lowest index of a leaf with this hash."""
        found: int | None = self.connection.execute("SELECT min(idx) FROM entries WHERE hash = ?", (hashed,)).get
        return found

    def pending(self) -> list[bytes]:
        """The leaves that wait, by hash."""
        return [leaf for (leaf,) in self.connection.execute("SELECT leaf FROM pending ORDER BY hash")]

    def promise(self, hashed: bytes) -> bytes | None:
        """The promise of a leaf that waits."""
        found: bytes | None = self.connection.execute("SELECT promise FROM pending WHERE hash = ?", (hashed,)).get
        return found

    def is_spent(self, h: bytes) -> bool:
        """Whether an entry was taken with this mark, even if it waits."""
        return self._finds("SELECT 1 FROM spent WHERE h = ?1 UNION ALL SELECT 1 FROM pending_spent WHERE h = ?1", h)

    def spent_count(self) -> int:
        """Marks of released entries."""
        [(count,)] = self.connection.execute("SELECT count(*) FROM spent")
        found: int = count
        return found

    def pending_commitments(self) -> set[bytes]:
        """The commitments of what waits."""
        rows = self.connection.execute("SELECT commitments FROM pending")
        return {c for (joined,) in rows for c in commitments_in(joined)}

    def accept(
        self, submissions: Sequence[Pending], has_room: bool, before_commit: Callable[[list[Pending]], None]
    ) -> list[Submitted | RubanError]:
        """Decide on each submission in turn and keep what is accepted, in one durable transaction.

        `before_commit` gets those newly accepted; if it raises, none is kept.
        """
        verdicts: list[Submitted | RubanError] = []
        fresh: list[Pending] = []
        with transaction(self.connection):
            for submission in submissions:
                hashed = leaf_hash(submission.leaf)
                verdict = self._verdict(submission, hashed)
                if verdict is None and not has_room:
                    verdict = IntakePaused("free disk", Message("more"), Message("too little"))
                if verdict is None:
                    self._insert(submission, hashed)
                    fresh.append(submission)
                    verdict = Submitted(submission.promise, recorded=False)
                verdicts.append(verdict)
            before_commit(fresh)
        return verdicts

    def append(
        self,
        expected: Head,
        leaves: Sequence[bytes],
        note: bytes,
        claims: Collection[bytes],
        before_commit: Callable[[], None],
    ) -> set[bytes]:
        """Compare and swap the head, with the entries between; the commitments of what is thereby released."""
        hashes = [leaf_hash(leaf) for leaf in leaves]
        with transaction(self.connection):
            current = self._stored_head()
            check_expected(current, expected)
            tree, head = head_after(self.tree, hashes, note)
            if any(self._is_claimed(key) for key in claims):
                raise claim_taken()
            before_commit()
            self.connection.executemany(
                "INSERT INTO entries VALUES (?, ?, ?)",
                ((current.size + i, h, leaf) for i, (h, leaf) in enumerate(zip(hashes, leaves, strict=True))),
            )
            released = self._release(set(hashes), claims)
            self.connection.execute(
                "UPDATE head SET size = ?, root = ?, note = ? WHERE id = 1", (head.size, head.root, head.note)
            )
        self.tree, self.head = tree, head
        return released

    def tidy(self) -> None:
        """Empty the journal, which holds pages in the order of their commits."""
        truncate_journal(self.connection)

    def _verdict(self, submission: Pending, hashed: bytes) -> Submitted | RubanError | None:
        """The answer to a submission that is known or refused; None for one that may be kept."""
        return verdict_on(
            submission,
            self.head.size,
            promise=self.promise(hashed),
            is_logged=self.index_of(hashed) is not None,
            is_spent=self.is_spent,
            is_claimed=self._is_claimed,
        )

    def _insert(self, submission: Pending, hashed: bytes) -> None:
        commitments = b"".join(opening.commitment for opening in submission.openings)
        self.connection.execute(
            "INSERT INTO pending VALUES (?, ?, ?, ?)", (hashed, submission.leaf, submission.promise, commitments)
        )
        self.connection.executemany(
            "INSERT INTO pending_claims VALUES (?, ?)", ((key, hashed) for key in submission.claims)
        )
        if submission.spent is not None:
            self.connection.execute("INSERT INTO pending_spent VALUES (?)", (submission.spent,))

    def _release(self, hashes: set[bytes], claims: Collection[bytes]) -> set[bytes]:
        """Move what belongs to these leaves out of the pending tables; the commitments of those that were pending."""
        waiting = self._rows("SELECT hash, leaf, promise, commitments FROM pending ORDER BY hash")
        leaving = [row for row in waiting if row[0] in hashes]
        moved: set[bytes] = set(claims)
        if leaving:
            held = self._rows("SELECT key, hash FROM pending_claims ORDER BY key")
            moved.update(key for key, owner in held if owner in hashes)
            self._refill("pending", [row for row in waiting if row[0] not in hashes])
            self._refill("pending_claims", [row for row in held if row[1] not in hashes])
            self._absorb_spent()
        self.connection.executemany("INSERT INTO claimed VALUES (?)", ((key,) for key in sorted(moved)))
        return {c for row in leaving for c in commitments_in(row[3])}

    def _refill(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Write what stays anew, sorted: where it lay in its pages told when it came."""
        self.connection.execute(f"DELETE FROM {table}")
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            self.connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)

    def _absorb_spent(self) -> None:
        # All of it is written anew, sorted: two groups of marks, one a release, would link people to a batch of rows.
        if not self._rows("SELECT 1 FROM pending_spent LIMIT 1"):
            return
        self.connection.execute("ALTER TABLE spent RENAME TO spent_before")
        self.connection.execute(_SPENT)
        self.connection.execute(
            "INSERT INTO spent SELECT h FROM spent_before UNION ALL SELECT h FROM pending_spent ORDER BY h"
        )
        self.connection.execute("DROP TABLE spent_before")
        self.connection.execute("DELETE FROM pending_spent")
        self.connection.execute(_SPENT_TRIGGERS)

    def _is_claimed(self, key: bytes) -> bool:
        return self._finds(
            "SELECT 1 FROM claimed WHERE key = ?1 UNION ALL SELECT 1 FROM pending_claims WHERE key = ?1", key
        )

    def _stored_head(self) -> Head:
        return Head(*self._rows("SELECT size, root, note FROM head")[0])

    def _finds(self, sql: str, value: bytes) -> bool:
        return self.connection.execute(sql, (value,)).fetchone() is not None

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()
