"""Tiles and bundles: paths, contents, strict parsing, and proofs made from tiles alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruban.errors import FormatError
from ruban.log.merkle import (
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from ruban.log.tiles import (
    MAX_BUNDLE_BYTES,
    TilePath,
    bundles_of,
    encode_bundle,
    encode_path,
    hashes_in_tiles,
    parse_bundle,
    parse_path,
    parse_tile,
    paths_of,
    tiles_of,
)
from tests.log import naive_merkle as naive


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (TilePath(level=0, index=0), "tile/0/000"),
        (TilePath(level=0, index=1234067), "tile/0/x001/x234/067"),
        (TilePath(level=1, index=0, width=17), "tile/1/000.p/17"),
        (TilePath(level=None, index=273, width=112), "tile/entries/273.p/112"),
        (TilePath(level=63, index=1000), "tile/63/x001/000"),
        (TilePath(level=None, index=(2**63 - 1) // 256, width=255), "tile/entries/x036/x028/x797/x018/x963/967.p/255"),
    ],
)
def test_paths_are_those_of_tlog_tiles(path: TilePath, text: str) -> None:
    assert encode_path(path) == text
    assert parse_path(text) == path


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tile/0/0",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/x000/000",
        "tile/0/001/000",
        "tile/0/x001",
        "tile/0/1000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/017",
        "tile/0/000.p/",
        "tile/0/000\n",
        "tile/0/٠٠٠",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "/tile/0/000",
        "tile/0/../000",
        "tile/data/000",
    ],
)
def test_no_other_spelling_of_a_path_is_parsed(text: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse_path(text)
    assert caught.value.field == "tile path"


@given(st.one_of(st.none(), st.integers(0, 63)), st.integers(0, 2**55 - 1), st.integers(1, 256))
def test_every_path_comes_back(level: int | None, index: int, width: int) -> None:
    path = TilePath(level=level, index=index, width=width)
    assert parse_path(encode_path(path)) == path


def _hashes(size: int) -> list[bytes]:
    return [leaf_hash(i.to_bytes(4, "big")) for i in range(size)]


def test_a_tree_of_70000_has_the_tiles_that_tlog_tiles_counts() -> None:
    paths = [path for path, _ in tiles_of(_hashes(70_000))]
    full = [path for path in paths if path.width == 256]
    partial = [path for path in paths if path.width < 256]
    assert [sum(path.level == level for path in full) for level in range(3)] == [273, 1, 0]
    assert partial == [
        TilePath(level=0, index=273, width=112),
        TilePath(level=1, index=1, width=17),
        TilePath(level=2, index=0, width=1),
    ]


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 511, 512, 66_000])
def test_paths_of_a_size_are_those_of_its_tiles_and_bundles(size: int) -> None:
    made = [path for path, _ in bundles_of([b""] * size)] + [path for path, _ in tiles_of(_hashes(size))]
    assert list(paths_of(size)) == made


@given(st.integers(0, 1500), st.integers(0, 1500))
def test_paths_since_an_older_size_are_those_that_it_lacked(first: int, second: int) -> None:
    old, new = sorted((first, second))
    assert set(paths_of(new, since=old)) == set(paths_of(new)) - set(paths_of(old))


def test_hashes_in_a_tile_are_the_roots_of_full_tiles_below() -> None:
    entries = [i.to_bytes(4, "big") for i in range(600)]
    tiles = dict(tiles_of([leaf_hash(entry) for entry in entries]))
    top = parse_tile(tiles[TilePath(level=1, index=0, width=2)], 2)
    assert top == [naive.mth(entries[:256]), naive.mth(entries[256:512])]


@given(st.integers(1, 1200), st.data())
def test_proofs_made_from_tiles_alone_verify(size: int, data: st.DataObject) -> None:
    hashes = _hashes(size)
    read = hashes_in_tiles(dict(tiles_of(hashes)).__getitem__, size)
    index = data.draw(st.integers(0, size - 1))
    verify_inclusion(hashes[index], index, size, inclusion_proof(read, index, size), root_of(hashes))
    proof = consistency_proof(read, index + 1, size)
    verify_consistency(index + 1, size, proof, root_of(hashes[: index + 1]), root_of(hashes))


def test_a_subtree_that_no_tile_of_the_size_holds_is_a_callers_mistake() -> None:
    read = hashes_in_tiles(dict(tiles_of(_hashes(300))).__getitem__, 300)
    for level, index in ((0, 300), (3, 37), (8, 1)):
        with pytest.raises(ValueError, match=r"tree|tile"):
            read(level, index)


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=256))
def test_a_bundle_comes_back(entries: list[bytes]) -> None:
    assert parse_bundle(encode_bundle(entries), len(entries)) == entries


@given(st.binary(max_size=60), st.integers(1, 8))
def test_whatever_bundle_is_accepted_is_the_encoding_of_what_it_says(data: bytes, width: int) -> None:
    try:
        entries = parse_bundle(data, width)
    except FormatError:
        return
    assert len(entries) == width
    assert encode_bundle(entries) == data


def test_a_bundle_with_more_fewer_or_cut_entries_is_refused() -> None:
    data = encode_bundle([b"one", b"two"])
    for wrong, width in ((data, 1), (data, 3), (data + b"\x00", 2), (data[:-1], 2), (data[:6], 2), (b"", 1)):
        with pytest.raises(FormatError) as caught:
            parse_bundle(wrong, width)
        assert caught.value.field == "entry bundle"


def test_an_entry_of_more_than_8192_bytes_is_refused() -> None:
    assert parse_bundle(encode_bundle([bytes(8192)]), 1) == [bytes(8192)]
    with pytest.raises(ValueError, match="8192"):
        encode_bundle([bytes(8193)])
    with pytest.raises(FormatError) as caught:
        parse_bundle((8193).to_bytes(2, "big") + bytes(8193), 1)
    assert caught.value.field == "entry"
    assert len(encode_bundle([bytes(8192)] * 256)) == MAX_BUNDLE_BYTES


def test_a_tile_of_another_length_is_refused() -> None:
    for size in (0, 31, 33, 64):
        with pytest.raises(FormatError):
            parse_tile(bytes(size), 1)
