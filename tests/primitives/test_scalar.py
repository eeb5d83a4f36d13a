"""Scalars have one encoding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruban.errors import FormatError
from ruban.primitives.scalar import L, encode_scalar, parse_scalar, scalar_from_uniform


@given(st.integers(0, L - 1))
def test_a_scalar_is_read_back(value: int) -> None:
    assert parse_scalar("x", encode_scalar(value)) == value


@pytest.mark.parametrize("value", [L, L + 1, 2**253, 2**255, 2**256 - 1])
def test_what_is_not_below_the_order_is_refused(value: int) -> None:
    with pytest.raises(FormatError) as caught:
        parse_scalar("here", value.to_bytes(32, "little"))
    assert caught.value.field == "here"


@pytest.mark.parametrize("value", [0, 1, L - 1])
def test_the_ends_of_the_range_are_accepted(value: int) -> None:
    assert parse_scalar("x", value.to_bytes(32, "little")) == value


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_another_length_is_refused(size: int) -> None:
    with pytest.raises(FormatError):
        parse_scalar("x", bytes(size))


@given(st.binary(min_size=64, max_size=64))
def test_uniform_bytes_are_reduced_little_endian(data: bytes) -> None:
    assert scalar_from_uniform(data) == sum(byte << 8 * at for at, byte in enumerate(data)) % L


@pytest.mark.parametrize("size", [0, 32, 63, 65])
def test_uniform_bytes_of_another_length_are_the_callers_mistake(size: int) -> None:
    with pytest.raises(ValueError, match="64"):
        scalar_from_uniform(bytes(size))


def test_encoding_reduces() -> None:
    assert encode_scalar(L + 5) == encode_scalar(5) == encode_scalar(5 - L)
