"""How the fields of a scheme say what they mean: one line feeds the file form, its JSON Schema and its manual."""

from dataclasses import MISSING, field
from typing import Any

# What an int of a field counts; in a file people write points, percent and yuan.
UNITS = {"points": 10_000, "percent": 10_000, "ratio": 100, "yuan": 100}


def spec(label: str, meaning: str, example: Any, default: Any = MISSING, *, unit: str = "", since: int = 1, rules: str = "") -> Any:
    """A dataclass field with its Chinese label, meaning and an example as people write it in a file.

    `unit`: what its ints count (a key of UNITS, or "number" for an exact number kept as text); `since`: the version of the
    scheme's format that brought it; `rules`: the catalogue its codes come from.
    """
    notes = {"label": label, "meaning": meaning, "example": example, "unit": unit, "since": since, "rules": rules}
    return field(metadata=notes) if default is MISSING else field(default=default, metadata=notes)
