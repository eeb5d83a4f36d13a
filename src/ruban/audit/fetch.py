"""Where a record comes from: a zip, a folder, or a web address. Sizes are bounded before anything is read."""

from __future__ import annotations

import stat
import urllib.error
import urllib.parse
import urllib.request
import zipfile
import zlib
from pathlib import Path
from typing import Protocol

from ruban.errors import FetchFailed, FormatError, Message
from ruban.published import CHECKPOINT, check_known_path

TIMEOUT_SECONDS = 30
MAX_FILES = 200_000
"""Files in a bundle, at most: the record of some ten million entries."""
MAX_ZIP_BYTES = 8 * 1024**3


class Source(Protocol):
    """A published record: files by path."""

    def read(self, path: str, max_bytes: int) -> bytes:
        """The file's bytes; FetchFailed if it is not there, FormatError if it is longer than `max_bytes`."""


def _too_long(path: str, max_bytes: int) -> FormatError:
    return FormatError(path, Message("at most {n} bytes", n=max_bytes), Message("more"))


class ZipSource:
    """A bundle. Only what a record needs is unpacked, each file up to its own bound: a bomb has nowhere to go off."""

    def __init__(self, path: Path) -> None:
        """FormatError on a broken or truncated zip, a name that stands twice, or a file that no record has."""
        try:
            if path.stat().st_size > MAX_ZIP_BYTES:
                raise _too_long("bundle", MAX_ZIP_BYTES)
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as wrong:
            raise FormatError(
                "bundle",
                Message("a whole zip file"),
                Message("a broken or truncated one"),
                hint=Message("Download it again; if that fails too, ask the publisher for another copy."),
            ) from wrong
        except OSError as wrong:
            raise FetchFailed("bundle", Message("a readable file"), Message("an error of the disk")) from wrong
        infos = self._zip.infolist()
        if len(infos) > MAX_FILES:
            raise FormatError("bundle", Message("at most {n} files", n=MAX_FILES), str(len(infos)))
        names = [info.filename for info in infos]
        if len(set(names)) != len(names):
            raise FormatError("bundle", Message("every file once"), Message("one that stands twice"))
        for name in names:
            check_known_path(name)

    def read(self, path: str, max_bytes: int) -> bytes:
        try:
            info = self._zip.getinfo(path)
        except KeyError:
            raise FetchFailed(path, Message("a file of the bundle"), Message("none")) from None
        if info.file_size > max_bytes:
            raise _too_long(path, max_bytes)
        try:
            with self._zip.open(info) as file:
                data = file.read(max_bytes + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as wrong:
            raise FormatError(path, Message("a whole file of the zip"), Message("a damaged one")) from wrong
        if len(data) > max_bytes:
            raise _too_long(path, max_bytes)
        return data


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
        except OSError as wrong:
            raise FetchFailed(path, Message("a file of the record"), Message("none that can be read")) from wrong
        if len(data) > max_bytes:
            raise _too_long(path, max_bytes)
        return data


class WebSource:
    """A record at a web address, read over HTTP(S) without cookies, redirects to other hosts or anything sent."""

    def __init__(self, address: str) -> None:
        """FormatError unless `address` is an http or https URL without query."""
        parts = urllib.parse.urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
            raise FormatError("address", Message("an http or https address"), repr(address[:120]))
        self._prefix = address.rstrip("/")
        self._host = parts.netloc

    def read(self, path: str, max_bytes: int) -> bytes:
        request = urllib.request.Request(f"{self._prefix}/{path}", headers={"User-Agent": "ruban"})
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
                if urllib.parse.urlsplit(answer.url).netloc != self._host:
                    raise FetchFailed(path, Message("an answer of the same host"), Message("a redirect"))
                data = bytes(answer.read(max_bytes + 1))
        except urllib.error.HTTPError as wrong:
            raise FetchFailed(path, Message("a file of the record"), f"HTTP {wrong.code}") from None
        except (OSError, ValueError) as wrong:
            raise FetchFailed(
                path,
                Message("an answer of the server"),
                Message("none"),
                hint=Message("Check the address and network."),
            ) from wrong
        if len(data) > max_bytes:
            raise _too_long(path, max_bytes)
        return data


def open_source(place: str) -> Source:
    """The record at a zip file, a folder or a web address; FetchFailed if there is nothing of the kind."""
    if place.startswith(("http://", "https://")):
        return WebSource(place)
    path = Path(place)
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
    raise FetchFailed(place, Message("a bundle, a folder or an address"), Message("none of them"))
