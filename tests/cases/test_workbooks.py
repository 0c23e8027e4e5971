"""Every competition of this folder as a plain workbook: what is read from it is the same tally, to the last mark."""

import pytest

from compete.excel.tally_read import Rule, read_workbook
from compete.excel.tally_write import workbook
from scoring.form import write

from .build import HERE, file_of, tally


@pytest.mark.parametrize("name", sorted(path.stem for path in HERE.glob("*.json")))
def test_workbook_holds_the_whole_file(name, tmp_path):
    own, path = tally(file_of(name)), tmp_path / f"{name}.xlsx"
    path.write_bytes(workbook(write(own)))
    assert read_workbook(path, Rule()).tally == own
