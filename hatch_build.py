"""Compile the translations: for a wheel when it is built, for a checkout when run.py asks (`python hatch_build.py`).

An editable install leaves them to run.py, because a build hook does not run again after `git clean`.
"""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOCALE = Path("src", "ruban", "locale")


def compile_translations(root: Path) -> list[Path]:
    """Write a .mo beside every .po under `root`; what is untranslated or fuzzy stays English."""
    written = []
    for source in sorted((root / LOCALE).rglob("*.po")):
        with source.open("rb") as stream:
            catalogue = read_po(stream)
        compiled = BytesIO()
        write_mo(compiled, catalogue)
        target = source.with_suffix(".mo")
        # Put in place whole: a program that starts meanwhile must not read half of it.
        unfinished = target.with_suffix(f".{os.getpid()}.tmp")
        unfinished.write_bytes(compiled.getvalue())
        unfinished.replace(target)
        written.append(target)
    return written


class TranslationHook(BuildHookInterface[Any]):
    """hatchling calls this before it collects the files of a wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            compile_translations(Path(self.root))


if __name__ == "__main__":
    compile_translations(Path(__file__).resolve().parent)
