"""What a page shows of a letter, read from the record at one size: frozen, so that nothing changes under the page."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from markupsafe import Markup

from ruban.log.checkpoint import parse_checkpoint
from ruban.log.note import parse_note
from ruban.record.acts import acts_of
from ruban.record.commitment import parse_claim
from ruban.record.deeds import Act, Update
from ruban.record.phase import Phase, letter_phase
from ruban.record.shown import shown_comments, shown_names
from ruban.record.state import Letter, LetterText, Point, State
from ruban.record.tally import Tally, tally
from ruban.service.keeper import Keeper
from ruban.service.witnessing import witnesses_of
from ruban.web.letters.attested import Attested, attested_in
from ruban.web.letters.chart import draw_growth
from ruban.web.letters.markdown import markdown_as_html
from ruban.web.letters.ribbon import Ribbon, draw_ribbon
from ruban.web.letters.tongues import direction_of, own_name_of
from ruban.web.site import Site
from ruban.web.texts import text_of

MANY_OF_ENROLLED = (4, 5)
"""Above this share of those enrolled, an unnamed colleague is guessed to have signed."""
FEW_ENROLLED = 30
"""Among fewer, whoever signs without their name hides among a handful."""
MOST_POINTS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """The letter in one language; a text is None where it has been erased."""

    lang: str
    title: str | None
    addressee: str | None
    demands: tuple[str | None, ...]
    body: Markup | None = field(repr=False)

    @property
    def direction(self) -> str:
        """Which way it is written."""
        return direction_of(self.lang)

    @property
    def tongue(self) -> str:
        """What its language calls itself."""
        return own_name_of(self.lang)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsText:
    """An update in one language."""

    lang: str
    direction: str
    html: Markup = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """An update by the organisers."""

    at: int
    texts: tuple[NewsText, ...]

    def in_language(self, language: str) -> NewsText:
        """The text in a reader's language if there is one, else the first."""
        return next((one for one in self.texts if one.lang.partition("-")[0] == language), self.texts[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """Names and comments that the organisers hid, and why."""

    at: int
    count: int
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A signature by name."""

    name: str
    role: str | None
    key: str = field(repr=False)
    """For order and for search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What a signer adds, beside their name if they signed with it and it is shown."""

    text: str
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything of a letter that stands in the record."""

    letter_id: str
    versions: tuple[Version, ...]
    ways: tuple[str, ...]
    opening: int
    closing: int
    unnamed_from: int
    ring_min: int
    threshold: int | None
    kept_until: int | None
    """When names and comments are erased; None: never."""
    tally: Tally
    phase_now: Phase
    """At the record's own clock; a page asks again with its own."""
    extended: bool
    reasons: tuple[str, ...]
    successor: str | None
    ribbon: Ribbon = field(repr=False)
    growth: Markup = field(repr=False)
    points: tuple[Point, ...]
    names: tuple[Name, ...] = field(repr=False)
    """Sorted without regard to accents and case: an order that says nothing about when."""
    comments: tuple[Comment, ...] = field(repr=False)
    """Sorted as well."""
    news: tuple[News, ...]
    hidden: tuple[Hidden, ...]
    acts: tuple[tuple[Act, tuple[str, ...]], ...]
    """With the names of the organisers who signed."""
    organisers: tuple[str, ...]
    electorate_date: str
    electorate_source: str | None
    as_of: int
    size: int
    checkpoint: str
    disputes: int
    """Rows that may not be their person's, as those say whose codes were used."""
    settled: tuple[tuple[int, str | None], ...]
    """When the organisers settled one, and how."""
    attested: tuple[Attested, ...]
    """The last word of each second party on the roll."""
    witnesses: tuple[str, ...]
    """Names of those who have cosigned it, if they are the quorum that the group has named."""
    origin: str
    log_key: str
    window: int
    told: dict[tuple[str, str], Markup] = field(default_factory=dict, repr=False)
    """What has been rendered of it, by language and by where the letter's pages lie."""

    def version(self, language: str) -> Version:
        """The letter in a reader's language if it has one, else in the one that prevails."""
        return next((one for one in self.versions if one.lang.partition("-")[0] == language), self.versions[0])

    @property
    def many_have_signed(self) -> bool:
        """Whether so many of those enrolled have signed that not having signed by name says little."""
        part, whole = MANY_OF_ENROLLED
        return self.tally.signed * whole > self.tally.enrolled * part

    @property
    def few_are_enrolled(self) -> bool:
        """Whether whoever signs without their name hides among a handful."""
        return "unnamed" in self.ways and self.tally.enrolled < FEW_ENROLLED


def reading_of(site: Site, letter_id: bytes) -> Reading:
    """The reading of a letter as of what is published; NotFound if that has none such."""
    site.published_letter(letter_id)
    return site.snapshot("reading", letter_id, lambda state, keeper: _read(state, keeper, state.letters[letter_id]))


def phase_of(site: Site, letter_id: bytes) -> Phase:
    """How the letter stands now."""
    letter = site.published_letter(letter_id)
    return letter_phase(site.kept.shown, letter, site.clock())


def sort_key(name: str) -> str:
    """Letters without accents and case, for order and for search."""
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(character for character in decomposed if not unicodedata.combining(character)).casefold()


def _read(state: State, keeper: Keeper, letter: Letter) -> Reading:
    group, counts = state.opened, tally(state, letter)
    note = keeper.shown_note
    root = parse_checkpoint(parse_note(note).text).root
    until = min(max(state.clock, letter.opening + 1), letter.closing)
    stated = next(one for one in reversed(state.electorates) if one.at <= letter.closing)
    names = _names_by_tag(state, keeper, letter)
    who = {key: text_of(keeper, name) or "" for key, name in zip(group.organisers, group.organiser_names, strict=True)}
    return Reading(
        letter_id=letter.letter_id.hex(),
        versions=tuple(_version(keeper, text) for text in letter.texts),
        ways=letter.ways,
        opening=letter.opening,
        closing=letter.closing,
        unnamed_from=letter.unnamed_from,
        ring_min=letter.ring_min,
        threshold=letter.threshold,
        kept_until=letter.kept_until,
        tally=counts,
        phase_now=letter_phase(state, letter, state.clock),
        extended=letter.extended,
        reasons=tuple(text for reason in letter.reasons if (text := text_of(keeper, reason)) is not None),
        successor=None if letter.superseded_by is None else letter.superseded_by.hex(),
        ribbon=draw_ribbon(named=counts.named, unnamed=counts.unnamed, entitled=counts.entitled, root=root),
        growth=draw_growth(letter.series, opening=letter.opening, until=until, entitled=counts.entitled),
        points=_thinned(letter.series),
        names=tuple(sorted(names.values(), key=lambda one: one.key)),
        comments=_comments(state, keeper, letter, names),
        news=tuple(news for update in reversed(letter.updates) if (news := _news(keeper, update)).texts),
        hidden=tuple(
            Hidden(at=strike.at, count=len(strike.commitments), reason=text_of(keeper, strike.reason))
            for strike in letter.strikes
        ),
        acts=tuple(
            (act, tuple(who[key] for key in act.signers if key in who)) for act in acts_of(state, letter.letter_id)
        ),
        organisers=tuple(who.values()),
        electorate_date=stated.date,
        electorate_source=text_of(keeper, stated.source),
        as_of=state.clock,
        size=state.size,
        checkpoint=note.decode("utf-8"),
        disputes=state.open_disputes,
        settled=tuple((one.at, text_of(keeper, one.reason)) for one in state.settlements),
        attested=attested_in(state, keeper),
        witnesses=witnesses_of(keeper),
        origin=group.origin,
        log_key=group.log_key.hex(),
        window=group.window,
    )


def _version(keeper: Keeper, text: LetterText) -> Version:
    body = text_of(keeper, text.text)
    return Version(
        lang=text.lang,
        title=text_of(keeper, text.title),
        addressee=text_of(keeper, text.addressee),
        demands=tuple(text_of(keeper, demand) for demand in text.demands),
        body=None if body is None else markdown_as_html(body),
    )


def _news(keeper: Keeper, update: Update) -> News:
    return News(
        at=update.at,
        texts=tuple(
            NewsText(lang=said.lang, direction=direction_of(said.lang), html=markdown_as_html(text))
            for said in update.texts
            if (text := text_of(keeper, said.text)) is not None
        ),
    )


def _names_by_tag(state: State, keeper: Keeper, letter: Letter) -> dict[bytes, Name]:
    found = {}
    for tag, claim in shown_names(state, letter):
        opening = keeper.store.opening(claim)
        if opening is not None:
            name, role = parse_claim(opening.payload)
            found[tag] = Name(name=name, role=role, key=sort_key(name))
    return found


def _comments(state: State, keeper: Keeper, letter: Letter, names: dict[bytes, Name]) -> tuple[Comment, ...]:
    # Sorted, so that their order tells nothing of their signatures'.
    found = [
        Comment(text=text, name=names[tag].name if tag in names else None)
        for tag, comment in shown_comments(state, letter)
        if (text := text_of(keeper, comment)) is not None
    ]
    return tuple(sorted(found, key=lambda one: sort_key(one.text)))


def _thinned(series: list[Point]) -> tuple[Point, ...]:
    """At most MOST_POINTS of them, evenly, the last one always: a table that somebody can read."""
    if len(series) <= MOST_POINTS:
        return tuple(series)
    step = len(series) / MOST_POINTS
    return tuple(series[min(len(series) - 1, round((n + 1) * step) - 1)] for n in range(MOST_POINTS))
