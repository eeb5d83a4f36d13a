"""A witness: cosigns checkpoints of the logs it was told of, each only if it extends all it has ever cosigned.

A folder holds witness.key, the witness's name, the logs' keys, and the newest cosigned checkpoint of each log. It is of
no group: a union, a newspaper, another instance runs one. What it learns is sizes and roots.
"""

from __future__ import annotations

import hashlib
import threading
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from ruban.durable import write_durably
from ruban.errors import CheckpointInvalid, FormatError, Message, Refused, SignatureInvalid, StoreCorrupt, StoreError
from ruban.log.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint, parse_origin
from ruban.log.cosignature import CosignerKey, cosign
from ruban.log.note import MAX_NOTE_BYTES, Note, encode_note, encode_vkey, parse_key_name, parse_note, parse_vkey
from ruban.log.witness import AddCheckpoint, checkpoint_text, encode_answer, judge, parse_request
from ruban.primitives.ed25519 import public_key
from ruban.primitives.encoding import parse_hex
from ruban.primitives.randomness import random_bytes
from ruban.store.posix import FolderLock, make_private_folder

KEY_FILE, NAME_FILE, LOGS_FILE, LOCK_FILE = "witness.key", "witness.name", "logs", "lock"
SEED_BYTES = 32
MAX_FILE_BYTES = 1_048_576


@dataclass(frozen=True, slots=True)
class Witness:
    """An open witness. Made by `open_witness`; any thread may ask it, one at a time."""

    folder: Path
    name: str
    seed: bytes = field(repr=False)
    logs: dict[str, bytes]
    """Ed25519 key by origin."""
    _opened: ExitStack = field(repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def key(self) -> CosignerKey:
        """What others know it by."""
        return CosignerKey(name=self.name, public=public_key(self.seed))

    def add_checkpoint(self, body: bytes, now: int) -> bytes:
        """The signature line for the checkpoint in a request, once it is durable that it was cosigned.

        FormatError for what is no request; Refused for a log that it does not watch; SignatureInvalid where the log's
        key has not signed; Inconsistent where another size, or another root of it, was cosigned last; CheckpointInvalid
        for a proof that does not hold; StoreError where the disk refuses.
        """
        request = parse_request(body)
        origin = checkpoint_text(request.note).origin
        if origin not in self.logs:
            raise Refused("origin", Message("a log that this witness watches"), Message("another"))
        try:
            new = open_checkpoint(request.note, origin, self.logs[origin])
        except CheckpointInvalid as wrong:
            raise SignatureInvalid(wrong.field, wrong.expected, wrong.got) from wrong
        with self._lock:
            return self._cosigned(request, new, now)

    def _cosigned(self, request: AddCheckpoint, new: Checkpoint, now: int) -> bytes:
        judge(request, new, self.latest(new.origin))
        text = parse_note(request.note).text
        line = cosign(text, self.name, self.seed, now)
        # Durable before it is given away: a witness that forgot could cosign a fork.
        try:
            write_durably(self._path(new.origin), encode_note(Note(text=text, signatures=(line,))))
        except OSError as error:
            raise StoreError("witness", Message("a disk that works"), error.strerror or "") from error
        return encode_answer((line,))

    def latest(self, origin: str) -> Checkpoint | None:
        """The newest checkpoint that was cosigned of a log; None before the first. StoreCorrupt for a damaged file."""
        path = self._path(origin)
        if not path.exists():
            return None
        try:
            found = parse_checkpoint(parse_note(_read(path, MAX_NOTE_BYTES)).text)
        except FormatError as wrong:
            raise StoreCorrupt(path.name, Message("a checkpoint"), str(wrong)) from wrong
        if found.origin != origin:
            raise StoreCorrupt(path.name, Message("a checkpoint of its log"), Message("of another"))
        return found

    def close(self) -> None:
        """Let another process have the folder."""
        self._opened.close()

    def _path(self, origin: str) -> Path:
        return self.folder / f"{hashlib.sha256(origin.encode()).hexdigest()}.note"


def make_witness(folder: Path, name: str) -> CosignerKey:
    """A new witness's key in `folder`; StoreError if there is one, FormatError for what cannot name a key."""
    parse_key_name("name", name)
    make_private_folder(folder)
    if (folder / KEY_FILE).exists():
        raise StoreError("folder", Message("one without a witness"), Message("a witness's folder"))
    seed = random_bytes(SEED_BYTES)
    write_durably(folder / LOGS_FILE, b"")
    write_durably(folder / NAME_FILE, f"{name}\n".encode())
    # Last: a folder with a key is whole.
    write_durably(folder / KEY_FILE, f"{seed.hex()}\n".encode())
    return CosignerKey(name=name, public=public_key(seed))


def watch(folder: Path, vkey: str) -> None:
    """Watch one log more, by its verifier key. Refused if its origin is watched already, under whatever key."""
    log = parse_vkey(vkey)
    parse_origin("origin", log.name)
    witness = open_witness(folder)
    try:
        if log.name in witness.logs:
            raise Refused("origin", Message("one that is not watched yet"), log.name)
        lines = _read(folder / LOGS_FILE, MAX_FILE_BYTES) + f"{encode_vkey(log)}\n".encode()
        write_durably(folder / LOGS_FILE, lines)
    finally:
        witness.close()


def open_witness(folder: Path) -> Witness:
    """The witness in `folder`, every file of it read; StoreError, StoreLocked, StoreCorrupt."""
    if not (folder / KEY_FILE).is_file():
        raise StoreError(
            "folder",
            Message("a witness's folder"),
            Message("one without a witness"),
            hint=Message("Make one first: ruban witness make NAME."),
        )
    with ExitStack() as opened:
        opened.enter_context(FolderLock(folder / LOCK_FILE))
        try:
            seed = parse_hex("witness.key", _read(folder / KEY_FILE, 65).decode("ascii").removesuffix("\n"), SEED_BYTES)
            name = parse_key_name("name", _read(folder / NAME_FILE, MAX_FILE_BYTES).decode().removesuffix("\n"))
            lines = _read(folder / LOGS_FILE, MAX_FILE_BYTES).decode().split("\n")[:-1]
            logs = {key.name: key.public for key in map(parse_vkey, lines)}
        except (FormatError, UnicodeDecodeError):
            # Nothing of a key goes into an error.
            raise StoreCorrupt("witness", Message("its key, name and logs"), Message("a damaged file")) from None
        witness = Witness(folder, name, seed, logs, opened.pop_all())
    try:
        for origin in logs:
            witness.latest(origin)
    except BaseException:
        witness.close()
        raise
    return witness


def _read(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise StoreError(path.name, Message("a file that can be read"), error.strerror or "") from None
