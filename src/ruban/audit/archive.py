"""A bundle: the files of a record in one zip, of the plainest kind there is (spec/record.md, 6.4).

A zip can be read in several ways: garbage before it, a second directory after it, sizes that differ between its two
lists. What is accepted here ends in its directory, which ends the file, and names only files of a record, each once.
"""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

from ruban.errors import FetchFailed, FormatError, Message
from ruban.published import check_known_path

MAX_FILES = 65_534
"""Files in a bundle, at most, as in a plain zip: the record of some five million entries."""
MAX_ZIP_BYTES = 2**31 - 1
MAX_UNPACKED_BYTES = 4 * 1024**3
"""All files together, unpacked."""
MAX_DIRECTORY_BYTES = 256 * MAX_FILES

_END = struct.Struct("<4s4H2LH")
_END_MAGIC = b"PK\x05\x06"
_ZIP64_LOCATOR_BYTES = 20
_ZIP64_MAGIC = b"PK\x06\x07"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1


def _no_bundle(got: Message) -> FormatError:
    return FormatError(
        "bundle",
        Message("a whole, plain zip file"),
        got,
        hint=Message("Download it again; if that fails too, ask the publisher for another copy."),
    )


def _check_end(path: Path) -> int:
    """Accept only a zip whose directory is as long as it says and is followed by its 22 last bytes, without comment.

    Returns how many files it says it has. Before the directory is read: zipfile would make an object of each of its
    entries, however many.
    """
    size = path.stat().st_size
    if size > MAX_ZIP_BYTES:
        raise FormatError("bundle", Message("at most {n} bytes", n=MAX_ZIP_BYTES), Message("{n} bytes", n=size))
    if size < _END.size:
        raise _no_bundle(Message("a broken or truncated one"))
    with path.open("rb") as file:
        file.seek(max(0, size - _END.size - _ZIP64_LOCATOR_BYTES))
        last = file.read(_ZIP64_LOCATOR_BYTES + _END.size)
    magic, disk, first, here, count, directory, offset, comment = _END.unpack(last[-_END.size :])
    if magic != _END_MAGIC or comment or disk or first or here != count or offset + directory + _END.size != size:
        raise _no_bundle(Message("a broken or truncated one"))
    # zipfile would follow a zip64 locator to another directory, of any size, even out of the last file's comment.
    if len(last) > _END.size and last.startswith(_ZIP64_MAGIC):
        raise _no_bundle(Message("a broken or truncated one"))
    if count > MAX_FILES or directory > MAX_DIRECTORY_BYTES:
        raise FormatError("bundle", Message("at most {n} files", n=MAX_FILES), str(count))
    files: int = count
    return files


class ZipSource:
    """A bundle. Only what a record needs is unpacked, each file up to its own bound: a bomb has nowhere to go off."""

    def __init__(self, path: Path) -> None:
        """FormatError on a broken or truncated zip, a name that stands twice, or a file that no record has."""
        try:
            count = _check_end(path)
            self._zip = zipfile.ZipFile(path)
            infos = self._zip.infolist()
        except (FormatError, FetchFailed):
            raise
        except OSError as wrong:
            raise FetchFailed("bundle", Message("a readable file"), Message("an error of the disk")) from wrong
        # The boundary to zipfile: on a stranger's bytes it raises BadZipFile, ValueError, struct.error and others.
        except Exception as wrong:
            raise _no_bundle(Message("a broken or truncated one")) from wrong
        # zipfile reads the directory to its end, other programs as many entries as are announced.
        if len(infos) != count:
            raise _no_bundle(Message("a broken or truncated one"))
        names = [info.filename for info in infos]
        if len(set(names)) != len(names):
            raise FormatError("bundle", Message("every file once"), Message("one that stands twice"))
        for info in infos:
            check_known_path(info.filename)
            # Other methods unpack without bound, or with a password.
            if info.compress_type not in _METHODS or info.flag_bits & _ENCRYPTED:
                raise FormatError(info.filename, Message("stored or deflated, not encrypted"), Message("another way"))
        if sum(info.file_size for info in infos) > MAX_UNPACKED_BYTES:
            raise FormatError("bundle", Message("at most {n} bytes", n=MAX_UNPACKED_BYTES), Message("more"))

    def read(self, path: str, max_bytes: int) -> bytes:
        """The file's bytes; FetchFailed if it is not there, FormatError if it is longer than `max_bytes` or damaged."""
        try:
            info = self._zip.getinfo(path)
        except KeyError:
            raise FetchFailed(path, Message("a file of the bundle"), Message("none")) from None
        if info.file_size > max_bytes:
            raise FormatError(path, Message("at most {n} bytes", n=max_bytes), Message("{n} bytes", n=info.file_size))
        try:
            with self._zip.open(info) as file:
                data = file.read(max_bytes + 1)
        # The boundary to zipfile and zlib, as above.
        except Exception as wrong:
            raise FormatError(path, Message("a whole file of the zip"), Message("a damaged one")) from wrong
        if len(data) != info.file_size:
            raise FormatError(path, Message("{n} bytes", n=info.file_size), Message("{n} bytes", n=len(data)))
        return data

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()
