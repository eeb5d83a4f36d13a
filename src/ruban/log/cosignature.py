"""Cosignatures (C2SP tlog-cosignature, Ed25519): a witness says when, and that a checkpoint extends all it ever saw.

Ruled by spec/log.md, section 9. Lines of other types are skipped, as every unknown line of a note is.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass

from ruban.errors import FormatError, Message, RubanError, SignatureInvalid
from ruban.log.note import KEY_ID_BYTES, Note, NoteSignature, parse_key_name
from ruban.primitives.ed25519 import SIGNATURE_BYTES, parse_public_key, public_key, sign, verify_ed25519
from ruban.primitives.encoding import encode_base64, parse_base64, parse_hex

COSIGNATURE_TYPE = b"\x04"
MAX_TIME_UNIX_SECONDS = 2**63 - 1
_TIME = struct.Struct(">Q")


@dataclass(frozen=True, slots=True, kw_only=True)
class CosignerKey:
    """A witness's name and 32-byte Ed25519 public key. The signed bytes do not bear the name: one key, one witness."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """SHA-256(name ‖ newline ‖ 0x04 ‖ public key), its first four bytes."""
        return hashlib.sha256(self.name.encode() + b"\n" + COSIGNATURE_TYPE + self.public).digest()[:KEY_ID_BYTES]


def encode_cosigner(key: CosignerKey) -> str:
    """`<name>+<key ID as hex>+<base64 of 0x04 ‖ public key>`."""
    return f"{key.name}+{key.key_id.hex()}+{encode_base64(COSIGNATURE_TYPE + key.public)}"


def parse_cosigner(text: str) -> CosignerKey:
    """The Ed25519 cosigner of a verifier-key string; FormatError for another type, a wrong ID, or a weak key."""
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise FormatError("witness key", Message("name+ID+key"), Message("{n} parts", n=len(parts)))
    name = parse_key_name("key name", parts[0])
    key_id = parse_hex("key ID", parts[1], KEY_ID_BYTES)
    # 9.1 Type, key and ID go together.
    material = parse_base64("witness key", parts[2])
    if material[:1] != COSIGNATURE_TYPE:
        raise FormatError("witness key", Message("type 0x04 (Ed25519 of a witness)"), repr(material[:1].hex()))
    key = CosignerKey(name=name, public=parse_public_key("witness key", material[1:]))
    if key.key_id != key_id:
        raise FormatError("key ID", key.key_id.hex(), key_id.hex())
    return key


def cosign(text: str, name: str, seed: bytes, unix_seconds: int) -> NoteSignature:
    """The line of a witness for a checkpoint's text; the caller has seen that it extends all it ever signed."""
    if not 0 <= unix_seconds <= MAX_TIME_UNIX_SECONDS:
        raise ValueError("a time is between 0 and 2^63 − 1 seconds")
    key = CosignerKey(name=name, public=public_key(seed))
    signature = _TIME.pack(unix_seconds) + sign(seed, _message(text, unix_seconds))
    return NoteSignature(name=name, key_id=key.key_id, signature=signature)


def open_cosignature(note: Note, key: CosignerKey) -> int:
    """When the witness saw this checkpoint, in Unix seconds, only if exactly one line is by its key, and holds.

    All other lines are ignored. Raises SignatureInvalid.
    """
    # 9.3 One line by this key, no second.
    known = [s for s in note.signatures if s.name == key.name and s.key_id == key.key_id]
    if len(known) != 1:
        raise SignatureInvalid("cosignature", Message("one by {name}", name=key.name), Message("{n}", n=len(known)))
    # 9.4 Eight bytes of time, at most 2^63 − 1, and a signature over time and text.
    data = known[0].signature
    if len(data) != _TIME.size + SIGNATURE_BYTES:
        raise SignatureInvalid("cosignature", Message("72 bytes"), Message("{n} bytes", n=len(data)))
    (unix_seconds,) = _TIME.unpack(data[: _TIME.size])
    if unix_seconds > MAX_TIME_UNIX_SECONDS:
        raise SignatureInvalid("cosignature time", Message("at most 2^63 − 1 seconds"), str(unix_seconds))
    try:
        verify_ed25519(key.public, _message(note.text, unix_seconds), data[_TIME.size :])
    except RubanError as error:
        raise SignatureInvalid(
            "cosignature", Message("a valid one by {name}", name=key.name), Message("another")
        ) from error
    seconds: int = unix_seconds
    return seconds


def _message(text: str, unix_seconds: int) -> bytes:
    # 9.2 Header, time, and the checkpoint's text with its last newline.
    return f"cosignature/v1\ntime {unix_seconds}\n{text}".encode()
