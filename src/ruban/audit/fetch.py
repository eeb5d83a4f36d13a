"""Where a record comes from: a zip, a folder, or a web address. Sizes are bounded before anything is read."""

from __future__ import annotations

import http.client
import stat
import time
import urllib.error
import urllib.parse
import urllib.request
from email.message import Message as Headers
from pathlib import Path
from typing import IO, Protocol

from ruban.audit.archive import ZipSource
from ruban.errors import FetchFailed, FormatError, Message
from ruban.published import CHECKPOINT

__all__ = ["FolderSource", "Source", "WebSource", "ZipSource", "open_source"]

TIMEOUT_SECONDS = 30
"""Longest silence of a server."""
MAX_SECONDS_A_FILE = 300
"""Longest time for one file, however steadily it trickles."""
_CHUNK_BYTES = 65_536


class Source(Protocol):
    """A published record: files by path."""

    def read(self, path: str, max_bytes: int) -> bytes:
        """The file's bytes; FetchFailed if it is not there, FormatError if it is longer than `max_bytes`."""


def _too_long(path: str, max_bytes: int) -> FormatError:
    return FormatError(path, Message("at most {n} bytes", n=max_bytes), Message("more"))


class FolderSource:
    """A record unpacked, or published as static files. Links are not followed out of it."""

    def __init__(self, path: Path) -> None:
        self._root = path.resolve()

    def read(self, path: str, max_bytes: int) -> bytes:
        file = self._root / path
        try:
            if not file.resolve().is_relative_to(self._root) or not stat.S_ISREG(file.stat().st_mode):
                raise FetchFailed(path, Message("a file of the record"), Message("something else"))
            with file.open("rb") as opened:
                data = opened.read(max_bytes + 1)
        # RuntimeError is how pathlib says that links run in a circle.
        except (OSError, RuntimeError) as wrong:
            raise FetchFailed(path, Message("a file of the record"), Message("none that can be read")) from wrong
        if len(data) > max_bytes:
            raise _too_long(path, max_bytes)
        return data


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows a redirect only to the host that was asked: no other learns that somebody audits."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Headers, newurl: str
    ) -> urllib.request.Request | None:
        before, after = urllib.parse.urlsplit(req.full_url), urllib.parse.urlsplit(newurl)
        # urllib would go on to ftp, too.
        if after.netloc != before.netloc or after.scheme not in ("https", before.scheme):
            raise FetchFailed(req.selector, Message("an answer of the same host"), Message("a redirect"))
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


class WebSource:
    """A record at a web address, read over HTTP(S) without cookies, redirects to other hosts or anything sent."""

    def __init__(self, address: str, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        """FormatError unless `address` is an http or https URL without user, query or fragment."""
        self._timeout_seconds = timeout_seconds
        try:
            parts = urllib.parse.urlsplit(address)
            # `port` raises ValueError for what is none.
            good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
            good = good and parts.username is None and not parts.query and not parts.fragment
        except ValueError:
            good = False
        if not good or not address.isascii() or not address.isprintable() or " " in address:
            raise FormatError("address", Message("an http or https address"), repr(address[:120]))
        self._prefix = address.rstrip("/")
        self._opener = urllib.request.build_opener(_SameHost)

    def read(self, path: str, max_bytes: int) -> bytes:
        headers = {"User-Agent": "ruban", "Cache-Control": "no-cache"}
        until = time.monotonic() + MAX_SECONDS_A_FILE
        data = bytearray()
        try:
            request = urllib.request.Request(f"{self._prefix}/{path}", headers=headers)
            with self._opener.open(request, timeout=self._timeout_seconds) as answer:
                while len(data) <= max_bytes and (chunk := answer.read1(min(_CHUNK_BYTES, max_bytes + 1 - len(data)))):
                    data += chunk
                    if time.monotonic() > until:
                        raise TimeoutError
        except urllib.error.HTTPError as wrong:
            wrong.close()
            raise FetchFailed(path, Message("a file of the record"), f"HTTP {wrong.code}") from None
        except (OSError, ValueError, http.client.HTTPException) as wrong:
            raise FetchFailed(
                path,
                Message("an answer of the server"),
                Message("none"),
                hint=Message("Check the address and network."),
            ) from wrong
        if len(data) > max_bytes:
            raise _too_long(path, max_bytes)
        return bytes(data)


def open_source(place: str) -> Source:
    """The record at a zip file, a folder or a web address; FetchFailed if there is nothing of the kind."""
    if place.startswith(("http://", "https://")):
        return WebSource(place)
    path = Path(place)
    try:
        if path.is_dir():
            if not (path / CHECKPOINT).is_file():
                raise FetchFailed(
                    place,
                    Message("a folder with a record in it"),
                    Message("one without a checkpoint"),
                    hint=Message("Name a bundle, an unpacked bundle, or the address of a record."),
                )
            return FolderSource(path)
        if path.is_file():
            return ZipSource(path)
    # A name too long, a folder that may not be entered, links in a circle.
    except (OSError, RuntimeError) as wrong:
        raise FetchFailed(place[:200], Message("a readable file"), Message("an error of the disk")) from wrong
    raise FetchFailed(place[:200], Message("a bundle, a folder or an address"), Message("none of them"))
