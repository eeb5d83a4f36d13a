"""A proof has one encoding, and lengths come first."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruban.errors import FormatError
from ruban.primitives.group import multiply_base
from ruban.primitives.scalar import L
from ruban.proof.codec import Proof, encode_proof, parse_proof, proof_bytes, split_points_and_scalars

POINTS = st.integers(1, 2**64).map(multiply_base)
SCALARS = st.integers(0, L - 1)


@st.composite
def proofs(draw: st.DrawFn) -> tuple[int, Proof]:
    m = draw(st.integers(1, 6))
    return m, Proof(
        P=draw(POINTS),
        A=draw(POINTS),
        B=draw(POINTS),
        Q=tuple(draw(POINTS) for _ in range(m)),
        R=draw(POINTS),
        f=tuple((draw(SCALARS), draw(SCALARS), draw(SCALARS)) for _ in range(m)),
        z_A=draw(SCALARS),
        z=draw(SCALARS),
        z_P=draw(SCALARS),
    )


@given(proofs())
@settings(max_examples=50, deadline=None)
def test_a_proof_is_read_back_from_its_bytes(made: tuple[int, Proof]) -> None:
    m, proof = made
    data = encode_proof(proof)
    assert len(data) == proof_bytes(m) == 32 * (4 * m + 7)
    assert parse_proof(data, m) == proof


@given(
    st.lists(
        st.sampled_from([multiply_base(7), multiply_base(9), bytes(32), b"\1" + bytes(31)]), min_size=11, max_size=11
    )
)
@settings(max_examples=50)
def test_whatever_is_accepted_encodes_to_the_same_bytes(parts: list[bytes]) -> None:
    data = b"".join(parts)
    try:
        proof = parse_proof(data, 1)
    except FormatError:
        return
    assert encode_proof(proof) == data


@given(proofs(), st.integers(-64, 64).filter(lambda n: n != 0))
@settings(max_examples=30, deadline=None)
def test_another_length_is_refused(made: tuple[int, Proof], by: int) -> None:
    m, proof = made
    data = encode_proof(proof)
    with pytest.raises(FormatError) as caught:
        parse_proof(data[:by] if by < 0 else data + bytes(by), m)
    assert caught.value.field == "proof"


def test_the_first_fault_is_the_one_that_is_named() -> None:
    good = multiply_base(3)
    parts = [good] * 5 + [bytes(32)] * 6
    for at, name in enumerate(("P", "A", "B", "Q_0", "R")):
        broken = [*parts[:at], bytes(32), *parts[at + 1 :]]
        with pytest.raises(FormatError) as caught:
            parse_proof(b"".join(broken), 1)
        assert caught.value.field == name
    for at, name in enumerate(("f_0,1", "f_0,2", "f_0,3", "z_A", "z", "z_P")):
        broken = [*parts[: 5 + at], L.to_bytes(32, "little"), *parts[6 + at :]]
        with pytest.raises(FormatError) as caught:
            parse_proof(b"".join(broken), 1)
        assert caught.value.field == name


def test_short_proofs_are_split_with_every_part_checked() -> None:
    R, z = multiply_base(4), bytes(32)
    assert split_points_and_scalars("x", R + z, ("R",), ("z",)) == [R, z]
    for data, field in ((R, "x"), (R + z + b"\0", "x"), (z + z, "R"), (R + b"\xff" * 32, "z")):
        with pytest.raises(FormatError) as caught:
            split_points_and_scalars("x", data, ("R",), ("z",))
        assert caught.value.field == field
