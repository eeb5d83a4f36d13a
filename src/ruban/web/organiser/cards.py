"""Codes as cards to print and cut apart: a PDF with text that can be read aloud, in English and French."""

from __future__ import annotations

import json
from pathlib import Path

import segno
import typst

from ruban.errors import Message
from ruban.language import LANGUAGES, say, translator
from ruban.service.code_days import good_until
from ruban.web.organiser.codes import Codes, enrol_link, words_of
from ruban.web.site import site

_SHEET = Path(__file__).with_name("cards.typ")


def cards_pdf(codes: Codes, group: str) -> bytes:
    """A page of A4 for each eight people."""
    addresses = site().addresses()
    data = {
        "title": say(translator("en"), Message("Invitations to {group}", group=group)),
        "group": group,
        "address": addresses.absolute(addresses.page("enrol")),
        "said": [_said(language) for language in LANGUAGES],
        "cards": [
            {
                "name": one.person.name,
                "code": one.code,
                "until": [good_until(translator(name), one.expires) or "" for name in LANGUAGES],
                "words": [words_of(one.code, language) for language in LANGUAGES],
                "picture": qr_svg(enrol_link(one.code)),
            }
            for one in codes.invited
        ],
    }
    return bytes(typst.compile(_SHEET.read_bytes(), format="pdf", sys_inputs={"data": json.dumps(data)}))


def _said(name: str) -> dict[str, str]:
    language = translator(name)
    sentences = {
        "scan": Message("Scan this with your phone, or type the code at"),
        "or": Message("The code as words, to dictate:"),
        "keep": Message(
            "Yours alone: whoever uses it first takes your place. Use your own device, not your employer’s."
        ),
    }
    return {"lang": name} | {key: say(language, sentence) for key, sentence in sentences.items()}


def qr_svg(text: str) -> str:
    """A QR code as one path of squares, with the quiet zone that readers need."""
    matrix = [
        [bool(module) for module in row] for row in segno.make(text, error="m", micro=False).matrix_iter(border=4)
    ]
    squares = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark)
    size = len(matrix)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{squares}"/></svg>'
    )
