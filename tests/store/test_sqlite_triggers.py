"""What log.db itself forbids, whoever writes to it."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest

from ruban.log.merkle import leaf_hash
from tests.store.group_log import append, leaf, make, pending, reopen


def _raw(folder: Path) -> apsw.Connection:
    with make(folder) as store:
        store.submit(pending(1))
        store.submit(pending(2))
        append(store, [leaf(1)], released=[leaf_hash(leaf(1))])
        append(store, [leaf(3)])
    return apsw.Connection(str(folder / "log.db"))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM entries WHERE idx = 1",
        "DELETE FROM entries",
        "UPDATE entries SET leaf = x'00' WHERE idx = 0",
        "INSERT OR REPLACE INTO entries VALUES (0, x'00', x'00')",
        "INSERT INTO entries VALUES (3, x'00', x'00')",
        "INSERT INTO entries VALUES (-1, x'00', x'00')",
        "DELETE FROM claimed",
        "UPDATE claimed SET key = x'00'",
        "DELETE FROM spent",
        "UPDATE spent SET h = x'00'",
        "DELETE FROM head",
        "INSERT INTO head VALUES (2, 9, x'00', x'00')",
        "INSERT OR REPLACE INTO head VALUES (1, 0, x'00', x'00')",
        "UPDATE head SET size = 1",
        "UPDATE head SET root = x'00'",
    ],
)
def test_the_file_itself_forbids_what_would_fork_or_forget(tmp_path: Path, statement: str) -> None:
    connection = _raw(tmp_path / "group")
    assert connection.execute("SELECT count(*) FROM spent").get == 2
    assert connection.execute("SELECT count(*) FROM claimed").get == 2
    with pytest.raises(apsw.ConstraintError):
        connection.execute(statement)
    connection.close()
    with reopen(tmp_path / "group") as store:
        assert list(store.entries()) == [leaf(1), leaf(3)]


def test_the_file_allows_what_a_log_does(tmp_path: Path) -> None:
    # The other half of the test above: the same statements in their allowed form.
    connection = _raw(tmp_path / "group")
    connection.execute("INSERT INTO entries VALUES (2, x'00', x'00')")
    connection.execute("UPDATE head SET size = 3, root = x'00'")
    connection.execute("UPDATE head SET note = x'00'")
    connection.execute("INSERT INTO spent VALUES (x'00')")
    connection.close()
