"""xlsx: workbook, styles, shared strings and the list of sheets. The sheets themselves: `worksheet.py`."""

from compete.excel.parse.formats import kind_of_format
from compete.excel.parse.package import Package, unescape
from compete.excel.parse.rows import MAX_SHEETS, Budget, ParsedSheet, Refused
from compete.excel.parse.worksheet import read_sheet

MAX_STRINGS = 2_000_000


def read(data: bytes) -> list[ParsedSheet]:
    package = Package(data)
    main = _main_part(package)
    relations = package.relations(main)
    listed, from_1904 = _workbook(package, main)
    formats = _formats(package, _target(relations, "styles"))
    strings = _strings(package, _target(relations, "sharedStrings"))
    budget = Budget()
    sheets = []
    for name, relation, state in listed:
        kind, path = relations.get(relation, ("", ""))
        if kind != "worksheet":
            # Charts and dialogs hold no table.
            continue
        sheet = ParsedSheet(name, hidden=state in ("hidden", "veryHidden"))
        read_sheet(package, path, sheet, strings, formats, from_1904, budget)
        sheets.append(sheet)
    if not sheets:
        raise Refused("no_sheet")
    return sheets


def _main_part(package: Package) -> str:
    if "xl/workbook.bin" in package:
        raise Refused("xlsb")
    if "[Content_Types].xml" not in package:
        raise Refused("ods" if "mimetype" in package else "not_workbook")
    for kind, path in package.relations("").values():
        if kind == "officeDocument":
            if path.startswith(("word/", "ppt/")):
                raise Refused("not_workbook")
            return path
    raise Refused("corrupt")


def _target(relations: dict, kind: str) -> str | None:
    return next((path for found, path in relations.values() if found == kind), None)


def _workbook(package: Package, main: str) -> tuple[list[tuple[str, str, str]], bool]:
    listed, from_1904 = [], [False]

    def start(tag, attributes):
        if tag == "sheet":
            relation = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            listed.append((attributes.get("name", ""), relation, attributes.get("state", "visible")))
        elif tag == "workbookPr":
            from_1904[0] = attributes.get("date1904") in ("1", "true")

    package.parse(main, start=start)
    if len(listed) > MAX_SHEETS:
        raise Refused("too_large")
    return listed, from_1904[0]


def _formats(package: Package, path: str | None) -> list[str]:
    """The kind of number format of each cell style."""
    codes, kinds, inside = {}, [], [False]

    def start(tag, attributes):
        if tag == "numFmt":
            codes.setdefault(attributes.get("numFmtId"), attributes.get("formatCode", ""))
        elif tag == "cellXfs":
            inside[0] = True
        elif tag == "xf" and inside[0]:
            number = attributes.get("numFmtId", "0")
            code = codes.get(number)
            kinds.append(kind_of_format(int(number) if number.isdigit() else 0, code))

    def end(tag):
        if tag == "cellXfs":
            inside[0] = False

    if path and path in package:
        package.parse(path, start=start, end=end)
    return kinds


def _strings(package: Package, path: str | None) -> list[str]:
    """Shared strings; ruby text (rPh) is a reading aid and no part of the word."""
    strings, pieces, state = [], [], {"text": False, "ruby": False}

    def start(tag, attributes):
        if tag == "t":
            state["text"] = not state["ruby"]
        elif tag == "rPh":
            state["ruby"] = True

    def end(tag):
        if tag == "t":
            state["text"] = False
        elif tag == "rPh":
            state["ruby"] = False
        elif tag == "si":
            strings.append(unescape("".join(pieces)))
            pieces.clear()
            if len(strings) > MAX_STRINGS:
                raise Refused("too_large")

    def text(data):
        if state["text"]:
            pieces.append(data)

    if path and path in package:
        package.parse(path, start=start, end=end, text=text)
    return strings
