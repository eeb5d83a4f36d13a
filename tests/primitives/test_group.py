"""ristretto255: RFC 9496's vectors, and no way from the library's traps through the functions that are used."""

from __future__ import annotations

import ctypes
import hashlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruban.errors import FormatError
from ruban.primitives import group
from ruban.primitives.group import (
    IDENTITY,
    G,
    add,
    hash_to_group,
    multiply,
    multiply_base,
    parse_point,
    point_from_uniform,
    subtract,
    vartime_multiscalar,
)
from ruban.primitives.scalar import L
from tests.reference.rfc9496 import BAD_ENCODINGS, DERIVED, MULTIPLES, SAME_POINT

P255 = 2**255 - 19
D = -121665 * pow(121666, -1, P255) % P255
SCALARS = st.integers(0, L - 1)


def decodes(data: bytes) -> bool:
    """RFC 9496, 4.3.1, written down slowly: whether `data` encodes an element, the identity included."""
    s = int.from_bytes(data, "little")
    if s >= P255 or s & 1:
        return False
    ss = s * s % P255
    u1, u2 = (1 - ss) % P255, (1 + ss) % P255
    v = (-(D * u1 * u1) - u2 * u2) % P255
    target = v * u2 * u2 % P255
    # v·u2² has to be a non-zero square, except where all is 0.
    if pow(target, (P255 - 1) // 2, P255) != 1:
        return False
    root = pow(target, (P255 + 3) // 8, P255)
    if root * root % P255 != target:
        root = root * pow(2, (P255 - 1) // 4, P255) % P255
    inverse = pow(root, -1, P255)
    den_x = inverse * u2 % P255
    den_y = inverse * den_x * v % P255
    x = 2 * s * den_x % P255
    x = P255 - x if x & 1 else x
    y = u1 * den_y % P255
    t = x * y % P255
    return not (t & 1 or y == 0)


def test_multiples_of_the_generator_are_those_of_rfc_9496() -> None:
    assert len(MULTIPLES) == 16
    total = IDENTITY
    for k, expected in enumerate(MULTIPLES):
        assert multiply_base(k).hex() == multiply(k, G).hex() == total.hex() == expected
        total = add(total, G)


def test_bad_encodings_of_rfc_9496_are_refused() -> None:
    assert len(BAD_ENCODINGS) == 29
    for encoding in BAD_ENCODINGS:
        with pytest.raises(FormatError) as caught:
            parse_point("somewhere", bytes.fromhex(encoding))
        assert caught.value.field == "somewhere"
        assert not decodes(bytes.fromhex(encoding))


def test_the_one_way_map_is_that_of_rfc_9496() -> None:
    assert len(DERIVED) == 7
    for case in DERIVED:
        uniform = hashlib.sha512(case["label"].encode()).digest()
        assert uniform.hex() == case["input"]
        assert point_from_uniform(uniform).hex() == case["point"]
    inputs = SAME_POINT["inputs"]
    assert isinstance(inputs, list)
    assert len(inputs) == 4
    assert {point_from_uniform(bytes.fromhex(one)).hex() for one in inputs} == {SAME_POINT["point"]}


def test_hash_to_group_separates_messages_and_has_the_check_values() -> None:
    assert hash_to_group(b"H").hex() == "d63f54660d110549e3d8d9269e5acbca57ec5033b9348e2d6a6b239bd0f1470e"
    assert hash_to_group(b"K\0\0\0").hex() == "f6e2991a666147f495c0fb5ce865b665c407735911dd42b74d322fca5f640153"
    assert hash_to_group(b"K\1\6\3").hex() == "9e621cc220d83bacb273714964a654635909ea790a1dd2bc64578f3838277f3b"
    assert len({hash_to_group(bytes(n)) for n in range(200)}) == 200


@given(st.binary(min_size=32, max_size=32))
@settings(max_examples=300)
def test_any_32_bytes_are_accepted_exactly_if_they_decode(data: bytes) -> None:
    try:
        accepted = parse_point("x", data) == data
    except FormatError:
        accepted = False
    assert accepted == (decodes(data) and data != IDENTITY)


@given(SCALARS.filter(lambda k: k != 0), st.integers(0, 255))
@settings(max_examples=100)
def test_a_flipped_bit_of_a_point_is_accepted_exactly_if_it_decodes(k: int, bit: int) -> None:
    flipped = (int.from_bytes(multiply_base(k), "little") ^ 1 << bit).to_bytes(32, "little")
    try:
        accepted = parse_point("x", flipped) == flipped
    except FormatError:
        accepted = False
    assert accepted == (decodes(flipped) and flipped != IDENTITY)


def test_a_point_has_no_second_encoding_by_its_top_bit() -> None:
    point = multiply_base(12345)
    with pytest.raises(FormatError):
        parse_point("x", point[:31] + bytes([point[31] | 0x80]))
    # Why it is checked here: the library takes both.
    doubled = ctypes.create_string_buffer(point[:31] + bytes([point[31] | 0x80]), 32)
    assert group._is_valid(doubled) == 1


@pytest.mark.parametrize("size", [0, 1, 31, 33, 64])
def test_lengths_come_first_wherever_a_point_goes(size: int) -> None:
    with pytest.raises(FormatError):
        parse_point("x", bytes([2]) * size)
    odd = bytes([2]) * size
    calls: list[Callable[[], bytes]] = [lambda: multiply(5, odd), lambda: add(odd, G), lambda: add(G, odd)]
    calls += [lambda: subtract(odd, G), lambda: subtract(G, odd)]
    for call in calls:
        with pytest.raises(ValueError, match="not a point"):
            call()


@pytest.mark.parametrize("encoding", [BAD_ENCODINGS[n] for n in (0, 1, 4, 12, 20, 28)])
def test_arithmetic_raises_rather_than_return_the_identity_for_what_is_no_point(encoding: str) -> None:
    odd = bytes.fromhex(encoding)
    calls: tuple[Callable[[], bytes], ...] = (
        lambda: multiply(5, odd),
        lambda: add(odd, G),
        lambda: add(G, odd),
        lambda: subtract(odd, G),
        lambda: subtract(G, odd),
        lambda: vartime_multiscalar([(1, G), (1, odd)]),
    )
    for call in calls:
        with pytest.raises(ValueError, match="not a point"):
            call()


@given(SCALARS, SCALARS)
@settings(max_examples=30)
def test_scalars_act_mod_the_order(j: int, k: int) -> None:
    assert multiply_base(j + k) == add(multiply_base(j), multiply_base(k))
    assert multiply_base(j - k) == subtract(multiply_base(j), multiply_base(k))
    assert multiply(j * k, G) == multiply(j, multiply_base(k)) == multiply(j + L, multiply_base(k))


def test_zero_and_the_order_give_the_identity() -> None:
    for k in (0, L, -L, 3 * L):
        assert multiply_base(k) == multiply(k, G) == IDENTITY
    assert multiply(7, IDENTITY) == IDENTITY
    assert add(multiply_base(L - 1), G) == subtract(G, G) == add(IDENTITY, IDENTITY) == IDENTITY


def test_scalars_with_the_top_bits_set_are_reduced_not_masked() -> None:
    for k in (2**255 + 9, 2**256 - 1, 2**600 + 1):
        assert multiply_base(k) == multiply_base(k % L) == multiply(k, G)


@given(st.lists(st.tuples(st.integers(-L, 2 * L), st.integers(0, 50)), max_size=12))
@settings(max_examples=50)
def test_a_multiscalar_product_is_the_sum_of_its_terms(terms: list[tuple[int, int]]) -> None:
    points = [(k, multiply_base(j)) for k, j in terms]
    assert vartime_multiscalar(points) == multiply_base(sum(k * j for k, j in terms))


def test_the_one_way_map_takes_64_bytes() -> None:
    for size in (0, 63, 65):
        with pytest.raises(ValueError, match="64 bytes"):
            point_from_uniform(bytes(size))
