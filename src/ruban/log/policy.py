"""Whose word on a checkpoint is enough (C2SP tlog-policy): logs, witnesses, groups of them, and a quorum.

Ruled by spec/log.md, section 10. Names are opaque bytes; they mean something in their file only.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from ruban.errors import FormatError, Message, QuorumMissing, SignatureInvalid
from ruban.log.cosignature import CosignerKey, open_cosignature, parse_cosigner
from ruban.log.note import Note, VerifierKey, parse_vkey
from ruban.primitives.encoding import parse_decimal

MAX_POLICY_BYTES = 65_536
MAX_NAMES_COUNT = 256
NONE = b"none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A witness, and where it takes checkpoints, if the file says so."""

    key: CosignerKey
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """So many of these members, each a witness or a group, stand for the group."""

    threshold: int
    members: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A file's content. `quorum` names a witness or a group; None wants no witness."""

    logs: tuple[VerifierKey, ...] = ()
    witnesses: Mapping[bytes, Witness] = field(default_factory=dict)
    groups: Mapping[bytes, Group] = field(default_factory=dict)
    quorum: bytes | None = None


def parse_policy(data: bytes) -> Policy:
    """What a policy file says; FormatError for anything that the format does not allow."""
    # 10.1 Bounded; newline and tab are the only control characters.
    if len(data) > MAX_POLICY_BYTES:
        raise FormatError("policy", Message("at most {n} bytes", n=MAX_POLICY_BYTES), str(len(data)))
    if any((byte < 0x20 and byte not in b"\t\n") or byte == 0x7F for byte in data):
        raise FormatError("policy", Message("no control character but tab and newline"), Message("one"))
    if data and not data.endswith(b"\n"):
        raise FormatError("policy", Message("a newline at the end"), Message("none"))
    reader = _Reader()
    for number, line in enumerate(data.split(b"\n"), 1):
        words = [word for word in line.replace(b"\t", b" ").split(b" ") if word]
        # 10.2 Empty lines and comments say nothing.
        if words and not words[0].startswith(b"#"):
            reader.read(number, words)
    return reader.policy()


def standing(policy: Policy, note: Note) -> dict[bytes, int]:
    """When each witness of the policy that has cosigned the note did, in Unix seconds, by its name there."""
    times = {}
    for name, witness in policy.witnesses.items():
        with suppress(SignatureInvalid):
            times[name] = open_cosignature(note, witness.key)
    return times


def check_quorum(policy: Policy, note: Note) -> None:
    """Accept only what the quorum of the policy has cosigned; QuorumMissing otherwise."""
    times = standing(policy, note)
    # 10.6 Groups are defined after their members: one pass decides each.
    stand = set(times)
    for name, group in policy.groups.items():
        if sum(member in stand for member in group.members) >= group.threshold:
            stand.add(name)
    if policy.quorum is not None and policy.quorum not in stand:
        raise QuorumMissing(
            "witnesses",
            Message("the quorum {name}", name=policy.quorum.decode("utf-8", "replace")),
            Message("{n} of {all}", n=len(times), all=len(policy.witnesses)),
        )


class _Reader:
    """Line by line; a name can be used only after its line."""

    def __init__(self) -> None:
        self._logs: list[VerifierKey] = []
        self._witnesses: dict[bytes, Witness] = {}
        self._groups: dict[bytes, Group] = {}
        self._in_group: set[bytes] = set()
        self._quorum: bytes | None = None
        self._has_quorum = False

    def read(self, number: int, words: list[bytes]) -> None:
        match words:
            case [b"log", key] | [b"log", key, _]:
                self._log(number, key)
            case [b"witness", name, key]:
                self._witness(number, name, key, None)
            case [b"witness", name, key, address]:
                self._witness(number, name, key, _text(number, address))
            case [b"group", name, threshold, *members] if members:
                self._group(number, name, threshold, tuple(members))
            case [b"quorum", name] if not self._has_quorum:
                self._has_quorum = True
                self._quorum = None if name == NONE else self._known(number, name)
            case _:
                raise _wrong(number, Message("a log, witness, group or single quorum line"))

    def policy(self) -> Policy:
        # 10.5 Exactly one quorum.
        if not self._has_quorum:
            raise FormatError("policy", Message("a quorum line"), Message("none"))
        return Policy(logs=tuple(self._logs), witnesses=self._witnesses, groups=self._groups, quorum=self._quorum)

    def _log(self, number: int, key: bytes) -> None:
        log = parse_vkey(_text(number, key))
        if any(other.public == log.public for other in self._logs):
            raise _wrong(number, Message("each log once"))
        self._logs.append(log)

    def _witness(self, number: int, name: bytes, key: bytes, address: str | None) -> None:
        # 10.3 A new name and a new key: who stands twice would count twice.
        self._new(number, name)
        cosigner = parse_cosigner(_text(number, key))
        if any(other.key.public == cosigner.public for other in self._witnesses.values()):
            raise _wrong(number, Message("each witness once"))
        self._witnesses[name] = Witness(key=cosigner, address=address)

    def _group(self, number: int, name: bytes, threshold: bytes, members: tuple[bytes, ...]) -> None:
        # 10.4 Members are known by then, and of one group only; 1 ≤ threshold ≤ members.
        self._new(number, name)
        for member in members:
            if self._known(number, member) in self._in_group:
                raise _wrong(number, Message("each member in one group, once"))
            self._in_group.add(member)
        match threshold:
            case b"all":
                wanted = len(members)
            case b"any":
                wanted = 1
            case _:
                wanted = parse_decimal("group threshold", _text(number, threshold))
        if not 1 <= wanted <= len(members):
            raise _wrong(number, Message("a threshold of 1 to {n}", n=len(members)))
        self._groups[name] = Group(threshold=wanted, members=members)

    def _new(self, number: int, name: bytes) -> None:
        if name == NONE or name in self._witnesses or name in self._groups:
            raise _wrong(number, Message("a name that is new"))
        if len(self._witnesses) + len(self._groups) >= MAX_NAMES_COUNT:
            raise _wrong(number, Message("at most {n} names", n=MAX_NAMES_COUNT))

    def _known(self, number: int, name: bytes) -> bytes:
        if name not in self._witnesses and name not in self._groups:
            raise _wrong(number, Message("a name of an earlier line"))
        return name


def _text(number: int, word: bytes) -> str:
    try:
        return word.decode("utf-8")
    except UnicodeDecodeError:
        raise _wrong(number, Message("UTF-8")) from None


def _wrong(number: int, expected: Message) -> FormatError:
    return FormatError(f"policy, line {number}", expected)
