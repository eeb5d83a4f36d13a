"""What the operator hears of a fault of ours: its kind and where it was, never whose request, nor what that held."""

from __future__ import annotations

import sys
import traceback
from typing import Any


def report_fault(**signal: Any) -> None:
    """Print the kind of the exception under way and the lines that it came through. Its message may hold names."""
    kind, _, trace = sys.exc_info()
    if kind is None:
        return
    where = "".join(
        f"  {frame.filename}, line {frame.lineno}, in {frame.name}\n" for frame in traceback.extract_tb(trace)
    )
    print(f"ruban: a fault of ours: {kind.__name__}\n{where}", file=sys.stderr, end="", flush=True)
