"""`ruban submit` carries a text to a server or a data folder, and brings back a promise that it has checked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from ruban.cli import places
from ruban.log.merkle import leaf_hash
from ruban.log.receipt import Promise, sign_promise
from ruban.published import SETTINGS
from ruban.record.submission import Submission, encode_submission, parse_submission
from tests.cli.stage import run, stage
from tests.scribe import LOG, NOON, RECEIPT

DUE = NOON + 7200


def promise(submission: Submission, seed: bytes = RECEIPT, leaf: bytes | None = None) -> bytes:
    hashed = leaf_hash(submission.leaf if leaf is None else leaf)
    return sign_promise(Promise(origin="localhost/scribe", leaf_hash=hashed, due_unix_seconds=DUE), seed)


@dataclass
class Server:
    """A server of one answer, that keeps what it was sent."""

    status: int = 202
    body: bytes = b""
    location: str | None = None
    raw: bytes | None = None
    settings: bytes = b""
    got: list[tuple[str, str, bytes, dict[str, str]]] = field(default_factory=list)


@contextmanager
def serving(server: Server) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None:
            pass

        def do_GET(self) -> None:
            found = self.path == f"/group/{SETTINGS}"
            if not found:
                server.got.append((self.command, self.path, b"", {}))
            self.send_response(200 if found else 404)
            self.end_headers()
            self.wfile.write(server.settings if found else b"")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.got.append((self.command, self.path, body, dict(self.headers.items())))
            if server.raw is not None:
                self.wfile.write(server.raw)
                return
            self.send_response(server.status)
            if server.location is not None:
                self.send_header("Location", server.location)
            self.end_headers()
            self.wfile.write(server.body)

    real = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=real.serve_forever, args=(0.005,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{real.server_address[1]}/group"
    finally:
        real.shutdown()
        thread.join()
        real.server_close()


@pytest.fixture
def submission(folder: Path) -> Submission:
    """A signature by name, in the file s.json."""
    assert (
        run("sign", "bundle.zip", "--secret", "secret.json", "--name", "Member 9", "--yes", "--out", "s.json").exit_code
        == 0
    )
    return parse_submission(Path("s.json").read_bytes())


@pytest.fixture
def server(submission: Submission) -> Server:
    return Server(body=promise(submission), settings=stage().source.files[SETTINGS])


def test_a_submission_is_posted_as_it_is_and_the_promise_comes_back(submission: Submission, server: Server) -> None:
    with serving(server) as address:
        result = run("submit", "s.json", "--to", address)
    assert result.exit_code == 0
    assert result.stdout.encode() == server.body
    assert "Received by localhost/scribe; it will be recorded by 2025-11-22 10:30 UTC." in result.stderr
    [(method, path, body, headers)] = server.got
    assert (method, path, body) == ("POST", "/group/submit", encode_submission(submission))
    assert headers["Content-Type"] == "application/json"
    assert "Cookie" not in headers


def test_an_address_may_end_in_a_slash(submission: Submission, server: Server) -> None:
    with serving(server) as address:
        assert run("submit", "s.json", "--to", address + "/").exit_code == 0
    assert server.got[0][1] == "/group/submit"


def test_the_text_may_come_from_a_pipe(submission: Submission, server: Server) -> None:
    with serving(server) as address:
        result = run("submit", "-", "--to", address, stdin=Path("s.json").read_bytes())
    assert result.exit_code == 0


def test_json_and_a_file_hold_the_promise(submission: Submission, server: Server) -> None:
    with serving(server) as address:
        shown = json.loads(run("submit", "s.json", "--to", address, "--json", "--out", "p.txt").stdout)
        assert run("submit", "s.json", "--to", address, "--out", "p.txt").exit_code == 2
    assert len(server.got) == 1
    assert shown["promise"].encode() == Path("p.txt").read_bytes() == server.body
    assert (shown["due"], shown["leaf_hash"]) == (DUE, leaf_hash(submission.leaf).hex())


@pytest.mark.parametrize(
    ("status", "answer", "error", "said"),
    [
        (
            409,
            {"error": "TagReused", "field": "tag", "expected": "one that has not signed", "got": "ab"},
            "TagReused",
            "error: tag: expected one that has not signed, got ab\nhint: The first signature counts.",
        ),
        (
            503,
            {"error": "IntakePaused", "field": "intake", "expected": "room", "got": None, "hint": "Wait an hour."},
            "IntakePaused",
            "error: intake: expected room\nhint: Wait an hour.",
        ),
        (
            400,
            {"error": "SystemExit", "field": "x", "expected": "y", "got": "z"},
            "Refused",
            "error: x: expected y, got z",
        ),
        (
            403,
            {"error": "Refused", "field": "x", "expected": "\x1b[2J\ny", "got": "\u202e"},
            "Refused",
            "error: x: expected  y, got \n",
        ),
        (500, {"oops": 1}, "FetchFailed", "error: submit: expected HTTP 202 and a promise, got HTTP 500"),
        (200, {"ok": True}, "FetchFailed", "error: submit: expected HTTP 202 and a promise, got HTTP 200"),
    ],
)
def test_what_the_server_says_is_said(
    submission: Submission, server: Server, status: int, answer: dict[str, object], error: str, said: str
) -> None:
    server.status, server.body = status, json.dumps(answer).encode()
    with serving(server) as address:
        result = run("submit", "s.json", "--to", address)
        shown = json.loads(run("submit", "s.json", "--to", address, "--json").stdout)
    assert (result.exit_code, result.stdout, shown["error"]) == (1, "", error)
    assert said in result.stderr


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"a":1,"a":2}', b"\xff", b"{" * 100_000, b"x" * 200_000])
@pytest.mark.parametrize("status", [202, 400])
def test_an_answer_that_is_none_ends_with_1(submission: Submission, server: Server, status: int, body: bytes) -> None:
    server.status, server.body = status, body
    with serving(server) as address:
        result = run("submit", "s.json", "--to", address)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00\xff\r\n\r\n",
        b"HTTP/1.1 202 Accepted\r\nContent-Length: 500\r\n\r\nshort",
        b"HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nshort",
        b"HTTP/1.1 400 Bad\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nshort",
        b"HTTP/1.1 202 " + b"x" * 70_000,
        b"HTTP/1.1 202 Accepted\r\n" + b"X: y\r\n" * 200 + b"\r\n",
    ],
    ids=["no HTTP", "cut short", "a chunk cut short", "an error cut short", "a long first line", "200 headers"],
)
def test_a_server_that_does_not_speak_http_cannot_crash_the_command(
    submission: Submission, server: Server, raw: bytes
) -> None:
    server.raw = raw
    with serving(server) as address:
        result = run("submit", "s.json", "--to", address)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error: " in result.stderr


def test_a_promise_by_another_key_is_none(submission: Submission, server: Server) -> None:
    server.body = promise(submission, seed=LOG)
    with serving(server) as address:
        result = run("submit", "s.json", "--to", address)
    assert (result.exit_code, result.stdout) == (1, "")


def test_a_promise_about_something_else_is_none(submission: Submission, server: Server) -> None:
    server.body = promise(submission, leaf=b"another")
    with serving(server) as address:
        result = run("submit", "s.json", "--to", address)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "expected one for what was submitted" in result.stderr


def test_a_signature_follows_no_redirect(submission: Submission, server: Server) -> None:
    elsewhere = Server(body=server.body, settings=server.settings)
    with serving(elsewhere) as there, serving(server) as address:
        for status in (301, 302, 303, 307, 308):
            server.status, server.location = status, there + "/submit"
            result = run("submit", "s.json", "--to", address)
            assert (result.exit_code, result.stdout) == (1, "")
    assert elsewhere.got == []


def test_nothing_is_sent_where_no_record_is(submission: Submission, server: Server) -> None:
    server.settings = b"{}"
    with serving(server) as address:
        assert run("submit", "s.json", "--to", address).exit_code == 1
        assert run("submit", "s.json", "--to", address + "/nothing").exit_code == 1
    assert [method for method, *_ in server.got] == ["GET"]


def test_a_server_that_is_away_says_so(submission: Submission, server: Server) -> None:
    with serving(server) as address:
        pass
    result = run("submit", "s.json", "--to", address)
    assert result.exit_code == 1
    assert "Traceback" not in result.stderr
    assert "\nhint: " in result.stderr


@pytest.mark.parametrize("text", [b"", b"{}", b'{"entry":"{}","open":[]}', b"x" * 400_000])
def test_what_is_no_submission_is_not_sent(folder: Path, text: bytes) -> None:
    Path("s.json").write_bytes(text)
    result = run("submit", "s.json", "--to", "http://127.0.0.1:9/never")
    assert result.exit_code == 1
    assert "127.0.0.1" not in result.stderr


def test_an_entry_that_members_do_not_send_is_not_sent(folder: Path) -> None:
    Path("s.json").write_bytes(encode_submission(Submission(stage().scribe.leaves[0])))
    result = run("submit", "s.json", "--to", "http://127.0.0.1:9/never")
    assert result.exit_code == 1
    assert "an entry of kind group.opened" in result.stderr


@pytest.mark.parametrize("place", ["bundle.zip", "nowhere", "ftp://example.org", "."])
def test_a_place_that_takes_no_submissions_is_wrong_use(submission: Submission, place: str) -> None:
    assert run("submit", "s.json", "--to", place).exit_code == 2


def test_a_data_folder_is_handed_the_submission_by_the_servers_part(
    folder: Path, submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "log.db").write_bytes(b"")
    given = []

    def take(path: Path, handed: Submission) -> bytes:
        given.append((path, handed))
        return promise(handed)

    class Point:
        def load(self) -> object:
            return take

    def points(*, group: str, name: str) -> list[Point]:
        assert (group, name) == ("ruban.submitters", "data-folder")
        return [Point()]

    monkeypatch.setattr(places, "entry_points", points)
    result = run("submit", "s.json", "--to", "data")
    assert (result.exit_code, result.stdout.encode()) == (0, promise(submission))
    assert given == [(Path("data"), submission)]
    monkeypatch.setattr(places, "entry_points", lambda **_: [])
    assert "pip install 'ruban[server]'" in run("submit", "s.json", "--to", "data").stderr
