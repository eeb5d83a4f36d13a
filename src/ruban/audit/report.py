"""What an audit found, as data: for people the command line says it in words, for programs it is JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ruban.audit.openings import Openings
from ruban.audit.witnesses import Witnesses
from ruban.errors import RubanError
from ruban.record.deeds import Attestation
from ruban.record.phase import Phase, letter_phase
from ruban.record.shown import shown_comments, shown_names
from ruban.record.state import Letter, Point, State
from ruban.record.tally import Tally, tally


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFinding:
    """Something that does not hold: which step of the audit, where, what, and the evidence for it."""

    step: int
    error: RubanError
    index: int | None = None
    kind: str | None = None
    evidence: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The finding for programs."""
        return {
            "step": self.step,
            "entry": self.index,
            "kind": self.kind,
            "error": type(self.error).__name__,
            "field": self.error.field,
            "expected": str(self.error.expected),
            "got": None if self.error.got is None else str(self.error.got),
            "evidence": self.evidence,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """A letter's words in one language, as far as their openings are there."""

    lang: str
    title: str | None
    addressee: str | None
    demands: tuple[str | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What organisers told on a letter, in its languages, as far as the openings are there."""

    at: int
    texts: tuple[tuple[str, str | None], ...]

    def as_json(self) -> dict[str, Any]:
        """The news for programs."""
        return {"at": self.at, "texts": [{"lang": lang, "text": text} for lang, text in self.texts]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """How many names and comments organisers hid at once, and why."""

    at: int
    count: int
    reason: str | None

    def as_json(self) -> dict[str, Any]:
        """The strike for programs."""
        return {"at": self.at, "count": self.count, "reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitled:
    """E as it was stated at some time."""

    at: int
    entitled: int
    date: str
    source: str | None

    def as_json(self) -> dict[str, Any]:
        """The statement for programs."""
        return {"at": self.at, "electorate": self.entitled, "date": self.date, "source": self.source}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """What a second party said of the roll, with its name and its way of comparing as far as they can be read."""

    by: str | None
    named_at: int
    method: str | None
    said: Attestation

    def as_json(self) -> dict[str, Any]:
        """The attestation for programs."""
        numbers = {name: getattr(self.said, name) for name in _NUMBERS}
        return {"by": self.by, "key": self.said.key.hex(), "named_at": self.named_at, "method": self.method} | numbers


_NUMBERS = ("date", "epoch", "rows", "entitled", "invited", "found", "spent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A dispute that the organisers have closed: when, and for which reason; None where that cannot be read."""

    at: int
    reason: str | None

    def as_json(self) -> dict[str, Any]:
        """The settlement for programs."""
        return {"at": self.at, "reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterVerdict:
    """One letter: what it is, how it stands, and its count."""

    letter_id: bytes
    status: Phase
    extended: bool
    texts: tuple[Texts, ...]
    texts_included: bool
    erased_texts: int
    """Titles, texts, addressees, demands and reasons whose openings the record says were erased."""
    opening: int
    closing: int
    tally: Tally
    series: tuple[Point, ...]
    names: tuple[str, ...]
    comments: int
    """Comments that may be read: neither withdrawn, struck nor erased."""
    reasons: tuple[str, ...]
    updates: tuple[News, ...]
    strikes: tuple[Hidden, ...]
    superseded_by: bytes | None

    @property
    def title(self) -> str | None:
        """The title in the prevailing language."""
        return self.texts[0].title

    def as_json(self) -> dict[str, Any]:
        """The letter for programs, names apart."""
        return {
            "letter": self.letter_id.hex(),
            "status": self.status.value,
            "extended": self.extended,
            "opening": self.opening,
            "closing": self.closing,
            "texts": [
                {"lang": t.lang, "title": t.title, "addressee": t.addressee, "demands": list(t.demands)}
                for t in self.texts
            ],
            "texts_included": self.texts_included,
            "erased_texts": self.erased_texts,
            "tally": self.tally.as_json(),
            "series": [
                {"time": p.time, "named": p.named, "unnamed": p.unnamed, "withdrawn": p.withdrawn} for p in self.series
            ],
            "comments": self.comments,
            "reasons": list(self.reasons),
            "updates": [news.as_json() for news in self.updates],
            "strikes": [hidden.as_json() for hidden in self.strikes],
            "superseded_by": None if self.superseded_by is None else self.superseded_by.hex(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The whole audit. It holds if there is not one finding."""

    group: str | None
    origin: str
    roll_id: bytes
    log_key: bytes
    entries: int
    root: bytes
    note: bytes
    """The checkpoint, as it was signed."""
    as_of: int
    window: int
    rehearsal: bool
    electorates: tuple[Entitled, ...]
    """How many are entitled, as first stated and each time it was corrected."""
    attestations: tuple[Attested, ...]
    """What second parties said of the roll, in the order of the log."""
    disputes: int
    """Open ones: rows that may not be their person's."""
    settled: tuple[Settled, ...]
    unknown: int
    proofs: int
    proof_seconds: float
    letters: tuple[LetterVerdict, ...]
    findings: tuple[AuditFinding, ...]
    findings_left_out: int = 0
    """Findings beyond those that are kept."""
    witnesses: Witnesses | None = None
    """Who has cosigned, by a policy; None where nobody names any witness."""

    @property
    def holds(self) -> bool:
        """Whether everything that was checked is as it must be."""
        return not self.findings

    def as_json(self) -> dict[str, Any]:
        """The verdict for programs."""
        return {
            "holds": self.holds,
            "group": {
                "title": self.group,
                "origin": self.origin,
                "roll": self.roll_id.hex(),
                "log_key": self.log_key.hex(),
                "window_seconds": self.window,
                "time_protected": self.window > 0,
                "rehearsal": self.rehearsal,
                "electorate_date": self.electorates[-1].date,
                "electorate_source": self.electorates[-1].source,
                "electorates": [stated.as_json() for stated in self.electorates],
            },
            "record": {
                "entries": self.entries,
                "root": self.root.hex(),
                "log_signatures": 1,
                "witnesses": 0 if self.witnesses is None else len(self.witnesses.cosigned),
                "unknown_entries": self.unknown,
                "as_of": self.as_of,
            },
            "proofs": {"verified": self.proofs, "seconds": round(self.proof_seconds, 3)},
            "attestations": [attested.as_json() for attested in self.attestations],
            "disputes": {"open": self.disputes, "settled": [one.as_json() for one in self.settled]},
            "letters": [letter.as_json() for letter in self.letters],
            "findings": [finding.as_json() for finding in self.findings],
            "findings_left_out": self.findings_left_out,
        } | ({} if self.witnesses is None else {"witnesses": self.witnesses.as_json()})


def letter_verdict(state: State, letter: Letter, openings: Openings, *, included: bool) -> LetterVerdict:
    """The verdict on one letter; a name counts only in the one form that a claim may have."""
    lines = openings.lines
    names = [openings.claims[claim][0] for _, claim in shown_names(state, letter) if claim in openings.claims]
    return LetterVerdict(
        letter_id=letter.letter_id,
        status=letter_phase(state, letter, state.clock),
        extended=letter.extended,
        texts=tuple(
            Texts(
                lang=text.lang,
                title=lines.get(text.title),
                addressee=lines.get(text.addressee),
                demands=tuple(lines.get(demand) for demand in text.demands),
            )
            for text in letter.texts
        ),
        texts_included=included,
        erased_texts=len({*letter.reasons, *(c for text in letter.texts for c in text.commitments)} & state.erased),
        opening=letter.opening,
        closing=letter.closing,
        tally=tally(state, letter),
        series=tuple(letter.series),
        names=tuple(sorted(names)) if included else (),
        comments=sum(1 for _ in shown_comments(state, letter)),
        reasons=tuple(lines[reason] for reason in letter.reasons if reason in lines),
        updates=tuple(
            News(at=each.at, texts=tuple((text.lang, openings.updates.get(text.text)) for text in each.texts))
            for each in letter.updates
        ),
        strikes=tuple(
            Hidden(at=each.at, count=len(each.commitments), reason=lines.get(each.reason)) for each in letter.strikes
        ),
        superseded_by=letter.superseded_by,
    )
