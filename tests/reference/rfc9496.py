"""RFC 9496, appendix A, for ristretto255, as vectors/third_party/rfc9496.json has it."""

from __future__ import annotations

import json
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "vectors" / "third_party" / "rfc9496.json"
_VECTORS = json.loads(FILE.read_text("ascii"))
MULTIPLES: list[str] = _VECTORS["multiples_of_the_generator"]
BAD_ENCODINGS: list[str] = [encoding for group in _VECTORS["bad_encodings"] for encoding in group["encodings"]]
DERIVED: list[dict[str, str]] = _VECTORS["one_way_map"]
SAME_POINT: dict[str, object] = _VECTORS["one_way_map_to_one_point"]
