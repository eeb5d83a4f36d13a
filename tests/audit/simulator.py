"""A publisher who may be dishonest: real records, served as an audit reads them, with faults on wish."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruban.audit.report import Verdict
from ruban.audit.verify import Demands, audit
from tests.scribe import MemorySource, Scribe, letter_of_twelve


@dataclass
class Publisher:
    """Serves `files`; `answers` may give other bytes from some reading of a path on."""

    files: dict[str, bytes]
    answers: Callable[[str, int, bytes], bytes] = lambda path, reading, data: data
    readings: dict[str, int] = field(default_factory=dict)

    def read(self, path: str, max_bytes: int) -> bytes:
        self.readings[path] = self.readings.get(path, 0) + 1
        honest = MemorySource(self.files).read(path, 2**31)
        return MemorySource({path: self.answers(path, self.readings[path], honest)}).read(path, max_bytes)

    def dump(self, folder: Path) -> None:
        """Write what is served into a folder."""
        for path, data in self.files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)


def busy(**changes: Any) -> tuple[Scribe, bytes]:
    """A record with something of everything: 12 members, 5 who signed, 3 by name, 1 withdrawn, 1 name erased."""
    scribe, letter = letter_of_twelve(**changes)
    scribe.batch(*[scribe.unnamed(letter, i) for i in range(3)], scribe.named(letter, 3), scribe.named(letter, 4))
    scribe.now += 60
    scribe.batch(scribe.step_forward(letter, 0), scribe.withdraw(letter, 1))
    scribe.erase(scribe.state.roll.rows[4].claim.hex())
    scribe.change(letter, "extend", scribe.state.letters[letter].closing + 3600)
    return scribe, letter


def verdict_of(source: Any, **demands: Any) -> Verdict:
    """The verdict of an audit without progress or clock."""
    return audit(source, Demands(**demands), clock=lambda: 0.0)[0]


def faults(verdict: Verdict) -> list[tuple[int, str, str]]:
    """Step, type and field of each finding."""
    return [(finding.step, type(finding.error).__name__, finding.error.field) for finding in verdict.findings]
