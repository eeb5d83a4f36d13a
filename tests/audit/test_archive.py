"""Bundles: any damage is noticed or changes nothing, and no zip costs more than the record it holds."""

from __future__ import annotations

import io
import json
import stat
import struct
import tracemalloc
import warnings
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruban.audit.archive import MAX_FILES, ZipSource
from ruban.audit.bundle import write_bundle
from ruban.audit.fetch import Source
from ruban.errors import FetchFailed, FormatError, RubanError
from ruban.published import CHECKPOINT, MAX_TILE_BYTES, SETTINGS
from tests.audit.simulator import Publisher, busy, verdict_of
from tests.scribe import MemorySource, letter_of_twelve

RECORD = busy(seed="bundle")[0].publish()


def _bundle(source: Source = RECORD) -> bytes:
    out = io.BytesIO()
    write_bundle(source, out)
    return out.getvalue()


BUNDLE = _bundle()
HONEST = verdict_of(RECORD).as_json()
END = 22


def _open(tmp_path: Path, data: bytes) -> ZipSource:
    path = tmp_path / "bundle.zip"
    path.write_bytes(data)
    return ZipSource(path)


def _judged(tmp_path: Path, data: bytes) -> object:
    """The verdict as JSON, or the type of the error."""
    try:
        source = _open(tmp_path, data)
    except RubanError as error:
        return type(error)
    try:
        return verdict_of(source).as_json()
    except RubanError as error:
        return type(error)
    finally:
        source.close()


def test_a_bundle_gives_the_verdict_of_its_record_and_always_the_same_bytes(tmp_path: Path) -> None:
    assert _judged(tmp_path, BUNDLE) == HONEST
    assert _bundle() == BUNDLE
    assert set(zipfile.ZipFile(io.BytesIO(BUNDLE)).namelist()) == set(RECORD.files)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(BUNDLE) - 1), st.integers(1, 255))
def test_a_flipped_byte_is_noticed_or_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, place: int, mask: int
) -> None:
    changed = BUNDLE[:place] + bytes([BUNDLE[place] ^ mask]) + BUNDLE[place + 1 :]
    judged = _judged(tmp_path_factory.mktemp("flip"), changed)
    assert judged == HONEST or not isinstance(judged, dict) or judged["holds"] is False


@pytest.mark.slow
def test_every_byte_of_a_bundle_flipped_is_noticed_or_changes_nothing(tmp_path: Path) -> None:
    noticed = 0
    for place in range(len(BUNDLE)):
        changed = BUNDLE[:place] + bytes([BUNDLE[place] ^ (1 << place % 8)]) + BUNDLE[place + 1 :]
        judged = _judged(tmp_path, changed)
        assert judged == HONEST or not isinstance(judged, dict) or judged["holds"] is False, place
        noticed += judged != HONEST
    # Dates, attributes and the like may differ; what is packed may not.
    assert noticed > 0.8 * len(BUNDLE)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(BUNDLE) - 1))
def test_a_truncated_bundle_is_refused(tmp_path_factory: pytest.TempPathFactory, length: int) -> None:
    assert _judged(tmp_path_factory.mktemp("cut"), BUNDLE[:length]) is FormatError


def _changed(path: str, data: bytes) -> bytes:
    """Inside the zip, with sizes and sums that fit."""
    return _zip({**RECORD.files, path: data})


def _zip(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return out.getvalue()


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_byte_flipped_before_packing_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(sorted(RECORD.files)))
    raw = RECORD.files[path]
    place = data.draw(st.integers(0, len(raw) - 1))
    changed = raw[:place] + bytes([raw[place] ^ data.draw(st.integers(1, 255))]) + raw[place + 1 :]
    judged = _judged(tmp_path_factory.mktemp("inner"), _changed(path, changed))
    assert not isinstance(judged, dict) or judged["holds"] is False


def test_a_stored_bundle_is_as_good_as_a_deflated_one(tmp_path: Path) -> None:
    assert _judged(tmp_path, _zip(RECORD.files, zipfile.ZIP_STORED)) == HONEST


def _patched(central: dict[int, bytes], local: dict[int, bytes] | None = None, name: str = CHECKPOINT) -> bytes:
    """The bundle with bytes changed at offsets of one file's record in the directory and of its local header."""
    data = bytearray(BUNDLE)
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(name.encode()))
    here = struct.unpack_from("<L", data, at + 42)[0]
    for start, changes in ((at, central), (here, local or {})):
        for offset, value in changes.items():
            data[start + offset : start + offset + len(value)] = value
    return bytes(data)


