"""Recount a record, trusting nobody: the nine steps of spec/record.md, 7.

Findings are collected, never raised, so that one fault does not hide another and the rest is still counted. Only a
source without a readable group or checkpoint cannot be audited at all.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ruban.audit.fetch import Source
from ruban.audit.report import AuditFinding, LetterVerdict, Texts, Verdict, status_of
from ruban.errors import (
    CheckpointInvalid,
    CommitmentInvalid,
    FetchFailed,
    FormatError,
    Inconsistent,
    Message,
    RubanError,
)
from ruban.log.checkpoint import Checkpoint, open_checkpoint
from ruban.log.merkle import Tree, leaf_hash
from ruban.log.tiles import MAX_BUNDLE_BYTES, TILE_WIDTH_COUNT, encode_path, parse_bundle, tiles_of
from ruban.proof import BatchInvalid, verify_batch
from ruban.published import (
    CHECKPOINT,
    MAX_CHECKPOINT_BYTES,
    MAX_PAYLOADS_BYTES,
    MAX_SETTINGS_BYTES,
    MAX_TILE_BYTES,
    SETTINGS,
    Settings,
    bundle_paths,
    parse_settings,
    payloads_path,
)
from ruban.record.commitment import parse_claim, parse_opening
from ruban.record.replay import Obligation, finish, replay
from ruban.record.state import Letter, State
from ruban.record.tally import tally

PROOFS_AT_ONCE = 512
"""Proofs in one multi-scalar multiplication: enough to share a ring's terms, few enough to keep memory flat."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it, of how much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demands:
    """What the reader already knows and wants to see confirmed."""

    origin: str | None = None
    log_key: bytes | None = None
    earlier: bytes | None = None
    """A checkpoint note seen before: the record must continue it."""


@dataclass(slots=True)
class _Audit:
    source: Source
    demands: Demands
    progress: Progress
    clock: Callable[[], float]
    settings: Settings
    checkpoint: Checkpoint
    findings: list[AuditFinding] = field(default_factory=list)
    judged: dict[int, bool] = field(default_factory=dict)
    """Entries whose proof has been judged, and whether it holds."""
    proof_seconds: float = 0.0

    def found(self, step: int, error: RubanError, index: int | None = None, kind: str | None = None) -> None:
        evidence = error.evidence if isinstance(error.evidence, str) else None
        self.findings.append(AuditFinding(step=step, error=error, index=index, kind=kind, evidence=evidence))


def audit(
    source: Source,
    demands: Demands | None = None,
    progress: Progress = lambda what, done, total: None,
    clock: Callable[[], float] = time.monotonic,
) -> tuple[Verdict, State]:
    """The verdict on everything in `source`, and the state that the recount ended in.

    Raises FormatError, FetchFailed or CheckpointInvalid where there is no signed record to audit.
    """
    demands = Demands() if demands is None else demands
    # 7.1 Checkpoint and keys.
    settings = parse_settings(source.read(SETTINGS, MAX_SETTINGS_BYTES))
    for name, wanted, got in (
        ("origin", demands.origin, settings.origin),
        ("log key", None if demands.log_key is None else demands.log_key.hex(), settings.log_key.hex()),
    ):
        if wanted is not None and wanted != got:
            raise CheckpointInvalid(name, wanted, got)
    note = source.read(CHECKPOINT, MAX_CHECKPOINT_BYTES)
    checkpoint = open_checkpoint(note, settings.origin, settings.log_key)
    run = _Audit(source, demands, progress, clock, settings, checkpoint)
    # 7.2 to 7.7, once more for as long as a proof fails: its entry then has no effect, which may change what follows.
    rejected: frozenset[int] = frozenset()
    while True:
        run.findings.clear()
        state = _recount(run, note, rejected)
        failed = frozenset(index for index, holds in run.judged.items() if not holds)
        if failed == rejected:
            break
        rejected = failed
    if state.group is None:
        raise FormatError("entry 0", Message("a group.opened that holds"), Message("another entry"))
    # 7.1 The entries decide who may sign; ruban.json only says where to begin.
    said = (settings.origin, settings.log_key, settings.receipt_key)
    if said != (state.group.origin, state.group.log_key, state.group.receipt_key):
        run.found(1, CheckpointInvalid(SETTINGS, Message("origin and keys of group.opened"), Message("others")))
    return _verdict(run, state), state


