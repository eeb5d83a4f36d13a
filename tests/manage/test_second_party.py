"""`ruban roll attester`, `attested`, `settle`: what others say of the roll goes into the record by command."""

from __future__ import annotations

import json
from pathlib import Path

from ruban.service.dispute import dispute_many
from tests.cli.stage import run
from tests.service.cast import cast_of


def test_a_second_party_is_named_and_what_it_signed_is_published(tmp_path: Path) -> None:
    with cast_of(tmp_path):
        pass
    data = ("--data", tmp_path)
    key = run("attest", "new", tmp_path / "council.key").stdout.strip()
    named = json.loads(run("roll", "attester", key, "--name", "Works council", *data, "--json").stdout)
    assert (named["key"], named["spent"]) == (key, 12)
    numbers = ("--numbers", "15", "14", "13", "--spent", "12", "--method", "by hand", "--yes")
    out = tmp_path / "a.json"
    assert run("attest", "sign", tmp_path, "--key", tmp_path / "council.key", *numbers, "--out", out).exit_code == 0
    published = run("roll", "attested", out, *data)
    assert published.stdout == "In the record: 12 enrolled; 13 of 14 invited found on a list of 15.\n"
    assert "Works council compared on " in run("verify", tmp_path).stdout
    assert run("roll", "attested", out, *data).exit_code == 1
    assert run("roll", "attester", "abc", "--name", "Works council", *data).exit_code == 2


def test_a_dispute_is_listed_and_settled(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        dispute_many(cast.keeper, [cast.invited[0].code], cast.now)
        cast.release()
    data = ("--data", tmp_path)
    [still] = json.loads(run("roll", "settle", *data, "--json").stdout)["open"]
    assert run("roll", "settle", still["id"], *data).exit_code == 1
    assert run("roll", "settle", "xyz", "--reason", "No.", *data).exit_code == 2
    settled = run("roll", "settle", still["id"], "--reason", "Another device.", *data)
    assert settled.stdout.endswith("0 disputes are open\n")
    assert json.loads(run("verify", tmp_path, "--json").stdout)["disputes"]["settled"][0]["reason"] == "Another device."
