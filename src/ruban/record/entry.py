"""An entry: a leaf of the log, parsed and checked against the schema of its kind, with the identifiers made from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ruban.errors import FormatError, Message, QuorumMissing
from ruban.primitives.ed25519 import sign, verify_ed25519
from ruban.primitives.transcript import Tag, transcript
from ruban.record.canonical import encode, parse_canonical
from ruban.record.kinds import KINDS, MAX_ENTRY_BYTES, SEAL_FIELDS

_SIGNED = b"ruban/entry/v1\x00"


@dataclass(frozen=True, slots=True)
class Entry:
    """A well-formed entry. `known` is false for a kind this version does not know: kept, counted, without effect."""

    leaf: bytes
    kind: str
    data: Mapping[str, Any]
    known: bool = True

    def bytes_of(self, field: str) -> bytes:
        """The bytes of a hexadecimal field that the schema has checked."""
        return bytes.fromhex(self.data[field])

    @property
    def body(self) -> bytes:
        """The entry's bytes without what proves it: `proof`, `sig` or `sigs`."""
        return body_of(self.data)


def body_of(data: Mapping[str, Any]) -> bytes:
    """What a proof or signature of an entry with these fields is about."""
    return encode({key: value for key, value in data.items() if key not in SEAL_FIELDS})


def parse_entry(leaf: bytes) -> Entry:
    """The entry of a leaf: canonical, at most 8 KiB, fields exactly those of its kind; FormatError otherwise."""
    data = parse_canonical("entry", leaf, MAX_ENTRY_BYTES)
    name = data.get("kind")
    if not isinstance(name, str):
        raise FormatError("kind", Message("a string"), Message("none"))
    kind = KINDS.get(name)
    if kind is None:
        return Entry(leaf, name, data, known=False)
    kind.check(data)
    return Entry(leaf, name, data)


def make_entry(data: Mapping[str, Any]) -> Entry:
    """The entry with these fields, checked like a stranger's."""
    return parse_entry(encode(dict(data)))


def roll_id(leaf: bytes) -> bytes:
    """Identifier of a roll, from its `group.opened`."""
    return transcript(Tag.ROLL, leaf)[:32]


def letter_id(leaf: bytes) -> bytes:
    """Identifier of a letter, from its `letter.opened`."""
    return transcript(Tag.LETTER, leaf)[:32]


def epoch_head(leaf: bytes) -> bytes:
    """Head of an epoch, from its `roll.checkpoint`."""
    return transcript(Tag.EPOCH, leaf)[:32]


def signed_bytes(origin: str, data: Mapping[str, Any]) -> bytes:
    """What organisers sign: the purpose, the log, the entry without `sigs`."""
    return _SIGNED + origin.encode("utf-8") + b"\x00" + body_of(data)


def with_signatures(origin: str, data: Mapping[str, Any], seeds: Iterable[bytes], keys: Iterable[bytes]) -> Entry:
    """The entry with the signature of each organiser (seed and key in the same order), in ascending order of key."""
    message = signed_bytes(origin, data)
    signed = sorted(zip(keys, seeds, strict=True))
    sigs = [{"key": key.hex(), "sig": sign(seed, message).hex()} for key, seed in signed]
    return make_entry({**data, "sigs": sigs})


def verify_quorum(origin: str, entry: Entry, organisers: Iterable[bytes], quorum: int) -> None:
    """Accept only valid signatures by at least `quorum` of the organisers, in ascending order of key.

    FormatError on another order or a doubled key, SignatureInvalid on a false one, QuorumMissing on a stranger's key
    or too few.
    """
    message = signed_bytes(origin, entry.data)
    allowed = {key.hex() for key in organisers}
    keys = [sig["key"] for sig in entry.data["sigs"]]
    if keys != sorted(set(keys)):
        raise FormatError("sigs", Message("keys once each, in ascending order"), Message("another order"))
    for sig in entry.data["sigs"]:
        if sig["key"] not in allowed:
            raise QuorumMissing("sigs", Message("keys of the group's organisers"), sig["key"])
        verify_ed25519(bytes.fromhex(sig["key"]), message, bytes.fromhex(sig["sig"]))
    if len(keys) < quorum:
        raise QuorumMissing("sigs", Message("{n} organisers", n=quorum), str(len(keys)))
