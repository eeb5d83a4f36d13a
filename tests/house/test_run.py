"""run.py: it does a step only when what the step reads has changed, and shows every check that fails."""

from __future__ import annotations

from pathlib import Path

import pytest

import run


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A checkout of its own, in which every step is only noted; gives the list of steps."""
    for name in ("requirements/use.txt", "requirements/test.txt", "pyproject.toml", "hatch_build.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "src/ruban/locale/fr").mkdir(parents=True)
    (tmp_path / "src/ruban/locale/fr/ruban.po").write_text("po")
    (tmp_path / "src/ruban/locale/fr/ruban.mo").write_text("mo")
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").write_text("")
    steps: list[str] = []
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "LOCKS", tmp_path / "requirements")
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(run, "BIN", tmp_path / ".venv/bin")
    monkeypatch.setattr(run, "find_uv", lambda: "uv")
    monkeypatch.setattr(run, "need", lambda title, *command, **options: steps.append(title))
    return steps


def test_a_second_start_does_nothing(checkout: list[str]) -> None:
    run.set_up(tests=False)
    assert checkout == ["install requirements/use.txt", "install ruban", "compile the translations"]
    checkout.clear()
    run.set_up(tests=False)
    assert checkout == []


def test_the_demo_is_content_with_what_tests_need(checkout: list[str]) -> None:
    run.set_up(tests=True)
    checkout.clear()
    run.set_up(tests=False)
    assert checkout == []


def test_tests_are_not_content_with_what_the_demo_needs(checkout: list[str]) -> None:
    run.set_up(tests=False)
    checkout.clear()
    run.set_up(tests=True)
    assert checkout == ["install requirements/test.txt", "install ruban"]


@pytest.mark.parametrize(
    ("changed", "steps"),
    [
        ("requirements/use.txt", ["install requirements/use.txt", "install ruban"]),
        ("pyproject.toml", ["install requirements/use.txt", "install ruban"]),
        ("src/ruban/locale/fr/ruban.po", ["compile the translations"]),
    ],
)
def test_a_change_brings_its_own_steps_only(checkout: list[str], changed: str, steps: list[str]) -> None:
    run.set_up(tests=False)
    checkout.clear()
    (run.ROOT / changed).write_text("changed")
    run.set_up(tests=False)
    assert checkout == steps


def test_a_missing_compiled_catalogue_is_made_again(checkout: list[str]) -> None:
    run.set_up(tests=False)
    checkout.clear()
    (run.ROOT / "src/ruban/locale/fr/ruban.mo").unlink()
    run.set_up(tests=False)
    assert checkout == ["compile the translations"]


def test_a_digest_covers_names_and_bytes_but_nothing_generated(checkout: list[str]) -> None:
    folder = run.ROOT / "ts"
    (folder / "src").mkdir(parents=True)
    (folder / "src/a.ts").write_text("1")
    before = run.digest(folder)
    (folder / "node_modules").mkdir()
    (folder / "node_modules/b.js").write_text("2")
    (folder / "dist").mkdir()
    (folder / "dist/c.js").write_text("3")
    assert run.digest(folder) == before
    (folder / "src/a.ts").rename(folder / "src/b.ts")
    assert run.digest(folder) != before


def test_every_check_runs_even_after_one_failed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []

    def fail_at_style_and_types(title: str, *command: object, **options: object) -> bool:
        asked.append(title)
        return title not in ("style", "types")

    monkeypatch.setattr(run, "run", fail_at_style_and_types)
    monkeypatch.setattr(run, "set_up", lambda tests: None)
    monkeypatch.setattr(run, "set_up_typescript", lambda: ["npm"])
    assert run.test(("--fast",)) == 1
    assert len(asked) == 7
    assert "failed: style, types" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [("test", "--quick"), ("tset",)])
def test_a_wrong_use_ends_with_2(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(*arguments) == 2
    shown = capsys.readouterr()
    assert "--fast" in shown.out + shown.err


def test_a_step_that_fails_shows_its_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.run("a step", "sh", "-c", "echo what went wrong; exit 3") is False
    assert "what went wrong" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="a step"):
        run.need("a step", "false")
