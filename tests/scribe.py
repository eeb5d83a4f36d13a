"""Writes whole records in memory, honest unless told otherwise, so that a test can change one thing and see it noticed.

The cast: Ada organises; members are numbered. Everything is real: keys, stubs, proofs, signatures. With a `seed` the
same calls write the same bytes.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from ruban.errors import FetchFailed, FormatError
from ruban.log.checkpoint import Checkpoint, sign_checkpoint
from ruban.log.merkle import leaf_hash, root_of
from ruban.log.tiles import bundles_of, encode_path, tiles_of
from ruban.primitives.ed25519 import public_key, sign
from ruban.primitives.randomness import random_bytes
from ruban.proof import MemberSecret, SlotSecret, prove, prove_enrolment, sign_control, sign_name
from ruban.proof.statement import NO_PREVIOUS, control_statement, name_statement
from ruban.published import CHECKPOINT, SETTINGS, Settings, encode_settings, payloads_path
from ruban.record.canonical import encode
from ruban.record.commitment import SALT_BYTES, Opening, claim_payload, encode_opening
from ruban.record.entry import Entry, body_of, letter_id, make_entry, roll_id, signed_bytes, with_signatures
from ruban.record.replay import Finding, replay
from ruban.record.rules.signature import statement_of
from ruban.record.state import State

ADA, LOG, RECEIPT, COUNCIL = bytes([1]) * 32, bytes([2]) * 32, bytes([3]) * 32, bytes([5]) * 32
"""Seeds of the organiser's, the log's, the receipt key, and a second party's."""
NOON = 1_763_800_200
NOON -= NOON % 900


@dataclass
class MemorySource:
    """A published record as a dictionary."""

    files: dict[str, bytes]

    def read(self, path: str, max_bytes: int) -> bytes:
        if path not in self.files:
            raise FetchFailed(path, "a file", "none")
        if len(self.files[path]) > max_bytes:
            raise FormatError(path, f"at most {max_bytes} bytes", "more")
        return self.files[path]


