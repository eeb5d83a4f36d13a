"""Python and TypeScript come to the same end for texts and whole records that neither has seen."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ruban.errors import RubanError
from ruban.primitives.randomness import random_bytes
from ruban.proof import MemberSecret
from ruban.published import parse_settings
from ruban.record.commitment import (
    Opening,
    parse_claim,
    parse_comment,
    parse_line,
    parse_opening,
    parse_text,
    parse_update,
)
from ruban.record.entry import parse_entry
from ruban.record.kinds import MAX_ENTRY_BYTES
from ruban.record.secret_file import encode_secret_file, parse_secret_file
from ruban.record.submission import Submission, encode_submission, parse_submission
from tests.record.small_record import SmallRecord
from tests.record.vectors_of_record import difference, judge, resigned

ROOT = Path(__file__).parents[2]
TEXTS = 3000
RECORDS = 40
PARSERS: dict[str, Callable[[bytes], object]] = {
    "entry": parse_entry,
    "opening": parse_opening,
    "submission": parse_submission,
    "secret": parse_secret_file,
    "settings": parse_settings,
    "claim": parse_claim,
    "line": lambda data: parse_line("line", data),
    "text": lambda data: parse_text("text", data),
    "update": lambda data: parse_update("update", data),
    "comment": lambda data: parse_comment("comment", data),
}
ODD = [
    *("\ufeff", "\u00a0", "\u2028", "\u0085", "\u200b", "\u3000", "\u1680", "\x7f", "\x1c", "\t", "\n", "\r", " ", ""),
    *(
        "e\u0301",
        "\u00e9",
        "\u0897",
        "a\U0001e08f",
        "\U0001f600",
        "\\u0041",
        "\\ud800",
        "\\n",
        '\\"',
        "\\/",
        "\uff11",
        "#",
    ),
    *("a" * 200, "a" * 201, "\U0001f600" * 200, "\U0001f600" * 201, "a" * 1000, "a" * 1001, "é" * 500, "a" * 8193),
]
VALUES: list[Any] = [
    *(0, 1, -1, 2, 3, 900, 2**53 - 1, 2**53, 253_402_300_800, True, False, None, "", "all", "name", [], {}, [[[[1]]]]),
    *({"": 1}, {"__proto__": 1}, {"a": {"b": {"c": 1}}}, "Salle", "Salle#", "0" * 64, "0" * 63, "G" * 64, "unnamed"),
]
RAW = ["1.0", "1e3", "-0", "01", "1e400", "NaN", "Infinity", '"a":1,', " ", "\\u006b", "\ud800", "\x00", "9" * 20, "//"]


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8", "surrogatepass")


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every container with each of its keys."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    return [(value, key) for key in keys] + [place for key in keys for place in _places(value[key])]


def _nudged(draw: random.Random, value: Any, others: list[Any]) -> Any:
    """Another value, mostly of the same kind and often one that stands elsewhere."""
    way = draw.randrange(6)
    if way == 0:
        return draw.choice(VALUES)
    if way == 1 and isinstance(value, int):
        return value + draw.choice([-1, 1, 900, -900, 86_400])
    if way in (2, 3) and isinstance(value, str) and value:
        at = draw.randrange(len(value))
        return value[:at] + draw.choice(["0", "f", "A", *ODD]) + value[at + draw.randrange(2) :]
    if way == 4 and isinstance(value, list) and value:
        return draw.choice([value + value[:1], value[1:], value[::-1]])
    same = [other for other in others if type(other) is type(value)]
    return draw.choice(same) if same else value


def _mutated_json(draw: random.Random, text: bytes, others: list[Any]) -> bytes:
    value = json.loads(text)
    for _ in range(draw.choice([1, 1, 1, 2])):
        places = _places(value)
        if not places:
            break
        holder, key = draw.choice(places)
        way = draw.randrange(8)
        if way == 0:
            del holder[key]
        elif way == 1 and isinstance(holder, dict):
            holder[draw.choice(["more", "kind", "V", "a-b", "_", "sig", "role"])] = holder[key]
        else:
            holder[key] = _nudged(draw, holder[key], others)
    return _json(value)


def _mutated(draw: random.Random, text: bytes, others: list[Any]) -> bytes:
    way = draw.randrange(5)
    if way < 3 and text.startswith(b"{"):
        return _mutated_json(draw, text, others)
    at = draw.randrange(len(text) + 1)
    if way == 3:
        put = draw.choice([*RAW, *ODD]).encode("utf-8", "surrogatepass")
        return text[:at] + put + text[at + draw.choice([0, 0, 1, len(put)]) :]
    return text[:at] + bytes([draw.randrange(256)]) + text[at + draw.randrange(2) :]


def _twin(tmp_path: Path, cases: list[dict[str, Any]]) -> list[Any]:
    if not (ROOT / "ts" / "node_modules").is_dir():
        pytest.skip("the twin's dependencies are not installed")
    (tmp_path / "cases.json").write_text(json.dumps(cases), "utf-8")
    command = ["node", "--import", "tsx", "test/audit/judge-file.ts", str(tmp_path / "cases.json")]
    said = subprocess.run(command, cwd=ROOT / "ts", capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in said.split("\n") if line]


def _parsed(case: dict[str, Any]) -> str:
    try:
        PARSERS[case["as"]](bytes.fromhex(case["text"]))
    except RubanError as error:
        return type(error).__name__
    return "ok"


def _samples(small: SmallRecord) -> list[tuple[str, bytes]]:
    files = small.publish().files
    lines = files["payloads/000"].split(b"\n")[:-1]
    leaf = next(leaf for leaf in small.leaves if b'"kind":"signature"' in leaf)
    sent = Submission(leaf, (Opening(random_bytes(32), b"x"),))
    secrets = [MemberSecret.fresh(bytes(32)), MemberSecret.fresh_per_slot(bytes(32), 2)]
    return [
        *(("entry", leaf) for leaf in small.leaves),
        *(("opening", line) for line in lines[:12]),
        *[("submission", encode_submission(sent))] * 8,
        *(("secret", encode_secret_file(secret)) for secret in secrets * 4),
        *[("settings", files["ruban.json"])] * 4,
        *(("claim", _json({"name": name} | role)) for name in ("Ada", *ODD) for role in ({}, {"role": "Salle"})),
        *((way, text.encode("utf-8")) for way in ("line", "text", "update", "comment") for text in ODD),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_the_twins_read_mutated_texts_alike(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    small = SmallRecord().make()
    others = [holder[key] for leaf in small.leaves for holder, key in _places(json.loads(leaf))]
    samples = _samples(small)
    chosen = [*samples, *((way, _mutated(draw, text, others)) for way, text in draw.choices(samples, k=TEXTS))]
    cases = [{"as": way, "text": text.hex()} for way, text in chosen]
    own = [_parsed(case) for case in cases]
    theirs = _twin(tmp_path, cases)
    assert [
        (way, text, ours, said) for (way, text), ours, said in zip(chosen, own, theirs, strict=True) if ours != said
    ] == []
    assert min(own.count(outcome) for outcome in ("ok", "FormatError", "CommitmentInvalid")) > 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_the_twins_recount_mutated_records_alike(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    small = SmallRecord().make()
    files = small.publish().files
    others = [holder[key] for leaf in small.leaves for holder, key in _places(json.loads(leaf))]
    cases, own = [], []
    for _ in range(RECORDS):
        leaves = list(small.leaves)
        for _ in range(draw.choice([1, 2, 3])):
            _mutate_record(draw, leaves, others)
        dishonest = resigned(small, files, leaves)
        # A record of another length has tiles by other names.
        cases.append({"splices": list(difference(files, {path: dishonest[path] for path in files}))})
        own.append(judge({path: dishonest[path] for path in files}, None))
    theirs = _twin(tmp_path, cases)
    assert [(n, ours, said) for n, (ours, said) in enumerate(zip(own, theirs, strict=True)) if ours != said] == []


def _mutate_record(draw: random.Random, leaves: list[bytes], others: list[Any]) -> None:
    """Change, exchange, repeat or move entries; as many stay."""
    one, other = (draw.randrange(1, len(leaves)) for _ in range(2))
    way = draw.randrange(6)
    if way == 0:
        leaves[one], leaves[other] = leaves[other], leaves[one]
    elif way == 1:
        leaves[one] = leaves[other]
    elif way == 2:
        leaves.insert(other, leaves.pop(one))
    else:
        leaves[one] = _mutated(draw, leaves[one], others)[:MAX_ENTRY_BYTES]
