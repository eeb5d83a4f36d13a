"""The verdict in words: the count, what it rests on, what it does not prove, and whatever does not hold."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from ruban.audit.report import Attested, AuditFinding, LetterVerdict, Verdict
from ruban.audit.verify import MAX_FINDINGS
from ruban.audit.witnesses import Chosen
from ruban.cli.boundary import hint_of
from ruban.cli.terminal import Terminal
from ruban.errors import Message
from ruban.language import percent, say_error
from ruban.record.phase import Phase

MAX_FINDINGS_SHOWN = 20
EVIDENCE_CHARACTERS = 64
_ROOT_CHARACTERS = 4


def print_verdict(terminal: Terminal, verdict: Verdict, letters: Sequence[LetterVerdict], names: bool) -> None:
    """Print the verdict on `letters`, which are all of the record's or one of them."""
    if not verdict.holds:
        terminal.say("This record does not hold: see below.", style="bold red")
    for letter in letters:
        _print_letter(terminal, letter, names, verdict.disputes)
    if not letters:
        terminal.say(_title(terminal, verdict.group), style="bold")
        terminal.say("no letter yet")
    _print_record(terminal, verdict)
    _print_electorates(terminal, verdict)
    for sentence in attestations(terminal, verdict):
        terminal.say(sentence)
    terminal.say("what this does not prove:")
    for limit in limits(verdict):
        terminal.say(Message("  {limit}", limit=limit))
    _print_findings(terminal, verdict.findings, len(verdict.findings) + verdict.findings_left_out)


def verdict_as_json(verdict: Verdict, letters: Sequence[LetterVerdict], names: bool) -> dict[str, Any]:
    """The verdict for programs; names of those who gave them only on demand."""
    shown = [letter.as_json() | ({"names": list(letter.names)} if names else {}) for letter in letters]
    return verdict.as_json() | {"letters": shown, "not_proven": [str(limit) for limit in limits(verdict)]}


def title_of(letter: LetterVerdict, language: str) -> str | None:
    """The title in `language` if the letter has it there, else in the language that prevails."""
    same = (text for text in letter.texts if text.lang.partition("-")[0] == language)
    return next((text.title for text in same if text.title is not None), letter.title)


def _title(terminal: Terminal, title: str | None) -> str:
    return Message("(its title is not in this bundle)") if title is None else Message("{title}", title=title)


def _print_letter(terminal: Terminal, letter: LetterVerdict, names: bool, disputes: int) -> None:
    tally, language = letter.tally, terminal.language
    terminal.say(_title(terminal, title_of(letter, language.name)), style="bold")
    terminal.say(
        terminal.ngettext(
            "{n:,} signed, of {enrolled:,} enrolled, of {entitled:,} entitled ({share})",
            "{n:,} signed, of {enrolled:,} enrolled, of {entitled:,} entitled ({share})",
            tally.signed,
            enrolled=tally.enrolled,
            entitled=tally.entitled,
            share=percent(language, tally.signed, tally.entitled),
        ),
        Message(
            "  {named:,} by name · {unnamed:,} unnamed · {withdrawn:,} withdrawn · {erased:,} erased",
            named=tally.named,
            unnamed=tally.unnamed,
            withdrawn=tally.withdrawn,
            erased=tally.erased,
        ),
    )
    for one in tally.by_role:
        terminal.say(
            Message(
                "  in {role}: {n:,} enrolled; {named:,} by name, {unnamed:,} as one of them",
                role=one.role,
                n=one.enrolled,
                named=one.named,
                unnamed=one.unnamed,
            )
        )
    for sentence in _standing(terminal, letter, disputes):
        terminal.say(Message("  {sentence}", sentence=sentence))
    for name in letter.names if names else ():
        terminal.say(Message("    {name}", name=name))