def _leaves(run: _Audit) -> Iterator[tuple[int, list[bytes]]]:
    """The entries, bundle by bundle; missing or damaged ones end the record there, as a finding."""
    for path in bundle_paths(run.checkpoint.size):
        where = encode_path(path)
        try:
            yield path.index, parse_bundle(run.source.read(where, MAX_BUNDLE_BYTES), path.width)
        except (FetchFailed, FormatError) as error:
            run.found(2, error)
            return


def _recount(run: _Audit, note: bytes, rejected: frozenset[int]) -> State:
    state, tree, hashes = State(), Tree(), []
    waiting: list[Obligation] = []
    earlier = _earlier(run, note)
    for number, leaves in _leaves(run):
        for leaf in leaves:
            tree.append(leaf_hash(leaf))
            hashes.append(leaf_hash(leaf))
            # 7.3 Consistency with an earlier checkpoint: the same entries must give its root.
            if earlier is not None and tree.size == earlier.size and tree.root() != earlier.root:
                _inconsistent(run, note)
        # 7.4 to 7.6 Form, order, times, signatures of organisers, the roll.
        outcome = replay(state, leaves, rejected)
        for finding in outcome.findings:
            step = {"roll.row": 6, "roll.checkpoint": 6, "signature": 7, "statement": 7}.get(finding.kind or "", 4)
            position = (finding.index or 0) - number * TILE_WIDTH_COUNT
            run.findings.append(
                AuditFinding(
                    step=step,
                    error=finding.error,
                    index=finding.index,
                    kind=finding.kind,
                    evidence=leaves[position].hex(),
                )
            )
        # 7.7 Proofs, many at once.
        waiting += [obligation for obligation in outcome.obligations if obligation.index not in run.judged]
        while len(waiting) >= PROOFS_AT_ONCE:
            _discharge(run, waiting[:PROOFS_AT_ONCE])
            del waiting[:PROOFS_AT_ONCE]
        run.progress("recount", state.size, run.checkpoint.size)
    while waiting:
        _discharge(run, waiting[:PROOFS_AT_ONCE])
        del waiting[:PROOFS_AT_ONCE]
        run.progress("proofs", len(run.judged), len(run.judged) + len(waiting))
    for ended in finish(state):
        run.found(4, ended.error, ended.index, ended.kind)
    # 7.2 Size and root are the signed ones; the tiles are those of the same tree.
    if tree.size == run.checkpoint.size and tree.root() != run.checkpoint.root:
        run.found(2, CheckpointInvalid("root", run.checkpoint.root.hex(), tree.root().hex()))
    _check_tiles(run, hashes)
    return state


def _check_tiles(run: _Audit, hashes: list[bytes]) -> None:
    for path, data in tiles_of(hashes):
        where = encode_path(path)
        try:
            if run.source.read(where, MAX_TILE_BYTES) != data:
                run.found(2, FormatError(where, Message("the hashes of the entries"), Message("others")))
        except (FetchFailed, FormatError) as error:
            run.found(2, error)


def _earlier(run: _Audit, note: bytes) -> Checkpoint | None:
    if run.demands.earlier is None:
        return None
    earlier = open_checkpoint(run.demands.earlier, run.settings.origin, run.settings.log_key)
    if earlier.size > run.checkpoint.size:
        _inconsistent(run, note)
    return earlier


def _inconsistent(run: _Audit, note: bytes) -> None:
    both = "\n".join(part.decode("utf-8") for part in (run.demands.earlier or b"", note))
    run.found(3, Inconsistent("checkpoint", Message("one that continues the earlier one"), evidence=both))


def _discharge(run: _Audit, obligations: list[Obligation]) -> None:
    started = run.clock()
    culprits: tuple[int, ...] = ()
    try:
        verify_batch([obligation.claim for obligation in obligations])
    except BatchInvalid as failed:
        culprits = failed.culprits
    for place, obligation in enumerate(obligations):
        run.judged[obligation.index] = place not in culprits
    run.proof_seconds += run.clock() - started


