"""Signed notes: the published examples, strict parsing, who counts and who does not."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruban.errors import FormatError, SignatureInvalid
from ruban.log.note import (
    MAX_NOTE_BYTES,
    Note,
    NoteSignature,
    SignerKey,
    encode_note,
    encode_vkey,
    parse_note,
    parse_vkey,
    sign_note,
    verify_note,
)

# The example in the documentation of Go's golang.org/x/mod/sumdb/note, where the format comes from.
EXAMPLE_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
EXAMPLE_NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()

KEY = SignerKey(name="log.example/lettre", seed=b"\x07" * 32)
TEXT = "première ligne\n\ntroisième\n"
NOTE = sign_note(TEXT, KEY)
OTHER = NoteSignature(name="witness.example/w", key_id=b"abcd", signature=b"anything")


def test_the_example_of_gos_documentation_verifies() -> None:
    key = parse_vkey(EXAMPLE_VKEY)
    assert encode_vkey(key) == EXAMPLE_VKEY
    verify_note(parse_note(EXAMPLE_NOTE), key)
    assert encode_note(parse_note(EXAMPLE_NOTE)) == EXAMPLE_NOTE


def test_a_signed_note_verifies_under_its_key() -> None:
    note = parse_note(NOTE)
    assert note.text == TEXT
    verify_note(note, KEY.verifier)


def test_unknown_signatures_are_kept_and_ignored() -> None:
    same_name = NoteSignature(name=KEY.name, key_id=b"\x00\x00\x00\x00", signature=bytes(64))
    same_id = NoteSignature(name="else.example", key_id=KEY.verifier.key_id, signature=bytes(64))
    note = parse_note(sign_note(TEXT, KEY, (OTHER, same_name, same_id)))
    assert note.signatures[1:] == (OTHER, same_name, same_id)
    verify_note(note, KEY.verifier)


def test_a_note_with_two_signatures_of_the_key_is_refused() -> None:
    own = parse_note(NOTE).signatures[0]
    for second in (own, dataclasses.replace(own, signature=bytes(64))):
        with pytest.raises(SignatureInvalid):
            verify_note(parse_note(sign_note(TEXT, KEY, (second,))), KEY.verifier)


def test_a_note_without_the_keys_signature_is_refused() -> None:
    with pytest.raises(SignatureInvalid):
        verify_note(Note(text=TEXT, signatures=(OTHER,)), KEY.verifier)


@pytest.mark.parametrize("field", ["text", "name", "key_id", "signature", "cut"])
def test_a_note_fails_when_any_one_field_is_changed(field: str) -> None:
    note = parse_note(NOTE)
    own = note.signatures[0]
    changed = {
        "text": dataclasses.replace(note, text=note.text.replace("p", "q", 1)),
        "name": dataclasses.replace(note, signatures=(dataclasses.replace(own, name="log.example/autre"),)),
        "key_id": dataclasses.replace(note, signatures=(dataclasses.replace(own, key_id=b"\x00\x00\x00\x00"),)),
        "signature": dataclasses.replace(note, signatures=(dataclasses.replace(own, signature=bytes(64)),)),
        "cut": dataclasses.replace(note, signatures=(dataclasses.replace(own, signature=own.signature[:-1]),)),
    }[field]
    with pytest.raises(SignatureInvalid):
        verify_note(changed, KEY.verifier)


LINE = "— a.example AAAAAAA=\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "text\n",
        "text\n\n",
        "text\n" + LINE,
        "text" + LINE,
        "text\n\n" + LINE[:-1],
        "text\n\n" + LINE + "\n",
        "text\n\n" + LINE + "more\n",
        "text\r\n\r\n" + LINE,
        "text\n\n" + LINE.replace("\n", "\r\n"),
        "te\txt\n\n" + LINE,
        "te\x00xt\n\n" + LINE,
        "te\x7fxt\n\n" + LINE,
        "text\n\n" + LINE.replace("a.example", "a\x9b2J"),
        "text\n\n" + LINE.replace("—", "-"),
        "text\n\n" + LINE.replace("— ", "—"),
        "text\n\n" + LINE.replace(" A", "  A"),
        "text\n\n" + LINE.replace("\n", " \n"),
        "text\n\n" + LINE.replace("a.example", ""),
        "text\n\n" + LINE.replace("a.example", "a+b"),
        "text\n\n" + LINE.replace("a.example", "a\u00a0b"),
        "text\n\n" + LINE.replace("a.example", "a" * 256),
        "text\n\n" + LINE.replace("AAAAAAA=", "AAAAAAB="),
        "text\n\n" + LINE.replace("AAAAAAA=", "AAAAAAA"),
        "text\n\n" + LINE.replace("AAAAAAA=", "AAAAA_A="),
        "text\n\n" + LINE.replace("AAAAAAA=", "AAAAAA=="),
        "text\n\n" + LINE.replace("AAAAAAA=", ""),
        "text\n\n" + LINE * 17,
    ],
)
def test_a_malformed_note_is_not_parsed(text: str) -> None:
    with pytest.raises(FormatError):
        parse_note(text.encode())


def test_sixteen_signatures_are_parsed() -> None:
    assert len(parse_note(("text\n\n" + LINE * 16).encode()).signatures) == 16


def test_bytes_that_are_no_utf_8_are_not_parsed() -> None:
    for data in (b"\xff", b"\xc0\x80", b"\xed\xa0\x80"):
        with pytest.raises(FormatError):
            parse_note(b"text " + data + b"\n\n" + LINE.encode())


def test_a_note_of_more_than_128_kib_is_not_parsed() -> None:
    rest = ("\n\n" + LINE).encode()
    parse_note(b"x" * (MAX_NOTE_BYTES - len(rest)) + rest)
    with pytest.raises(FormatError):
        parse_note(b"x" * (MAX_NOTE_BYTES + 1 - len(rest)) + rest)


_NAMES = st.text(st.characters(exclude_categories=["Z", "C"], exclude_characters="+"), min_size=1, max_size=60)
_SIGNATURES = st.builds(
    NoteSignature, name=_NAMES, key_id=st.binary(min_size=4, max_size=4), signature=st.binary(min_size=1, max_size=90)
)


@given(st.text(st.characters(exclude_categories=["C"])), st.lists(_SIGNATURES, min_size=1, max_size=16))
def test_every_note_comes_back(text: str, signatures: list[NoteSignature]) -> None:
    note = Note(text=text + "\n", signatures=tuple(signatures))
    assert parse_note(encode_note(note)) == note


@given(st.data())
def test_whatever_note_is_accepted_is_the_encoding_of_what_it_says(data: st.DataObject) -> None:
    changed = bytearray(sign_note(TEXT, KEY, (OTHER,)))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(changed) - 1))
        changed[at : at + data.draw(st.integers(0, 2))] = data.draw(
            st.sampled_from([b"", b"\n", b" ", b"=", b"A", b"+"])
        )
    try:
        note = parse_note(bytes(changed))
    except FormatError:
        return
    assert encode_note(note) == bytes(changed)


def test_what_would_not_parse_is_not_encoded() -> None:
    for text in ("no newline", "tab\t\n", "\ud800\n", ""):
        with pytest.raises(ValueError):  # noqa: PT011 - the kind is the point
            sign_note(text, KEY)
    for signature in (dataclasses.replace(OTHER, name="a b"), dataclasses.replace(OTHER, key_id=b"abc")):
        with pytest.raises(ValueError):  # noqa: PT011
            encode_note(Note(text="text\n", signatures=(signature,)))
    with pytest.raises(ValueError, match="expected"):
        sign_note(TEXT, KEY, (OTHER,) * 16)


@pytest.mark.parametrize(
    "vkey",
    [
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        EXAMPLE_VKEY.replace("c74f20a3", "c74f20a4"),
        EXAMPLE_VKEY.replace("c74f20a3", "C74F20A3"),
        EXAMPLE_VKEY.replace("+ARpc", "+BBpc"),
        EXAMPLE_VKEY.replace("Peter", "Petra"),
        EXAMPLE_VKEY.replace("rN", "r N"),
        EXAMPLE_VKEY + "=",
        EXAMPLE_VKEY[:-4],
        EXAMPLE_VKEY + "\n",
    ],
)
def test_a_malformed_verifier_key_is_not_parsed(vkey: str) -> None:
    with pytest.raises(FormatError):
        parse_vkey(vkey)


def test_a_seed_is_not_shown() -> None:
    # The whole of it: two digits of it stand in many an object's address.
    assert (b"\x07" * 32).hex() not in repr(KEY)
    assert "\\x07" not in repr(KEY)
