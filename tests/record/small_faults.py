"""What a dishonest or damaged copy of the small record may look like, and what an audit must find in each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ruban.log.checkpoint import Checkpoint, sign_checkpoint
from ruban.log.merkle import leaf_hash, root_of
from ruban.primitives.ed25519 import public_key
from ruban.proof import sign_control, sign_name
from ruban.proof.statement import control_statement
from ruban.published import CHECKPOINT, SETTINGS
from ruban.record.canonical import encode
from ruban.record.commitment import Opening, claim_payload, encode_opening
from ruban.record.entry import Entry, body_of, letter_id, make_entry, parse_entry, with_signatures
from ruban.record.rules.signature import statement_of
from tests.record.small_record import BEN, SmallRecord
from tests.scribe import ADA, LOG, RECEIPT

Leaves = list[bytes]
Files = dict[str, bytes]
PAYLOADS, TILE = "payloads/000", "tile/0/000.p/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A change of entries (put under a new signed root) or of files; step and error of what must be found, at least."""

    name: str
    expect: tuple[tuple[int, str], ...] | str
    leaves: Callable[[SmallRecord, Leaves], None] | None = None
    files: Callable[[SmallRecord, Files], None] | None = None
    earlier: Callable[[SmallRecord], bytes] | None = None


def changed(name: str, **changes: Any) -> Callable[[SmallRecord, Leaves], None]:
    """Fields of one entry changed, and nothing signed again."""

    def act(small: SmallRecord, leaves: Leaves) -> None:
        at = small.at[name]
        leaves[at] = encode({**parse_entry(leaves[at]).data, **changes})

    return act


def resign(name: str, seeds: tuple[bytes, ...] = (ADA, BEN), **changes: Any) -> Callable[[SmallRecord, Leaves], None]:
    """Fields of one entry changed, and signed by these organisers."""

    def act(small: SmallRecord, leaves: Leaves) -> None:
        at = small.at[name]
        data = {key: value for key, value in parse_entry(leaves[at]).data.items() if key != "sigs"} | changes
        leaves[at] = with_signatures(small.origin, data, seeds, [public_key(seed) for seed in seeds]).leaf

    return act


def copied(source: str, target: str, plus: int = 0) -> Callable[[SmallRecord, Leaves], None]:
    def act(small: SmallRecord, leaves: Leaves) -> None:
        leaves[small.at[target] + plus] = leaves[small.at[source]]

    return act


def false_proof(name: str) -> Callable[[SmallRecord, Leaves], None]:
    """The last scalar of a proof replaced by 1."""

    def act(small: SmallRecord, leaves: Leaves) -> None:
        at = small.at[name]
        data = parse_entry(leaves[at]).data
        field = "proof" if "proof" in data else "sig"
        leaves[at] = encode({**data, field: data[field][:-64] + "01" + "00" * 31})

    return act


def letter_of(small: SmallRecord, name: str) -> bytes:
    return letter_id(small.leaves[small.at[name]])


def _other_letter(small: SmallRecord, leaves: Leaves) -> None:
    changed("second unnamed", letter=letter_of(small, "first letter").hex())(small, leaves)


def _closed_twice(small: SmallRecord, leaves: Leaves) -> None:
    changed("first closed", letter=letter_of(small, "second letter").hex())(small, leaves)


def _other_claim(small: SmallRecord, leaves: Leaves) -> None:
    """Member 6 signs, with their own key, under the claim of member 7."""
    at = small.at["named"]
    data = {key: value for key, value in parse_entry(leaves[at]).data.items() if key != "sig"}
    data["claim"] = small.state.roll.rows[7].claim.hex()
    letter = bytes.fromhex(data["letter"])
    secret = small.slot_secret(letter, 6)
    ring = small.state.ring(data["epoch"], secret.slot, "all")
    statement = statement_of(small.state, Entry(b"", "signature", data))
    sig = sign_name(ring, data["index"], secret, statement, nonce_salt=bytes(32))
    leaves[at] = make_entry({**data, "sig": sig.hex()}).leaf


def _white_space(small: SmallRecord, leaves: Leaves) -> None:
    leaves[small.at["remark"]] += b" "


