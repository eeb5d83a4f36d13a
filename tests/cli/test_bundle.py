"""`ruban bundle` copies a record whole or not at all, and one letter's openings without anybody else's."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from ruban.audit.fetch import Source
from ruban.cli import places
from ruban.published import CHECKPOINT, SETTINGS
from tests.cli.stage import bundle_bytes, play, run, stage, zipped
from tests.scribe import MemorySource


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(folder)))
    thread = Thread(target=server.serve_forever, args=(0.005,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_zip_is_copied_to_the_same_bytes(folder: Path) -> None:
    result = run("bundle", "bundle.zip", "--out", "copy.zip")
    assert result.exit_code == 0
    assert result.stdout.startswith("28 entries written to copy.zip (")
    assert Path("copy.zip").read_bytes() == bundle_bytes()


def test_a_folder_and_an_address_give_the_same_bundle(folder: Path) -> None:
    with zipfile.ZipFile("bundle.zip") as file:
        file.extractall("unpacked")
    assert run("bundle", "unpacked", "--out", "a.zip").exit_code == 0
    with served(folder / "unpacked") as address:
        assert run("bundle", address, "--out", "b.zip").exit_code == 0
        assert run("verify", address).exit_code == 0
    assert Path("a.zip").read_bytes() == Path("b.zip").read_bytes() == bundle_bytes()


def test_a_bundle_may_be_read_by_everybody(folder: Path) -> None:
    run("bundle", "bundle.zip", "--out", "copy.zip")
    assert stat.S_IMODE(os.stat("copy.zip").st_mode) == 0o644


def test_what_is_there_is_not_overwritten_unless_forced(folder: Path) -> None:
    Path("copy.zip").write_bytes(b"mine")
    result = run("bundle", "bundle.zip", "--out", "copy.zip")
    assert (result.exit_code, Path("copy.zip").read_bytes()) == (2, b"mine")
    assert "hint: Choose another name, or add --force" in result.stderr
    assert run("bundle", "bundle.zip", "--out", "copy.zip", "--force").exit_code == 0
    assert Path("copy.zip").read_bytes() == bundle_bytes()


def test_a_failure_leaves_what_was_there_and_nothing_else(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    before = sorted(os.listdir())
    Path("copy.zip").write_bytes(b"mine")
    monkeypatch.setattr(os, "fsync", fail)
    result = run("bundle", "bundle.zip", "--out", "copy.zip", "--force")
    assert (result.exit_code, Path("copy.zip").read_bytes()) == (1, b"mine")
    assert result.stderr.startswith("error: No space left on device\nhint: ")
    assert sorted(os.listdir()) == sorted([*before, "copy.zip"])


def test_a_damaged_source_gives_no_bundle(folder: Path) -> None:
    damaged = dict(stage().source.files)
    damaged[CHECKPOINT] = damaged[CHECKPOINT].replace(b"28", b"27", 1)
    _unpack(folder / "damaged", damaged)
    result = run("bundle", "damaged", "--out", "x.zip")
    assert result.exit_code == 1
    assert not Path("x.zip").exists()


def test_a_folder_that_is_not_there_is_an_error_without_a_trace(folder: Path) -> None:
    result = run("bundle", "bundle.zip", "--out", "nowhere/x.zip")
    assert result.exit_code == 1
    assert result.stderr.startswith("error: nowhere: ")


def _unpack(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


@pytest.fixture
def two(folder: Path) -> tuple[str, str]:
    """A bundle with two letters, each with a name of its own."""
    scribe, first = play()
    second = scribe.open_letter()
    scribe.batch(scribe.named(second, 10))
    (folder / "two.zip").write_bytes(zipped(scribe.publish()))
    return first.hex(), second.hex()


def test_one_letter_is_bundled_without_the_texts_and_names_of_the_other(folder: Path, two: tuple[str, str]) -> None:
    assert run("bundle", "two.zip", "--letter", two[1], "--out", "one.zip").exit_code == 0
    result = run("verify", "one.zip", "--names")
    assert result.exit_code == 0
    assert "(its title is not in this bundle)\n7 signed" in result.stdout
    assert "the texts and names of this letter are not in this bundle" in result.stdout
    assert "To the board\n1 signed" in result.stdout
    assert [line.strip() for line in result.stdout.split("\n") if "Member" in line] == ["Member 10"]
    with zipfile.ZipFile("one.zip") as file:
        openings = file.read("payloads/000")
    assert b"Open letter".hex().encode() not in openings
    assert b"Member 6".hex().encode() not in openings
    assert b"Member 10".hex().encode() in openings


def test_a_letter_whose_openings_are_not_there_is_refused(folder: Path, two: tuple[str, str]) -> None:
    run("bundle", "two.zip", "--letter", two[1], "--out", "one.zip")
    result = run("bundle", "one.zip", "--letter", two[0], "--out", "other.zip")
    assert result.exit_code == 1
    assert not Path("other.zip").exists()
    assert run("bundle", "one.zip", "--letter", two[1], "--out", "same.zip").exit_code == 0
    assert Path("same.zip").read_bytes() == Path("one.zip").read_bytes()


def test_a_letter_that_is_not_in_the_record_is_wrong_use(folder: Path) -> None:
    assert run("bundle", "bundle.zip", "--letter", "ffff0000", "--out", "x.zip").exit_code == 2


@pytest.fixture
def data_folder(folder: Path) -> Path:
    (folder / "data").mkdir()
    (folder / "data" / "log.db").write_bytes(b"SQLite format 3\x00")
    return folder / "data"


def test_a_strangers_folder_with_a_database_in_it_is_read_as_a_published_one(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(**_: object) -> list[object]:
        raise RuntimeError("a stranger's database was to be opened")

    monkeypatch.setattr(places, "entry_points", opened)
    (data_folder / "checkpoint").write_bytes(b"not one")
    assert run("verify", data_folder).exit_code == 1


def test_a_servers_data_folder_needs_the_servers_part(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "entry_points", lambda **_: [])
    for arguments in (("verify", data_folder), ("bundle", data_folder, "--out", "x.zip")):
        result = run(*arguments)
        assert result.exit_code == 2
        assert "hint: pip install 'ruban[server]' installs it." in result.stderr


class _Point:
    def __init__(self, loaded: object) -> None:
        self.loaded = loaded

    def load(self) -> object:
        if isinstance(self.loaded, Exception):
            raise self.loaded
        return self.loaded


def test_a_servers_data_folder_is_opened_by_the_servers_part(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def source(path: Path) -> Source:
        asked.append(path)
        return MemorySource(stage().source.files)

    def points(*, group: str, name: str) -> list[_Point]:
        assert (group, name) == ("ruban.sources", "data-folder")
        return [_Point(source)]

    monkeypatch.setattr(places, "entry_points", points)
    assert run("verify", data_folder).exit_code == 0
    assert run("bundle", data_folder, "--out", "x.zip").exit_code == 0
    assert asked == [data_folder, data_folder]
    assert Path("x.zip").read_bytes() == bundle_bytes()


def test_a_servers_part_without_its_libraries_is_none(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "entry_points", lambda **_: [_Point(ModuleNotFoundError("no apsw", name="apsw"))])
    assert "pip install 'ruban[server]'" in run("verify", data_folder).stderr
    broken = ModuleNotFoundError("no ruban.x", name="ruban.x")
    monkeypatch.setattr(places, "entry_points", lambda **_: [_Point(broken)])
    with pytest.raises(ModuleNotFoundError):
        run("verify", data_folder)


def test_the_files_of_the_stage_are_a_whole_record() -> None:
    assert {CHECKPOINT, SETTINGS} < set(stage().source.files)
