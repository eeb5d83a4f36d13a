"""The transcript is injective: other tags, fields or borders between fields give other bytes to the hash."""

from __future__ import annotations

import hashlib
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruban.primitives.scalar import L
from ruban.primitives.transcript import Tag, challenge, transcript
from tests.reference.paper import digest

# By name, for the function of the same name hides the module in an import.
module: Any = import_module("ruban.primitives.transcript")
VALUES = st.lists(st.binary(max_size=6), min_size=2, max_size=2)


class Recorder:
    """Stands in for hashlib and keeps what is hashed."""

    def __init__(self) -> None:
        self.inputs: list[bytes] = []

    def sha512(self, data: bytes) -> Any:
        self.inputs.append(data)
        return hashlib.sha512(data)


def hashed(tag: Tag, values: list[bytes]) -> bytes:
    recorder, real = Recorder(), module.hashlib
    module.hashlib = recorder
    try:
        transcript(tag, *values)
    finally:
        module.hashlib = real
    return recorder.inputs[0]


def read_back(data: bytes) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """Tag and fields from the bytes that are hashed: that there is a way back is what makes it injective."""
    size, at = data[0], 1 + data[0]
    tag, fields = data[1 : 1 + size], []
    while at < len(data):
        label = data[at + 1 : at + 1 + data[at]]
        at += 1 + data[at]
        length = int.from_bytes(data[at : at + 8], "little")
        fields.append((label, data[at + 8 : at + 8 + length]))
        at += 8 + length
    assert at == len(data)
    return tag, fields


@pytest.mark.parametrize("tag", list(Tag))
def test_what_is_hashed_can_be_read_back(tag: Tag) -> None:
    values = [bytes([n]) * (n * 37 % 300) for n in range(len(tag.fields))]
    name, fields = read_back(hashed(tag, values))
    assert name == b"Ruban-v1-ristretto255-SHA512/" + tag.label.encode()
    assert fields == [(label.encode(), value) for label, value in zip(tag.fields, values, strict=True)]


@given(VALUES, VALUES)
def test_other_fields_give_other_bytes(one: list[bytes], two: list[bytes]) -> None:
    assert (hashed(Tag.CHALLENGE, one) == hashed(Tag.CHALLENGE, two)) == (one == two)


@given(VALUES)
def test_the_same_fields_under_other_tags_give_other_digests(values: list[bytes]) -> None:
    pairs = [tag for tag in Tag if len(tag.fields) == 2]
    assert len({transcript(tag, *values) for tag in pairs}) == len(pairs) == 4


@pytest.mark.parametrize("tag", list(Tag))
def test_it_agrees_with_the_naive_transcription(tag: Tag) -> None:
    values = [bytes([n]) * n for n in range(len(tag.fields))]
    naive = digest(tag.label, *zip(tag.fields, values, strict=True))
    assert transcript(tag, *values) == naive
    assert challenge(tag, *values) == int.from_bytes(naive, "little") % L


def test_a_field_too_few_or_too_many_is_the_callers_mistake() -> None:
    for count in (0, 1, 3):
        with pytest.raises(ValueError, match="has the fields"):
            transcript(Tag.CHALLENGE, *[b""] * count)


def test_tags_and_labels_are_distinct() -> None:
    assert len({tag.label for tag in Tag}) == len(Tag) == 13
    for tag in Tag:
        assert len(set(tag.fields)) == len(tag.fields)
