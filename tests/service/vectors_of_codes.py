"""Makes vectors/codes/codes.json: codes in each of their forms, as people type them, and what is refused.

`python -m tests.service.vectors_of_codes` writes the file anew; a test compares. The forms come from a naive
transcription of docs/adr/0005-codes.md, which shares nothing with `ruban.service.codes`.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

from mnemonic import Mnemonic

FILE = Path(__file__).resolve().parents[2] / "vectors" / "codes" / "codes.json"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LANGUAGES = ("english", "french")
SOME = bytes(range(3, 11))
NO_DIGIT = bytes.fromhex("0b602dce5f496bb1")
"""Printed as PR1D1-SSFME-JTXHB: with I for 1 it has no digit, and looks like three words."""
MISTAKABLE = bytes.fromhex("014bed3ed477fc33")
"""Its French words, shortened, are English ones too that fit together."""
Case = dict[str, Any]


def times(a: int, b: int) -> int:
    """The product in GF(32), polynomials modulo x^5 + x^2 + 1."""
    product = 0
    for bit in range(5):
        if b >> bit & 1:
            product ^= a << bit
    for bit in range(8, 4, -1):
        if product >> bit & 1:
            product ^= 0b100101 << bit - 5
    return product


def printed(code: bytes) -> str:
    bits = f"{int.from_bytes(code, 'big'):060b}"
    groups = []
    for place in (1, 2, 3):
        values = [int(bits[20 * place - 20 + 5 * i :][:5], 2) for i in range(4)]
        check, weight = place, 1
        for value in values:
            weight = times(weight, 2)
            check ^= times(weight, value)
        groups.append("".join(ALPHABET[value] for value in [*values, check]))
    return "-".join(groups)


def words(code: bytes, language: str) -> str:
    check = f"{hashlib.sha256(b'ruban/invitation-words/v1' + bytes(1) + code).digest()[0]:08b}"[:6]
    bits = f"{int.from_bytes(code, 'big'):060b}{check}"
    words = Mnemonic(language).wordlist
    return unicodedata.normalize("NFC", " ".join(words[int(bits[i : i + 11], 2)] for i in range(0, 66, 11)))


def plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def cases() -> list[Case]:
    found = [*_forms(), *_as_typed(), *_refused()]
    return [{**case, "expect": "format" if "wrong" in case else "ok"} for case in found]


def _forms() -> Iterator[Case]:
    made = [hashlib.sha256(b"ruban vector of a code %d" % n).digest()[:8] for n in range(6)]
    codes = [bytes(8), b"\x0f" + bytes([255] * 7), SOME, NO_DIGIT, *(bytes([one[0] & 15]) + one[1:] for one in made)]
    for code in codes:
        yield {
            **{"name": f"the forms of {code.hex()}", "kind": "forms", "code": code.hex(), "printed": printed(code)},
            **{language: words(code, language) for language in LANGUAGES},
        }


def _typed(name: str, text: str, code: bytes, sent: str) -> Case:
    return {"name": name, "kind": "typed", "typed": text, "code": code.hex(), "sent": sent}


def _as_typed() -> Iterator[Case]:
    form = printed(SOME)
    bare = form.replace("-", "")
    for name, text in {
        "in small letters": form.lower(),
        "without hyphens": bare,
        "with O for 0": form.replace("0", "O"),
        "with small o for 0": form.replace("0", "o"),
        "with I for 1": form.replace("1", "I"),
        "with small l for 1": form.replace("1", "l"),
        "with spaces around": f"  {form}\t",
        "with a full stop after it": f"{form}.",
        "with a line feed after it": f"{form}\n",
        "in fives of three": "-".join(bare[i : i + 3] for i in range(0, 15, 3)),
    }.items():
        yield _typed(f"groups, {name}", text, SOME, form)
    between = (
        " ",
        "\n",
        "_",
        ".",
        ",",
        ";",
        "\u00a0",
        "\u00ad",
        "\u200b",
        "\u2011",
        "\u2013",
        "\u2014",
        "\u2060",
        "\u2212",
    )
    for one in (*between, "\u3001", "\ufeff", "\uff0d", " - "):
        name = " ".join(f"U+{ord(c):04X}" for c in one)
        yield _typed(f"groups, with {name} between", form.replace("-", one), SOME, form)
    for one in ("-", " ", ""):
        text = printed(NO_DIGIT).replace("1", "I").replace("-", one)
        yield _typed(f"groups without a digit, with {one!r} between", text, NO_DIGIT, printed(NO_DIGIT))
    for language in LANGUAGES:
        said = words(SOME, language)
        for name, text in {
            "in capitals": said.upper(),
            "with capitals first": said.title(),
            "shortened to four letters": " ".join(plain(word)[:4] for word in said.split(" ")),
            "without accents": plain(said),
            "in normal form D": unicodedata.normalize("NFD", said),
            "with commas": said.replace(" ", ", "),
            "a line each": said.replace(" ", "\n"),
            "with hyphens": said.replace(" ", "-"),
            "with spaces around": f" {said}  ",
        }.items():
            sent = unicodedata.normalize("NFC", text)
            for one in ", \n-":
                sent = sent.replace(one, " ")
            yield _typed(f"{language} words, {name}", text, SOME, " ".join(sent.split()))


def _wrong(name: str, text: str, wrong: list[int], page: str) -> Case:
    return {"name": name, "kind": "typed", "typed": text, "wrong": wrong, "page": page}


def _refused() -> Iterator[Case]:
    form = printed(SOME)
    groups = form.split("-")
    for at, right in enumerate(form):
        if right != "-":
            other = ALPHABET[(ALPHABET.index(right) + 1 + at) % 32]
            text = form[:at] + other + form[at + 1 :]
            yield _wrong(f"another character in place {at}", text, [at // 6 + 1], "wrong")
    for at in range(len(form) - 1):
        if "-" not in form[at : at + 2] and form[at] != form[at + 1]:
            text = form[:at] + form[at + 1] + form[at] + form[at + 2 :]
            yield _wrong(f"neighbours swapped in place {at}", text, [at // 6 + 1], "wrong")
    for order in list(permutations(range(3)))[1:]:
        moved = [place + 1 for place in range(3) if order[place] != place]
        text = "-".join(groups[place] for place in order)
        yield _wrong(f"groups in the order {''.join(str(place + 1) for place in order)}", text, moved, "wrong")
    yield _wrong("nothing", "", [], "empty")
    yield _wrong("hyphens alone", " - - ", [], "empty")
    yield _wrong("one group", groups[0], [], "short")
    yield _wrong("two groups", "-".join(groups[:2]), [], "short")
    yield _wrong("a character too few at the end", form[:-1], [3], "short")
    yield _wrong("a character too many", f"{form}0", [3], "long")
    yield _wrong("a letter U", form.replace("G", "U"), [2, 3], "wrong")
    yield _wrong("Arabic digits", "\u0663" * 5 + form[5:], [1], "wrong")
    said = words(SOME, "english").split(" ")
    for place in range(6):
        text = " ".join([*said[:place], "xyzzy", *said[place + 1 :]])
        yield _wrong(f"no word of a list in place {place + 1}", text, [place + 1], "wrong")
    yield _wrong("two words of no list", " ".join(["xyzzy", *said[1:5], "xyzzy"]), [1, 6], "wrong")
    yield _wrong("five words", " ".join(said[:5]), [], "short")
    yield _wrong("seven words", " ".join([*said, said[0]]), [], "long")
    # What only the check bits of the words tell is for the server to say.
    yield _wrong("two words swapped", " ".join([said[1], said[0], *said[2:]]), [], "whole")
    yield _wrong("another word of the list", " ".join([*said[:5], "zone"]), [], "whole")
    short = " ".join(plain(word)[:4] for word in words(MISTAKABLE, "french").split(" "))
    yield _wrong("shortened words of two codes", short, [], "whole")


def encode(found: list[Case]) -> str:
    lines = [json.dumps(case, ensure_ascii=False, separators=(",", ":")) for case in found]
    return "[\n" + ",\n".join(lines) + "\n]\n"


if __name__ == "__main__":
    FILE.write_text(encode(cases()), encoding="utf-8", newline="\n")
