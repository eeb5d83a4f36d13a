"""What others wrote to read logs like ours: Debian's packages, each pinned by its hash, unpacked and never installed.

`python -m interop.parts` fetches what debian.txt names from the mirrors that this machine's apt uses, into
.tools/interop, and builds reader.go against it with the toolchain that requirements/interop.txt names.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent / ".tools" / "interop"
PYTHON, DEBIAN, READER = FOLDER / "python", FOLDER / "debian", FOLDER / "reader"
GOPATH = DEBIAN / "usr" / "share" / "gocode"
BINARIES = DEBIAN / "usr" / "bin"
SUMDB = GOPATH / "src" / "golang.org" / "x" / "mod" / "sumdb"
TIMEOUT_SECONDS = 120


def mirrors() -> list[str]:
    """Where this machine's apt gets its packages."""
    asked = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)"], capture_output=True, text=True, check=True
    )
    return sorted(set(asked.stdout.split()), key=lambda uri: ("security" in uri, uri))


def fetch(path: str, sha256: str) -> bytes:
    """One file of Debian's pool. RuntimeError where no mirror has it, or has another under its name."""
    for mirror in mirrors():
        try:
            with urllib.request.urlopen(mirror.rstrip("/") + "/" + path, timeout=TIMEOUT_SECONDS) as answer:
                data: bytes = answer.read()
        except OSError:
            continue
        if hashlib.sha256(data).hexdigest() == sha256:
            return data
    raise RuntimeError(f"{path}: no mirror has it with this hash; Debian's unstable has moved on, pin its successor")


def unpack() -> None:
    """Bring .tools/interop/debian to what debian.txt names; nothing where a stamp says that it is."""
    pins, stamp = HERE / "debian.txt", FOLDER / "debian-stamp"
    wanted = hashlib.sha256(pins.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    shutil.rmtree(DEBIAN, ignore_errors=True)
    lines = pins.read_text().splitlines()
    for number, line in enumerate(lines, 1):
        sha256, path = line.split("  ")
        print(f"  {number} of {len(lines)}: {Path(path).name}", flush=True)
        package = FOLDER / "package.deb"
        package.parent.mkdir(parents=True, exist_ok=True)
        package.write_bytes(fetch(path, sha256))
        subprocess.run(["dpkg-deb", "--extract", package, DEBIAN], check=True)
        package.unlink()
    stamp.write_text(wanted)


def build() -> None:
    """Build reader.go, without a module, a network, or a C compiler."""
    alone = {
        "GO111MODULE": "off",
        "GOPATH": str(GOPATH),
        "GOCACHE": str(FOLDER / "go-cache"),
        "GOTOOLCHAIN": "local",
        "GOPROXY": "off",
        "GOFLAGS": "",
        "GOTELEMETRY": "off",
        "CGO_ENABLED": "0",
    }
    go = PYTHON / "go" / "bin" / "go"
    subprocess.run([go, "build", "-o", READER, HERE / "reader.go"], check=True, env={**os.environ, **alone})


if __name__ == "__main__":
    try:
        unpack()
        build()
    except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
        sys.exit(f"interop: {error}")
