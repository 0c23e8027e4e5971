"""Encryption of personal data at rest, and the secrets of this installation."""

import hashlib
import hmac
import json
import os
import secrets
from base64 import b64decode, b64encode
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FILE = "secrets.json"


class Vault:
    """Seals texts with AES-256-GCM; `fingerprint` finds equal texts without opening them."""

    def __init__(self, key: bytes):
        self._cipher = AESGCM(key)
        self._index_key = hashlib.sha256(b"index" + key).digest()

    def seal(self, text: str) -> bytes:
        nonce = secrets.token_bytes(12)
        return nonce + self._cipher.encrypt(nonce, text.encode(), None)

    def open(self, sealed: bytes) -> str:
        return self._cipher.decrypt(sealed[:12], sealed[12:], None).decode()

    def fingerprint(self, text: str) -> str:
        return hmac.new(self._index_key, text.encode(), hashlib.sha256).hexdigest()


def load(data: Path) -> dict:
    """The installation's secrets {"session": str, "vault": bytes}; made at the first start, readable by the owner only."""
    path = data / FILE
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept = json.loads(path.read_text("utf-8"))
    else:
        kept = {"session": secrets.token_hex(32), "vault": b64encode(secrets.token_bytes(32)).decode()}
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(kept, file)
            file.flush()
            os.fsync(file.fileno())
    return {"session": kept["session"], "vault": b64decode(kept["vault"])}
