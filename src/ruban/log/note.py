"""Signed notes (C2SP signed-note): a text, a blank line, and signature lines, of which only known ones count.

A key here is a name and an Ed25519 public key; both give the key ID. Ruled by spec/log.md, section 5.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from ruban.errors import FormatError, Message, RubanError, SignatureInvalid
from ruban.primitives.ed25519 import parse_public_key, public_key, sign, verify_ed25519
from ruban.primitives.encoding import encode_base64, parse_base64, parse_hex

MAX_NOTE_BYTES = 131_072
"""Room for sixteen of the largest signatures in use (ML-DSA-44, 3.3 kB as text) and any checkpoint."""
MAX_SIGNATURES_COUNT = 16
MAX_KEY_NAME_BYTES = 255
KEY_ID_BYTES = 4
ED25519_TYPE = b"\x01"

_DASH = "— "
# DEL and C1 too: a terminal that a note is printed on obeys U+009B as it obeys an escape sequence.
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSignature:
    """One signature line: who says to have signed, which key, and what follows the key's ID."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A text that ends in a newline, and its signature lines in their order, known or not."""

    text: str
    signatures: tuple[NoteSignature, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    """A name and a 32-byte Ed25519 public key, which together make the key ID."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """SHA-256(name ‖ newline ‖ 0x01 ‖ public key), its first four bytes."""
        return _key_id(self.name, self.public)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SignerKey:
    """A name and the 32-byte seed of an Ed25519 key; never printed."""

    name: str
    seed: bytes

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(name=self.name, public=public_key(self.seed))


def parse_key_name(field: str, name: str) -> str:
    """The same text, if it may name a key: 1 to 255 bytes of UTF-8 without spaces, plus signs or control characters."""
    try:
        size = len(name.encode("utf-8"))
    except UnicodeEncodeError:
        raise FormatError(field, Message("UTF-8"), Message("a surrogate")) from None
    if not 1 <= size <= MAX_KEY_NAME_BYTES:
        raise FormatError(field, Message("1 to {n} bytes", n=MAX_KEY_NAME_BYTES), str(size))
    if any(c.isspace() or c == "+" or _CONTROL.match(c) for c in name):
        raise FormatError(field, Message("no space, plus sign or control character"), Message("one of them"))
    return name


def parse_note(data: bytes) -> Note:
    """The text and signature lines of a note; FormatError unless these bytes are the only encoding of what is returned.

    Nothing is verified: until `verify_note` or one of its callers has accepted, the text means nothing.
    """
    # 5.1 At most 128 KiB of UTF-8 without control characters other than newline.
    if len(data) > MAX_NOTE_BYTES:
        raise FormatError("note", Message("at most {n} bytes", n=MAX_NOTE_BYTES), str(len(data)))
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FormatError("note", Message("UTF-8"), Message("another byte at {n}", n=error.start)) from None
    if _CONTROL.search(whole):
        raise FormatError("note", Message("no control character but newline"), Message("one"))
    # 5.2 The last blank line parts text and signatures; both end in a newline.
    end = whole.rfind("\n\n")
    if end < 0:
        raise FormatError("note", Message("a blank line before the signatures"), Message("none"))
    text, rest = whole[: end + 1], whole[end + 2 :]
    if not rest.endswith("\n"):
        raise FormatError("note", Message("a signature line that ends in a newline"), Message("none"))
    # 5.3 One to sixteen signature lines.
    lines = rest[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES_COUNT:
        raise FormatError("note", Message("at most {n} signatures", n=MAX_SIGNATURES_COUNT), str(len(lines)))
    return Note(text=text, signatures=tuple(_parse_line(line) for line in lines))


def encode_note(note: Note) -> bytes:
    """The only bytes of a note; ValueError if they would not parse."""
    lines = (f"{_DASH}{s.name} {encode_base64(s.key_id + s.signature)}\n" for s in note.signatures)
    data = f"{note.text}\n{''.join(lines)}".encode()
    try:
        parsed = parse_note(data)
    except FormatError as error:
        raise ValueError(str(error)) from error
    if parsed != note:
        raise ValueError("a note's text ends in one newline, and a key ID has four bytes")
    return data


def sign_note(text: str, key: SignerKey, others: tuple[NoteSignature, ...] = ()) -> bytes:
    """The note of `text` with this key's Ed25519 signature first, then `others` as they are."""
    verifier = key.verifier
    own = NoteSignature(name=key.name, key_id=verifier.key_id, signature=sign(key.seed, text.encode()))
    return encode_note(Note(text=text, signatures=(own, *others)))


def verify_note(note: Note, key: VerifierKey) -> None:
    """Accept only if exactly one signature is by `key`, and it is that of the text.

    All others are ignored, those too that share only the name or only the ID with `key`. Raises SignatureInvalid.
    """
    # 5.5 One line by this key, no second.
    known = [s for s in note.signatures if s.name == key.name and s.key_id == key.key_id]
    if len(known) != 1:
        raise SignatureInvalid(
            "note", Message("one signature by the key {key}", key=encode_vkey(key)), Message("{n}", n=len(known))
        )
    # 5.6 It verifies over the text with its last newline, without the blank line.
    try:
        verify_ed25519(key.public, note.text.encode(), known[0].signature)
    except RubanError as error:
        raise SignatureInvalid(
            "note", Message("a valid signature by the key {key}", key=encode_vkey(key)), Message("another")
        ) from error


def encode_vkey(key: VerifierKey) -> str:
    """`<name>+<key ID as hex>+<base64 of 0x01 ‖ public key>`."""
    return f"{key.name}+{key.key_id.hex()}+{encode_base64(ED25519_TYPE + key.public)}"


def parse_vkey(text: str) -> VerifierKey:
    """The Ed25519 key of a verifier-key string; FormatError for another type, a wrong ID, or a weak key."""
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise FormatError("verifier key", Message("name+ID+key"), Message("{n} parts", n=len(parts)))
    name = parse_key_name("key name", parts[0])
    key_id = parse_hex("key ID", parts[1], KEY_ID_BYTES)
    material = parse_base64("verifier key", parts[2])
    if material[:1] != ED25519_TYPE:
        raise FormatError("verifier key", Message("type 0x01 (Ed25519)"), repr(material[:1].hex()))
    key = VerifierKey(name=name, public=parse_public_key("verifier key", material[1:]))
    if key.key_id != key_id:
        raise FormatError("key ID", key.key_id.hex(), key_id.hex())
    return key


def _parse_line(line: str) -> NoteSignature:
    # 5.4 Em dash, space, key name, space, canonical base64 of the key's ID and at least one byte more.
    parts = line.removeprefix(_DASH).split(" ")
    if not line.startswith(_DASH) or len(parts) != 2:
        raise FormatError("signature line", Message("— name base64"), Message("another form"))
    name = parse_key_name("key name", parts[0])
    data = parse_base64("signature", parts[1])
    if len(data) <= KEY_ID_BYTES:
        raise FormatError("signature", Message("more than {n} bytes", n=KEY_ID_BYTES), str(len(data)))
    return NoteSignature(name=name, key_id=data[:KEY_ID_BYTES], signature=data[KEY_ID_BYTES:])


def _key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + ED25519_TYPE + public).digest()[:KEY_ID_BYTES]
