"""The tablet's own files, served under one address that changes with any of them.

Modules import each other by plain names; under a common stamp they may still be cached for a year.
"""

import hashlib
from pathlib import Path

from flask import current_app

KINDS = {".js": "text/javascript", ".css": "text/css"}


def read() -> dict[str, tuple[bytes, str]]:
    """{name: (content, type)} of static/marking, read once."""
    kept = current_app.extensions.get("marking.files")
    if kept is None or current_app.debug:
        folder = Path(current_app.static_folder) / "marking"
        kept = {path.name: (path.read_bytes(), KINDS[path.suffix]) for path in sorted(folder.iterdir()) if path.suffix in KINDS}
        current_app.extensions["marking.files"] = kept
    return kept


def stamp() -> str:
    files = read()
    return hashlib.sha256(b"".join(name.encode() + files[name][0] for name in sorted(files))).hexdigest()[:12]