def _twice() -> bytes:
    out = io.BytesIO(BUNDLE)
    with warnings.catch_warnings(), zipfile.ZipFile(out, "a") as file:
        warnings.simplefilter("ignore")
        file.writestr(CHECKPOINT, b"another")
    return out.getvalue()


def _comment() -> bytes:
    out = io.BytesIO(BUNDLE)
    with zipfile.ZipFile(out, "a") as file:
        file.comment = b"hello"
    return out.getvalue()


def _zip64() -> bytes:
    """The directory's end in the form for more than 65,534 files."""
    body, end = BUNDLE[:-END], struct.unpack("<4s4H2LH", BUNDLE[-END:])
    count, size, offset = end[4:7]
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(body), 1)
    small = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return body + end64 + locator + small


def _zip64_far() -> bytes:
    data = bytearray(_zip64())
    at = data.rindex(b"PK\x06\x06")
    data[at + 40 : at + 56] = b"\xff" * 16
    return bytes(data)


def _second_directory_in_a_comment() -> bytes:
    """The last 22 bytes speak of one directory; a zip64 locator in the comment of its last file speaks of another."""
    count, size, offset = struct.unpack("<4s4H2LH", BUNDLE[-END:])[4:7]
    body, directory = BUNDLE[:offset], bytearray(BUNDLE[offset:-END])
    other = len(body) + len(directory)
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, other)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
    comment = bytes(directory) + end64 + locator
    struct.pack_into("<H", directory, directory.rindex(b"PK\x01\x02") + 32, len(comment))
    small = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory) + len(comment), len(body), 0)
    return body + bytes(directory) + comment + small


def _fewer_files_than_the_directory_has() -> bytes:
    count = struct.unpack("<4s4H2LH", BUNDLE[-END:])[4] - 1
    return BUNDLE[: -END + 8] + struct.pack("<2H", count, count) + BUNDLE[-END + 12 :]


TRICKS = {
    "a second directory in a comment": _second_directory_in_a_comment(),
    "fewer files than the directory has": _fewer_files_than_the_directory_has(),
    "garbage after it": BUNDLE + b"\0" * 100,
    "garbage before it": b"\0" * 100 + BUNDLE,
    "a comment": _comment(),
    "a second zip after it": BUNDLE + BUNDLE,
    "a second disk": BUNDLE[:-18] + b"\1" + BUNDLE[-17:],
    "zip64": _zip64(),
    "zip64 with sizes of 2^64": _zip64_far(),
    "a name that stands twice": _twice(),
    "a file that no record has": _zip({**RECORD.files, "readme.txt": b""}),
    "a path upwards": _zip({**RECORD.files, "../checkpoint": b""}),
    "an absolute path": _zip({**RECORD.files, "/checkpoint": b""}),
    "a tile by another spelling": _zip({**RECORD.files, "tile/0/x000/000": b""}),
    "a folder": _zip({**RECORD.files, "tile/": b""}),
    "a name in other letters": _zip({**RECORD.files, "ruban.jso\u0149": b""}),
    "a name with a null": _patched({46: b"check\0oint"}, {30: b"check\0oint"}),
    "bzip2": _zip(RECORD.files, zipfile.ZIP_BZIP2),
    "LZMA": _zip(RECORD.files, zipfile.ZIP_LZMA),
    "encrypted": _patched({8: b"\1"}, {6: b"\1"}),
    "an unknown method": _patched({10: b"\x63"}, {8: b"\x63"}),
    "a later version of zip": _patched({6: b"\xff"}),
    "nothing": b"",
    "no zip": b"x" * 1000,
    "an end alone": BUNDLE[-END:],
    "a directory of zeros": BUNDLE[: -END - 200] + bytes(200) + BUNDLE[-END:],
}


@pytest.mark.parametrize("name", TRICKS)
def test_a_zip_that_could_be_read_in_two_ways_or_without_bound_is_refused(tmp_path: Path, name: str) -> None:
    assert _judged(tmp_path, TRICKS[name]) is FormatError


