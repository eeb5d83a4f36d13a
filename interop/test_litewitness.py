"""litewitness, a witness by others, cosigns what our server signs, and refuses what does not extend what it saw."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from interop.conftest import aics_tlog
from interop.parts import BINARIES
from ruban.audit.fetch import WebSource
from ruban.audit.verify import audit
from ruban.log.note import VerifierKey, encode_vkey
from ruban.manage.demo_serve import free_port
from ruban.record.member import sign_by_name
from ruban.record.submission import encode_submission
from ruban.service.witnessing import POLICY_FILE
from tests.manage.test_private_tables import ruban
from tests.server import serving
from tests.service.cast import DAY, cast_of
from tests.web.test_two_servers import post, signed
from tests.web.test_witnessed_server import until

NAME = "witness.example/lite"


@contextmanager
def ssh_agent(folder: Path) -> Iterator[tuple[Path, str]]:
    """An agent with a key of its own, which is where litewitness wants its key to be; its socket, the fingerprint."""
    key, socket = folder / "key", folder / "agent"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", NAME, "-f", key], check=True)
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.DEVNULL)
    try:
        until(socket.exists)
        subprocess.run(["ssh-add", "-q", key], check=True, env={"SSH_AUTH_SOCK": str(socket)})
        shown = subprocess.run(["ssh-keygen", "-lf", key], check=True, capture_output=True, text=True)
        yield socket, shown.stdout.split()[1]
    finally:
        agent.terminate()
        agent.wait(30)


@contextmanager
def litewitness(folder: Path, log: str, port: int) -> Iterator[str]:
    """A witness that watches one log, in a process of its own; its key as a policy wants it."""
    database = ["-db", str(folder / "witness.db"), "-origin", log.split("+")[0]]
    subprocess.run([BINARIES / "witnessctl", "add-log", *database], check=True, capture_output=True)
    subprocess.run([BINARIES / "witnessctl", "add-key", *database, "-key", log], check=True, capture_output=True)
    with ssh_agent(folder) as (socket, fingerprint), (folder / "out").open("w") as out:
        options = ["-db", str(folder / "witness.db"), "-key", fingerprint, "-name", NAME, "-ssh-agent", str(socket)]
        process = subprocess.Popen([BINARIES / "litewitness", *options, "-listen", f"127.0.0.1:{port}"], stderr=out)
        try:
            until(lambda: "msg=listening" in (folder / "out").read_text())
            [key] = re.findall(r"vkey=(\S+)", (folder / "out").read_text())
            yield key
        finally:
            process.terminate()
            process.wait(30)


def test_it_cosigns_and_everybody_verifies_its_cosignature(tmp_path: Path) -> None:
    port, data = free_port(), tmp_path / "data"
    with cast_of(data, window=0) as cast:
        cast.now = int(time.time())
        letter = cast.open_letter(5 * DAY)
        body = encode_submission(sign_by_name(cast.keeper.state, letter, cast.secrets[2], cast.name(2)))
        group, folder = cast.keeper.state.opened, cast.folder
        log = encode_vkey(VerifierKey(name=group.origin, public=group.log_key))
    witness = tmp_path / "witness"
    witness.mkdir()
    with litewitness(witness, log, port) as key:
        policy = f"witness lite {key} http://127.0.0.1:{port}\nquorum lite\n"
        (folder / POLICY_FILE).write_text(policy)
        (tmp_path / "policy").write_text(f"log {log}\n{policy}")
        with serving(data) as server:
            at = f"http://{server.host}/cast"
            until(lambda: audit(WebSource(at))[0].witnesses is not None)
            # It has seen the record grow, and not only begin.
            post(at, body)
            until(lambda: signed(at, letter.letter_id.hex()) == 1)
            said = ruban("verify", at, "--policy", str(tmp_path / "policy"))
            assert NAME in json.dumps(said["witnesses"])
            options = ["--tiles", f"{at}/", "--log-key", log, "--witness-key", key, "--quorum", "1"]
            report = json.loads(aics_tlog("verify-checkpoint", *options))
            assert (report["ok"], report["cosignatures"]) == (True, 1)
