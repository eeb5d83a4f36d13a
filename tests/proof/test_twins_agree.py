"""Python and TypeScript come to the same end for vectors that neither has seen: `format`, `proof` or `ok`."""

from __future__ import annotations

import json
import random
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ruban.primitives.group import multiply_base
from ruban.primitives.scalar import L
from ruban.proof.vectors import judge

ROOT = Path(__file__).parents[2]
P = 2**255 - 19
CASES = 400
EDGES = [0, 1, 2, P - 1, P, P + 1, L - 1, L, 2**255, 2**256 - 1]
SELECTORS = [
    *("all", "all ", "all\n", "ALL", "all#0/1", "all#0/2", "all#1/2", "all#2/2", "all#00/2", "all#1/1000000"),
    *(
        "all#\uff11/2",
        "role:",
        "role:x",
        "role:é",
        "role:e\u0301",
        "role:a#b",
        "role:a#0/2",
        "role:\u2028",
        "role:\ufeff",
    ),
    *("role:" + "x" * 64, "role:" + "x" * 65, "role:a\U0001e08f\u0316", "role:a\u0316\U0001e08f"),
]
NUMBERS = [0, 1, -1, 2, 3, 95, 96, 97, 4095, 4096, 2**53 - 1]
LISTS = {"ring", "stubs", "values"}
AS_THEY_ARE = {"name", "kind", "expect", "labels"}


def _word(change: Callable[[random.Random, int], int]) -> Callable[[random.Random, bytearray], str]:
    """Change one aligned 32-byte word, as a little-endian number."""

    def changed(draw: random.Random, data: bytearray) -> str:
        at = 32 * draw.randrange(max(1, len(data) // 32))
        value = change(draw, int.from_bytes(data[at : at + 32], "little")) % 2**256
        data[at : at + 32] = value.to_bytes(32, "little")
        return data.hex()

    return changed


MUTATIONS: list[Callable[[random.Random, bytearray], str]] = [
    _word(lambda draw, value: value ^ 1 << draw.randrange(256)),
    _word(lambda draw, value: value ^ 1 << 255),
    _word(lambda draw, value: draw.choice(EDGES)),
    _word(lambda draw, value: value + L),
    _word(lambda draw, value: P - value),
    _word(lambda draw, value: int.from_bytes(multiply_base(draw.randrange(1, L)), "little")),
    lambda draw, data: data.hex().upper(),
    lambda draw, data: data.hex()[:-1],
    lambda draw, data: data.hex()[:-2],
    lambda draw, data: data.hex() + "00",
    lambda draw, data: data.hex()[:-1] + draw.choice("g\n \uff11"),
    lambda draw, data: "",
]


def _text(draw: random.Random, text: str) -> str:
    try:
        return draw.choice(MUTATIONS)(draw, bytearray.fromhex(text))
    except ValueError:
        return "00"


def _list(draw: random.Random, items: list[str]) -> list[str]:
    if not items:
        return ["00"]
    items, place = list(items), draw.randrange(len(items))
    way = draw.randrange(4)
    if way == 0:
        items[place] = _text(draw, items[place])
    elif way == 1:
        items.append(items[place])
    elif way == 2:
        del items[place]
    else:
        draw.shuffle(items)
    return items


def _mutant(draw: random.Random, case: dict[str, Any], number: int) -> dict[str, Any]:
    fields = sorted(set(case) - AS_THEY_ARE - ({"tag"} if case["kind"] == "transcript" else set()))
    field = draw.choice(fields)
    value: Any = case[field]
    if field == "selector":
        value = draw.choice(SELECTORS)
    elif field == "rows":
        value = draw.choice([0, 1, 4096, 4097, 8193, 1_000_001, -1])
    elif isinstance(value, int):
        value = draw.choice(NUMBERS)
    elif field in LISTS:
        # A transcript with another number of values is a slip in the file, not an outcome.
        value = [_text(draw, v) for v in value] if field == "values" else _list(draw, value)
    else:
        value = _text(draw, value)
    return {**case, field: value, "name": f"{number}: {case['name']}, another {field}"}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_the_twins_judge_mutated_vectors_alike(tmp_path: Path, seed: int) -> None:
    if not (ROOT / "ts" / "node_modules").is_dir():
        pytest.skip("the twin's dependencies are not installed")
    draw = random.Random(seed)
    files = sorted((ROOT / "vectors").glob("*.json"))
    cases = [case for file in files for case in json.loads(file.read_text("utf-8"))]
    small = [case for case in cases if len(json.dumps(case)) < 20_000]
    mutants = [_mutant(draw, draw.choice(small), number) for number in range(CASES)]
    (tmp_path / "mutants.json").write_text(json.dumps(mutants), "utf-8")
    command = ["node", "--import", "tsx", "test/judge-file.ts", str(tmp_path / "mutants.json")]
    said = subprocess.run(command, cwd=ROOT / "ts", capture_output=True, text=True, check=True).stdout.split("\n")
    own = [judge(case).value for case in mutants]
    assert [
        (case["name"], ours, theirs) for case, ours, theirs in zip(mutants, own, said, strict=False) if ours != theirs
    ] == []
    assert len(said) == CASES + 1
    assert min(Counter(own)[outcome] for outcome in ("ok", "format", "proof")) > 0
