"""The Merkle tree of RFC 6962 over SHA-256: roots in O(log n) memory, paths, and their verification.

Leaves are opaque bytes. Proofs are made from a `HashReader`, so that the hashes may come from memory or from tiles.
Ruled by spec/log.md, sections 1 to 3.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

from ruban.errors import FormatError, InclusionInvalid, Inconsistent, Message, VerificationError

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
MAX_SIZE_ENTRIES = 2**63 - 1
"""A larger tree is refused everywhere: sizes fit a signed 64-bit integer in any language."""

HashReader = Callable[[int, int], bytes]
"""(level, index) → the hash over the leaves [index·2^level, (index + 1)·2^level), which must all exist."""


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 ‖ data): the hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right): the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """An append-only tree of which only the right edge is kept: at most 63 hashes, one for each bit set in its size."""

    __slots__ = ("_peaks", "_size")

    def __init__(self, leaf_hashes: Iterable[bytes] = ()) -> None:
        self._size = 0
        # The perfect subtrees that make up the tree, from the left: the largest first.
        self._peaks: list[bytes] = []
        self.extend(leaf_hashes)

    @classmethod
    def of_leaves(cls, leaves: Iterable[bytes]) -> Tree:
        """The tree over the leaves themselves, each hashed here."""
        return cls(leaf_hash(leaf) for leaf in leaves)

    @property
    def size(self) -> int:
        """The number of leaves."""
        return self._size

    def append(self, leaf: bytes) -> None:
        """Add one leaf by its hash."""
        merged = leaf
        # Each trailing one of the size is a subtree as high as what has been merged so far.
        bits = self._size
        while bits & 1:
            merged = hashlib.sha256(b"\x01" + self._peaks.pop() + merged).digest()
            bits >>= 1
        self._peaks.append(merged)
        self._size += 1

    def extend(self, leaf_hashes: Iterable[bytes]) -> None:
        """Add leaves by their hashes, in order."""
        for leaf in leaf_hashes:
            self.append(leaf)

    def root(self) -> bytes:
        """The root over all leaves so far; that of the empty tree is SHA-256 of nothing."""
        return _fold(self._peaks)

    def copy(self) -> Tree:
        """An independent tree with the same leaves, at the price of 63 references."""
        other = Tree()
        other._size = self._size
        other._peaks = self._peaks.copy()
        return other


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root of the tree with these leaf hashes, which are read once."""
    return Tree(leaf_hashes).root()


def hashes_in_memory(leaf_hashes: Sequence[bytes]) -> HashReader:
    """A reader over leaf hashes held in memory; every inner hash is computed once, here."""
    levels = [list(leaf_hashes)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])
    return lambda level, index: levels[level][index]


def inclusion_proof(read: HashReader, index: int, size: int) -> list[bytes]:
    """The path of leaf `index` in the tree of `size` leaves, from the leaf's sibling to the root's child.

    ValueError unless 0 ≤ index < size. Source: RFC 6962 §2.1.1.
    """
    if not 0 <= index < size:
        raise ValueError("a proof of inclusion needs 0 ≤ index < size")
    path = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range_hash(read, middle, end))
            end = middle
        else:
            path.append(_range_hash(read, start, middle))
            start = middle
    return path[::-1]


