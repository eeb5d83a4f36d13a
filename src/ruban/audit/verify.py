"""Recount a record, trusting nobody: the nine steps of spec/record.md, 7.

Findings are collected, never raised, so that one fault does not hide another and the rest is still counted. Only a
source without a readable group or checkpoint cannot be audited at all.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from ruban.audit.fetch import Source
from ruban.audit.growing import GrowingTiles
from ruban.audit.openings import Openings, check_needed, read_openings
from ruban.audit.report import Attested, AuditFinding, Entitled, Settled, Verdict, letter_verdict
from ruban.audit.witnesses import check_witnesses
from ruban.errors import (
    CheckpointInvalid,
    CommitmentInvalid,
    FetchFailed,
    FormatError,
    Inconsistent,
    Message,
    QuorumMissing,
    RubanError,
    SignatureInvalid,
)
from ruban.log.checkpoint import Checkpoint, open_checkpoint
from ruban.log.merkle import Tree, leaf_hash
from ruban.log.policy import Policy
from ruban.log.tiles import MAX_BUNDLE_BYTES, TilePath, encode_path, parse_bundle
from ruban.proof import BatchInvalid, verify_batch
from ruban.published import (
    CHECKPOINT,
    MAX_CHECKPOINT_BYTES,
    MAX_SETTINGS_BYTES,
    MAX_TILE_BYTES,
    SETTINGS,
    Settings,
    bundle_paths,
    parse_settings,
)
from ruban.record.replay import Finding, Obligation, finish, replay
from ruban.record.state import State

PROOFS_AT_ONCE = 512
"""Proofs in one multi-scalar multiplication: enough to share a ring's terms, few enough to keep memory flat."""
MAX_ENTRIES = 10_000_000
"""Entries of a record, at most: whoever signs a checkpoint may claim any size."""
MAX_FINDINGS = 1000
"""Findings kept, with their evidence; more are only counted."""
MAX_REPLAYS = 3
"""Which rows fail, then which signatures, then the count (`replay`): no record needs another."""
MAX_READINGS = 3
"""How often a record that grew while it was read is read again."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it, of how much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demands:
    """What the reader already knows and wants to see confirmed."""

    origin: str | None = None
    log_key: bytes | None = None
    earlier: bytes | None = None
    """A checkpoint note seen before: the record must continue it."""
    policy: Policy | None = None
    """Which logs and witnesses the reader trusts, whatever the record says of its own."""
    kept_policy: bytes | None = None
    """A tlog-policy file kept from an earlier look; it counts where `policy` says nothing."""


@dataclass(slots=True)
class _Audit:
    source: Source
    progress: Progress
    clock: Callable[[], float]
    settings: Settings
    note: bytes
    checkpoint: Checkpoint
    earlier_note: bytes | None
    earlier: Checkpoint | None
    policy: Policy | None
    kept_policy: bytes | None
    findings: list[AuditFinding] = field(default_factory=list)
    left_out: int = 0
    digests: list[bytes] = field(default_factory=list)
    """SHA-256 of each entry bundle read: every replay must be of the same bytes."""
    judged: dict[int, bool] = field(default_factory=dict)
    """Entries whose proof has been judged, and whether it holds."""
    proof_seconds: float = 0.0

    def found(
        self, step: int, error: RubanError, index: int | None = None, kind: str | None = None, leaf: bytes | None = None
    ) -> None:
        if len(self.findings) >= MAX_FINDINGS:
            self.left_out += 1
            return
        evidence = error.evidence if isinstance(error.evidence, str) else None if leaf is None else leaf.hex()
        self.findings.append(AuditFinding(step=step, error=error, index=index, kind=kind, evidence=evidence))


def audit(
    source: Source,
    demands: Demands | None = None,
    progress: Progress = lambda what, done, total: None,
    clock: Callable[[], float] = time.monotonic,
) -> tuple[Verdict, State]:
    """The verdict on everything in `source`, and the state that the recount ended in.

    Raises FormatError, FetchFailed or CheckpointInvalid where there is no signed record to audit, or where `demands`
    are not those of this record.
    """
    readings = 1
    while True:
        run = _begin(source, Demands() if demands is None else demands, progress, clock)
        verdict, state = _audit(run)
        # Openings are published for the newest checkpoint: a record that has grown meanwhile is no finding.
        if verdict.holds or readings == MAX_READINGS or source.read(CHECKPOINT, MAX_CHECKPOINT_BYTES) == run.note:
            return verdict, state
        readings += 1


def _begin(source: Source, demands: Demands, progress: Progress, clock: Callable[[], float]) -> _Audit:
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
    if checkpoint.size > MAX_ENTRIES:
        raise FormatError("checkpoint size", Message("at most {n} entries", n=MAX_ENTRIES), str(checkpoint.size))
    earlier = None
    if demands.earlier is not None:
        earlier = open_checkpoint(demands.earlier, settings.origin, settings.log_key)
    policy = demands.policy
    if policy is not None and policy.logs and settings.log_key not in {log.public for log in policy.logs}:
        raise CheckpointInvalid("log key", Message("one of the policy's logs"), settings.log_key.hex())
    return _Audit(
        source, progress, clock, settings, note, checkpoint, demands.earlier, earlier, policy, demands.kept_policy
    )


def _audit(run: _Audit) -> tuple[Verdict, State]:
    # 7.2 and 7.3 go with the first replay; 7.4 to 7.7 begin again where proofs fail: their entries have no effect.
    rejected: frozenset[int] = frozenset()
    state, replay_findings = _recount(run, rejected, first=True)
    for _ in range(MAX_REPLAYS - 1):
        failed = frozenset(index for index, holds in run.judged.items() if not holds)
        if failed == rejected:
            break
        rejected = failed
        state, replay_findings = _recount(run, rejected, first=False)
    for finding, leaf in replay_findings.kept:
        run.found(_step_of(finding), finding.error, finding.index, finding.kind, leaf)
    run.left_out += replay_findings.more
    if state.group is None:
        raise FormatError("entry 0", Message("a group.opened that holds"), Message("another entry"))
    # 7.1 The entries decide who may sign; ruban.json only says where to begin.
    said = (run.settings.origin, run.settings.log_key, run.settings.receipt_key)
    if said != (state.group.origin, state.group.log_key, state.group.receipt_key):
        run.found(1, CheckpointInvalid(SETTINGS, Message("origin and keys of group.opened"), Message("others")))
    # 7.1 Witnesses: those whom the reader trusts, else those whom the record names or named itself.
    witnesses = check_witnesses(run.source, run.note, run.policy, run.kept_policy, lambda error: run.found(1, error))
    # 7.8 Openings.
    openings, included = _openings(run, state)
    # 7.9 The verdict.
    return replace(_verdict(run, state, openings, included), witnesses=witnesses), state


def _step_of(finding: Finding) -> int:
    """Which step finds it: 5 for signatures of organisers, 6 for the roll, 7 for what members say, else 4."""
    if isinstance(finding.error, SignatureInvalid | QuorumMissing):
        return 5
    return {"roll.row": 6, "roll.checkpoint": 6, "signature": 7, "statement": 7}.get(finding.kind or "", 4)


def _bundles(run: _Audit, *, first: bool) -> Iterator[tuple[TilePath, list[bytes]]]:
    """The entries, bundle by bundle; a missing or damaged one ends the record there, as a finding.

    FetchFailed if a later reading gives other bytes than the first: two records must not be mixed in one verdict.
    """
    for number, path in enumerate(bundle_paths(run.checkpoint.size)):
        if not first and number == len(run.digests):
            return
        where = encode_path(path)
        try:
            data = run.source.read(where, MAX_BUNDLE_BYTES)
            leaves = parse_bundle(data, path.width)
        except (FetchFailed, FormatError) as error:
            if not first:
                raise
            run.found(2, error)
            return
        digest = hashlib.sha256(data).digest()
        if first:
            run.digests.append(digest)
        elif digest != run.digests[number]:
            raise FetchFailed(where, Message("the same bytes at each reading"), Message("others"))
        yield path, leaves


@dataclass(slots=True)
class _Replayed:
    """The findings of one replay, each with the leaf it is about: so many, and how many more."""

    kept: list[tuple[Finding, bytes | None]] = field(default_factory=list)
    more: int = 0

    def add(self, finding: Finding, leaf: bytes | None) -> None:
        if len(self.kept) < MAX_FINDINGS:
            self.kept.append((finding, leaf))
        else:
            self.more += 1


def _recount(run: _Audit, rejected: frozenset[int], *, first: bool) -> tuple[State, _Replayed]:
    state, tree, tiles, replayed = State(), Tree(), GrowingTiles(), _Replayed()
    waiting: list[Obligation] = []
    for _, leaves in _bundles(run, first=first):
        if first:
            _hash(run, tree, tiles, leaves)
        # 7.4, 7.5 and 7.6 Form, order, times; signatures of organisers; the roll.
        start = state.size
        outcome = replay(state, leaves, rejected)
        for finding in outcome.findings:
            replayed.add(finding, leaves[finding.index - start] if finding.index >= start else None)
        # 7.7 Proofs, many at once.
        waiting += [obligation for obligation in outcome.obligations if obligation.index not in run.judged]
        while len(waiting) >= PROOFS_AT_ONCE:
            _discharge(run, waiting[:PROOFS_AT_ONCE])
            del waiting[:PROOFS_AT_ONCE]
        run.progress("recount", state.size, run.checkpoint.size)
    if waiting:
        _discharge(run, waiting)
        run.progress("proofs", len(run.judged), len(run.judged))
    for ended in finish(state):
        replayed.add(ended, None)
    if first:
        # 7.2 Size and root are the signed ones; the tiles are those of the same tree.
        if tree.size == run.checkpoint.size and tree.root() != run.checkpoint.root:
            run.found(2, CheckpointInvalid("root", run.checkpoint.root.hex(), tree.root().hex()))
        for path, data in tiles.partial():
            _check_tile(run, path, data)
        _check_size(run)
    return state, replayed


def _hash(run: _Audit, tree: Tree, tiles: GrowingTiles, leaves: list[bytes]) -> None:
    """7.2 and 7.3 for some entries more."""
    for leaf in leaves:
        hashed = leaf_hash(leaf)
        tree.append(hashed)
        for path, data in tiles.add(hashed):
            _check_tile(run, path, data)
        # 7.3 Consistency with an earlier checkpoint: the same entries must give its root.
        earlier = run.earlier
        if earlier is not None and tree.size == earlier.size and tree.root() != earlier.root:
            expected = Message("one that continues the earlier one")
            run.found(3, Inconsistent("checkpoint", expected, evidence=_both_notes(run)))


def _check_size(run: _Audit) -> None:
    """7.3 A record shorter than one seen before is an old copy or hides its end; both notes may well be true."""
    if run.earlier is not None and run.earlier.size > run.checkpoint.size:
        least = Message("{n} or more, as seen before", n=run.earlier.size)
        size = str(run.checkpoint.size)
        run.found(3, CheckpointInvalid("checkpoint size", least, size, evidence=_both_notes(run)))


def _both_notes(run: _Audit) -> str:
    return "\n".join(part.decode("utf-8") for part in (run.earlier_note or b"", run.note))


def _check_tile(run: _Audit, path: TilePath, data: bytes) -> None:
    where = encode_path(path)
    try:
        if run.source.read(where, MAX_TILE_BYTES) != data:
            run.found(2, FormatError(where, Message("the hashes of the entries"), Message("others")))
    except (FetchFailed, FormatError) as error:
        run.found(2, error)


def _discharge(run: _Audit, obligations: list[Obligation]) -> None:
    started = run.clock()
    culprits: frozenset[int] = frozenset()
    try:
        verify_batch([obligation.claim for obligation in obligations])
    except BatchInvalid as failed:
        culprits = frozenset(failed.culprits)
    for place, obligation in enumerate(obligations):
        run.judged[obligation.index] = place not in culprits
    run.proof_seconds += run.clock() - started


def _openings(run: _Audit, state: State) -> tuple[Openings, set[bytes]]:
    """7.8 What the openings say, and the letters whose openings the publisher says are here."""

    def found(error: RubanError, index: int | None) -> None:
        run.found(8, error, index)

    chosen = run.settings.openings
    included = set(state.letters) if chosen is None else set(chosen) & set(state.letters)
    for letter_id in () if chosen is None else chosen:
        if letter_id not in state.letters:
            found(FormatError(SETTINGS, Message("letters of the record"), letter_id.hex()), None)
    openings = read_openings(run.source, len(run.digests), state, found)
    check_needed(openings, state, included, found)
    for letter_id in state.letters:
        for recorded in state.letters[letter_id].signatures.values():
            row = None if recorded.row is None else state.roll.rows[recorded.row]
            claim = None if row is None else openings.claims.get(row.claim)
            if row is not None and claim is not None and claim[1] != row.role:
                found(CommitmentInvalid("claim role", repr(row.role), repr(claim[1])), recorded.index)
    return openings, included


def _verdict(run: _Audit, state: State, openings: Openings, included: set[bytes]) -> Verdict:
    group = state.opened
    return Verdict(
        group=openings.lines.get(group.title),
        origin=group.origin,
        roll_id=group.roll_id,
        log_key=group.log_key,
        entries=run.checkpoint.size,
        root=run.checkpoint.root,
        note=run.note,
        as_of=state.clock,
        window=group.window,
        rehearsal=group.rehearsal,
        electorates=tuple(
            Entitled(at=e.at, entitled=e.entitled, date=e.date, source=openings.lines.get(e.source))
            for e in state.electorates
        ),
        attestations=tuple(
            Attested(
                by=openings.lines.get(state.attesters[said.key].name),
                named_at=state.attesters[said.key].at,
                method=openings.lines.get(said.method),
                said=said,
            )
            for said in state.attestations
        ),
        disputes=state.open_disputes,
        settled=tuple(
            Settled(at=settled.at, reason=openings.lines.get(settled.reason)) for settled in state.settlements
        ),
        unknown=state.unknown,
        proofs=sum(run.judged.values()),
        proof_seconds=run.proof_seconds,
        letters=tuple(
            letter_verdict(state, letter, openings, included=letter.letter_id in included)
            for letter in state.letters.values()
        ),
        findings=tuple(run.findings),
        findings_left_out=run.left_out,
    )
