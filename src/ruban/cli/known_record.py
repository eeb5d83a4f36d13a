"""What a reader keeps of a record between two looks, so that it is held to what it was: trust on first use.

A file that the reader names, since a file that appeared by itself would tell who has looked at which record.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ruban.audit.report import Verdict
from ruban.audit.verify import Demands
from ruban.cli.boundary import WrongUse
from ruban.cli.places import read_file
from ruban.durable import write_durably
from ruban.errors import Message
from ruban.log.checkpoint import open_checkpoint
from ruban.log.policy import MAX_POLICY_BYTES, parse_policy
from ruban.primitives.encoding import parse_hex
from ruban.published import MAX_CHECKPOINT_BYTES
from ruban.record.canonical import encode, parse_canonical
from ruban.record.schema import Hex, Int, Nullable, Object, Text

FORMAT = 1
MAX_KNOWN_BYTES = 2 * (MAX_CHECKPOINT_BYTES + MAX_POLICY_BYTES) + 1024

_KNOWN = Object(
    {
        "known": (Int(FORMAT, FORMAT), "version of this file"),
        "origin": (Text(240), "the log's name"),
        "log_key": (Hex(32), "Ed25519 key of its checkpoints"),
        "checkpoint": (Hex(most=MAX_CHECKPOINT_BYTES), "the newest one seen, with its signatures"),
        "policy": (Nullable(Hex(most=MAX_POLICY_BYTES)), "which witnesses it names; null for none"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRecord:
    """A record as it was when it was last seen to hold."""

    origin: str
    log_key: bytes
    checkpoint: bytes
    """A note that this key signed."""
    policy: bytes | None = None
    """A tlog-policy file."""

    @property
    def entries(self) -> int:
        """The size of the record then."""
        return open_checkpoint(self.checkpoint, self.origin, self.log_key).size

    def check_same(self, path: str, origin: str | None, log_key: bytes | None) -> None:
        """WrongUse if the reader asks for another record than this file is about."""
        for option, asked, kept in (("--origin", origin, self.origin), ("--key", log_key, self.log_key)):
            if asked is not None and asked != kept:
                raise WrongUse(
                    Message("{option} is not what {path} knows of this record.", option=option, path=path),
                    hint=Message("Name another file for another record."),
                )

    def held(self, demands: Demands) -> Demands:
        """The same demands, and that the record continues this one, under its witnesses unless others are demanded."""
        return replace(
            demands,
            origin=self.origin,
            log_key=self.log_key,
            earlier=self.checkpoint,
            kept_policy=self.policy,
        )


def read_known_record(path: str) -> KnownRecord | None:
    """What the file says, None if there is none yet; FormatError or a VerificationError for any other content."""
    if not Path(path).exists():
        return None
    value: dict[str, Any] = parse_canonical(path, read_file(path, MAX_KNOWN_BYTES).removesuffix(b"\n"), MAX_KNOWN_BYTES)
    _KNOWN.check(path, value)
    policy = value["policy"]
    known = KnownRecord(
        origin=value["origin"],
        log_key=parse_hex("log_key", value["log_key"], 32),
        checkpoint=parse_hex("checkpoint", value["checkpoint"]),
        policy=None if policy is None else parse_hex("policy", policy),
    )
    open_checkpoint(known.checkpoint, known.origin, known.log_key)
    if known.policy is not None:
        parse_policy(known.policy)
    return known


def keep_known_record(path: str, verdict: Verdict, policy: bytes | None) -> None:
    """Keep what the verdict is about, with these witnesses. Only a record that holds is worth keeping."""
    known = {
        "known": FORMAT,
        "origin": verdict.origin,
        "log_key": verdict.log_key.hex(),
        "checkpoint": verdict.note.hex(),
        "policy": None if policy is None else policy.hex(),
    }
    write_durably(Path(path), encode(known) + b"\n")
