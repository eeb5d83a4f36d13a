"""Organisers' tables lie where the record lies, go with it there and back, and are shared by two machines."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import sqlite3
import subprocess
import sys
import urllib.request
import zipfile
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from ruban.web.address import new_token
from tests.postgres_server import Postgres
from tests.server import give_page, serving
from tests.service.cast import DAY, cast_of

COUNTED = ("organiser_organiser", "organiser_signinlink", "letters_letterpage")


def ruban(*arguments: str, **settings: str) -> dict[str, object]:
    """A command in a process of its own, as Django wants it, with settings in its environment."""
    command = [sys.executable, "-c", "from ruban.cli.main import main; main()", *arguments, "--json"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("RUBAN_", "DJANGO_"))}
    environment |= {f"RUBAN_{name.upper()}": value for name, value in settings.items()}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    said: dict[str, object] = json.loads(done.stdout)
    return said


def in_file(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as database:
        return [database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in COUNTED]


def in_schema(postgres: Postgres, schema: str) -> list[int]:
    with psycopg.connect(postgres.address) as database:
        return [
            database.execute(f"SELECT count(*) FROM {schema}_pages.{table}").fetchone()[0]  # type: ignore[index]
            for table in COUNTED
        ]


@pytest.fixture
def begun(tmp_path: Path) -> tuple[Path, bytes]:
    """A data folder with a letter, its page, and two links for organisers."""
    data = tmp_path / "data"
    with cast_of(data, window=0) as cast:
        cast.now = 1_795_478_400 + 60
        letter = cast.open_letter(3000 * DAY).letter_id
    for _ in range(2):
        ruban("organiser", "link", "--data", str(data))
    give_page(data, letter, public=True)
    return data, letter


def test_they_go_with_the_record_there_and_back(begun: tuple[Path, bytes], postgres: Postgres) -> None:
    data, _ = begun
    schema = f"t_{secrets.token_hex(8)}"
    before = in_file(data / "private.db")
    assert before == [1, 2, 1]
    ruban("store", "move", "--to", postgres.address, "--schema", schema, "--data", str(data))
    assert not (data / "private.db").exists()
    assert in_schema(postgres, schema) == before
    # A row that the database numbers itself follows on those that came with it.
    ruban("organiser", "link", "--data", str(data))
    assert in_schema(postgres, schema) == [1, 3, 1]
    ruban("backup", str(data / "made.backup"), "--data", str(data))
    with zipfile.ZipFile(data / "made.backup") as packed:
        packed.extract("private.db", data / "unpacked")
    assert in_file(data / "unpacked" / "private.db") == [1, 3, 1]
    ruban("store", "move", "--to", "folder", "--data", str(data))
    assert in_file(data / "private.db") == [1, 3, 1]
    with psycopg.connect(postgres.address) as database:
        left = database.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (f"{schema}_pages",)).fetchall()
    assert left == []


def test_servers_on_two_machines_share_pages_and_sign_ins(
    begun: tuple[Path, bytes], tmp_path: Path, postgres: Postgres
) -> None:
    data, letter = begun
    schema = f"t_{secrets.token_hex(8)}"
    ruban("store", "move", "--to", postgres.address, "--schema", schema, "--data", str(data))
    # The other machine gets the keys, the key of cookies and the name of the database, and no table.
    other = tmp_path / "other"
    for name in ("group/keys", "web.key", "group/database.json"):
        (other / name).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (data / name).is_dir() else shutil.copy)(data / name, other / name)
    token = new_token()
    with psycopg.connect(postgres.address) as database:
        database.execute(
            f"UPDATE {schema}_pages.letters_letterpage SET token = %s WHERE letter_id = %s",
            (token, letter.hex()),
        )
    with serving(data) as one, serving(other) as two:
        pages = [read(f"http://{server.host}/cast/letters/{token}/") for server in (one, two)]
        assert all("To the board" in page for page in pages)
        link = str(ruban("organiser", "link", "--data", str(data))["link"])
        # Made on the one, opened on the other.
        opened = read(f"http://{two.host}/organiser/{link.partition('/organiser/')[2]}")
        assert re.search(r'name="csrfmiddlewaretoken"', opened)
    assert not (data / "private.db").exists()
    assert not (other / "private.db").exists()


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:
        text: str = answer.read().decode()
        return text
