"""The server's own door: a Unix socket in the data folder (0600), for commands that find the record locked.

One request a connection, a line of JSON; answers are lines of JSON, the last with `done` or `error`. Whoever may open
the socket may read the whole folder, so nobody is asked who they are.
"""

from __future__ import annotations

import contextlib
import json
import os
import socketserver
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ruban.errors import FormatError, Message, RubanError, StoreError
from ruban.language import translator
from ruban.record.canonical import parse_strict
from ruban.service.backup import Backup, back_up
from ruban.service.keeper import window_end
from ruban.service.move_away import move_away
from ruban.service.standing import standing_of
from ruban.web.errors import error_as_json
from ruban.web.faults import report_fault
from ruban.web.private_tables import beside_record
from ruban.web.site import Site

SOCKET = "control.sock"
MAX_REQUEST_BYTES = 8192
Tell = Callable[[dict[str, Any]], None]


class Control:
    """Answers on the socket until `close`."""

    def __init__(self, site: Site) -> None:
        self._path = site.configuration.data / SOCKET
        # What a server that was killed has left.
        self._path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            self._server = _Server(str(self._path), site)
        finally:
            os.umask(before)
        self._thread = threading.Thread(target=self._server.serve_forever, name="ruban-control", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Let go of the socket. Who waits for an answer sees that there will be none."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._path.unlink(missing_ok=True)


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, path: str, site: Site) -> None:
        self.site = site
        super().__init__(path, _Handler)


class _Handler(socketserver.StreamRequestHandler):
    server: _Server
    timeout = 10.0

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            try:
                answer(self.server.site, self.rfile.readline(MAX_REQUEST_BYTES), self._tell)
            except RubanError as error:
                self._tell({"error": error_as_json(translator("en"), error)})
            except Exception:
                report_fault()
                self._tell({"error": {"error": "Fault", "field": "server", "expected": "one that works"}})

    def _tell(self, line: dict[str, Any]) -> None:
        self.wfile.write(json.dumps(line).encode() + b"\n")


def answer(site: Site, line: bytes, tell: Tell) -> None:
    """Do what a request asks for; errors as they come."""
    # Django's part, which is not set up where commands only ask.
    from ruban.web.as_files import export

    match parse_strict("request", line, max_bytes=MAX_REQUEST_BYTES, max_depth=1):
        case {"do": "backup", "to": str(to)} if os.path.isabs(to):
            _back_up(site, Path(to), tell)
        case {"do": "move", "to": str(to)} if os.path.isabs(to):
            _move(site, Path(to), tell)
        case {"do": "export", "to": str(to)} if os.path.isabs(to):
            made = export(site, Path(to))
            tell({"done": {"files": made.files, "entries": made.entries}})
        case {"do": "status"}:
            tell({"done": _status(site)})
        case _:
            raise FormatError("request", Message("one that this server knows"), Message("another"))


def _status(site: Site) -> dict[str, Any]:
    """How the group stands; empty before there is one, and while the record is under review."""
    if site.keeper is None or site.under_review is not None:
        return {}
    paused, unwitnessed = site.paused is not None, site.unwitnessed_since is not None
    return asdict(standing_of(site.keeper, site.clock(), paused=paused, unwitnessed=unwitnessed))


def _back_up(site: Site, to: Path, tell: Tell) -> None:
    keeper = site.kept
    _after_release(site, tell, lambda: back_up(keeper, to, beside_record(site.configuration.data)))


def _move(site: Site, to: Path, tell: Tell) -> None:
    keeper, data = site.kept, site.configuration.data

    def move() -> Backup:
        found = move_away(keeper, site.folder, to, beside_record(data), site.clock())
        site.paused = keeper.moved
        site.changes += 1
        return found

    _after_release(site, tell, move)


def _after_release(site: Site, tell: Tell, make: Callable[[], Backup]) -> None:
    keeper = site.kept

    def write() -> None:
        try:
            found = make()
        except OSError as error:
            raise StoreError("backup", Message("a file that can be written"), error.strerror or "") from error
        tell({"done": {"entries": found.entries, "waiting": found.waiting}})

    # While nothing waits nothing tells when it came; else only right after a release.
    if not keeper.store.pending() or keeper.frozen is not None or keeper.moved is not None:
        write()
        return
    site.after_release(write, lambda: tell({"wait_until": window_end(keeper.state, site.clock())}))
