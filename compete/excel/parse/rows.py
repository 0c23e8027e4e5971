"""What every parser hands back, and the ceilings that keep a hostile file harmless."""

from dataclasses import dataclass, field

MAX_CELLS = 800_000
MAX_CHARACTERS = 64_000_000
MAX_MERGES = 200_000
MAX_SHEETS = 200


class Refused(Exception):
    """The file cannot be read; `code` is a key of reader.REFUSALS."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass
class ParsedSheet:
    """One sheet: rows as [row, column, text, column, text, …], only cells that hold something."""

    name: str
    hidden: bool = False
    rows: list = field(default_factory=list)
    flags: list = field(default_factory=list)
    merges: list = field(default_factory=list)
    hidden_columns: list = field(default_factory=list)
    hidden_rows: list = field(default_factory=list)


class Budget:
    """Counts cells and characters over all sheets of one workbook."""

    def __init__(self):
        self.cells = 0
        self.characters = 0

    def spend(self, row: list) -> None:
        """For a row as ParsedSheet keeps it."""
        self.characters += sum(map(len, row[2::2]))
        self.count(len(row) // 2)

    def count(self, cells: int) -> None:
        self.cells += cells
        if self.cells > MAX_CELLS or self.characters > MAX_CHARACTERS:
            raise Refused("too_large")
