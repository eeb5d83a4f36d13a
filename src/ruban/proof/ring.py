"""The ordered stubs that one proof speaks about, and the digest that binds them (spec/proof.md, 4)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ruban.errors import FormatError, Message
from ruban.primitives.encoding import is_normal, le64
from ruban.primitives.group import IDENTITY, parse_point
from ruban.primitives.transcript import Tag, transcript
from ruban.proof.generators import BASE, MAX_DIGITS

MAX_RING: int = BASE**MAX_DIGITS
"""Stubs in a ring, at most."""
ID_BYTES = 32
"""Bytes of roll_id, letter_id and head."""
MAX_ROLE_BYTES = 64
"""UTF-8 bytes of a role's name, at most."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_BLOCK = re.compile(r"#(0|[1-9][0-9]{0,5})/([1-9][0-9]{0,5})\Z")


def check_size(field: str, value: bytes, size: int) -> None:
    """FormatError unless `value` has `size` bytes."""
    if len(value) != size:
        raise FormatError(field, Message("{n} bytes", n=size), Message("{n} bytes", n=len(value)))


def digits_for(size: int) -> int:
    """m: the least integer ≥ 1 with 4^m ≥ size; FormatError outside 1 … 4,096."""
    if not 1 <= size <= MAX_RING:
        raise FormatError("ring size", Message("1 to {n} stubs", n=MAX_RING), str(size))
    m = 1
    while BASE**m < size:
        m += 1
    return m


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """Which rows a ring is made of: all, or those with one role; and of them, block t of b where there are many."""

    role: str | None = None
    block: int = 0
    blocks: int = 1

    def encode(self) -> str:
        """The one text form: `all` or `role:` and the role, then `#t/b` where b > 1."""
        kind = "all" if self.role is None else f"role:{self.role}"
        return kind if self.blocks == 1 else f"{kind}#{self.block}/{self.blocks}"

    @classmethod
    def parse(cls, text: str) -> Selector:
        """The selector of canonical `text`; FormatError otherwise."""
        block, blocks, kind = 0, 1, text
        if found := _BLOCK.search(text):
            block, blocks, kind = int(found[1]), int(found[2]), text[: found.start()]
        role = kind[5:] if kind.startswith("role:") else None
        selector = cls(role=role, block=block, blocks=blocks)
        known = kind == "all" or (
            role is not None
            and 0 < len(role.encode("utf-8", "surrogatepass")) <= MAX_ROLE_BYTES
            and not _SURROGATE.search(role)
            and is_normal(role)
            and "#" not in role
        )
        if not known or not block < blocks or selector.encode() != text:
            raise FormatError(
                "selector", Message("“all”, or “role:” and a role, then “#t/b” of a block"), repr(text[:80])
            )
        return selector

    def members(self, roll_id: bytes, rows: Sequence[int]) -> Sequence[int]:
        """Of `rows` (ascending, all that satisfy the role) those of this ring, in ring order (spec/proof.md, 4.3).

        FormatError if the number of blocks is not the one that many rows ask for.
        """
        wanted = max(1, -(-len(rows) // MAX_RING))
        if self.blocks != wanted:
            raise FormatError(
                "selector", Message("{n} blocks for {rows} rows", n=wanted, rows=len(rows)), self.encode()
            )
        if wanted == 1:
            return rows
        ordered = sorted(rows, key=lambda row: hashlib.sha512(roll_id + le64(row)).digest())
        start, end = (t * len(rows) // wanted for t in (self.block, self.block + 1))
        return ordered[start:end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """Stubs in order, with what fixes them: roll, epoch's head, selector, slot.

    `stubs` are 32-byte points that `parse_point` has accepted (rows of a replayed roll are; a stranger's list goes
    through `parse_ring`). FormatError on an empty or too large ring, a stub that stands twice, and the identity.
    """

    roll_id: bytes
    head: bytes
    selector: str
    slot: int
    stubs: tuple[bytes, ...]
    m: int = field(init=False)
    digest: bytes = field(init=False)

    def __post_init__(self) -> None:
        m = digits_for(len(self.stubs))
        distinct = set(self.stubs)
        if len(distinct) != len(self.stubs):
            raise FormatError("ring", Message("every stub once"), Message("one that stands twice"))
        if IDENTITY in distinct:
            raise FormatError("ring", Message("a point other than the identity"), Message("the identity"))
        object.__setattr__(self, "m", m)
        object.__setattr__(
            self,
            "digest",
            transcript(
                Tag.RING,
                self.roll_id,
                self.head,
                self.selector.encode("utf-8"),
                le64(self.slot),
                le64(len(self.stubs)),
                b"".join(self.stubs),
            ),
        )


def parse_ring(*, roll_id: bytes, head: bytes, selector: str, slot: int, stubs: Sequence[bytes]) -> Ring:
    """A ring from strangers' bytes: every stub canonical and not the identity, the selector known; FormatError."""
    for name, value in (("roll", roll_id), ("head", head)):
        check_size(name, value, ID_BYTES)
    if not 0 <= slot < 1 << 53:
        raise FormatError("slot", Message("a number from 0 to 2^53 − 1"), str(slot))
    Selector.parse(selector)
    digits_for(len(stubs))
    parsed = tuple(parse_point(f"stub {i}", stub) for i, stub in enumerate(stubs))
    return Ring(roll_id=roll_id, head=head, selector=selector, slot=slot, stubs=parsed)
