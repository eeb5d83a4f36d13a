"""Records in folders and at web addresses: nothing outside is read, nobody else is asked, each failure has a type."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

import pytest

from ruban.audit.fetch import FolderSource, WebSource, ZipSource, open_source
from ruban.errors import FetchFailed, FormatError
from ruban.published import CHECKPOINT, POLICY, SETTINGS
from tests.audit.simulator import Publisher, busy, verdict_of

RECORD = busy(seed="sources")[0].publish()
HONEST = verdict_of(RECORD).as_json()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Publisher(RECORD.files).dump(tmp_path / "record")
    return tmp_path / "record"


def test_an_unpacked_record_has_the_same_verdict(folder: Path) -> None:
    assert verdict_of(open_source(str(folder))).as_json() == HONEST


def test_a_link_out_of_the_folder_is_not_followed(folder: Path) -> None:
    (folder.parent / "secret").write_bytes(b"x")
    (folder / "out").symlink_to(folder.parent / "secret")
    (folder / "in").symlink_to(folder / CHECKPOINT)
    (folder / "round").symlink_to(folder / "round")
    source = FolderSource(folder)
    for path in ("out", "../secret", "round", "tile", "nothing", "checkpoint/more"):
        with pytest.raises(FetchFailed):
            source.read(path, 10**6)
    assert source.read("in", 10**6) == RECORD.files[CHECKPOINT]


def test_a_file_of_a_folder_has_its_bound(folder: Path) -> None:
    size = len(RECORD.files[CHECKPOINT])
    assert len(FolderSource(folder).read(CHECKPOINT, size)) == size
    with pytest.raises(FormatError):
        FolderSource(folder).read(CHECKPOINT, size - 1)


@pytest.mark.parametrize("place", ["nothing", "a\0b", "x" * 5000, ""])
def test_a_place_without_a_record_is_said_to_be_one(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FetchFailed):
        open_source(place)


def test_a_folder_without_a_checkpoint_is_no_record(tmp_path: Path) -> None:
    with pytest.raises(FetchFailed, match="checkpoint"):
        open_source(str(tmp_path))
    (tmp_path / "round").symlink_to(tmp_path / "round")
    with pytest.raises(FetchFailed):
        open_source(str(tmp_path / "round"))


def test_a_file_is_taken_for_a_bundle(tmp_path: Path) -> None:
    (tmp_path / "letter.md").write_text("# A letter")
    with pytest.raises(FormatError, match="bundle"):
        open_source(str(tmp_path / "letter.md"))
    assert ZipSource.__module__ == "ruban.audit.archive"


class _Handler(BaseHTTPRequestHandler):
    """Serves RECORD below /log/, and misbehaves elsewhere."""

    asked: list[tuple[str, dict[str, str]]]

    def do_GET(self) -> None:
        self.asked.append((self.path, dict(self.headers)))
        place, _, path = self.path.lstrip("/").partition("/")
        data = RECORD.files.get(path, b"")
        if place == "log" and path not in RECORD.files:
            self.send_error(404)
        elif place in ("elsewhere", "home"):
            port = cast(ThreadingHTTPServer, self.server).server_port
            host = f"localhost:{port}" if place == "elsewhere" else f"127.0.0.1:{port}"
            self.send_response(302)
            self.send_header("Location", f"http://{host}/log/{path}")
            self.end_headers()
        elif place == "other":
            self.send_response(302)
            self.send_header("Location", f"ftp://{self.headers['Host']}/log/{path}")
            self.end_headers()
        elif place == "cut":
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"ff\r\nshort")
        elif place == "noise":
            self.wfile.write(b"\x00\xff\r\n\r\n")
        elif place == "endless":
            self.send_response(200)
            self.end_headers()
            with contextlib.suppress(OSError):
                while True:
                    self.wfile.write(bytes(65_536))
        else:
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    _Handler.asked = []
    running = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.server_address[1]}"
    running.shutdown()
    running.server_close()


@pytest.mark.parametrize("end", ["", "/"])
def test_a_record_at_an_address_has_the_same_verdict(server: str, end: str) -> None:
    assert verdict_of(open_source(f"{server}/log{end}")).as_json() == HONEST
    assert {path for path, _ in _Handler.asked} == {f"/log/{path}" for path in (*RECORD.files, POLICY)}


def test_nothing_is_sent_that_tells_one_reader_from_another(server: str) -> None:
    WebSource(f"{server}/log").read(CHECKPOINT, 10**6)
    [(_, headers)] = _Handler.asked
    assert set(headers) == {"Host", "User-Agent", "Cache-Control", "Accept-Encoding", "Connection"}
    assert headers["User-Agent"] == "ruban"


def test_a_redirect_is_followed_on_the_same_host_only_and_no_other_is_asked(server: str) -> None:
    assert WebSource(f"{server}/home").read(SETTINGS, 10**6) == RECORD.files[SETTINGS]
    _Handler.asked.clear()
    with pytest.raises(FetchFailed, match="redirect"):
        WebSource(f"{server}/elsewhere").read(SETTINGS, 10**6)
    assert [path for path, _ in _Handler.asked] == [f"/elsewhere/{SETTINGS}"]


def test_a_redirect_to_another_protocol_of_the_host_is_not_followed(server: str) -> None:
    with pytest.raises(FetchFailed, match="redirect"):
        WebSource(f"{server}/other").read(SETTINGS, 10**6)


@pytest.mark.parametrize("place", ["cut", "noise"])
def test_an_answer_cut_short_or_not_http_is_a_failure_to_fetch(server: str, place: str) -> None:
    with pytest.raises(FetchFailed):
        WebSource(f"{server}/{place}").read(CHECKPOINT, 10**6)


def test_an_endless_answer_ends_at_the_bound(server: str) -> None:
    with pytest.raises(FormatError):
        WebSource(f"{server}/endless").read(CHECKPOINT, 10**6)


def test_an_answer_has_so_much_time(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ruban.audit.fetch.MAX_SECONDS_A_FILE", -1)
    with pytest.raises(FetchFailed):
        WebSource(f"{server}/log").read(CHECKPOINT, 10**6)


def test_a_file_that_is_not_there_says_so(server: str) -> None:
    with pytest.raises(FetchFailed, match="404"):
        WebSource(f"{server}/log").read("tile/0/999", 100)


def test_nobody_listening_is_a_failure_to_fetch() -> None:
    closed = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    port = closed.server_address[1]
    closed.server_close()
    with pytest.raises(FetchFailed):
        WebSource(f"http://127.0.0.1:{port}").read(CHECKPOINT, 100)


ADDRESSES = [
    *("http://", "http:///x", "ftp://127.0.0.1/", "file:///etc/passwd", "http://127.0.0.1/?query"),
    *("http://127.0.0.1/#part", "http://user:word@127.0.0.1/", "http://[::1/", "http://127.0.0.1/\n", "http://hôte/"),
    *("http://127.0.0.1/\x00", "http://127.0.0.1 /", "http://127.0.0.1:99999/", "http://127.0.0.1:port/"),
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_plain(address: str) -> None:
    with pytest.raises(FormatError, match="address"):
        WebSource(address)