def _standing(terminal: Terminal, letter: LetterVerdict, disputes: int) -> list[str]:
    """How the letter stands, since or until when, and by how much its count may be too high."""
    tally, said = letter.tally, list[str]()
    times = {"opening": terminal.instant(letter.opening), "closing": terminal.instant(letter.closing)}
    if letter.status is Phase.NOT_YET_OPEN:
        said.append(Message("opens at {opening}", opening=times["opening"]))
    elif letter.status is Phase.CANCELLED:
        said.append(Message("cancelled by the organisers"))
    elif letter.status is Phase.SUPERSEDED:
        by = "" if letter.superseded_by is None else letter.superseded_by.hex()[:12]
        said.append(Message("replaced by the letter {letter}…; no signature was carried over", letter=by))
    elif letter.status is Phase.OPEN and letter.extended:
        said.append(Message("extended to {closing}", closing=times["closing"]))
    elif letter.status is Phase.OPEN:
        said.append(Message("open until {closing}", closing=times["closing"]))
    else:
        said.append(Message("closed at {closing}", closing=times["closing"]))
    if tally.threshold is not None:
        if tally.threshold_reached is not None:
            when = terminal.instant(tally.threshold_reached)
            said.append(Message("threshold of {n:,} reached at {when}", n=tally.threshold, when=when))
        elif letter.status is Phase.THRESHOLD_MISSED:
            said.append(Message("threshold of {n:,} missed", n=tally.threshold))
        else:
            said.append(Message("threshold of {n:,} not reached yet", n=tally.threshold))
    if disputes:
        said.append(
            terminal.ngettext(
                "may be too high by {n:,}: {n:,} person who was invited says that another used their code",
                "may be too high by {n:,}: {n:,} people who were invited say that others used their codes",
                disputes,
            )
        )
    said += [Message("reason given: {reason}", reason=reason) for reason in letter.reasons]
    said += _beside(terminal, letter)
    if letter.erased_texts:
        said.append(
            terminal.ngettext(
                "{n:,} of this letter's texts has been erased since: what was signed can no longer be read whole",
                "{n:,} of this letter's texts have been erased since: what was signed can no longer be read whole",
                letter.erased_texts,
            )
        )
    if not letter.texts_included:
        said.append(Message("the texts and names of this letter are not in this bundle, so only its count is checked"))
    return said


def _beside(terminal: Terminal, letter: LetterVerdict) -> list[str]:
    """What stands beside the count: comments, news, and what the organisers hid, with their reasons."""
    said: list[str] = []
    if letter.comments:
        said.append(terminal.ngettext("{n:,} comment by a signer", "{n:,} comments by signers", letter.comments))
    if letter.tally.struck:
        said.append(
            terminal.ngettext(
                "{n:,} name or comment hidden by the organisers; the count stands",
                "{n:,} names or comments hidden by the organisers; the count stands",
                letter.tally.struck,
            )
        )
    for strike in letter.strikes:
        if strike.reason is not None:
            said.append(Message("reason given for hiding: {reason}", reason=strike.reason))
    if letter.updates:
        when = terminal.instant(letter.updates[-1].at)
        said.append(
            terminal.ngettext(
                "{n:,} update by the organisers, at {when}",
                "{n:,} updates by the organisers, the last at {when}",
                len(letter.updates),
                when=when,
            )
        )
    return said


def _print_record(terminal: Terminal, verdict: Verdict) -> None:
    seconds = f"{verdict.proof_seconds:.1f}".replace(".", terminal.language.decimal)
    as_of = terminal.instant(verdict.as_of)
    root, seen = verdict.root.hex()[:_ROOT_CHARACTERS], verdict.witnesses
    if seen is None or not seen.cosigned:
        terminal.say(
            terminal.ngettext(
                "record: {n:,} entry, root {root}…, 1 log signature, no witness",
                "record: {n:,} entries, root {root}…, 1 log signature, no witness",
                verdict.entries,
                root=root,
            )
        )
    else:
        terminal.say(
            terminal.ngettext(
                "record: {entries:,} entries, root {root}…, 1 log signature, {n:,} witness of {all:,}",
                "record: {entries:,} entries, root {root}…, 1 log signature, {n:,} witnesses of {all:,}",
                len(seen.cosigned),
                entries=verdict.entries,
                root=root,
                all=seen.asked,
            )
        )
        for one in seen.cosigned:
            when = terminal.instant(one.at)
            terminal.say(Message("  {name} saw it grow and nothing else, last at {when}", name=one.name, when=when))
    if verdict.holds:
        terminal.say(
            Message("every signature verified in {seconds} s   as of {as_of}", seconds=seconds, as_of=as_of),
            style="green",
        )
    else:
        terminal.say(
            terminal.ngettext(
                "{n:,} proof verified in {seconds} s   as of {as_of}",
                "{n:,} proofs verified in {seconds} s   as of {as_of}",
                verdict.proofs,
                seconds=seconds,
                as_of=as_of,
            )
        )


def _print_electorates(terminal: Terminal, verdict: Verdict) -> None:
    """Each correction of E; how many were entitled at a letter's closing stands in its count."""
    for before, stated in pairwise(verdict.electorates):
        source = "?" if stated.source is None else stated.source
        terminal.say(
            Message(
                "the number of the entitled was corrected from {before:,} to {after:,} (as of {date}; {source})",
                before=before.entitled,
                after=stated.entitled,
                date=stated.date,
                source=source,
            )
        )


