"""A Debian with systemd and Ruban in /opt/ruban, as somebody who rents a machine has it, in .tools/hosting/debian.

Root alone may; from the mirrors that this machine's apt uses. What `ruban up` installs is fetched beforehand, since the
machine will have no network but the test's.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".tools" / "hosting"
DEBIAN = FOLDER / "debian"
SUITE = "bookworm"
PACKAGES = "systemd,systemd-sysv,dbus,iproute2,ca-certificates,python3"
OPT = "/opt/ruban"
SITE = ".venv/lib/python3.11/site-packages"


def run(*command: object) -> None:
    """Run it, quietly; its output where it fails."""
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command[:4]))}:\n{done.stdout.decode(errors='replace')[-3000:]}")


def mirror() -> str:
    """Where this machine's apt gets the suite from."""
    asked = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)", "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=True,
    )
    found = [line.split(" ")[0] for line in asked.stdout.splitlines() if line.endswith(f" {SUITE}")]
    if not found:
        sys.exit(f"hosting: this machine's apt does not know {SUITE}: run it on that Debian, after apt-get update.")
    return found[0]


def make(uv: str) -> None:
    """Bring it to what this file and the lock name; nothing where a stamp says that it is."""
    stamp = FOLDER / "stamp"
    lock = ROOT / "requirements" / "use.txt"
    wanted = hashlib.sha256(Path(__file__).read_bytes() + lock.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    run("apt-get", "update", "-q")
    if shutil.which("debootstrap") is None:
        run("apt-get", "install", "-q", "-y", "--no-install-recommends", "debootstrap")
    print("  Debian …", flush=True)
    run("debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, DEBIAN, mirror())
    print("  the packages that ruban up installs …", flush=True)
    archives = DEBIAN / "var" / "cache" / "apt" / "archives"
    status = f"Dir::State::status={DEBIAN}/var/lib/dpkg/status"
    wants = ("install", "-q", "-y", "-d", "--no-install-recommends", "caddy", "tor")
    run("apt-get", "-o", status, "-o", f"Dir::Cache::archives={archives}", *wants)
    for name in ("etc/apt/sources.list", "etc/apt/sources.list.d", "var/lib/apt/lists"):
        here, there = Path("/", name), DEBIAN / name
        if here.is_dir():
            shutil.copytree(here, there, dirs_exist_ok=True, ignore=shutil.ignore_patterns("lock", "partial"))
        elif here.is_file():
            shutil.copy(here, there)
    print("  Ruban's locked packages …", flush=True)
    run("chroot", DEBIAN, "python3", "-m", "venv", "--without-pip", f"{OPT}/.venv")
    target = DEBIAN / OPT.lstrip("/") / SITE
    pip = (uv, "pip", "install", "--quiet", "--python", sys.executable, "--python-version", "3.11", "--target", target)
    run(*pip, "--no-deps", "--require-hashes", "-r", lock)
    stamp.write_text(wanted)


def add_ruban(root: Path, uv: str) -> None:
    """Install this checkout into a Debian, as a wheel; its program where `run.py` has it."""
    opt = root / OPT.lstrip("/")
    target = opt / SITE
    shutil.rmtree(target / "ruban", ignore_errors=True)
    pip = (uv, "pip", "install", "--quiet", "--python", sys.executable, "--target", target, "--reinstall")
    run(*pip, "--no-deps", "--no-build-isolation", ROOT)
    program = opt / ".venv" / "bin" / "ruban"
    text = (target / "bin" / "ruban").read_text("utf-8")
    # Its first line names the Python of this checkout.
    program.write_text(f"#!{OPT}/.venv/bin/python\n" + text.partition("\n")[2], "utf-8")
    program.chmod(0o755)


if __name__ == "__main__":
    os.umask(0o022)
    make(sys.argv[1])
