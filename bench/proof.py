"""What a ring proof costs, in one thread: `python -m bench.proof [--out FILE]`, JSON with the machine and its versions.

Batches hold as many different proofs as they say, by different members for different messages. They come from `forge`,
which knows every member's secret; the verifier cannot tell them from a member's own. Times are medians over the runs,
of the thread's processor time: on an idle machine that is the time on the clock, and what else runs does not count.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from bench._machine import arguments, machine, write
from ruban.proof import MemberSecret, Ring, RingClaim, SlotSecret, prove, verify_batch, verify_proof
from ruban.proof.codec import proof_bytes
from tests.reference.forge import forge

ROLL, HEAD, LETTER, SLOT = b"r" * 32, b"h" * 32, b"l" * 32, 3
SIZES = (64, 770, 4096)
BATCHES = {64: (100,), 770: (500, 100), 4096: (100,)}
RUNS = 5
# Milliseconds at 770: a batch's share of a proof, one proof alone, and making one.
BOUNDS = {"verify_in_batch_of_500": 1.2, "verify_one": 70.0, "prove": 200.0}


def _ring(size: int) -> tuple[Ring, list[SlotSecret]]:
    secrets = [MemberSecret.from_seed(ROLL, number.to_bytes(32, "big")).slot(SLOT) for number in range(size)]
    stubs = tuple(secret.stub for secret in secrets)
    return Ring(roll_id=ROLL, head=HEAD, selector="all", slot=SLOT, stubs=stubs), secrets


def _median_ms(act: Callable[[], object], runs: int) -> float:
    seconds = []
    for _ in range(runs):
        began = time.thread_time()
        act()
        seconds.append(time.thread_time() - began)
    return round(1000 * statistics.median(seconds), 3)


def _verify_all(ring: Ring, signed: list[tuple[bytes, bytes]]) -> None:
    """From the bytes to the verdict: parsing is part of the figure."""
    verify_batch([RingClaim.parse(ring, LETTER, message, proof) for message, proof in signed])


def _measure(size: int, runs: int) -> dict[str, Any]:
    ring, secrets = _ring(size)
    most = max(BATCHES[size])
    # Spread over the ring; where a batch is larger than the ring, members sign several messages.
    signed = []
    for number in range(most):
        message = b"message %d" % number
        signed.append((message, forge(ring, secrets, number * size // most, LETTER, message)))
    if len({proof for _, proof in signed}) != most:
        raise RuntimeError("the proofs of a batch are meant to differ")
    place = size * 2 // 3
    message, proof = signed[-1]
    figures: dict[str, Any] = {
        "proof_bytes": proof_bytes(ring.m),
        "prove": _median_ms(lambda: prove(ring, place, secrets[place], LETTER, b"m"), runs),
        "verify_one": _median_ms(lambda: verify_proof(ring, LETTER, message, proof), runs),
    }
    for count in BATCHES[size]:
        whole = _median_ms(lambda count=count: _verify_all(ring, signed[:count]), runs)  # type: ignore[misc]
        figures[f"verify_in_batch_of_{count}"] = round(whole / count, 3)
    return figures


def main() -> None:
    """Measure, print, and write the file if one is named; exit code 1 if a bound at 770 is missed."""
    parser = arguments(__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help="runs of each measurement")
    chosen = parser.parse_args()
    figures = {f"N={size}": _measure(size, chosen.runs) for size in SIZES}
    missed = {name: bound for name, bound in BOUNDS.items() if figures["N=770"][name] > bound}
    result = {
        "machine": machine("rbcl"),
        "runs": chosen.runs,
        "unit": "processor milliseconds a proof, one thread, median",
        **figures,
        "bounds at N=770": BOUNDS,
        "bounds hold": not missed,
    }
    write(result, chosen.out)
    if missed:
        sys.exit(1)


if __name__ == "__main__":
    main()
