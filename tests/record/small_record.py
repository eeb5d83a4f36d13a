"""The small record of vectors/record: one of everything, the same bytes each time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ruban.primitives.ed25519 import public_key
from ruban.record.entry import Entry, with_signatures
from tests.scribe import ADA, NOON, Scribe

BEN = bytes([4]) * 32
"""The second organiser's seed; both must sign."""
QUARTER, HOUR, DAY = 900, 3600, 86_400
OPENING = NOON + 2 * QUARTER
CLOSING = OPENING + 2 * DAY


@dataclass
class SmallRecord(Scribe):
    """`make` writes it; the fields say where what lies, so that a fault can be put there."""

    window: int = QUARTER
    slots: int = 3
    electorate: int = 40
    origin: str = "ruban.example/small"
    roles: tuple[str, ...] = ("Cuisine", "Salle")
    seed: str | None = "small"
    at: dict[str, int] = field(default_factory=dict)
    """Index of some entries by a name."""

    def signed(self, data: dict[str, Any]) -> Entry:
        seeds = data.pop("signers", [ADA, BEN])
        return with_signatures(self.origin, data, seeds, [public_key(seed) for seed in seeds])

    def comment_of(self, letter: bytes, member: int) -> str:
        """Commitment to a member's newest comment, in hex."""
        recorded = self.state.letters[letter].signatures[self.slot_secret(letter, member).tag]
        return (recorded.comment or b"").hex()

    def _text(self, lang: str, *words: str) -> dict[str, Any]:
        title, text, addressee, *demands = (self.opening(word) for word in words)
        return {"lang": lang, "title": title, "text": text, "addressee": addressee, "demands": demands}

    def make(self) -> SmallRecord:
        """The whole record, and itself."""
        organisers = [(ADA, "Ada"), (BEN, "Ben")]
        named = [{"key": public_key(seed).hex(), "name": self.opening(name)} for seed, name in organisers]
        self.at["group"] = self.open_group(organisers=named, quorum=2, title=self.opening("Hôtel de l'Ours"))
        self.now = NOON + QUARTER
        self.enrol(20)
        self.at["first epoch"] = self.epoch()
        first = self._first_letter()
        self._second_epoch()
        second = self._second_letter()
        self._later(first, second)
        return self

    def _first_letter(self) -> bytes:
        self.at["first letter"] = len(self.leaves)
        letter = self.open_letter(
            texts=[
                self._text(
                    "fr", "Pour Mme Blanc", "Nous demandons :\n\n1. …\n", "La direction", "Qu'elle revienne", "Un vote"
                ),
                self._text("en", "For Mrs Blanc", "We ask:\n\n1. …\n", "The management", "That she return", "A vote"),
            ],
            opening=OPENING,
            unnamed_from=OPENING,
            closing=CLOSING,
            threshold=6,
        )
        self.now = OPENING + QUARTER
        entries = [self.unnamed(letter, i) for i in (4, 1, 3, 0, 2)] + [self.named(letter, i) for i in (6, 5)]
        start = self.batch(*entries)
        self.at["batch"], self.at["unnamed"], self.at["named"] = start - 1, start, start + 5
        return letter

    def _second_epoch(self) -> None:
        """Four rows, too few for an epoch until the oldest has waited a day."""
        self.now = OPENING + 2 * QUARTER
        self.enrol(4)
        self.now += DAY
        self.at["second epoch"] = self.epoch()

    def _second_letter(self) -> bytes:
        self.at["second letter"] = len(self.leaves)
        return self.open_letter(
            texts=[self._text("fr", "Les dimanches", "Deux sur quatre.", "La direction", "Deux dimanches libres")],
            opening=self.now + QUARTER,
            unnamed_from=self.now + QUARTER,
            closing=self.now + DAY,
            retention_days=30,
            selectors=["all", "role:Salle"],
        )

    def _later(self, first: bytes, second: bytes) -> None:
        self.now += 2 * QUARTER
        self.at["forward"] = self.batch(
            self.step_forward(first, 0),
            self.withdraw(first, 1),
            self.named(first, 12),
            *[self.unnamed(first, i) for i in (13, 11, 7, 10, 9)],
        )
        self.now += QUARTER
        self.at["comment"] = self.batch(
            self.comment(first, 3, "J'y étais.\nElle a raison."), self.comment(first, 5, "Vous mentez !")
        )
        self.at["erasure"] = self.erase(self.state.roll.rows[6].claim.hex())
        self.erase(self.state.roll.rows[5].claim.hex())
        self.at["remark"] = self.write({"kind": "remark", "v": 1, "text": "of a kind that is not known yet"})
        struck = [self.state.roll.rows[12].claim.hex(), self.comment_of(first, 5)]
        self.at["struck"] = self.strike(first, *sorted(struck), signers=[BEN])
        self.now += QUARTER
        self.at["second unnamed"] = self.batch(
            *[self.unnamed(second, i) for i in (2, 8, 1, 0, 11)],
            # Given anew, its name is erased no more.
            self.named(second, 5),
        )
        # Those with odd numbers: one of the ten in Salle each.
        by_role = [self.unnamed(second, i, selector="role:Salle") for i in (9, 7, 17, 13, 15)]
        self.now += QUARTER
        self.at["by role"] = self.batch(*by_role)
        self.at["extended"] = self.change(first, "extend", CLOSING + HOUR)
        self.at["close early"] = self.change(second, "close", self.now + QUARTER)
        self.now += QUARTER
        self.batch(self.unnamed(second, 3))
        self.at["second closed"] = self.close(second)
        self.now += QUARTER
        self.at["electorate"] = self.correct(38)
        self.at["attester"] = self.name_attester()
        self.at["attested"] = self.attest(entitled=39, invited=38, found=37, spent=24)
        self.at["late row"] = self.batch(self.row(24), self.dispute(1), self.dispute(2))
        self.at["settled"] = self.settle(2)
        self.now = CLOSING + HOUR
        self.at["last"] = self.batch(self.unnamed(first, 8))
        self.at["first closed"] = self.close(first)
        self.now += QUARTER
        news = [("fr", "La direction nous reçoit lundi."), ("en", "The management sees us on Monday.")]
        texts = [{"lang": lang, "text": self.opening(text)} for lang, text in news]
        self.at["update"] = self.update(first, texts=texts, signers=[ADA])
