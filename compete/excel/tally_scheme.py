"""The sheet 方案, row by row ↔ the scheme as the file form writes it."""

from compete.excel.tally_cells import Grid, text
from compete.excel.tally_layout import ABOVE, BLOCK, STANDARD, Column, Section, sections, single_columns
from compete.excel.tally_values import from_cell, to_cell
from scoring import Problem
from scoring.form.records import hint

SINGLES = "方案"


# --- reading ----------------------------------------------------------------------------------------------------------


def read_scheme(grid: Grid, problems: list[Problem]) -> dict:
    """Title, source, chief, vacancies and the scheme, as plain data of the file form."""
    data: dict = {"scheme": {}}
    tables = {section.label: section for section in sections()}
    items: dict[str, list] = {}
    for label, first, rows in _blocks(grid):
        if label == SINGLES:
            _singles(grid, first, rows, data, problems)
        elif label in tables:
            items[label] = _rows(grid, tables[label], first, rows, problems)
        else:
            problems.append(Problem("unknown_block", f"{grid.name} 第 {first} 行", f"没有“{label}”这一部分", hint(label, [SINGLES, *tables])))
    for section in sections():
        _place(grid, section, items, data["scheme"], problems)
    return data


def _blocks(grid):
    """(label, number of its row, rows below) of every block; rows are (number, cells)."""
    label, first, rows = "", 0, []
    for number, cells in enumerate(grid.rows, 1):
        head = text(cells[0]) if cells else ""
        if head.startswith(BLOCK.strip()):
            if label:
                yield label, first, rows
            label, first, rows = head.removeprefix(BLOCK.strip()).strip(), number, []
        elif any(text(cell) for cell in cells):
            rows.append((number, cells))
    if label:
        yield label, first, rows


def _singles(grid, first, rows, data, problems):
    columns = {column.label: column for column in single_columns()}
    for number, cells in rows:
        label, cell = text(cells[0]), cells[1] if len(cells) > 1 else None
        if label not in columns:
            problems.append(Problem("unknown_name", f"{grid.name} 第 {number} 行", f"没有“{label}”这一项", hint(label, columns)))
        elif text(cell):
            _set(data, columns[label], cell)


def _set(item, column: Column, cell):
    """Put a cell's value at its path; records on the way come into being."""
    if column.record:
        if text(cell) in (STANDARD, "是"):
            _inner(item, column.path)
        return
    _inner(item, column.path[:-1])[column.path[-1]] = from_cell(cell, column.field)


def _inner(item, path):
    for name in path:
        item = item.setdefault(name, {})
    return item


def _rows(grid, section: Section, first, rows, problems):
    """(row number, owner, above, item) for each row of a table."""
    if not rows:
        return []
    columns, heads, known = {column.label: column for column in section.columns}, {}, []
    for at, cell in enumerate(rows[0][1]):
        label = text(cell)
        if label in columns or label in section.heads:
            heads[at] = label
        elif label:
            known = [*section.heads, *columns]
            problems.append(Problem("unknown_name", f"{grid.name} 第 {rows[0][0]} 行", f"“{section.label}”没有“{label}”这一列", hint(label, known)))
    found = []
    for number, cells in rows[1:]:
        item, place = {}, {}
        for at, label in heads.items():
            if at < len(cells) and text(cells[at]):
                if label in section.heads:
                    place[label] = text(cells[at])
                else:
                    _set(item, columns[label], cells[at])
        if item or place:
            found.append((number, place.get(section.owner.label) if section.owner else None, place.get(ABOVE), item))
    return found


def _place(grid, section: Section, items, scheme, problems):
    """Hang the items of a table where they belong."""
    mine = items.get(section.label, [])
    owners = [item for _, _, _, item in items.get(section.owner.label, [])] if section.owner else [scheme]
    for number, owner, above, item in mine:
        holder = _named(owners, owner) if section.owner else scheme
        if holder is None and section.owner and owner is None and len(owners) == 1:
            holder = owners[0]  # where there is only one, it need not be named
        if holder is None:
            problems.append(Problem("unknown_name", f"{grid.name} 第 {number} 行", f"没有“{owner or ''}”这个{section.owner.label}",
                                    hint(owner or "", [str(one.get("code", "")) for one in owners])))
            continue
        if above is not None:
            same = [one for _, other, _, one in mine if other == owner and one is not item]
            parent = _named(same, above)
            if parent is None:
                problems.append(Problem("unknown_name", f"{grid.name} 第 {number} 行", f"没有“{above}”这个上级", hint(above, [str(one.get("code", "")) for one in same])))
                continue
            parent.setdefault("children", []).append(item)
        else:
            holder.setdefault(section.name, []).append(item)


def _named(items, name):
    """By code, else by name."""
    return next((item for key in ("code", "name") for item in items if name is not None and str(item.get(key)) == name), None)


# --- writing ----------------------------------------------------------------------------------------------------------


def scheme_rows(data: dict) -> list[list]:
    """The sheet as rows of cells; only columns that say something."""
    rows = [[BLOCK + SINGLES]]
    for column in single_columns():
        found, value = _get(data, column)
        if found:
            rows.append([column.label, value, column.field.metadata["meaning"]])
    for section in sections():
        items = list(_items(data.get("scheme", {}), section))
        if items:
            rows += [[], [BLOCK + section.label], *_table(section, items)]
    return rows


def _get(item, column: Column):
    """(whether it says something, the cell)."""
    for name in column.path[:-1]:
        item = item.get(name)
        if not isinstance(item, dict):
            return False, None
    name = column.path[-1]
    if name not in item:
        return False, None
    if column.record:
        return (item[name] == {}, STANDARD)
    return True, to_cell(item[name], column.field)


def _items(scheme, section: Section):
    """(owner's code, code of the item above, item) in the order in which they are read again."""
    if section.owner is None:
        yield from ((None, *pair) for pair in _tree(scheme.get(section.name, ()), None))
        return
    for _, _, holder in _items(scheme, section.owner):
        yield from ((holder.get("code"), *pair) for pair in _tree(holder.get(section.name, ()), None))


def _tree(items, above):
    for item in items:
        yield above, item
        yield from _tree(item.get("children", ()), item.get("code"))


def _table(section: Section, items):
    cells = [[_get(item, column) for column in section.columns] for _, _, item in items]
    used = [at for at, column in enumerate(section.columns) if any(row[at][0] for row in cells)]
    nested = section.nested and any(above is not None for _, above, _ in items)
    heads = [head for head in section.heads if head != ABOVE or nested]
    yield heads + [section.columns[at].label for at in used]
    for (owner, above, _), row in zip(items, cells):
        place = ([owner] if section.owner else []) + ([above] if nested else [])
        yield place + [row[at][1] for at in used]
