"""The image that a shared link shows: typst sets it, from the record and nothing else, once for each size of it."""

from __future__ import annotations

import json

import typst

from ruban.language import ngettext, translator
from ruban.web.letters.reading import Reading, reading_of
from ruban.web.site import Site

_SOURCE = """
#let it = json(bytes(sys.inputs.card))
#set page(width: 600pt, height: 315pt, margin: 36pt, fill: rgb("#fdfcf9"))
#set text(font: "Libertinus Serif", fill: rgb("#1d1c1a"), size: 20pt, lang: it.spoken)
#set par(leading: 0.5em)
#text(size: 13pt, fill: rgb("#595650"))[#it.group]
#v(6pt)
#text(size: if it.title.len() > 70 { 24pt } else { 32pt }, weight: "bold", lang: it.lang)[#align(start)[#it.title]]
#place(bottom + left)[
  #text(size: 34pt, fill: rgb("#9b2335"), weight: "bold")[#it.figure]
  #v(-14pt)
  #text(size: 16pt)[#it.of]
]
"""


def card_of(site: Site, letter_id: bytes) -> bytes:
    """A PNG of 1200 by 630 pixels."""
    reading = reading_of(site, letter_id)
    return site.snapshot("card", letter_id, lambda state, keeper: _draw(site.group_title or "", reading))


def _draw(group: str, reading: Reading) -> bytes:
    version = reading.versions[0]
    language, counts = translator(version.lang), reading.tally
    said = {
        "lang": version.lang.partition("-")[0],
        "spoken": language.name,
        "group": group,
        "title": version.title or "",
        "figure": ngettext(language, "{n:,} has signed", "{n:,} have signed", counts.signed),
        "of": ngettext(language, "of {n:,} who is entitled", "of {n:,} who are entitled", counts.entitled),
    }
    made = typst.compile(
        _SOURCE.encode("utf-8"),
        format="png",
        ppi=144.0,
        sys_inputs={"card": json.dumps(said)},
        # The fonts within typst know Latin, Greek, Cyrillic and Arabic; other scripts need one of the machine's.
        ignore_system_fonts=False,
    )
    if not isinstance(made, bytes):
        raise TypeError("one page")
    return made
