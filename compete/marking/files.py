"""Files of the tablet and of the screens, each set served under one address that changes with any of its files.

Modules import each other by plain names; under a common stamp they may still be cached for a year.
"""

import hashlib
from pathlib import Path

from flask import current_app

KINDS = {".js": "text/javascript", ".css": "text/css"}


def read(folder: str = "marking") -> dict[str, tuple[bytes, str]]:
    """{name: (content, type)} of a folder of static/, read once."""
    kept = current_app.extensions.get(f"files:{folder}")
    if kept is None or current_app.debug:
        paths = sorted((Path(current_app.static_folder) / folder).iterdir())
        kept = {path.name: (path.read_bytes(), KINDS[path.suffix]) for path in paths if path.suffix in KINDS}
        current_app.extensions[f"files:{folder}"] = kept
    return kept


def stamp(folder: str = "marking") -> str:
    files = read(folder)
    return hashlib.sha256(b"".join(name.encode() + files[name][0] for name in sorted(files))).hexdigest()[:12]
