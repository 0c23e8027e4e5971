"""Competitions of this folder as plain workbooks: what is read from one is the same tally, to the last mark."""

import pytest

from compete.excel.tally_read import Rule, read_workbook
from compete.excel.tally_write import workbook
from scoring.form import write

from .build import file_of, tally


# Judges' marks and penalties; criteria in trees; gaps and recusals; awards, titles, teams; decisions; promotion.
NAMES = ("figure_skating", "skills_marking", "deliberation", "vocational", "high_jump", "heats", "slalom")


@pytest.mark.parametrize("name", NAMES)
def test_workbook_holds_the_whole_file(name, tmp_path):
    own, path = tally(file_of(name)), tmp_path / f"{name}.xlsx"
    path.write_bytes(workbook(write(own)))
    assert read_workbook(path, Rule()).tally == own
