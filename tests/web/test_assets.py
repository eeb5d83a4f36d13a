"""What a browser loads: named by its content, complete, and small enough for an old phone."""

from __future__ import annotations

import gzip
import hashlib
import re

from ruban.web.pages import DIST, asset, script

MAX_SCRIPTS_BYTES = 60_000
"""All JavaScript that somebody loads who enrols, signs, and looks at their device; each file packed by gzip."""
OTHERS = ("check-", "passkey-", "steward-")
"""Those who recount, and organisers, load these."""


def test_what_a_member_loads_stays_within_60_kilobytes() -> None:
    files = [path for path in DIST.glob("*.js") if not path.name.startswith(OTHERS)]
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in files}

    assert {"enrol", "sign", "device", "shared"} <= {name.partition("-")[0] for name in sizes}
    assert sum(sizes.values()) <= MAX_SCRIPTS_BYTES, sizes


def test_every_file_is_named_by_the_hash_of_its_content() -> None:
    for path in DIST.iterdir():
        if path.name != "manifest.json":
            assert path.stem.rpartition("-")[2] == hashlib.sha256(path.read_bytes()).hexdigest()[:12], path.name


def test_a_script_comes_with_all_that_it_imports() -> None:
    for name in ("sign.js", "enrol.js", "device.js", "check.js", "passkey.js", "steward.js"):
        elements = script(name)
        text = (DIST / asset(name).rpartition("/")[2]).read_text("utf-8")
        imported = {f"/static/{file}" for file in re.findall(r'from ?"\./([^"]+)"', text)}

        assert imported == set(re.findall(r'rel="modulepreload" href="([^"]+)"', elements))
        assert all((DIST / address.rpartition("/")[2]).is_file() for address in imported)
        assert f'src="{asset(name)}"' in elements
