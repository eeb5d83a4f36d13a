"""How `ruban verify` grows: 700 signatures on one letter, 7,000 on ten of the same roll, and a roll ten times as large.

Proofs come from `forge`, which knows every member's secret; the verifier cannot tell them from a member's own.
"""

from __future__ import annotations

import json
import statistics
import tempfile
from pathlib import Path

from bench._machine import arguments, machine, write
from bench._process import Measured, measured, ruban
from ruban.audit.bundle import write_bundle
from ruban.proof import Selector, SlotSecret
from ruban.proof.ring import MAX_RING
from ruban.record.entry import Entry, body_of, make_entry
from tests.reference.forge import forge
from tests.scribe import Scribe

ROLL, SIGNATURES, LETTERS = 770, 700, 10
RUNS = 3


def _roll(rows: int) -> Scribe:
    scribe = Scribe(slots=LETTERS, electorate=rows)
    scribe.open_group()
    scribe.enrol(rows)
    scribe.epoch()
    return scribe


def _sign(scribe: Scribe, letter_id: bytes, count: int) -> None:
    """`count` unnamed signatures of one letter, spread over the blocks of its ring, released together."""
    letter, epoch = scribe.state.letters[letter_id], scribe.state.roll.newest_epoch
    if epoch is None:
        raise RuntimeError("a roll without an epoch")
    by_stub: dict[bytes, SlotSecret] = {}
    for member in scribe.secrets:
        secret = member.slot(letter.slot)
        by_stub[secret.stub] = secret
    blocks = -(-epoch.rows // MAX_RING)
    entries: list[Entry] = []
    for block in range(blocks):
        selector = Selector(block=block, blocks=blocks).encode()
        ring = scribe.state.ring(epoch.index, letter.slot, selector)
        secrets = [by_stub[stub] for stub in ring.stubs]
        for index in range(count * block // blocks, count * (block + 1) // blocks):
            data = {
                "kind": "signature",
                "v": 1,
                "letter": letter_id.hex(),
                "way": "unnamed",
                "epoch": epoch.index,
                "selector": selector,
            }
            place = index - count * block // blocks
            proof = forge(ring, secrets, place, letter_id, body_of(data))
            entries.append(make_entry({**data, "proof": proof.hex()}))
    scribe.batch(*entries)


def _bundle(folder: Path, name: str, rows: int, letters: int) -> Path:
    scribe = _roll(rows)
    for _ in range(letters):
        _sign(scribe, scribe.open_letter(), SIGNATURES)
    path = folder / f"{name}.zip"
    with path.open("wb") as file:
        write_bundle(scribe.publish(), file)
    return path


def _verify(path: Path, signatures: int) -> dict[str, float]:
    runs: list[Measured] = [measured(ruban("verify", str(path), "--json")) for _ in range(RUNS)]
    verdict = json.loads(runs[0].out)
    counted = sum(letter["tally"]["signed"] for letter in verdict["letters"])
    if not verdict["holds"] or counted != signatures:
        raise RuntimeError("a verdict that does not hold")
    return {
        "signatures": signatures,
        "seconds": statistics.median(run.seconds for run in runs),
        "proof_seconds": verdict["proofs"]["seconds"],
        "peak_mb": max(run.peak_mb for run in runs),
    }


def main() -> None:
    """Measure, print, and write the file if one is named."""
    chosen = arguments(__doc__).parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        one = _verify(_bundle(folder, "one", ROLL, 1), SIGNATURES)
        ten = _verify(_bundle(folder, "ten", ROLL, LETTERS), SIGNATURES * LETTERS)
        large = _verify(_bundle(folder, "large", ROLL * 10, 1), SIGNATURES)
    result = {
        "machine": machine("rbcl"),
        "runs": RUNS,
        "N=770, one letter": one,
        "N=770, ten letters": ten,
        "ten letters against one, times": round(ten["seconds"] / one["seconds"], 2),
        "N=7,700, one letter": large,
    }
    write(result, chosen.out)


if __name__ == "__main__":
    main()
