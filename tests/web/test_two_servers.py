"""Two servers over one record in PostgreSQL: what one takes, both count."""

from __future__ import annotations

import json
import secrets
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest

from ruban.errors import HeadMoved, StoreError
from ruban.record.member import sign_by_name, sign_unnamed
from ruban.record.submission import encode_submission
from ruban.service.open_group import open_keeper
from ruban.service.submit import submit
from ruban.store.place import Database
from ruban.web import site as module
from ruban.web.configuration import Configuration
from ruban.web.site import Site
from tests.postgres_server import Postgres, running
from tests.server import serving
from tests.service.cast import DAY, cast_of

WITHIN_SECONDS = 30


def post(at: str, body: bytes) -> int:
    origin = at.partition("/cast")[0]
    request = urllib.request.Request(
        f"{at}/submit", body, {"Content-Type": "application/json", "Origin": origin, "Host": origin.split("//")[1]}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return int(answer.status)


def signed(at: str, letter: str) -> int:
    with urllib.request.urlopen(f"{at}/count/{letter}", timeout=30) as answer:
        return int(json.loads(answer.read())["signed"])


def test_what_one_server_takes_the_other_counts(tmp_path: Path, postgres: Postgres) -> None:
    database = Database(postgres.address, f"t_{secrets.token_hex(8)}")
    with cast_of(tmp_path, window=0, database=database) as cast:
        cast.now = int(time.time())
        letter = cast.open_letter(5 * DAY)
        bodies = [encode_submission(sign_unnamed(cast.keeper.state, letter, cast.secrets[n])) for n in range(2)]
        bodies.append(encode_submission(sign_by_name(cast.keeper.state, letter, cast.secrets[2], cast.name(2))))
    with serving(tmp_path) as one, serving(tmp_path) as other:
        places = [f"http://{server.host}/cast" for server in (one, other)]
        for number, body in enumerate(bodies):
            assert post(places[number % 2], body) == 202
        until = time.monotonic() + WITHIN_SECONDS
        while (found := [signed(at, letter.letter_id.hex()) for at in places]) != [3, 3]:
            assert time.monotonic() < until, found
            time.sleep(0.5)


def test_a_release_that_another_process_made_first_pauses_nothing(
    tmp_path: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(postgres.address, f"t_{secrets.token_hex(8)}")
    with cast_of(tmp_path, database=database) as cast:
        site = Site(Configuration(data=tmp_path), clock=lambda: cast.now)
        site.keeper = open_keeper(cast.folder)
        before = site.keeper.state.size

        def late(*_: object) -> None:
            cast.open_letter()
            raise HeadMoved("head", "before", "after")

        monkeypatch.setattr(module, "release", late)
        site.release()
        assert site.paused is None
        assert site.keeper.state.size == before + 1
        site.close()


def test_a_server_whose_database_was_away_goes_on_by_itself_once_it_is_back(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="ruban-pg-") as files, running(Path(files)) as server:
        database = Database(server.address, "away")
        with cast_of(tmp_path / "data", database=database) as cast:
            letter = cast.open_letter()
            site = Site(Configuration(data=tmp_path / "data"), clock=lambda: cast.now)
            site.keeper = open_keeper(cast.folder)
            submit(site.keeper, sign_by_name(cast.keeper.state, letter, cast.secrets[2], cast.name(2)), cast.now)
            server.cut_off()
            with pytest.raises(StoreError):
                site.catch_up()
            assert site.paused is not None
            with pytest.raises(StoreError):
                site.mend()
            with running(Path(files)):
                site.mend()
                assert site.paused is None
                assert len(site.kept.store.pending()) == 1
                before = site.keeper
                site.mend()
                assert site.keeper is before
                site.close()
