"""How many kills either store has survived: `python -m bench.kills [--kills 200] [--out FILE]`, as JSON.

Each is a `kill -9` of a process in which eight threads submit and one releases, at a moment that is drawn. Whatever was
acknowledged must be there at the end, once; a start that finds anything wrong ends this with an error. Minutes.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import apsw

from bench._machine import arguments, machine, write
from ruban.store.postgres import PostgresStore
from ruban.store.sqlite import SqliteStore
from tests.postgres_server import running
from tests.store.kills import check, kill_again_and_again


def _in_sqlite(kills: int) -> dict[str, int]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "group"
        acknowledged = kill_again_and_again(str(folder), kills, seed=4)
        check(SqliteStore.open(folder, min_free_bytes=0), acknowledged)
    return {"kills": kills, "acknowledged": len(acknowledged), "lost": 0}


def _in_postgresql(kills: int) -> dict[str, int]:
    with running() as server:
        PostgresStore.create(server.address, "kills").close()
        acknowledged = kill_again_and_again(f"{server.address}#kills", kills, seed=5)
        check(PostgresStore.open(server.address, "kills"), acknowledged)
    return {"kills": kills, "acknowledged": len(acknowledged), "lost": 0}


def main() -> None:
    """Kill, look, and write the file if one is named."""
    parser = arguments(__doc__)
    parser.add_argument("--kills", type=int, default=200)
    chosen = parser.parse_args()
    versions = machine("apsw", "psycopg") | {"sqlite": apsw.sqlite_lib_version()}
    found = {"sqlite": _in_sqlite(chosen.kills), "postgresql": _in_postgresql(chosen.kills)}
    write({"machine": versions} | found, chosen.out)


if __name__ == "__main__":
    main()
