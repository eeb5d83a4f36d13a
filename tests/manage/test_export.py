"""`ruban export`: a group that lives on as a folder, verified from any web server, whole at every moment."""

from __future__ import annotations

import sqlite3
import threading
import time
import urllib.request
from pathlib import Path

import pytest

from ruban.audit.fetch import FolderSource, WebSource
from ruban.audit.verify import audit
from tests.manage.test_private_tables import ruban
from tests.server import give_page, serving
from tests.service.cast import DAY, cast_of
from tests.service.test_adopt import sign
from tests.web.test_elsewhere import served


def get(address: str) -> str:
    """A page as it is served."""
    with urllib.request.urlopen(address) as answer:
        return str(answer.read().decode())


@pytest.fixture
def ended(tmp_path: Path) -> tuple[Path, str]:
    """A data folder with a letter that has signatures, and the token of its public page."""
    data = tmp_path / "data"
    with cast_of(data, window=0) as cast:
        cast.now = int(time.time()) - 10
        letter = cast.open_letter(5 * DAY)
        for member in range(6):
            sign(cast, member)
        sign(cast, 6, by_name=True)
        cast.release()
    with serving(data):
        return data, give_page(data, letter.letter_id, public=True)


def test_a_group_lives_on_as_a_folder(ended: tuple[Path, str], tmp_path: Path) -> None:
    data, token = ended
    made = ruban("export", str(tmp_path / "www"), "--data", str(data))
    with served(tmp_path / "www") as address:
        for place in (f"{address}/cast", f"{address}/cast/letters/{token}"):
            verdict = audit(WebSource(place))[0]
            assert verdict.holds
            assert verdict.entries == made["entries"]
            [letter] = verdict.letters
            assert (letter.tally.unnamed, letter.tally.named) == (6, 1)
        for path, said in (
            (f"letters/{token}/", "7 have signed of the 12 enrolled"),
            (f"letters/{token}/", "a copy, made on"),
            (f"fr/letters/{token}/", "7 des 12 inscrits"),
            (f"letters/{token}/names/", "Member 6"),
            (f"en/letters/{token}/check/", "ruban verify"),
            ("", "To the board"),
        ):
            page = get(f"{address}/cast/{path}")
            assert said in page
            # Nobody can sign in a copy.
            assert "/sign/" not in page
            assert "/enrol/" not in page
    assert audit(FolderSource(tmp_path / "www" / "cast"))[0].holds
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".www-") and not path.is_dir()]


def test_a_server_that_runs_makes_it_and_a_reader_never_sees_half_of_it(
    ended: tuple[Path, str], tmp_path: Path
) -> None:
    data, _ = ended
    www, stop, faults = tmp_path / "www", threading.Event(), list[str]()

    def read(address: str) -> None:
        while not stop.is_set():
            faults.extend(str(finding.error) for finding in audit(WebSource(address))[0].findings)

    with serving(data), served(www) as address:
        ruban("export", str(www), "--data", str(data))
        before = www.resolve()
        reader = threading.Thread(target=read, args=(f"{address}/cast",))
        reader.start()
        for _ in range(3):
            ruban("export", str(www), "--data", str(data))
        stop.set()
        reader.join()
    assert faults == []
    assert www.resolve() != before
    assert len([path for path in tmp_path.iterdir() if path.name.startswith(".www-")]) == 1


def test_a_letter_that_is_listed_nowhere_is_there_for_whoever_has_its_link(
    ended: tuple[Path, str], tmp_path: Path
) -> None:
    data, token = ended
    ruban("export", str(tmp_path / "public"), "--data", str(data))
    tables = sqlite3.connect(data / "private.db")
    with tables:
        tables.execute("UPDATE letters_letterpage SET public = 0")
    tables.close()
    ruban("export", str(tmp_path / "www"), "--data", str(data))
    with served(tmp_path / "www") as address:
        assert audit(WebSource(f"{address}/cast/letters/{token}"))[0].holds
        # Without an index of its own a web server would list the folders.
        for path in ("/", "/cast/", "/cast/letters/"):
            assert token not in get(address + path)
    assert not (tmp_path / "www" / "cast" / "letters" / token / "card.png").exists()
    assert (tmp_path / "public" / "cast" / "letters" / token / "card.png").exists()


def test_a_folder_of_somebody_elses_is_left_alone(ended: tuple[Path, str], tmp_path: Path) -> None:
    data, _ = ended
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "mine").write_text("mine")
    with pytest.raises(AssertionError, match="another folder"):
        ruban("export", str(tmp_path / "www"), "--data", str(data))
    assert (tmp_path / "www" / "mine").read_text() == "mine"
    assert not list(tmp_path.glob(".www-*"))
