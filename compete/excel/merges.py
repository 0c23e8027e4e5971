"""Merged cells: which cell holds the value that a covered cell shows."""

from dataclasses import dataclass

from compete.excel.reader import Sheet

# Covered cells that we are willing to list; a sheet in print never comes near.
MAX_COVERED = 2_000_000


@dataclass(frozen=True)
class Merges:
    origin: dict[tuple[int, int], tuple[int, int]]
    span: dict[tuple[int, int], tuple[int, int]]

    @classmethod
    def of(cls, sheet: Sheet) -> "Merges | None":
        """None when hostile merges would cover more than MAX_COVERED used cells."""
        origin, span = {}, {}
        height, width = sheet.height, sheet.width
        budget = MAX_COVERED
        for top, left, bottom, right in sheet.merges:
            if top > height or left > width:
                continue
            right_seen = min(right, width)
            budget -= (min(bottom, height) - top + 1) * (right_seen - left + 1)
            if budget < 0:
                return None
            span[top, left] = (bottom, right)
            for row in range(top, min(bottom, height) + 1):
                for column in range(left, right_seen + 1):
                    origin[row, column] = (top, left)
        return cls(origin, span)

    def text(self, sheet: Sheet, row: int, column: int) -> str:
        """What a person reads at a place."""
        place = self.origin.get((row, column), (row, column))
        return sheet.cells.get(place[0], {}).get(place[1], "")

    def width(self, row: int, column: int) -> int:
        place = self.span.get((row, column))
        return place[1] - column + 1 if place else 1
