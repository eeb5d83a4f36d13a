"""The members, rings and names that the tests of proof/ share. Everything follows from fixed seeds."""

from __future__ import annotations

from functools import cache

from ruban.proof import MemberSecret, Ring, SlotSecret
from tests.reference import paper

ROLL = bytes([0x52]) * 32
HEAD = bytes([0x48]) * 32
LETTER = bytes([0x4C]) * 32
SALT = bytes([0x53]) * 32
SLOT = 3


@cache
def member(number: int, slot: int = SLOT, roll: bytes = ROLL) -> SlotSecret:
    """The secret for `slot` of the member whose seed is `number`."""
    return MemberSecret.from_seed(roll, number.to_bytes(32, "big")).slot(slot)


def members(count: int) -> list[SlotSecret]:
    return [member(number) for number in range(count)]


@cache
def ring_of(size: int) -> Ring:
    stubs = tuple(secret.stub for secret in members(size))
    return Ring(roll_id=ROLL, head=HEAD, selector="all", slot=SLOT, stubs=stubs)


def statement_of(ring: Ring, message: bytes) -> paper.Statement:
    return paper.Statement(
        roll=ring.roll_id,
        head=ring.head,
        selector=ring.selector,
        slot=ring.slot,
        letter=LETTER,
        ring=ring.stubs,
        message=message,
    )