def consistency_proof(read: HashReader, size1: int, size2: int) -> list[bytes]:
    """What shows that the tree of `size1` leaves is a prefix of that of `size2`; empty where the sizes are equal.

    ValueError unless 1 ≤ size1 ≤ size2. Source: RFC 6962 §2.1.2.
    """
    if not 1 <= size1 <= size2:
        raise ValueError("a proof of consistency needs 1 ≤ size1 ≤ size2")
    path = []
    start, end = 0, size2
    while size1 < end:
        middle = start + _split(end - start)
        if size1 <= middle:
            path.append(_range_hash(read, middle, end))
            end = middle
        else:
            path.append(_range_hash(read, start, middle))
            start = middle
    # The verifier has the older root already, unless the last subtree is only a part of it.
    if start > 0:
        path.append(_range_hash(read, start, end))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Accept only if `leaf`, a leaf's hash, stands at `index` in the tree of `size` leaves under `root`.

    `proof` runs from the leaf's sibling to the root's child, 32 bytes each.
    Raises InclusionInvalid if the path ends elsewhere; FormatError if a length is wrong.
    Source: RFC 9162 §2.1.3.2; the numbers are those of spec/log.md, section 2.
    """
    # 2.1 Lengths first: a node's preimage is exactly two hashes.
    _check_lengths(leaf, root, *proof)
    # 2.2 The index lies in the tree.
    _check_size("tree size", size)
    if not 0 <= index < size:
        raise InclusionInvalid("leaf index", Message("one below the size {size}", size=size), str(index))
    # 2.3 The path has as many hashes as the tree has levels above this leaf; it may not end early or go on.
    inner, border = _path_lengths(index, size)
    _check_count(InclusionInvalid, inner + border, len(proof))
    # 2.4 Below the point where the path meets the right edge the index tells left from right; above it, always left.
    computed = leaf
    for level, sibling in enumerate(proof):
        is_left_child = level < inner and not index >> level & 1
        computed = node_hash(computed, sibling) if is_left_child else node_hash(sibling, computed)
    # 2.5 The path ends in the root.
    if computed != root:
        raise InclusionInvalid("inclusion path", root.hex(), computed.hex())


def verify_consistency(size1: int, size2: int, proof: Sequence[bytes], root1: bytes, root2: bytes) -> None:
    """Accept only if the tree of `size1` leaves under `root1` is a prefix of that of `size2` leaves under `root2`.

    Raises Inconsistent if the proof does not show it; FormatError if a length is wrong. Nothing is consistent with the
    empty tree by proof: who knows no earlier tree has nothing to check.
    Source: RFC 9162 §2.1.4.2; the numbers are those of spec/log.md, section 3.
    """
    # 3.1 Lengths first.
    _check_lengths(root1, root2, *proof)
    _check_size("newer tree size", size2)
    # 3.2 The older tree has a leaf, and no more leaves than the newer.
    if not 1 <= size1 <= size2:
        raise Inconsistent("older tree size", Message("between 1 and {size}", size=size2), str(size1))
    # 3.3 Equal sizes: no proof, one root.
    if size1 == size2:
        _check_count(Inconsistent, 0, len(proof))
        if root1 != root2:
            raise Inconsistent("roots of one size", root1.hex(), root2.hex())
        return
    # 3.4 A path to the last perfect subtree of the older tree; where that is the whole older tree, its root starts it.
    shift = (size1 & -size1).bit_length() - 1
    inner, border = _path_lengths(size1 - 1, size2)
    inner -= shift
    starts_with_root = size1 == 1 << shift
    _check_count(Inconsistent, inner + border + (0 if starts_with_root else 1), len(proof))
    path = list(proof)
    older = newer = root1 if starts_with_root else path.pop(0)
    index = (size1 - 1) >> shift
    # 3.5 Left siblings belong to both trees, right ones to the newer only.
    for level, sibling in enumerate(path):
        if level < inner and not index >> level & 1:
            newer = node_hash(newer, sibling)
        else:
            older, newer = node_hash(sibling, older), node_hash(sibling, newer)
    # 3.6 Both roots come out.
    if older != root1:
        raise Inconsistent("older root", root1.hex(), older.hex())
    if newer != root2:
        raise Inconsistent("newer root", root2.hex(), newer.hex())


def _split(size: int) -> int:
    """The largest power of two below `size` (RFC 6962's k)."""
    return 1 << ((size - 1).bit_length() - 1)


def _range_hash(read: HashReader, start: int, end: int) -> bytes:
    """The hash of the subtree over [start, end), where start is a multiple of the least power of two ≥ end − start."""
    peaks = []
    while start < end:
        level = (end - start).bit_length() - 1
        peaks.append(read(level, start >> level))
        start += 1 << level
    return _fold(peaks)


def _fold(peaks: Sequence[bytes]) -> bytes:
    """Perfect subtrees of falling height, joined from the right."""
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for left in reversed(peaks[:-1]):
        root = node_hash(left, root)
    return root


def _path_lengths(index: int, size: int) -> tuple[int, int]:
    """How many hashes of a path lie below the point where it meets the tree's right edge, and how many on the edge."""
    inner = (index ^ (size - 1)).bit_length()
    return inner, (index >> inner).bit_count()


def _check_lengths(*hashes: bytes) -> None:
    for value in hashes:
        if len(value) != HASH_BYTES:
            raise FormatError("hash", Message("32 bytes"), Message("{n} bytes", n=len(value)))


def _check_size(field: str, size: int) -> None:
    if not 0 <= size <= MAX_SIZE_ENTRIES:
        raise FormatError(field, Message("0 … 2^63 − 1"), str(size)[:24])


def _check_count(error: type[VerificationError], expected: int, got: int) -> None:
    if got != expected:
        raise error("number of hashes in the proof", str(expected), str(got))