@dataclass
class Scribe:
    """A record under construction. `now` moves by hand; window 0 unless said otherwise."""

    window: int = 0
    slots: int = 2
    electorate: int = 30
    origin: str = "localhost/scribe"
    now: int = NOON
    roles: tuple[str, ...] = ()
    seed: str | None = None
    salts_drawn: int = 0
    leaves: list[bytes] = field(default_factory=list)
    openings: dict[bytes, Opening] = field(default_factory=dict)
    secrets: list[MemberSecret] = field(default_factory=list)
    state: State = field(default_factory=State)
    findings: list[Finding] = field(default_factory=list)

    def write(self, entry: Entry | dict[str, Any] | bytes) -> int:
        """Append anything, replay it, and return its index."""
        leaf = entry.leaf if isinstance(entry, Entry) else entry if isinstance(entry, bytes) else encode(entry)
        self.leaves.append(leaf)
        self.findings += replay(self.state, [leaf]).findings
        return len(self.leaves) - 1

    def salt(self) -> bytes:
        """32 bytes for a commitment or a nonce: random, or the next that follow from the seed."""
        if self.seed is None:
            return random_bytes(SALT_BYTES)
        self.salts_drawn += 1
        return hashlib.sha256(f"{self.seed}/{self.salts_drawn}".encode()).digest()

    def opening(self, text: str) -> str:
        """Commit to a text whose opening is published."""
        opened = Opening(self.salt(), unicodedata.normalize("NFC", text).encode())
        self.openings[opened.commitment] = opened
        return opened.commitment.hex()

    def signed(self, data: dict[str, Any]) -> Entry:
        """An entry with Ada's signature."""
        return with_signatures(self.origin, data, [ADA], [public_key(ADA)])

    def role_of(self, member: int) -> str | None:
        """Members take the roles in turn."""
        return self.roles[member % len(self.roles)] if self.roles else None

    def open_group(self, **changes: Any) -> int:
        data = {
            "kind": "group.opened",
            "v": 1,
            "origin": self.origin,
            "log_key": public_key(LOG).hex(),
            "receipt_key": public_key(RECEIPT).hex(),
            "title": self.opening("Atelier"),
            "organisers": [{"key": public_key(ADA).hex(), "name": self.opening("Ada")}],
            "quorum": 1,
            "electorate": self.electorate,
            "electorate_date": "2026-11-01",
            "electorate_source": self.opening("staff list"),
            "slots": self.slots,
            "window": self.window,
            "minimum": 5 if self.window else 1,
            "ways_in": ["invitation"],
            "roles": list(self.roles),
            "predecessor": None,
            "rehearsal": False,
            "at": self.now,
        } | changes
        return self.write(self.signed(data))

    @property
    def roll_id(self) -> bytes:
        return roll_id(self.leaves[0])

    def batch(self, *entries: Entry | dict[str, Any], **changes: Any) -> int:
        """Release entries together and return the index of the first."""
        first = len(self.leaves) + 1
        data = {"kind": "batch", "v": 1, "first": first, "count": len(entries), "time": self.now} | changes
        self.write(data)
        for entry in entries:
            self.write(entry)
        return first

    def row(self, number: int, **changes: Any) -> Entry:
        """The row of a new member (seed = number)."""
        secret = MemberSecret.from_seed(self.roll_id, number.to_bytes(32, "big"))
        self.secrets.append(secret)
        slots = [secret.slot(k) for k in range(self.slots)]
        role = self.role_of(number)
        data = {
            "kind": "roll.row",
            "v": 1,
            "stubs": [slot.stub.hex() for slot in slots],
            "key": secret.row_key.hex(),
            "claim": Opening(secret.claim_salt, claim_payload(f"Member {number}", role)).commitment.hex(),
            "way": "invitation",
        }
        data |= ({} if role is None else {"role": role}) | changes
        proof = prove_enrolment(self.roll_id, body_of(data), slots, nonce_salt=self.salt())
        return make_entry({**data, "proof": changes.get("proof", proof.hex())})

    def enrol(self, count: int) -> None:
        """Rows for `count` more members, released together."""
        self.batch(*[self.row(len(self.secrets)) for _ in range(count)])

    def epoch(self, **changes: Any) -> int:
        roll = self.state.roll
        data = {
            "kind": "roll.checkpoint",
            "v": 1,
            "rows": len(roll.rows),
            "columns": roll.column_digests(),
            "roles": roll.roles_digest(),
            "at": self.now,
        } | changes
        return self.write(data)

    def open_letter(self, **changes: Any) -> bytes:
        """Open a letter for an hour and return its identifier."""
        epoch = self.state.roll.newest_epoch
        text = {
            "lang": "en",
            "title": self.opening("To the board"),
            "text": self.opening("We ask you."),
            "addressee": self.opening("The board"),
            "demands": [self.opening("One"), self.opening("Two")],
        }
        data = {
            "kind": "letter.opened",
            "v": 1,
            "slot": self.state.slots_taken,
            "texts": [text],
            "selectors": ["all"],
            "ways": ["name", "unnamed"],
            "opening": self.now,
            "closing": self.now + 3600,
            "unnamed_from": self.now,
            "ring_min": 10,
            "threshold": None,
            "epoch": epoch.index if epoch else 1,
            "epochs_at": [],
            "at": self.now,
        } | changes
        return letter_id(self.leaves[self.write(self.signed(data))])

    def slot_secret(self, letter: bytes, member: int) -> SlotSecret:
        return self.secrets[member].slot(self.state.letters[letter].slot)

    def _signature(self, letter: bytes, way: str, **changes: Any) -> dict[str, Any]:
        epoch = self.state.roll.newest_epoch
        data = {"kind": "signature", "v": 1, "letter": letter.hex(), "way": way, "selector": "all"}
        return data | {"epoch": epoch.index if epoch else 1} | changes

    def unnamed(self, letter: bytes, member: int, **changes: Any) -> Entry:
        secret, data = self.slot_secret(letter, member), self._signature(letter, "unnamed", **changes)
        ring = self.state.ring(data["epoch"], secret.slot, data["selector"])
        proof = prove(ring, ring.stubs.index(secret.stub), secret, letter, body_of(data), nonce_salt=self.salt())
        return make_entry({**data, "proof": proof.hex()})

    def named(self, letter: bytes, member: int, **changes: Any) -> Entry:
        secret, data = self.slot_secret(letter, member), self._signature(letter, "name")
        ring = self.state.ring(data["epoch"], secret.slot, "all")
        index = ring.stubs.index(secret.stub)
        data |= {"tag": secret.tag.hex(), "index": index, "claim": self.publish_name(member)} | changes
        statement = name_statement(ring, data["index"], letter, secret.tag, 0, NO_PREVIOUS, body_of(data))
        sig = sign_name(ring, index, secret, statement, nonce_salt=self.salt())
        return make_entry({**data, "sig": sig.hex()})

    def publish_name(self, member: int) -> str:
        claim = Opening(self.secrets[member].claim_salt, claim_payload(f"Member {member}", self.role_of(member)))
        self.openings[claim.commitment] = claim
        return claim.commitment.hex()

    def _statement(self, letter: bytes, member: int, action: str) -> dict[str, Any]:
        secret = self.slot_secret(letter, member)
        recorded = self.state.letters[letter].signatures[secret.tag]
        data = {"kind": "statement", "v": 1, "letter": letter.hex(), "tag": secret.tag.hex(), "action": action}
        return data | {"seq": recorded.seq + 1, "prev": recorded.prev.hex()}

    def withdraw(self, letter: bytes, member: int, **changes: Any) -> Entry:
        secret = self.slot_secret(letter, member)
        data = self._statement(letter, member, "withdraw") | changes
        prev = bytes.fromhex(data["prev"])
        statement = control_statement(letter, secret.tag, data["seq"], prev, body_of(data))
        sig = sign_control(secret, statement, nonce_salt=self.salt())
        return make_entry({**data, "sig": sig.hex()})

    def comment(self, letter: bytes, member: int, text: str = "I was there.", /, **changes: Any) -> Entry:
        secret = self.slot_secret(letter, member)
        data = self._statement(letter, member, "comment") | {"text": changes.get("text") or self.opening(text)}
        data |= changes
        statement = control_statement(letter, secret.tag, data["seq"], bytes.fromhex(data["prev"]), body_of(data))
        sig = sign_control(secret, statement, nonce_salt=self.salt())
        return make_entry({**data, "sig": sig.hex()})

    def step_forward(self, letter: bytes, member: int, **changes: Any) -> Entry:
        secret = self.slot_secret(letter, member)
        recorded = self.state.letters[letter].signatures[secret.tag]
        ring = self.state.ring(recorded.epoch, secret.slot, recorded.selector)
        index = ring.stubs.index(secret.stub)
        data = self._statement(letter, member, "name") | {
            "epoch": recorded.epoch,
            "selector": recorded.selector,
            "index": index,
            "claim": self.publish_name(member),
        }
        data |= changes
        unsigned = Entry(b"", "statement", data)
        statement = statement_of(self.state, unsigned)
        sig = sign_name(ring, index, secret, statement, nonce_salt=self.salt())
        return make_entry({**data, "sig": sig.hex()})

    def change(self, letter: bytes, action: str, closing: int, /, **changes: Any) -> int:
        data = {
            "kind": "letter.changed",
            "v": 1,
            "letter": letter.hex(),
            "action": action,
            "closing": closing,
            "reason": self.opening("because"),
            "at": self.now,
        }
        return self.write(self.signed(data | changes))

    def update(self, letter: bytes, /, **changes: Any) -> int:
        texts = [{"lang": "en", "text": self.opening("They have answered.\n\nWe meet on Monday.")}]
        data = {"kind": "update", "v": 1, "letter": letter.hex(), "texts": texts, "at": self.now}
        return self.write(self.signed(data | changes))

    def strike(self, letter: bytes, /, *commitments: str, **changes: Any) -> int:
        data = {"kind": "struck", "v": 1, "letter": letter.hex(), "commitments": list(commitments), "at": self.now}
        return self.write(self.signed(data | {"reason": self.opening("an insult")} | changes))

    def correct(self, electorate: int, /, **changes: Any) -> int:
        data = {
            "kind": "electorate",
            "v": 1,
            "electorate": electorate,
            "electorate_date": "2026-11-20",
            "electorate_source": self.opening("staff list, corrected"),
            "at": self.now,
        }
        return self.write(self.signed(data | changes))

    def name_attester(self, seed: bytes = COUNCIL, /, **changes: Any) -> int:
        key = {"key": public_key(seed).hex(), "name": self.opening("Works council")}
        return self.write(self.signed({"kind": "attester.named", "v": 1, **key, "at": self.now} | changes))

    def attest(self, seed: bytes = COUNCIL, /, **changes: Any) -> int:
        """The second party finds all of those invited on its own list."""
        epoch = self.state.roll.newest_epoch
        rows = epoch.rows if epoch else 1
        data = {
            "kind": "roll.attested",
            "v": 1,
            "key": public_key(seed).hex(),
            "date": "2026-11-21",
            "epoch": epoch.index if epoch else 1,
            "rows": rows,
            "entitled": self.electorate,
            "invited": self.electorate,
            "found": self.electorate,
            "spent": rows,
            "method": self.opening("line by line"),
        } | changes
        sig = changes.get("sig", sign(seed, signed_bytes(self.origin, data)).hex())
        return self.write(make_entry({**data, "sig": sig}))

    def dispute(self, number: int = 0) -> Entry:
        return make_entry({"kind": "dispute", "v": 1, "id": number.to_bytes(16, "big").hex()})

    def settle(self, number: int = 0, /, **changes: Any) -> int:
        data = {"kind": "dispute.settled", "v": 1, "id": number.to_bytes(16, "big").hex(), "at": self.now}
        return self.write(self.signed(data | {"reason": self.opening("a shared phone")} | changes))

    def close(self, letter: bytes, /, **changes: Any) -> int:
        at = max(self.now, self.state.letters[letter].closing)
        return self.write({"kind": "letter.closed", "v": 1, "letter": letter.hex(), "at": at} | changes)

    def erase(self, *commitments: str) -> int:
        for commitment in commitments:
            self.openings.pop(bytes.fromhex(commitment), None)
        data = {"kind": "erasure", "v": 1, "commitments": list(commitments), "reason": "request"}
        return self.write(data)

    def checkpoint(self) -> bytes:
        root = root_of([leaf_hash(leaf) for leaf in self.leaves])
        return sign_checkpoint(Checkpoint(origin=self.origin, size=len(self.leaves), root=root), LOG)

    def publish(self, letter: bytes | None = None) -> MemorySource:
        """The files of the record as it stands, with the openings of one letter or of all."""
        files = {CHECKPOINT: self.checkpoint()}
        files[SETTINGS] = encode_settings(
            Settings(
                origin=self.origin,
                log_key=public_key(LOG),
                receipt_key=public_key(RECEIPT),
                openings=None if letter is None else (letter,),
            )
        )
        needed = self.state.required_openings(letter) - self.state.erased
        lines: dict[int, list[bytes]] = defaultdict(list)
        for commitment in sorted(needed & self.openings.keys()):
            place = self.state.commitments[commitment]
            lines[place // 256].append(encode_opening(self.openings[commitment]) + b"\n")
        for path, data in [*tiles_of([leaf_hash(leaf) for leaf in self.leaves]), *bundles_of(self.leaves)]:
            files[encode_path(path)] = data
            if path.level is None:
                files[payloads_path(path.index)] = b"".join(lines[path.index])
        return MemorySource(files)


def letter_of_twelve(**changes: Any) -> tuple[Scribe, bytes]:
    """A group of 30 with 12 rows in an epoch, and an open letter."""
    scribe = Scribe(**changes)
    scribe.open_group()
    scribe.enrol(12)
    scribe.epoch()
    return scribe, scribe.open_letter()