DAMAGED = {
    "a wrong sum": _patched({16: b"\0\0\0\0"}),
    "a local name that differs": _patched({}, {30: b"c"[:0] + b"x"}),
    "a local name that is no UTF-8": _patched({8: b"\0\x08"}, {6: b"\0\x08", 30: b"\xff"}),
    "a place outside the file": _patched({42: b"\xff\xff\xff\x7f"}),
    "a size too small": _patched({24: struct.pack("<L", len(RECORD.files[CHECKPOINT]) - 1)}),
    "a size too large": _patched({24: struct.pack("<L", len(RECORD.files[CHECKPOINT]) + 1)}),
    "a packed size too small": _patched({20: struct.pack("<L", 3)}),
    "patched data": _patched({8: b"\x20"}, {6: b"\x20"}),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_of_a_zip_is_refused(tmp_path: Path, name: str) -> None:
    assert _judged(tmp_path, DAMAGED[name]) is FormatError


def test_a_symbolic_link_in_a_zip_is_bytes_like_any_other(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, data in RECORD.files.items():
            info = zipfile.ZipInfo(name)
            if name == CHECKPOINT:
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
                data = b"/etc/passwd"
            file.writestr(info, data)
    assert _judged(tmp_path, out.getvalue()) is FormatError
    assert _open(tmp_path, out.getvalue()).read(CHECKPOINT, 100) == b"/etc/passwd"


def _peak_bytes(tmp_path: Path, data: bytes) -> tuple[object, int]:
    path = tmp_path / "bundle.zip"
    path.write_bytes(data)
    tracemalloc.start()
    try:
        judged: object
        try:
            judged = verdict_of(ZipSource(path)).as_json()
        except RubanError as error:
            judged = type(error)
        return judged, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _bomb(path: str, size: int) -> bytes:
    """A file of zeros that says how long it is."""
    return _zip({**RECORD.files, path: bytes(size)})


def _liar(path: str, size: int) -> bytes:
    """A file of zeros that says it is as long as the honest one."""
    data = bytearray(_bomb(path, size))
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(path.encode()))
    here = struct.unpack_from("<L", data, at + 42)[0]
    honest = RECORD.files[path]
    for offset in (at + 16, here + 14):
        struct.pack_into("<L", data, offset, zlib.crc32(honest))
    for offset in (at + 24, here + 22):
        struct.pack_into("<L", data, offset, len(honest))
    return bytes(data)


@pytest.mark.parametrize("make", [_bomb, _liar], ids=["a bomb", "a bomb that lies"])
@pytest.mark.parametrize("path", [CHECKPOINT, SETTINGS, "tile/0/000.p/27"])
def test_a_zip_bomb_is_refused_in_little_memory(tmp_path: Path, path: str, make: object) -> None:
    assert path in RECORD.files
    data = make(path, 64 * 1024**2)  # type: ignore[operator]
    judged, peak = _peak_bytes(tmp_path, data)
    assert judged is FormatError or (isinstance(judged, dict) and not judged["holds"])
    assert peak < 4 * 1024**2


def test_a_zip_of_too_many_files_is_refused_before_its_directory_is_read(tmp_path: Path) -> None:
    record = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *[0] * 16)
    directory = record * (MAX_FILES + 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, MAX_FILES + 1, MAX_FILES + 1, len(directory), 0, 0)
    judged, peak = _peak_bytes(tmp_path, directory + end)
    assert judged is FormatError
    assert peak < 1024**2


def test_files_that_unpack_to_more_than_4_gib_together_are_refused(tmp_path: Path) -> None:
    data = bytearray(BUNDLE)
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        struct.pack_into("<L", data, at + 24, 0x7FFFFFF0)
    assert _judged(tmp_path, bytes(data)) is FormatError


def test_a_file_longer_than_asked_for_is_refused(tmp_path: Path) -> None:
    source = _open(tmp_path, BUNDLE)
    with pytest.raises(FormatError, match="tile"):
        source.read("tile/0/000.p/27", 27 * 32 - 1)
    assert len(source.read("tile/0/000.p/27", MAX_TILE_BYTES)) == 27 * 32
    with pytest.raises(FetchFailed):
        source.read("tile/0/000", MAX_TILE_BYTES)


def test_a_bundle_is_not_made_of_two_states_of_a_record() -> None:
    scribe, _ = letter_of_twelve()
    before = scribe.publish().files
    scribe.write({"kind": "remark"})
    after = scribe.publish().files

    def answers(path: str, reading: int, data: bytes) -> bytes:
        return before[path] if path == CHECKPOINT and reading == 1 else data

    with pytest.raises(FetchFailed, match="same"):
        write_bundle(Publisher(before | after, answers), io.BytesIO())


def test_a_bundle_is_made_of_records_that_fit_into_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ruban.audit.bundle.MAX_FILES", 4)
    with pytest.raises(FormatError, match="files"):
        write_bundle(RECORD, io.BytesIO())


def test_a_bundle_lacks_no_file() -> None:
    files = {path: data for path, data in RECORD.files.items() if path != "payloads/000"}
    with pytest.raises(FetchFailed):
        write_bundle(MemorySource(files), io.BytesIO())
    assert json.loads(RECORD.files[SETTINGS])["format"] == 1
