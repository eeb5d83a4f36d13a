"""A real server with real witnesses beside it: what it publishes, enough of them have seen."""

from __future__ import annotations

import time
import urllib.request
from pathlib import Path

from ruban.audit.fetch import WebSource
from ruban.audit.verify import Demands, audit
from ruban.errors import QuorumMissing
from ruban.log.cosignature import encode_cosigner
from ruban.log.note import VerifierKey, encode_vkey
from ruban.log.policy import parse_policy
from ruban.manage.demo_serve import free_port
from ruban.record.member import sign_by_name
from ruban.record.submission import encode_submission
from ruban.service.witness import make_witness, watch
from ruban.service.witnessing import POLICY_FILE
from tests.manage.test_witness import witnessing
from tests.server import give_page, serving
from tests.service.cast import DAY, cast_of
from tests.web.test_two_servers import post, signed

WITHIN_SECONDS = 30


def test_a_signature_is_counted_once_its_witnesses_have_seen_it(tmp_path: Path) -> None:
    ports = [free_port(), free_port()]
    data = tmp_path / "data"
    with cast_of(data, window=0) as cast:
        cast.now = int(time.time())
        letter = cast.open_letter(5 * DAY)
        body = encode_submission(sign_by_name(cast.keeper.state, letter, cast.secrets[2], cast.name(2)))
        group = cast.keeper.state.opened
        log = encode_vkey(VerifierKey(name=group.origin, public=group.log_key))
        lines = []
        for number, port in enumerate(ports):
            key = make_witness(tmp_path / f"w{number}", f"w{number}.example")
            watch(tmp_path / f"w{number}", log)
            lines.append(f"witness w{number} {encode_cosigner(key)} http://127.0.0.1:{port}\n")
        policy = ("".join(lines) + "group both all w0 w1\nquorum both\n").encode()
        (cast.folder / POLICY_FILE).write_bytes(policy)
    with serving(data) as server:
        at, identifier = f"http://{server.host}/cast", letter.letter_id.hex()
        page = f"{at}/letters/{give_page(data, letter.letter_id, public=True)}/"
        with witnessing(tmp_path / "w0", ports[0]):
            with witnessing(tmp_path / "w1", ports[1]):
                until(lambda: audit(WebSource(at))[0].witnesses is not None)
            # One of the two is away: what comes in now is taken, and not counted yet.
            assert post(at, body) == 202
            time.sleep(2)
            assert signed(at, identifier) == 0
            assert audit(WebSource(at))[0].holds
            with witnessing(tmp_path / "w1", ports[1]):
                until(lambda: signed(at, identifier) == 1)
            verdict = audit(WebSource(at), Demands(policy=parse_policy(policy)))[0]
            assert verdict.holds
            assert verdict.witnesses is not None
            assert [one.name for one in verdict.witnesses.cosigned] == ["w0.example", "w1.example"]
            shown = urllib.request.urlopen(f"{page}").read().decode()
            assert "only grows: w0.example, w1.example" in shown
            other = parse_policy(("".join(lines[:1]) + f"log {log}\nquorum w0\n").encode())
            assert audit(WebSource(at), Demands(policy=other))[0].holds
        assert "The count waits" not in read(page)


def until(done: object) -> None:
    """Wait for it, not for ever."""
    end = time.monotonic() + WITHIN_SECONDS
    assert callable(done)
    while not done():
        assert time.monotonic() < end
        time.sleep(0.3)


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:
        text: str = answer.read().decode()
        return text


def test_a_quorum_that_a_reader_wants_and_is_not_there_does_not_hold(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=0, enrolled=0):
        pass
    key = make_witness(tmp_path / "w", "w.example")
    policy = parse_policy(f"witness w {encode_cosigner(key)}\nquorum w\n".encode())
    with serving(tmp_path) as server:
        [finding] = audit(WebSource(f"http://{server.host}/cast"), Demands(policy=policy))[0].findings
        assert isinstance(finding.error, QuorumMissing)
