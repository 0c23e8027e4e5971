"""A workbook under construction.

openpyxl makes the file, its styles and its pages; the cells themselves are put in as ready XML, which takes a fifth of the time
and stores beside each formula the value it must come to (openpyxl writes formulas without values).
"""
from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.pagebreak import Break

from compete.excel.style import (
    BODY_FACE,
    HEAD_FACE,
    UNIT_FACE,
    UNIT_SIZE,
    Look,
    Paper,
    column_units,
    escape_codes,
    row_height,
    safe_text,
    sheet_name,
    short,
)

A4_WIDTH, A4_HEIGHT, MARGIN = 595.0, 842.0, 42.5        # points; 15 mm
PORTRAIT, LANDSCAPE = A4_WIDTH - 2 * MARGIN, A4_HEIGHT - 2 * MARGIN


LETTERS = [""] + [get_column_letter(n) for n in range(1, 1001)]
FORMULA_STARTS = frozenset("=+-@")


class Formula:
    """A formula and the value it must come to: programs that do not calculate (previews, importers) show the value."""
    __slots__ = ("text", "value")

    def __init__(self, text: str, value: int | Decimal | str):
        self.text, self.value = text, value

    def xml(self) -> str:
        formula = f"<f>{escape(self.text)}</f>"
        if isinstance(self.value, str):
            return f' t="str">{formula}<v>{escape(safe_text(self.value))}</v></c>'
        value = f"{self.value:f}" if isinstance(self.value, Decimal) else self.value
        return f">{formula}<v>{value}</v></c>"


class Book:
    def __init__(self, paper: Paper, title: str):
        self.paper, self.title = paper, title
        self.work = Workbook()
        self.work.remove(self.work.active)
        self.work._fonts.clear()                          # the first font of the file is the unit of its column widths
        self.work._fonts.add(Font(UNIT_FACE, UNIT_SIZE))
        self.work._named_styles["Normal"].font = Font(UNIT_FACE, UNIT_SIZE)
        self.work.properties.title = safe_text(f"{paper.contest} {title}")
        self.work.properties.creator = safe_text(paper.made_by)
        self._names: set[str] = set()
        self._styles: dict[Look, int] = {}
        self._known: dict[int, tuple[Look, int]] = {}
        self.sheets: list[Sheet] = []
        self._sides = {"thin": Side("thin", "000000"), "hair": Side("hair", "000000")}

    def sheet(self, name: str, widths: list[float], *, landscape: bool = False, fit: bool = True) -> Sheet:
        work = self.work.create_sheet(sheet_name(name, self._names))
        sheet = Sheet(self, work, widths)
        sheet.set_up(landscape, fit)
        self.sheets.append(sheet)
        return sheet

    def style(self, look: Look) -> int:
        """The number of a look in the file. Found by identity first: hashing a look for each of 35,000 cells costs more than the cells."""
        known = self._known.get(id(look))
        if known is None:
            number = self._styles.get(look)
            if number is None:
                number = self._styles[look] = self._new_style(look)
            known = self._known[id(look)] = (look, number)      # the look is kept alive, so its id stays its own
        return known[1]

    def _new_style(self, look: Look) -> int:
        sheet = self.sheets[0].work
        cell = sheet.cell(1, 1)
        family = 2 if look.face == HEAD_FACE else 1
        cell.font = Font(look.face, look.size, bold=look.bold, color="FF" + look.color, strike=look.strike or None,
                         family=family, charset=134)
        cell.alignment = Alignment(look.across, look.upright, wrap_text=look.wrap or None, indent=look.indent)
        cell.border = self._border(look.edges)
        if look.fill:
            cell.fill = PatternFill("solid", fgColor="FF" + look.fill)
        cell.number_format = look.number
        cell.quotePrefix = look.text
        number = cell.style_id
        del sheet._cells[(1, 1)]
        return number

    def _border(self, edges: str) -> Border:
        thin, hair = self._sides["thin"], self._sides["hair"]
        if edges == "thin":
            return Border(thin, thin, thin, thin)
        if edges == "group":
            return Border(thin, thin, hair, hair)
        return Border(bottom=thin) if edges == "under" else Border()

    def to_bytes(self) -> bytes:
        for sheet in self.sheets:
            sheet.work.sheet_view.tabSelected = sheet is self.sheets[0]
        empty, out = io.BytesIO(), io.BytesIO()
        self.work.save(empty)
        with zipfile.ZipFile(empty) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target:
            filled = {f"xl/worksheets/sheet{n}.xml": sheet for n, sheet in enumerate(self.sheets, 1)}
            for item in source.infolist():
                data = source.read(item)
                if item.filename in filled:
                    data = filled[item.filename].fill(data.decode()).encode()
                target.writestr(item, data)
        return out.getvalue()


