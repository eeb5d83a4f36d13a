"""Where Chromium is, for tests and for pictures alike: this module needs neither pytest nor Django."""

from __future__ import annotations

import shutil

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
"""Empty where none is installed."""
