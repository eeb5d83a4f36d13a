"""Nothing that is kept names a machine, a registry's host or a secret; the locks are whole; one licence."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib

import pytest

from tests.house.source import ROOT, kept_files

# Put together here, so that this file does not name them itself.
MACHINE_PATHS = ["/" + "work/", "/" + "root/", "/" + "home/", "/" + "Users/", "C:" + "\\"]
REGISTRIES = ["pypi" + ".org", "python" + "hosted", "npmjs" + ".", "registry" + ".npm", "registry" + ".yarn"]
LICENCE_SHA256 = "0d96a4ff68ad6d4b6f1f30f713b18d5184912ba8dd389f86aa7710db079abcb0"
LOCKS = {"use.txt", "test.txt", "uv.txt", "interop.txt", "node.txt"}


def _pins(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / name).read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)", text, flags=re.MULTILINE))


@pytest.mark.parametrize("word", MACHINE_PATHS + REGISTRIES)
def test_no_kept_file_names_a_machine_or_a_registry(word: str) -> None:
    found = [f.relative_to(ROOT).as_posix() for f in kept_files() if word.encode() in f.read_bytes()]
    assert not found


def test_the_search_covers_the_whole_project() -> None:
    names = {f.relative_to(ROOT).as_posix() for f in kept_files()}
    assert {"run.py", "README.md", "src/ruban/errors.py", "requirements/use.txt", ".ci/run"} <= names


def test_no_empty_file_but_a_package_or_a_marker() -> None:
    kept = [f for f in kept_files() if f.name not in {"__init__.py", "py.typed"}]
    assert not [f.relative_to(ROOT).as_posix() for f in kept if not f.read_bytes().strip()]


@pytest.mark.parametrize("name", sorted(LOCKS))
def test_every_pin_of_a_lock_has_a_sha256(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text("utf-8")
    entries = [e for e in re.split(r"\n(?=\S)", text.strip("\n")) if e and not e.startswith("#")]
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+==\S+", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), entry


def test_there_is_no_other_lock() -> None:
    assert {f.name for f in (ROOT / "requirements").glob("*")} == LOCKS


def test_the_lock_for_use_is_part_of_the_lock_for_tests() -> None:
    use, tests = _pins("use.txt"), _pins("test.txt")
    assert use
    assert use.items() <= tests.items()


def test_every_declared_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    declared = project["project"]["dependencies"] + project["project"]["optional-dependencies"]["server"]
    groups = project["dependency-groups"]

    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[<>=~!\[; ]", r, maxsplit=1)[0].lower().replace("_", "-") for r in requirements}

    assert names(declared + groups["build"]) <= _pins("use.txt").keys()
    assert names(groups["test"]) <= _pins("test.txt").keys()
    assert names(project["build-system"]["requires"]) <= names(groups["build"])


def test_the_lock_of_typescript_pins_what_is_declared_with_hashes_and_no_address() -> None:
    declared = json.loads((ROOT / "ts" / "package.json").read_text("utf-8"))
    lock = json.loads((ROOT / "ts" / "package-lock.json").read_text("utf-8"))["packages"]
    root = lock.pop("")
    for kind in ("dependencies", "devDependencies"):
        assert root[kind] == declared[kind]
        assert {name: lock[f"node_modules/{name}"]["version"] for name in declared[kind]} == declared[kind]
    for name, package in lock.items():
        assert package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, name


def test_the_licence_is_the_agpl_word_for_word() -> None:
    # The checksum of the text that the Free Software Foundation publishes, as SPDX's AGPL-3.0-or-later has it.
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == LICENCE_SHA256
