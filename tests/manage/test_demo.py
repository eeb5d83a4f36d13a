"""The demonstration on a small list: real proofs, the planned proportions, a verdict that holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from ruban.manage.demo_plan import LEAST_PEOPLE, plan_for
from tests.manage.commands import Shell


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.chdir(tmp_path)
    return Shell(monkeypatch, capsys)


def _people(count: int) -> None:
    lines = [f"Member {i},member{i}@meridian.example" for i in range(count)]
    Path("people.csv").write_text("\n".join(["name,email", *lines]) + "\n", encoding="utf-8")


def test_770_people_give_the_figures_of_the_letter() -> None:
    plan = plan_for(770)
    assert (plan.enrolled, plan.named, plan.unnamed) == (762, 312, 398)
    assert plan.withdrawing_named + plan.withdrawing_unnamed == 4
    assert plan.first_named + plan.first_unnamed == 714


@pytest.mark.parametrize("entitled", range(LEAST_PEOPLE, 400, 7))
def test_every_plan_can_be_carried_out(entitled: int) -> None:
    plan = plan_for(entitled)
    assert plan.first_named + plan.first_unnamed <= plan.enrolled <= entitled
    assert plan.withdrawing_named <= plan.first_named
    assert plan.stepping_forward + plan.withdrawing_unnamed <= plan.first_unnamed


@pytest.mark.slow
def test_the_demonstration_ends_with_a_verdict_that_holds(shell: Shell) -> None:
    _people(40)
    ran = shell("demo", "--people", "people.csv", "--no-serve", "--json")
    assert ran.code == 0, ran.err
    assert ran.json["holds"]
    tally = ran.json["letters"][0]["tally"]
    plan = plan_for(40)
    assert (tally["entitled"], tally["enrolled"]) == (40, plan.enrolled)
    assert (tally["named"], tally["unnamed"]) == (plan.named, plan.unnamed)
    assert shell("verify", "demo/bundle.zip").code == 0
    again = shell("demo", "--people", "people.csv", "--no-serve", "--json")
    assert again.code == 0, again.err


def test_a_folder_that_is_not_the_demonstrations_is_left_alone(shell: Shell) -> None:
    _people(40)
    Path("mine").mkdir()
    Path("mine", "thesis.txt").write_text("years of work")
    ran = shell("demo", "--people", "people.csv", "--out", "mine")
    assert ran.code == 2
    assert Path("mine", "thesis.txt").read_text() == "years of work"


def test_too_few_people_are_refused(shell: Shell) -> None:
    _people(LEAST_PEOPLE - 1)
    assert shell("demo", "--people", "people.csv").code == 2
    assert not Path("demo").exists()


def test_an_installation_without_the_examples_says_what_to_name(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ruban.manage.demo.EXAMPLES", tmp_path / "nowhere")
    ran = shell("demo")
    assert ran.code == 2
    assert "--people" in ran.err
