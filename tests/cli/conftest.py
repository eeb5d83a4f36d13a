"""Fixtures of the command line's tests."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.cli.stage import put
from tests.scribe import NOON


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a bundle, a forged one, one cut short, and two secrets."""
    put(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """`ruban sign` compares the letter's times with the machine's clock; this one stands still while it is open."""
    monkeypatch.setattr("ruban.cli.sign.time", SimpleNamespace(time=lambda: NOON + 60))