def attestations(terminal: Terminal, verdict: Verdict) -> list[str]:
    """What each second party said last, and where its numbers do not fit."""
    said: list[str] = []
    for one in newest(verdict):
        numbers = one.said
        parts = {"by": one.by or "?", "date": numbers.date}
        said.append(
            Message(
                "{by} compared on {date}: of {invited:,} invited, {found:,} are on its own list of {entitled:,}; "
                "{rows:,} had enrolled, with {spent:,} invitations used",
                **parts,
                invited=numbers.invited,
                found=numbers.found,
                entitled=numbers.entitled,
                rows=numbers.rows,
                spent=numbers.spent,
            )
        )
        said.append(Message("  how: {method}", method=one.method or "?"))
        said.append(Message("  its key, to compare with one that you have from it: {key}", key=numbers.key.hex()))
        if numbers.not_found:
            said.append(
                terminal.ngettext(
                    "  {n:,} of those invited is not on its list",
                    "  {n:,} of those invited are not on its list",
                    numbers.not_found,
                )
            )
        if numbers.rows_without_invitation:
            said.append(
                terminal.ngettext(
                    "  {n:,} more has enrolled than there were invitations used",
                    "  {n:,} more have enrolled than there were invitations used",
                    numbers.rows_without_invitation,
                )
            )
    return said


def newest(verdict: Verdict) -> tuple[Attested, ...]:
    """The last word of each second party, in the order of the log."""
    last = {one.said.key: one for one in verdict.attestations}
    return tuple(last.values())


def limits(verdict: Verdict) -> list[Message]:
    """What nobody may read into the numbers."""
    quorum = verdict.witnesses is not None and verdict.witnesses.quorum
    attesting = newest(verdict)
    said = [
        Message(
            "That each of those enrolled signed at most once is checked; that they are real people, each enrolled "
            "once, and how many are entitled, the organisers say, and who compared the lists."
        )
        if attesting
        else Message(
            "That each of those enrolled signed at most once is checked; that they are real people, each enrolled "
            "once, and how many are entitled, only the organisers say."
        )
    ]
    if attesting:
        said.append(Message("Who the second parties are, the organisers say: compare their keys."))
    elif quorum:
        said.append(Message("No second party has confirmed the roll."))
    if not quorum:
        said.append(Message("No second party has confirmed this record."))
    chosen = None if verdict.witnesses is None else verdict.witnesses.chosen
    if quorum and chosen is Chosen.KEPT:
        said.append(
            Message(
                "Its witnesses are those that were kept from an earlier look: whether they are who they say, and "
                "independent, you know better than this program."
            )
        )
    if quorum and chosen is Chosen.PUBLISHED:
        said.append(
            Message(
                "The record names its witnesses itself: whether they are who they say, and independent, you know better"
                " than this program. Pin those you trust with --policy."
            )
        )
    if verdict.window == 0:
        said.append(Message("No protection of time: when each signature arrived can be seen."))
    if verdict.rehearsal:
        said.append(Message("This is a rehearsal, and never counted."))
    if verdict.unknown:
        said.append(Message("{n:,} entries are of kinds that this version does not know.", n=verdict.unknown))
    return said


def _print_findings(terminal: Terminal, findings: Sequence[AuditFinding], count: int) -> None:
    if not findings:
        return
    terminal.say(
        terminal.ngettext(
            "{n:,} thing does not hold; an entry that breaks a rule is not counted above:",
            "{n:,} things do not hold; entries that break a rule are not counted above:",
            count,
        ),
        style="bold red",
    )
    for number, finding in enumerate(findings[:MAX_FINDINGS_SHOWN], 1):
        _print_finding(terminal, number, finding)
    if count > MAX_FINDINGS_SHOWN:
        terminal.say(
            Message("… and {n:,} more; --json shows up to {most:,}", n=count - MAX_FINDINGS_SHOWN, most=MAX_FINDINGS)
        )


def _print_finding(terminal: Terminal, number: int, finding: AuditFinding) -> None:
    where: str = Message("step {step} of the audit", step=finding.step)
    if finding.index is not None:
        entry = Message("entry {index} ({kind})", index=finding.index, kind=finding.kind or "?")
        where = Message("{entry}, {step}", entry=entry, step=where)
    terminal.say(
        Message("{number:>3}. {where}", number=number, where=where),
        Message("     {error}: {what}", error=type(finding.error).__name__, what=_line(terminal, finding)),
    )
    if finding.evidence is not None:
        shown, length = finding.evidence[:EVIDENCE_CHARACTERS], len(finding.evidence)
        if length > EVIDENCE_CHARACTERS:
            terminal.say(Message("     evidence: {shown}… ({n:,} characters, all with --json)", shown=shown, n=length))
        else:
            terminal.say(Message("     evidence: {shown}", shown=shown))
    hint = hint_of(finding.error)
    if hint is not None:
        terminal.say(Message("     hint: {hint}", hint=hint))


def _line(terminal: Terminal, finding: AuditFinding) -> str:
    return say_error(terminal.language, finding.error)
