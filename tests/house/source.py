"""The files that this project keeps, and syntax trees of those in src/ruban: read once, used by every house test."""

from __future__ import annotations

import ast
import subprocess
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "ruban"

_GENERATED = {".git", ".tools", ".venv", "node_modules", "dist", "demo", "out", "__pycache__"}
_CACHES = {".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache"}


@lru_cache(maxsize=1)
def kept_files() -> tuple[Path, ...]:
    """Every file that is or would be committed; from git where there is one, else all but what is generated."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        paths = [p for p in ROOT.rglob("*") if not (_GENERATED | _CACHES) & set(p.relative_to(ROOT).parts)]
    return tuple(sorted(p for p in paths if p.is_file()))


@lru_cache(maxsize=1)
def modules() -> dict[str, ast.Module]:
    """The syntax tree of every module, by its path below src/ruban."""
    files = sorted(SOURCE.rglob("*.py"))
    return {f.relative_to(SOURCE).as_posix(): ast.parse(f.read_text("utf-8")) for f in files}
