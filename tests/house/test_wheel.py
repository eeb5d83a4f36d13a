"""The wheel without extras stands alone: nothing of the server's, no network, and it speaks French."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from ruban.audit.bundle import write_bundle
from tests.house.source import ROOT
from tests.scribe import letter_of_twelve

# Any attempt to make a socket or look up a name ends the process.
OFFLINE = """
import sys
def refuse(event, arguments):
    if event.startswith("socket.") and event != "socket.__new__" or event == "urllib.Request":
        raise SystemExit("touched the network: " + event)
sys.addaudithook(refuse)
"""
EVERY_MODULE = """
import importlib, pkgutil, ruban
for package in ("audit", "cli", "record", "proof", "log", "primitives"):
    for module in pkgutil.walk_packages(importlib.import_module("ruban." + package).__path__, f"ruban.{package}."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
SERVER = ("ruban.store", "ruban.service", "ruban.manage", "apsw", "yaml")
assert not [name for name in sys.modules if name.startswith(SERVER)]
print(sum(name.startswith("ruban.") for name in sys.modules))
"""

VERIFY = """
from ruban.audit.fetch import open_source
from ruban.audit.verify import audit
verdict, _ = audit(open_source({bundle!r}))
(letter,) = verdict.letters
tally = letter.tally
print(verdict.holds, tally.signed, tally.named, tally.unnamed, tally.withdrawn)
"""


def _needed(name: str, known: set[str]) -> set[str]:
    """The distributions that `name` needs without any extra, itself included."""
    if name not in known:
        known.add(name)
        for line in distribution(name).requires or []:
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                _needed(requirement.name.lower(), known)
    return known


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the built wheel and links to what it needs, and nothing else: no extra, no test tool."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("ruban-*.whl")
    site = folder / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    for name in _needed("ruban", set()) - {"ruban"}:
        files = distribution(name).files or []
        tops = {file.parts[0] for file in files} - {"..", "bin", "__pycache__"}
        for top in tops:
            (site / top).symlink_to(Path(str(distribution(name).locate_file(top))))
    return site


def _python(installed: Path, code: str) -> subprocess.CompletedProcess[str]:
    start = f"import sys; sys.path.insert(0, {str(installed)!r})\n"
    # -I and -S: no environment, no site-packages; only the folder above and the standard library.
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", start + code], capture_output=True, text=True, check=False, cwd=installed
    )


def test_the_extras_are_out_of_reach(installed: Path) -> None:
    for name in ("apsw", "yaml", "pytest", "babel"):
        assert "ModuleNotFoundError" in _python(installed, f"import {name}").stderr


def test_every_module_of_the_auditor_imports_without_extras_and_without_network(installed: Path) -> None:
    done = _python(installed, OFFLINE + EVERY_MODULE)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 25


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle with an unnamed signature, a signature by name and a withdrawal."""
    scribe, letter = letter_of_twelve()
    scribe.batch(scribe.unnamed(letter, 0), scribe.unnamed(letter, 1), scribe.named(letter, 2))
    scribe.batch(scribe.withdraw(letter, 1))
    path = tmp_path_factory.mktemp("bundle") / "bundle.zip"
    with path.open("wb") as out:
        write_bundle(scribe.publish(), out)
    return path


def test_a_bundle_is_verified_without_extras_and_without_network(installed: Path, bundle: Path) -> None:
    done = _python(installed, OFFLINE + VERIFY.format(bundle=str(bundle)))
    assert done.stdout == "True 2 1 1 1\n", done.stderr


def test_a_bundle_with_a_byte_changed_does_not_hold(installed: Path, bundle: Path, tmp_path: Path) -> None:
    data = bytearray(bundle.read_bytes())
    data[len(data) // 2] ^= 1
    changed = tmp_path / "bundle.zip"
    changed.write_bytes(data)
    done = _python(installed, OFFLINE + VERIFY.format(bundle=str(changed)))
    assert done.stdout.startswith("False") or "ruban.errors." in done.stderr, done


def test_offline_means_that_a_connection_ends_the_process(installed: Path) -> None:
    done = _python(installed, OFFLINE + "import socket; socket.create_connection(('127.0.0.1', 9), 1)")
    assert "touched the network" in done.stderr


def test_the_wheel_brings_its_french_and_its_licence(installed: Path) -> None:
    code = "from ruban.language import *; print(say(translator('fr'), 'true or false'), number(translator('fr'), 1543))"
    assert _python(installed, code).stdout == "true ou false 1\u202f543\n"
    assert list(installed.glob("ruban-*.dist-info/licenses/LICENSE"))


def test_the_wheel_has_no_tests_and_no_source_of_translations_is_missing(installed: Path) -> None:
    names = {path.relative_to(installed).parts[0] for path in installed.rglob("*") if not path.is_symlink()}
    assert {name for name in names if name.startswith(("tests", "bench", "ts", "docs"))} == set()
    assert (installed / "ruban" / "py.typed").is_file()
