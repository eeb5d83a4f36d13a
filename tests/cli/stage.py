"""What the command line's tests play on: a small real record on disk, its members' secrets, and a way to run it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from click.testing import CliRunner, Result

from ruban.audit.bundle import write_bundle
from ruban.cli.main import ruban
from ruban.cli.words import words_of_seed
from ruban.record.secret_file import encode_secret_file
from tests.scribe import MemorySource, Scribe

OPEN_MEMBER = 9
"""Has enrolled and not signed."""
UNNAMED_MEMBER = 3
"""Has signed without a name."""


@dataclass(frozen=True)
class Stage:
    """A record of 12 enrolled of 30: 3 by name (one stepped forward), 4 unnamed, 1 withdrawn."""

    scribe: Scribe
    letter: bytes
    source: MemorySource

    def secret(self, member: int) -> bytes:
        return encode_secret_file(self.scribe.secrets[member])

    def words(self, member: int, language: str = "english") -> str:
        seed = self.scribe.secrets[member].seed
        assert seed is not None
        return words_of_seed(seed, language)


def _letter(scribe: Scribe) -> bytes:
    def text(lang: str, title: str, addressee: str, *demands: str) -> dict[str, object]:
        return {
            "lang": lang,
            "title": scribe.opening(title),
            "text": scribe.opening("…"),
            "addressee": scribe.opening(addressee),
            "demands": [scribe.opening(demand) for demand in demands],
        }

    texts = [
        text("fr", "Lettre ouverte au conseil", "Le conseil", "Que la directrice revienne", "Que le conseil parte"),
        text("en", "Open letter to the board", "The board", "That the director return", "That the board resign"),
    ]
    return scribe.open_letter(texts=texts)


def play(seed: str = "stage") -> tuple[Scribe, bytes]:
    """The record, fresh, for a test that goes on writing it."""
    scribe = Scribe(seed=seed)
    scribe.open_group()
    scribe.enrol(12)
    scribe.epoch()
    letter = _letter(scribe)
    scribe.batch(*[scribe.unnamed(letter, m) for m in range(6)], scribe.named(letter, 6), scribe.named(letter, 7))
    scribe.batch(scribe.withdraw(letter, 1), scribe.step_forward(letter, 2))
    assert not scribe.findings
    return scribe, letter


@cache
def stage() -> Stage:
    """The record that most tests only read."""
    scribe, letter = play()
    return Stage(scribe=scribe, letter=letter, source=scribe.publish())


def zipped(source: MemorySource) -> bytes:
    out = io.BytesIO()
    write_bundle(source, out)
    return out.getvalue()


@cache
def bundle_bytes() -> bytes:
    return zipped(stage().source)


@cache
def forged_bundle_bytes() -> bytes:
    """The record with one more signature whose proof is another's."""
    scribe, letter = play()
    entry = dict(scribe.unnamed(letter, 8).data)
    other = scribe.unnamed(letter, 9).data["proof"]
    # The tag of one, the rest of the other: well-formed, and false.
    entry["proof"] = entry["proof"][:64] + other[64:]
    scribe.batch(entry)
    return zipped(scribe.publish())


def put(folder: Path) -> None:
    """The files that a transcript finds in its folder."""
    (folder / "bundle.zip").write_bytes(bundle_bytes())
    (folder / "forged.zip").write_bytes(forged_bundle_bytes())
    (folder / "cut.zip").write_bytes(bundle_bytes()[:-100])
    for name, member in (("secret.json", OPEN_MEMBER), ("signed.json", UNNAMED_MEMBER)):
        (folder / name).write_bytes(stage().secret(member))
        (folder / name).chmod(0o600)


def run(*arguments: str | Path, stdin: str | bytes | None = None, environment: dict[str, str] | None = None) -> Result:
    """Run `ruban` in this process, in English unless told otherwise; anything but an orderly end is raised."""
    env = {"LC_ALL": "en_GB.UTF-8", "LANG": "", "LC_MESSAGES": ""} | (environment or {})
    result = CliRunner().invoke(ruban, [str(a) for a in arguments], input=stdin, env=env, prog_name="ruban")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result