def _payloads(run: _Audit, state: State) -> dict[bytes, bytes]:
    """7.8 The openings, each of them checked; those erased are not looked at."""
    payloads: dict[bytes, bytes] = {}
    for path in bundle_paths(run.checkpoint.size):
        where = payloads_path(path.index)
        try:
            lines = run.source.read(where, MAX_PAYLOADS_BYTES).split(b"\n")
        except (FetchFailed, FormatError) as error:
            run.found(8, error)
            continue
        if lines.pop() != b"":
            run.found(8, FormatError(where, Message("a line feed at the end"), Message("none")))
        commitments = []
        for line in lines:
            try:
                opening = parse_opening(line)
            except RubanError as error:
                run.found(8, error)
                continue
            commitments.append(opening.commitment)
            if opening.commitment not in state.commitments:
                run.found(8, CommitmentInvalid(where, Message("openings of the record"), opening.commitment.hex()))
            elif opening.commitment not in state.erased:
                payloads[opening.commitment] = opening.payload
        if commitments != sorted(set(commitments)):
            run.found(8, FormatError(where, Message("openings once each, sorted by c"), Message("another order")))
    return payloads


def _verdict(run: _Audit, state: State) -> Verdict:
    payloads = _payloads(run, state)
    included = run.settings.openings
    letters = [
        _letter(run, state, letter, payloads, included is None or letter.letter_id in included)
        for letter in state.letters.values()
    ]
    group = state.opened
    for commitment in (group.title, group.electorate_source, *group.organiser_names):
        _require(run, state, payloads, commitment)
    return Verdict(
        group=_text(payloads, group.title),
        origin=group.origin,
        roll_id=group.roll_id,
        log_key=group.log_key,
        entries=run.checkpoint.size,
        root=run.checkpoint.root,
        as_of=state.clock,
        window=group.window,
        rehearsal=group.rehearsal,
        electorate_date=group.electorate_date,
        electorate_source=_text(payloads, group.electorate_source),
        unknown=state.unknown,
        proofs=sum(run.judged.values()),
        proof_seconds=run.proof_seconds,
        letters=tuple(letters),
        findings=tuple(run.findings),
    )


def _require(run: _Audit, state: State, payloads: dict[bytes, bytes], commitment: bytes) -> None:
    """Every opening that a reader needs is there, or its erasure is in the record."""
    if commitment not in payloads and commitment not in state.erased:
        wanted = Message("one for {c}, or its erasure", c=commitment.hex())
        run.found(8, CommitmentInvalid("opening", wanted, Message("none")), state.commitments.get(commitment))


def _text(payloads: dict[bytes, bytes], commitment: bytes) -> str | None:
    data = payloads.get(commitment)
    return None if data is None else data.decode("utf-8", "replace")


def _letter(run: _Audit, state: State, letter: Letter, payloads: dict[bytes, bytes], included: bool) -> LetterVerdict:
    rows, names = state.roll.rows, []
    for text in letter.texts if included else ():
        for commitment in (text.title, text.text, text.addressee, *text.demands):
            _require(run, state, payloads, commitment)
    for reason in letter.reasons if included else ():
        _require(run, state, payloads, reason)
    for recorded in letter.signatures.values() if included else ():
        if recorded.row is None or recorded.withdrawn:
            continue
        row = rows[recorded.row]
        _require(run, state, payloads, row.claim)
        if (payload := payloads.get(row.claim)) is not None:
            # A name counts only as the row's claim has it, in the one form a claim may have.
            try:
                name, role = parse_claim(payload)
            except FormatError as error:
                run.found(8, error, recorded.index, "signature")
                continue
            if role != row.role:
                run.found(8, CommitmentInvalid("claim role", repr(row.role), repr(role)), recorded.index, "signature")
            names.append(name)
    return LetterVerdict(
        letter_id=letter.letter_id,
        status=status_of(letter, state.clock),
        texts=tuple(
            Texts(
                lang=text.lang,
                title=_text(payloads, text.title),
                addressee=_text(payloads, text.addressee),
                demands=tuple(_text(payloads, demand) for demand in text.demands),
            )
            for text in letter.texts
        ),
        texts_included=included,
        opening=letter.opening,
        closing=letter.closing,
        tally=tally(state, letter),
        series=tuple(letter.series),
        names=tuple(sorted(names)),
        reasons=tuple(filter(None, (_text(payloads, reason) for reason in letter.reasons))),
        superseded_by=letter.superseded_by,
    )