def _gap(small: SmallRecord, leaves: Leaves) -> None:
    """Member 1 withdraws with the number after the next."""
    at = small.at["forward"] + 1
    data = {key: value for key, value in parse_entry(leaves[at]).data.items() if key != "sig"} | {"seq": 2}
    letter = bytes.fromhex(data["letter"])
    secret = small.slot_secret(letter, 1)
    statement = control_statement(letter, secret.tag, 2, bytes.fromhex(data["prev"]), body_of(data))
    leaves[at] = make_entry({**data, "sig": sign_control(secret, statement, nonce_salt=bytes(32)).hex()}).leaf


def _cut(small: SmallRecord, leaves: Leaves) -> None:
    """The entry after the seven that it has is no member's."""
    changed("batch", count=8)(small, leaves)


def _flip(path: str, place: int) -> Callable[[SmallRecord, Files], None]:
    def act(small: SmallRecord, files: Files) -> None:
        name = next(found for found in files if found.startswith(path))
        data = bytearray(files[name])
        data[place] ^= 1
        files[name] = bytes(data)

    return act


def without_opening(of: Callable[[SmallRecord], bytes]) -> Callable[[SmallRecord, Files], None]:
    def act(small: SmallRecord, files: Files) -> None:
        wanted = f'{{"c":"{of(small).hex()}"'.encode()
        files[PAYLOADS] = b"".join(
            line + b"\n" for line in files[PAYLOADS].split(b"\n")[:-1] if not line.startswith(wanted)
        )

    return act


def with_opening(opening: Callable[[SmallRecord], Opening]) -> Callable[[SmallRecord, Files], None]:
    def act(small: SmallRecord, files: Files) -> None:
        lines = [*files[PAYLOADS].split(b"\n")[:-1], encode_opening(opening(small))]
        files[PAYLOADS] = b"".join(line + b"\n" for line in sorted(lines))

    return act


def claim_of(member: int) -> Callable[[SmallRecord], Opening]:
    return lambda small: Opening(
        small.secrets[member].claim_salt, claim_payload(f"Member {member}", small.role_of(member))
    )


def _settings(**changes: str) -> Callable[[SmallRecord, Files], None]:
    def act(small: SmallRecord, files: Files) -> None:
        for field, value in changes.items():
            before = files[SETTINGS].partition(f'"{field}":"'.encode())[2][: len(value)]
            files[SETTINGS] = files[SETTINGS].replace(before, value.encode())

    return act


def _note(size: int, root: bytes, seed: bytes = LOG) -> bytes:
    return sign_checkpoint(Checkpoint(origin="ruban.example/small", size=size, root=root), seed)


def _checkpoint(size: int, seed: bytes = LOG) -> Callable[[SmallRecord, Files], None]:
    def act(small: SmallRecord, files: Files) -> None:
        files[CHECKPOINT] = _note(size or len(small.leaves), root_of(map(leaf_hash, small.leaves)), seed)

    return act


