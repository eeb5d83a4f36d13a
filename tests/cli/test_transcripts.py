"""Sessions at the command line, written as they look: tests/scripts/*.txt.

A line `$ ruban …` is a command; `< …` below it is typed in; then what stdout shows, what stderr shows behind `2| `, and
`= n` for an exit code other than 0. `***` stands for anything within a line. `# …` and blank lines between
commands are for readers. In the folder lie bundle.zip, forged.zip (a false proof), cut.zip (cut short), secret.json (of
somebody who has not signed) and signed.json (of somebody who has, without a name).
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.cli.stage import run
from tests.house.source import ROOT

SCRIPTS = sorted((ROOT / "tests" / "scripts").glob("*.txt"))
EXPECTED_SCRIPTS = 5


@dataclass
class Step:
    """One command and what it must do."""

    line: int
    command: str
    stdin: str = ""
    stdout: list[str] = field(default_factory=list)
    stderr: list[str] = field(default_factory=list)
    code: int = 0


def read(script: Path) -> list[Step]:
    steps: list[Step] = []
    for number, line in enumerate(script.read_text("utf-8").split("\n"), 1):
        if line.startswith("$ "):
            steps.append(Step(number, line.removeprefix("$ ")))
        elif line.startswith("#") or (not line and not steps):
            continue
        elif line.startswith("< "):
            steps[-1].stdin += line.removeprefix("< ") + "\n"
        elif line.startswith("2| "):
            steps[-1].stderr.append(line.removeprefix("2| "))
        elif re.fullmatch("= [0-9]+", line):
            steps[-1].code = int(line.removeprefix("= "))
        elif line:
            steps[-1].stdout.append(line)
    return steps


def matches(shown: str, expected: list[str]) -> bool:
    pattern = "".join(re.escape(line).replace(re.escape("***"), "[^\n]*") + "\n" for line in expected)
    return re.fullmatch(pattern, shown if shown.endswith("\n") or not shown else shown + "\n") is not None


def test_there_are_as_many_scripts_as_we_think() -> None:
    assert len(SCRIPTS) == EXPECTED_SCRIPTS


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_session_goes_as_it_is_written(script: Path, folder: Path) -> None:
    steps = read(script)
    assert steps
    for step in steps:
        program, *arguments = shlex.split(step.command)
        assert program == "ruban"
        result = run(*arguments, stdin=step.stdin)
        where = f"{script.name}:{step.line}: {step.command}"
        assert matches(result.stdout, step.stdout), f"{where}\n{result.stdout}"
        assert matches(result.stderr, step.stderr), f"{where}\n{result.stderr}"
        assert result.exit_code == step.code, where


def test_a_script_that_is_wrong_is_noticed() -> None:
    assert matches("a 1.9 s b\nc\n", ["a *** b", "c"])
    for shown in ("a 1.9 s b\n", "a 1.9 s b\nc\nd\n", "a\nb\nc\n", "x\nc\n"):
        assert not matches(shown, ["a *** b", "c"])
