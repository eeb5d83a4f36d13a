"""Selectors have one spelling, blocks share out every row once, rings bind what fixes them."""

from __future__ import annotations

import hashlib
import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ruban.errors import FormatError
from ruban.primitives.encoding import is_normal
from ruban.primitives.group import multiply_base
from ruban.proof import MAX_RING, Selector, parse_ring
from ruban.proof.ring import MAX_ROLE_BYTES, digits_for
from tests.proof.cast import HEAD, ROLL, SLOT, ring_of

ROLES = st.text(min_size=1, max_size=20).map(lambda text: unicodedata.normalize("NFC", text).replace("#", ""))


@given(st.none() | ROLES, st.integers(0, 999_998), st.integers(1, 999_999))
def test_a_selector_is_read_back_from_its_text(role: str | None, block: int, blocks: int) -> None:
    assume(role is None or 0 < len(role.encode("utf-8", "surrogatepass")) <= MAX_ROLE_BYTES)
    assume(role is None or not any(0xD800 <= ord(c) < 0xE000 for c in role))
    assume(role is None or is_normal(role))
    assume(block < blocks)
    selector = Selector(role=role, block=block, blocks=blocks)
    assert Selector.parse(selector.encode()) == selector


@given(st.text(max_size=12) | st.from_regex(r"(all|role:[a-z]{0,3})(#[0-9]{1,2}/[0-9]{1,2})?", fullmatch=True))
def test_whatever_selector_is_accepted_has_one_spelling(text: str) -> None:
    try:
        selector = Selector.parse(text)
    except FormatError:
        return
    assert selector.encode() == text


@pytest.mark.parametrize(
    "text",
    [
        "role:\ud800",
        "role:e\u0301",
        "role:",
        "all#0/1",
        "all#1/1",
        "all#2/2",
        "all#01/2",
        "all#0/1000000",
        "all\n",
        "All",
    ],
)
def test_other_spellings_are_refused(text: str) -> None:
    with pytest.raises(FormatError) as caught:
        Selector.parse(text)
    assert caught.value.field == "selector"


@pytest.mark.parametrize(("size", "m"), [(1, 1), (4, 1), (5, 2), (16, 2), (17, 3), (1024, 5), (1025, 6), (4096, 6)])
def test_digits_are_the_least_that_reach(size: int, m: int) -> None:
    assert digits_for(size) == m


@pytest.mark.parametrize("size", [0, -1, 4097])
def test_no_ring_is_empty_or_above_4096(size: int) -> None:
    with pytest.raises(FormatError):
        digits_for(size)


@given(st.sets(st.integers(0, 30_000), max_size=60), st.integers(1, 3))
@settings(max_examples=20)
def test_up_to_4096_rows_are_one_block_in_row_order(rows: set[int], blocks: int) -> None:
    ordered = sorted(rows)
    assert Selector().members(ROLL, ordered) == ordered
    if blocks > 1:
        with pytest.raises(FormatError):
            Selector(block=0, blocks=blocks).members(ROLL, ordered)


@pytest.mark.parametrize(("count", "blocks"), [(4097, 2), (8192, 2), (8193, 3), (12_000, 3)])
def test_above_4096_every_row_is_in_one_block_of_nearly_equal_size(count: int, blocks: int) -> None:
    rows = range(5, 5 + count)
    made = [Selector(role="R", block=t, blocks=blocks).members(ROLL, rows) for t in range(blocks)]
    assert sorted(row for block in made for row in block) == list(rows)
    assert max(map(len, made)) <= MAX_RING
    assert max(map(len, made)) - min(map(len, made)) <= 1
    keys = [hashlib.sha512(ROLL + row.to_bytes(8, "little")).digest() for block in made for row in block]
    assert keys == sorted(keys)


def test_blocks_depend_on_the_roll() -> None:
    rows, selector = range(4097), Selector(block=0, blocks=2)
    assert selector.members(ROLL, rows) != selector.members(bytes(32), rows)


def test_a_ring_of_4096_stubs_is_a_ring_and_one_more_is_not() -> None:
    stubs = [multiply_base(k) for k in range(1, 4098)]
    fields = {"roll_id": ROLL, "head": HEAD, "selector": "all", "slot": SLOT}
    assert parse_ring(**fields, stubs=stubs[:4096]).m == 6  # type: ignore[arg-type]
    with pytest.raises(FormatError) as caught:
        parse_ring(**fields, stubs=stubs)  # type: ignore[arg-type]
    assert caught.value.field == "ring size"


@pytest.mark.parametrize(
    ("field", "value"), [("roll_id", bytes(31)), ("head", bytes(33)), ("slot", -1), ("slot", 2**53), ("selector", "x")]
)
def test_what_fixes_a_strangers_ring_is_checked(field: str, value: object) -> None:
    fields: dict[str, object] = {"roll_id": ROLL, "head": HEAD, "selector": "all", "slot": SLOT}
    fields |= {"stubs": ring_of(2).stubs, field: value}
    with pytest.raises(FormatError) as caught:
        parse_ring(**fields)  # type: ignore[arg-type]
    assert caught.value.field == field.removesuffix("_id")