FAULTS = [
    Fault(name="nothing", expect=()),
    # 1
    Fault(
        name="another receipt key in ruban.json",
        files=_settings(receipt_key=public_key(LOG).hex()),
        expect=((1, "CheckpointInvalid"),),
    ),
    Fault(
        name="another log key in ruban.json",
        files=_settings(log_key=public_key(RECEIPT).hex()),
        expect="CheckpointInvalid",
    ),
    Fault(name="a checkpoint by the receipt key", files=_checkpoint(0, RECEIPT), expect="CheckpointInvalid"),
    Fault(name="a bit of the checkpoint", files=_flip(CHECKPOINT, 30), expect="CheckpointInvalid"),
    Fault(
        name="a space in ruban.json",
        files=lambda _, files: files.update({SETTINGS: b" " + files[SETTINGS]}),
        expect="FormatError",
    ),
    # 2
    Fault(name="a size without files", files=_checkpoint(50), expect="FormatError"),
    Fault(name="a bit of a tile", files=_flip(TILE, 40), expect=((2, "FormatError"),)),
    Fault(name="a bit of an entry's proof", files=_flip("tile/entries/", -100), expect=((2, "CheckpointInvalid"),)),
    Fault(
        name="another root",
        files=lambda small, files: files.update({CHECKPOINT: _note(len(small.leaves), bytes(32))}),
        expect=((2, "CheckpointInvalid"),),
    ),
    # 3
    Fault(
        name="an earlier checkpoint of this record",
        earlier=lambda small: _note(20, root_of(map(leaf_hash, small.leaves[:20]))),
        expect=(),
    ),
    Fault(
        name="an earlier checkpoint of another record",
        earlier=lambda small: _note(20, bytes(32)),
        expect=((3, "Inconsistent"),),
    ),
    Fault(
        name="an earlier checkpoint of a longer record",
        earlier=lambda small: _note(1000, bytes(32)),
        expect=((3, "CheckpointInvalid"),),
    ),
    # 4
    Fault(name="a space after an entry", leaves=_white_space, expect=((4, "FormatError"),)),
    Fault(name="a field more", leaves=changed("erasure", more=1), expect=((4, "FormatError"),)),
    Fault(name="a batch that says too many", leaves=_cut, expect=((4, "RuleBroken"),)),
    Fault(
        name="a batch that starts elsewhere",
        leaves=changed("batch", first=1),
        expect=((4, "RuleBroken"), (7, "RuleBroken")),
    ),
    Fault(name="a letter closed early", leaves=changed("first closed", at=1763970300), expect=((4, "RuleBroken"),)),
    Fault(
        name="an erasure of nothing",
        leaves=changed("erasure", commitments=["ab" * 32]),
        expect=((4, "CommitmentInvalid"),),
    ),
    Fault(
        name="the same letter closed twice",
        leaves=_closed_twice,
        expect=((4, "LetterClosed"),),
    ),
    Fault(
        name="an extension to before the closing",
        leaves=resign("extended", closing=1763970300),
        expect=((4, "RuleBroken"),),
    ),
    # 5
    Fault(name="one organiser of two", leaves=resign("extended", (ADA,)), expect=((5, "QuorumMissing"),)),
    Fault(
        name="a stranger among the organisers",
        leaves=resign("extended", (ADA, LOG)),
        expect=((5, "QuorumMissing"),),
    ),
    Fault(
        name="changed after signing", leaves=changed("extended", reason="ab" * 32), expect=((5, "SignatureInvalid"),)
    ),
    # 6
    Fault(name="a row's proof", leaves=false_proof("late row"), expect=((6, "ProofInvalid"),)),
    Fault(
        name="an epoch with a row more",
        leaves=changed("second epoch", rows=15),
        expect=((6, "RuleBroken"), (7, "RuleBroken")),
    ),
    Fault(name="an epoch before it is due", leaves=changed("second epoch", at=1763803800), expect=((6, "RuleBroken"),)),
    # 7
    Fault(
        name="an unnamed signature's proof",
        leaves=false_proof("unnamed"),
        expect=((7, "ProofInvalid"), (4, "RuleBroken")),
    ),
    Fault(name="a signature by name", leaves=false_proof("named"), expect=((7, "ProofInvalid"),)),
    Fault(name="a step forward", leaves=false_proof("forward"), expect=((7, "ProofInvalid"),)),
    Fault(name="a tag twice", leaves=copied("unnamed", "named"), expect=((7, "TagReused"),)),
    Fault(name="a signature for another letter", leaves=_other_letter, expect=((7, "ProofInvalid"),)),
    Fault(name="a signature under another member's name", leaves=_other_claim, expect=((7, "CommitmentInvalid"),)),
    Fault(name="a gap in the statements of a tag", leaves=_gap, expect=((7, "RuleBroken"),)),
    # 8
    Fault(name="a bit of a payload", files=_flip(PAYLOADS, 90), expect=((8, "CommitmentInvalid"),)),
    Fault(
        name="a title missing",
        files=without_opening(lambda small: small.state.opened.title),
        expect=((8, "CommitmentInvalid"),),
    ),
    Fault(
        name="a name missing",
        files=without_opening(lambda small: small.state.roll.rows[5].claim),
        expect=((8, "CommitmentInvalid"),),
    ),
    Fault(name="an erased name", files=with_opening(claim_of(6)), expect=((8, "CommitmentInvalid"),)),
    Fault(
        name="the name of one who signed unnamed", files=with_opening(claim_of(3)), expect=((8, "CommitmentInvalid"),)
    ),
    Fault(
        name="an opening of nothing",
        files=with_opening(lambda _: Opening(bytes(32), b"")),
        expect=((8, "CommitmentInvalid"),),
    ),
    Fault(
        name="no line feed at the end",
        files=lambda _, files: files.update({PAYLOADS: files[PAYLOADS][:-1]}),
        expect=((8, "FormatError"),),
    ),
]