class Sheet:
    """One worksheet with column widths in points."""

    def __init__(self, book: Book, work, widths: list[float]):
        self.book, self.work, self.widths = book, work, widths
        self.rows: dict[int, dict[int, str]] = {}
        self.heights: dict[int, float] = {}
        for number, width in enumerate(widths, 1):
            work.column_dimensions[get_column_letter(number)].width = column_units(width)

    def set_up(self, landscape: bool, fit: bool) -> None:
        work, paper = self.work, self.book.paper
        page = work.page_setup
        page.paperSize, page.orientation = 9, "landscape" if landscape else "portrait"
        work.print_options.horizontalCentered = True
        margins = work.page_margins
        margins.left = margins.right = MARGIN / 72
        margins.top, margins.bottom, margins.header, margins.footer = 0.65, 0.75, 0.3, 0.3
        if fit:                                   # Excel ignores page breaks on a fitted sheet, so sheets with breaks are not fitted
            work.sheet_properties.pageSetUpPr.fitToPage = True
            page.fitToWidth, page.fitToHeight = 1, 0
        digest = paper.digest or paper.audit_head
        label = "指纹" if paper.digest else "留痕链头"
        left = paper.standing + (f" {label} {short(digest)}" if digest else "")
        for part, text in (("left", left), ("center", "第 &P 页 共 &N 页"), ("right", paper.printed_at)):
            foot = getattr(work.oddFooter, part)
            foot.text = text if part == "center" else escape_codes(text)
            foot.font, foot.size = BODY_FACE, 9

    def put(self, row: int, column: int, value: object, look: Look) -> None:
        cells = self.rows.get(row)
        if cells is None:
            cells = self.rows[row] = {}
        start = f'<c r="{LETTERS[column]}{row}" s="{self.book.style(look)}"'
        if value is None or value == "":
            cells[column] = start + "/>"
        elif isinstance(value, Formula):
            cells[column] = start + value.xml()
        elif isinstance(value, (int, Decimal)):
            cells[column] = f"{start}><v>{value:f}</v></c>" if isinstance(value, Decimal) else f"{start}><v>{value}</v></c>"
        else:
            text = safe_text(value)                           # always typed as text: never a formula, whatever it begins with
            if text[:1] in FORMULA_STARTS and not look.text:
                start = f'<c r="{LETTERS[column]}{row}" s="{self.book.style(look.but(text=True))}"'
            cells[column] = f'{start} t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'

    def line(self, row: int, values, looks, *, first: int = 1, least: float = 20) -> float:
        """A row of cells whose height fits the longest wrapped text; returns the height."""
        sizes = []
        for column, (value, look) in enumerate(zip(values, looks), first):
            self.put(row, column, value, look)
            if look.wrap and isinstance(value, str):
                sizes.append((value, self.widths[column - 1], look.size))
        return self.height(row, row_height(sizes, least=least))

    def band(self, row: int, first: int, last: int, value: object, look: Look) -> None:
        """One value over several columns: centred across them, or joined."""
        self.put(row, first, value, look)
        for column in range(first + 1, last + 1):
            self.put(row, column, None, look)
        if look.across != "centerContinuous" and last > first:
            # merge_cells rebuilds borders cell by cell and checks every earlier range; the cells above are dressed already.
            self.work.merged_cells.ranges.add(CellRange(min_row=row, max_row=row, min_col=first, max_col=last))

    def block(self, top: int, left: int, bottom: int, right: int, value: object, look: Look) -> None:
        """One value over a rectangle."""
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                self.put(row, column, value if (row, column) == (top, left) else None, look)
        if (top, left) != (bottom, right):
            self.work.merged_cells.ranges.add(CellRange(min_row=top, max_row=bottom, min_col=left, max_col=right))

    def height(self, row: int, points: float) -> float:
        self.heights[row] = round(points, 1)
        return points

    def width_of(self, first: int, last: int) -> float:
        return sum(self.widths[first - 1:last])

    def repeat(self, first: int, last: int, freeze: str = "") -> None:
        self.work.print_title_rows = f"{first}:{last}"
        if freeze:
            self.work.freeze_panes = freeze

    def break_after(self, row: int) -> None:
        self.work.row_breaks.append(Break(id=row))

    def fill(self, xml: str) -> str:
        """The worksheet's XML with the cells in their place."""
        rows = []
        for number in sorted(self.rows.keys() | self.heights.keys()):
            height = self.heights.get(number)
            size = f' ht="{height}" customHeight="1"' if height else ""
            cells = self.rows.get(number, {})
            rows.append(f'<row r="{number}"{size}>' + "".join(cells[c] for c in sorted(cells)) + "</row>")
        last = f"{LETTERS[max(len(self.widths), 1)]}{max(self.rows, default=1)}"
        xml = re.sub(r'<dimension ref="[^"]*"', lambda _: f'<dimension ref="A1:{last}"', xml, count=1)
        body = "<sheetData>" + "".join(rows) + "</sheetData>"
        done, count = re.subn(r"<sheetData ?/>|<sheetData></sheetData>", lambda _: body, xml, count=1)
        assert count == 1, "openpyxl wrote no empty sheetData"
        return done
