"""Long lists: text stays text, whatever the length decides about the writer."""

from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from compete.excel import lists

ROW = ["=1+1", "+86", "@x", "䶮㛃𬱖㙟😀", "0012", "a\x01b", 5, Decimal("12.5"), "末"]
HEADERS = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬"]


@pytest.mark.parametrize("count", [3, lists.MANY + 1])
def test_values_come_back_as_they_were(count):
    data = lists.plain_list(HEADERS, ([*ROW[:4], f"{n:06d}", *ROW[5:]] for n in range(count)))
    sheet = load_workbook(BytesIO(data), read_only=True).active
    found = list(sheet.iter_rows(values_only=True))
    assert found[0] == tuple(HEADERS)
    assert len(found) == count + 1
    assert found[1] == ("=1+1", "+86", "@x", "䶮㛃𬱖㙟😀", "000000", "ab", 5, 12.5, "末")
    assert found[-1][4] == f"{count - 1:06d}"


def test_longest_cell_is_cut_visibly():
    data = lists.plain_list(["甲"], [["字" * 40_000]])
    assert load_workbook(BytesIO(data)).active["A2"].value.endswith("…")
