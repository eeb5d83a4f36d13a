"""Every module of the core has its TypeScript twin of the same name or a reason why not; and the reverse."""

from __future__ import annotations

from tests.house.source import ROOT, modules

CORE = ("errors.py", "published.py", "primitives/", "proof/", "record/", "log/", "audit/")
PAGES = "page/"
"""What a browser does beyond the core; pages are made by Python, so nothing there has a twin of its name."""
NO_TWIN = {
    "proof/fold": "the twin multiplies many points at once, where folding four by four would be slower",
    "proof/vectors": "the twin judges vectors in its tests, not in the page",
    "record/acts": "pages show what organisers did as the server lists it",
    "record/deeds": "the same; what a recount needs of them stands in record/state",
    "record/attest": "a second party signs on the command line",
    "record/member": "page/member, which reads less than a whole record",
    "log/cosignature": "the page asks no witness yet",
    "log/policy": "the same",
    "log/witness": "a browser is none",
    "audit/archive": "a browser reads a record file by file",
    "audit/bundle": "a browser writes no bundle",
    "audit/witnesses": "the page asks no witness yet",
    "audit/contents": "a browser copies no record",
    "audit/fetch": "the page gives the recount a function that fetches",
}
NO_PYTHON = {
    "index": "what the bundle exports",
    "proof/words": "the recovery words, which Python has from the library mnemonic",
}


def _python() -> set[str]:
    return {m.removesuffix(".py") for m in modules() if m.startswith(CORE) and not m.endswith("__init__.py")}


def _typescript() -> set[str]:
    source = ROOT / "ts" / "src"
    found = {f.relative_to(source).with_suffix("").as_posix() for f in source.rglob("*.ts")}
    # What a browser shows and keeps has no twin: on the server's side there is nobody to show it to.
    return {name for name in found if not name.startswith("page/")}


def test_every_core_module_has_its_twin_or_a_reason() -> None:
    alone = _python() - _typescript()
    assert not {name for name in alone if not name.startswith(tuple(NO_TWIN))}


def test_every_twin_has_its_module_or_a_reason() -> None:
    assert not _typescript() - _python() - NO_PYTHON.keys()


def test_no_reason_outlives_its_case() -> None:
    alone = _python() - _typescript()
    assert all(any(name.startswith(prefix) for name in alone) for prefix in NO_TWIN)
    assert NO_PYTHON.keys() <= _typescript() - _python()
    assert len(_python() & _typescript()) > 10
