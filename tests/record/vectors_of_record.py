"""Makes vectors/record: `python -m tests.record.vectors_of_record`. A test compares the files with what it makes."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruban.audit.verify import Demands, audit
from ruban.errors import RubanError
from ruban.log.checkpoint import Checkpoint, sign_checkpoint
from ruban.log.merkle import leaf_hash, root_of
from ruban.log.tiles import bundles_of, encode_path, tiles_of
from ruban.published import CHECKPOINT
from tests.record.small_faults import FAULTS, Fault
from tests.record.small_faults_later import FAULTS_LATER
from tests.record.small_record import SmallRecord
from tests.record.tables_of_spec import write_tables
from tests.scribe import LOG, MemorySource

FOLDER = Path(__file__).resolve().parents[2] / "vectors" / "record"
Files = dict[str, bytes]


def verdict_json(files: Files, earlier: bytes | None = None) -> dict[str, Any]:
    """The verdict without the time it took."""
    verdict = audit(MemorySource(files), Demands(earlier=earlier), clock=lambda: 0.0)[0].as_json()
    del verdict["proofs"]["seconds"]
    return verdict


def judge(files: Files, earlier: bytes | None) -> dict[str, Any]:
    """What a case expects: its findings in order, and each letter's count; or the error of what cannot be audited."""
    try:
        verdict = verdict_json(files, earlier)
    except RubanError as error:
        return {"raises": type(error).__name__}
    findings = [{key: finding[key] for key in ("step", "error", "entry")} for finding in verdict["findings"]]
    return {"findings": findings, "signed": [letter["tally"]["signed"] for letter in verdict["letters"]]}


def resigned(small: SmallRecord, files: Files, leaves: list[bytes]) -> Files:
    """The files of a dishonest publisher who puts other entries under a signed root of their own."""
    root = root_of([leaf_hash(leaf) for leaf in leaves])
    note = sign_checkpoint(Checkpoint(origin=small.origin, size=len(leaves), root=root), LOG)
    derived = [*tiles_of([leaf_hash(leaf) for leaf in leaves]), *bundles_of(leaves)]
    return files | {CHECKPOINT: note} | {encode_path(path): data for path, data in derived}


def difference(before: Files, after: Files) -> Iterator[dict[str, Any]]:
    """Per file the one stretch that differs."""
    for path in sorted(before):
        old, new = before[path], after[path]
        if old == new:
            continue
        start = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
        end = 0
        while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
            end += 1
        removed, inserted = len(old) - start - end, new[start : len(new) - end]
        yield {"file": path, "at": start, "remove": removed, "insert": inserted.hex()}


def splice(files: Files, splices: list[dict[str, Any]]) -> Files:
    """The files with the stretches replaced: how a reader of a case makes its record."""
    changed = dict(files)
    for each in splices:
        data, at = changed[each["file"]], each["at"]
        changed[each["file"]] = data[:at] + bytes.fromhex(each["insert"]) + data[at + each["remove"] :]
    return changed


def _case(small: SmallRecord, files: Files, fault: Fault) -> dict[str, Any]:
    dishonest, earlier = files, None
    if fault.leaves is not None:
        leaves = list(small.leaves)
        fault.leaves(small, leaves)
        dishonest = resigned(small, files, leaves)
    if fault.files is not None:
        dishonest = dict(dishonest)
        fault.files(small, dishonest)
    if fault.earlier is not None:
        earlier = fault.earlier(small)
    splices = list(difference(files, dishonest))
    if splice(files, splices) != dishonest:
        raise ValueError(fault.name)
    case: dict[str, Any] = {"name": fault.name, "splices": splices, "expect": judge(dishonest, earlier)}
    _check(fault, case["expect"])
    return case if earlier is None else case | {"earlier": earlier.decode()}


def _check(fault: Fault, expect: dict[str, Any]) -> None:
    """What was meant must be what is found, and come from the code only for the rest."""
    found = [(finding["step"], finding["error"]) for finding in expect.get("findings", ())]
    if isinstance(fault.expect, str):
        if expect != {"raises": fault.expect}:
            raise ValueError(f"{fault.name}: {expect}")
    elif (not fault.expect and found) or any(wanted not in found for wanted in fault.expect):
        raise ValueError(f"{fault.name}: {found}")


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _zip(files: Files) -> bytes:
    """Stored, not deflated: compressors differ between machines."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        for path in sorted(files):
            info = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o644 << 16
            file.writestr(info, files[path])
    return out.getvalue()


def made() -> dict[str, bytes]:
    """Every file of the folder but its README."""
    small = SmallRecord().make()
    if small.findings:
        raise ValueError(str(small.findings))
    files = small.publish().files
    return {
        "small.zip": _zip(files),
        "small.json": _json(verdict_json(files)),
        "faults.json": _json([_case(small, files, fault) for fault in (*FAULTS, *FAULTS_LATER)]),
        "entries.txt": b"\n".join(small.leaves) + b"\n",
    } | {f"small/{path}": data for path, data in files.items()}


if __name__ == "__main__":
    for name, data in made().items():
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_bytes(data)
    write_tables()
