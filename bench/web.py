"""What the server does a second at N = 770: pages, counts, and durable signatures whose proofs it verifies.

Signatures are spread over as many letters as they need and made before the clock starts (`forge`); the load comes from
a process of its own, whose share of the processor is told.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench._load import get, in_its_own_process, post
from bench._machine import arguments, machine, write
from ruban.people.file import Person
from ruban.primitives.randomness import shuffled
from ruban.proof import MemberSecret, SlotSecret
from ruban.record.entry import body_of, make_entry
from ruban.record.member import make_row
from ruban.record.state import Letter
from ruban.record.submission import Submission, encode_submission
from ruban.service.enrol import Enrolment, enrol_many
from ruban.service.invite import invite
from ruban.service.keeper import Keeper
from ruban.service.letter_file import LetterDraft, LetterText
from ruban.service.open_group import NewGroup, open_group
from ruban.service.open_letter import open_letter
from ruban.service.release import release
from tests.reference.forge import forge
from tests.server import Running, give_page, serving

PEOPLE, CLIENTS, WINDOW, DAY = 770, 256, 900, 86_400
PATHS_SECONDS = 4.0


def _group(folder: Path, letters: int) -> tuple[Keeper, list[MemberSecret]]:
    """770 people on the roll, in an epoch of two windows ago, and `letters` letters open."""
    # In the past by whole windows, so that the server that starts now finds every letter open.
    begun = int(time.time()) // WINDOW * WINDOW - 20 * WINDOW
    group = NewGroup(
        origin="localhost/bench",
        title="Bench",
        organisers=("Ada",),
        electorate=PEOPLE,
        electorate_date="2026-11-01",
        electorate_source="staff list",
        slots=max(8, letters + 1),
        window=WINDOW,
    )
    keeper = open_group(folder / "group", group, begun)
    persons = tuple(
        Person(line=i + 2, name=f"Member {i}", identifier=f"m{i}@bench.example", role=None) for i in range(PEOPLE)
    )
    invited = invite(keeper, persons)
    secrets = [MemberSecret.fresh(keeper.state.opened.roll_id) for _ in invited]
    rows = [make_row(keeper.state, s, one.person.name) for s, one in zip(secrets, invited, strict=True)]
    for start in range(0, PEOPLE, 256):
        part = slice(start, start + 256)
        enrol_many(
            keeper, [Enrolment(one.code, row) for one, row in zip(invited[part], rows[part], strict=True)], begun
        )
    release(keeper, begun + WINDOW)
    text = LetterText(
        lang="en", title="To the board", addressee="The board", demands=("One",), body="We ask you.\n" * 40
    )
    opening = begun + 2 * WINDOW
    draft = LetterDraft(
        texts=(text,),
        opening=opening,
        closing=opening + 20 * DAY,
        unnamed_from=None,
        threshold=None,
        ways=("name", "unnamed"),
        zone=None,
    )
    for _ in range(letters):
        open_letter(keeper, draft, opening)
    return keeper, secrets


def _forged(keeper: Keeper, letter: Letter, secrets: Sequence[MemberSecret], count: int) -> list[Submission]:
    epoch = keeper.state.roll.newest_epoch
    if epoch is None:
        raise RuntimeError("a roll without an epoch")
    by_stub: dict[bytes, SlotSecret] = {}
    for member in secrets:
        secret = member.slot(letter.slot)
        by_stub[secret.stub] = secret
    ring = keeper.state.ring(epoch.index, letter.slot, "all")
    owners = [by_stub[stub] for stub in ring.stubs]
    made = []
    for place in range(count):
        data: dict[str, Any] = {
            "kind": "signature",
            "v": 1,
            "letter": letter.letter_id.hex(),
            "way": "unnamed",
            "epoch": epoch.index,
            "selector": "all",
        }
        proof = forge(ring, owners, place, letter.letter_id, body_of(data))
        made.append(Submission(make_entry({**data, "proof": proof.hex()}).leaf, ()))
    return made


def _spoilt(body: bytes) -> bytes:
    """The same signature with one digit of its proof changed: well-formed, and false."""
    # The lowest byte of the last scalar: still a scalar.
    at = body.index(b'\\"', body.index(b'\\"proof\\":\\"') + 20) - 63
    return body[:at] + (b"1" if body[at : at + 1] == b"0" else b"0") + body[at + 1 :]


def _measured(server: Running, requests: Sequence[bytes], clients: int, seconds: float, folder: Path) -> dict[str, Any]:
    before = server.cpu_seconds()
    load = in_its_own_process(server.host, requests, clients, seconds, folder)
    return asdict(load) | {"server_cpu_seconds": round(server.cpu_seconds() - before, 2)}


def main() -> None:
    """Measure, print, and write the file if one is named."""
    parser = arguments(__doc__)
    parser.add_argument("--signatures", type=int, default=3000)
    chosen = parser.parse_args()
    letters = 2 * -(-chosen.signatures // PEOPLE) + 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        folder.mkdir(mode=0o700)
        keeper, secrets = _group(folder, letters)
        every = list(keeper.state.letters.values())
        bodies = [
            encode_submission(one)
            for letter in every[:-1]
            for one in shuffled(_forged(keeper, letter, secrets, -(-2 * chosen.signatures // (letters - 1))))
        ]
        shown = every[-1].letter_id
        keeper.close()
        # Letter after letter, each in an order of chance: at most two rings are busy at a time, as when people sign.
        good, rest = bodies[: chosen.signatures], bodies[chosen.signatures :]
        mixed = [_spoilt(body) if place % 100 == 50 else body for place, body in enumerate(rest)]
        result: dict[str, Any] = {"machine": machine("django", "granian", "rbcl"), "people": PEOPLE, "letters": letters}
        with serving(folder, requests_per_address="1000000") as server:
            page = f"/bench/letters/{give_page(folder, shown)}/"
            result["count"] = _measured(
                server, [get(server.host, f"/bench/count/{shown.hex()}")], 64, PATHS_SECONDS, folder
            )
            result["letter page, memoised"] = _measured(server, [get(server.host, page)], 64, PATHS_SECONDS, folder)
            # A query keeps a page out of the memory, so that each is rendered.
            result["letter page, rendered"] = _measured(
                server, [get(server.host, page + "?n=1")], 16, PATHS_SECONDS, folder
            )
            result["signatures"] = _measured(
                server, [post(server.host, "/bench/submit", body) for body in good], CLIENTS, 0, folder
            )
            result["signatures, one in 100 false"] = _measured(
                server, [post(server.host, "/bench/submit", body) for body in mixed], CLIENTS, 0, folder
            )
    write(result, chosen.out)


if __name__ == "__main__":
    main()
