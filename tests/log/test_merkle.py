"""The tree and its proofs against RFC 6962 word for word, known answers, and every single fault."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruban.errors import FormatError, InclusionInvalid, Inconsistent
from ruban.log.merkle import (
    EMPTY_ROOT,
    Tree,
    consistency_proof,
    hashes_in_memory,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from tests.log import naive_merkle as naive

# The inputs and roots that implementations of RFC 6962 have shared since Certificate Transparency's first.
KNOWN_LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
KNOWN_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
MAX_SMALL = 33
LEAVES = [bytes([i]) * (i % 5) + b"leaf" for i in range(MAX_SMALL)]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]


def test_known_roots_of_rfc_6962_come_out() -> None:
    assert [Tree.of_leaves(KNOWN_LEAVES[:n]).root().hex() for n in range(9)] == KNOWN_ROOTS


def test_known_path_of_rfc_6962_comes_out() -> None:
    hashes = [leaf_hash(leaf) for leaf in KNOWN_LEAVES]
    path = inclusion_proof(hashes_in_memory(hashes), 0, 8)
    assert [value.hex() for value in path] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]


def test_roots_and_proofs_agree_with_the_naive_reference_for_all_small_trees() -> None:
    for size in range(1, MAX_SMALL + 1):
        read = hashes_in_memory(HASHES[:size])
        root = root_of(HASHES[:size])
        assert root == naive.mth(LEAVES[:size])
        for index in range(size):
            path = inclusion_proof(read, index, size)
            assert path == naive.path(index, LEAVES[:size])
            verify_inclusion(HASHES[index], index, size, path, root)
        for size1 in range(1, size + 1):
            proof = consistency_proof(read, size1, size)
            assert proof == naive.proof(size1, LEAVES[:size])
            verify_consistency(size1, size, proof, root_of(HASHES[:size1]), root)


def test_a_tree_and_its_copy_grow_apart() -> None:
    tree = Tree(HASHES[:7])
    copy = tree.copy()
    copy.append(HASHES[7])
    assert (tree.size, tree.root()) == (7, root_of(HASHES[:7]))
    assert (copy.size, copy.root()) == (8, root_of(HASHES[:8]))


@given(st.integers(0, 600), st.integers(0, 600))
def test_a_tree_grown_in_two_parts_is_that_of_the_whole(first: int, second: int) -> None:
    hashes = [leaf_hash(i.to_bytes(2, "big")) for i in range(first + second)]
    tree = Tree(hashes[:first])
    tree.extend(hashes[first:])
    assert tree.root() == root_of(hashes)
    assert tree.size == first + second


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert Tree().root() == EMPTY_ROOT == root_of([])


@st.composite
def _positions(draw: st.DrawFn) -> tuple[int, int]:
    size = draw(st.integers(1, 300))
    return draw(st.integers(0, size - 1)), size


def _tree(size: int) -> list[bytes]:
    return [leaf_hash(i.to_bytes(2, "big")) for i in range(size)]


def _flip(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@given(_positions(), st.integers(0, 255), st.data())
def test_inclusion_fails_when_any_one_field_is_changed(
    position: tuple[int, int], bit: int, data: st.DataObject
) -> None:
    index, size = position
    hashes = _tree(size)
    path, root, leaf = inclusion_proof(hashes_in_memory(hashes), index, size), root_of(hashes), hashes[index]
    verify_inclusion(leaf, index, size, path, root)
    other = data.draw(st.integers(-2, size + 2).filter(lambda i: i != index))
    changed = [
        (_flip(leaf, bit), index, size, path, root),
        (leaf, other, size, path, root),
        (leaf, index, size, [*path, root], root),
        (leaf, index, size, [root, *path], root),
        (leaf, index, size, path, _flip(root, bit)),
    ]
    if path:
        at = data.draw(st.integers(0, len(path) - 1))
        changed.append((leaf, index, size, [*path[:at], _flip(path[at], bit), *path[at + 1 :]], root))
        changed.append((leaf, index, size, path[:at] + path[at + 1 :], root))
    for case in changed:
        with pytest.raises(InclusionInvalid):
            verify_inclusion(*case)


@given(_positions(), st.integers(0, 255), st.data())
def test_consistency_fails_when_any_one_field_is_changed(
    position: tuple[int, int], bit: int, data: st.DataObject
) -> None:
    size1, size2 = position[0] + 1, position[1]
    hashes = _tree(size2)
    proof = consistency_proof(hashes_in_memory(hashes), size1, size2)
    root1, root2 = root_of(hashes[:size1]), root_of(hashes)
    verify_consistency(size1, size2, proof, root1, root2)
    changed = [
        (size1, size2, proof, _flip(root1, bit), root2),
        (size1, size2, proof, root1, _flip(root2, bit)),
        (size1, size2, [*proof, root1], root1, root2),
        (size1, size2, [root1, *proof], root1, root2),
        (0, size2, proof, root1, root2),
        (size2 + 1, size2, proof, root1, root2),
    ]
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        changed.append((size1, size2, [*proof[:at], _flip(proof[at], bit), *proof[at + 1 :]], root1, root2))
        changed.append((size1, size2, proof[:at] + proof[at + 1 :], root1, root2))
    for case in changed:
        with pytest.raises(Inconsistent):
            verify_consistency(*case)


def test_a_wrong_older_size_is_inconsistent() -> None:
    # A size is bound only as far as it changes the path's shape or sides; within one tree of nine, each other one does.
    hashes = _tree(9)
    read, root2 = hashes_in_memory(hashes), root_of(hashes)
    for size1 in range(1, 10):
        proof, root1 = consistency_proof(read, size1, 9), root_of(hashes[:size1])
        for wrong in range(0, 11):
            if wrong != size1:
                with pytest.raises(Inconsistent):
                    verify_consistency(wrong, 9, proof, root1, root2)


def test_an_inner_node_is_no_leaf() -> None:
    # Without the bytes 0x00 and 0x01 the two hashes of a node, read as an entry, would be "included".
    hashes = _tree(2)
    root = root_of(hashes)
    with pytest.raises(InclusionInvalid):
        verify_inclusion(leaf_hash(hashes[0] + hashes[1]), 0, 1, [], root)


def test_hashes_of_another_length_are_refused_before_anything_is_hashed() -> None:
    hashes = _tree(2)
    root = root_of(hashes)
    for leaf, path, end in ((hashes[0][:31], hashes[1:], root), (hashes[0], [hashes[1] + b"\x00"], root)):
        with pytest.raises(FormatError):
            verify_inclusion(leaf, 0, 2, path, end)
    with pytest.raises(FormatError):
        verify_inclusion(hashes[0], 0, 2, hashes[1:], b"")
    with pytest.raises(FormatError):
        verify_consistency(1, 2, [hashes[1]], hashes[0], root[:16])


def test_sizes_from_2_to_the_63_are_refused() -> None:
    with pytest.raises(FormatError):
        verify_inclusion(EMPTY_ROOT, 0, 2**63, [], EMPTY_ROOT)
    with pytest.raises(FormatError):
        verify_consistency(1, 2**63, [], EMPTY_ROOT, EMPTY_ROOT)


def test_proofs_outside_the_tree_are_a_callers_mistake() -> None:
    read = hashes_in_memory(_tree(4))
    for index, size in ((4, 4), (-1, 4), (0, 0)):
        with pytest.raises(ValueError, match="index"):
            inclusion_proof(read, index, size)
    for size1, size2 in ((0, 4), (5, 4)):
        with pytest.raises(ValueError, match="size1"):
            consistency_proof(read, size1, size2)
