"""Timing and telling: medians, the figures of a run, and the table at the end."""

import gc
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple


from compete.office.server import quiet_collector
from compete.office.simulate import percentile  # noqa: F401 - the other benchmarks take it from here


class Figure(NamedTuple):
    """One line of the summary. `ratio` is measured / bound, both of this run; 0 where nothing bounds it."""

    name: str
    target: str
    measured: str
    reached: bool
    ratio: float = 0.0
    note: str = ""


class Times(NamedTuple):
    """Seconds: the time of the processor alone, and the time on the clock (which other programs and the disk lengthen)."""

    median: float
    fastest: float
    clock: float

    @property
    def ms(self) -> str:
        return f"{self.median * 1000:.1f} ms (fastest {self.fastest * 1000:.1f}, on the clock {self.clock * 1000:.1f})"


def times(*jobs: Callable[[], object], runs: int = 15, seconds: float = 3.0) -> list[Times]:
    """Runs the jobs in turn, so that a busy moment of the machine hits them alike. At most `runs` rounds, about `seconds` in all, three where that is not beyond all patience."""
    for job in jobs:
        job()
    quiet_collector()
    found = [[] for _ in jobs]
    begun = time.perf_counter()
    for done in range(runs):
        spent = time.perf_counter() - begun
        if spent > seconds and (done >= 3 or spent > 4 * seconds):
            break
        for job, taken in zip(jobs, found, strict=True):
            clock, processor = time.perf_counter(), time.process_time()
            job()
            taken.append((time.process_time() - processor, time.perf_counter() - clock))
    gc.unfreeze()
    return [_times(taken) for taken in found]


def _times(taken: list[tuple[float, float]]) -> Times:
    processor, clock = zip(*taken, strict=True)
    return Times(statistics.median(processor), min(processor), statistics.median(clock))


def some(names: list[str], most: int = 4) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def table(rows: list[tuple], heads: tuple[str, ...]) -> str:
    """Plain columns; the first is left-aligned, the others right."""
    rows = [heads, *[tuple(str(cell) for cell in row) for row in rows]]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    return "\n".join(
        "  ".join(cell.ljust(width) if not column else cell.rjust(width) for column, (cell, width) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    )


def summary(figures: list[Figure]) -> str:
    rows = [
        (figure.name, figure.target, figure.measured, f"{figure.ratio:.1f}×" if figure.ratio else "", "" if figure.reached else "MISSED", figure.note)
        for figure in figures
    ]
    return table(rows, ("figure", "target", "measured", "to bound", "", "note"))
