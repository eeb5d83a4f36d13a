"""Runs `ruban …` in this process, as a terminal would, and keeps what it printed."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from typing import Any

import pytest

from ruban.cli.main import ruban


@dataclass(frozen=True)
class Ran:
    """A command's exit code and its two streams."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on stdout."""
        value = json.loads(self.out)
        assert isinstance(value, dict)
        return value


class Shell:
    """A shell in the test's folder."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys
        for name in ("LC_ALL", "LC_MESSAGES", "LANG", "RUBAN_DATA"):
            monkeypatch.delenv(name, raising=False)

    def __call__(self, *arguments: str, typed: str = "") -> Ran:
        self._monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            ruban.main(list(arguments), prog_name="ruban")
        printed = self._capsys.readouterr()
        code = ended.value.code
        assert code is None or isinstance(code, int)
        return Ran(code or 0, printed.out, printed.err)
