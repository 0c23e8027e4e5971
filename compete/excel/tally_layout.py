"""How a scheme stands in the sheet 方案: one block for its single values, one table for each list of records.

All of it follows from the notes of the fields, so a new rule has its column as soon as the engine has it.
"""

from functools import cache
from typing import NamedTuple, get_args, get_origin

from scoring.form.records import file_name, kind_of, known
from scoring.form.tally import File
from scoring.scheme import Scheme

BLOCK = "■ "
ABOVE = "上级"
STANDARD = "默认"  # in the column of a record: it is there, with the defaults of all its fields
SINGLE = ("title", "source", "chief", "vacancies")  # fields of the file that stand beside the scheme's single values


class Column(NamedTuple):
    """`path`: the names of the fields down to the value; `record`: the column stands for a record as a whole."""

    label: str
    path: tuple[str, ...]
    field: object
    record: bool = False


class Section(NamedTuple):
    """A table: `owner` is the table whose items hold these, None for the scheme; `nested`: items may hold others of the kind."""

    label: str
    owner: "Section | None"
    name: str
    kind: type
    columns: tuple[Column, ...]
    nested: bool

    @property
    def heads(self) -> tuple[str, ...]:
        """Headings that say where an item belongs."""
        return ((self.owner.label,) if self.owner else ()) + ((ABOVE,) if self.nested else ())


def columns_of(kind: type, labels: tuple[str, ...] = (), path: tuple[str, ...] = ()) -> tuple[Column, ...]:
    """The single values of a record and of the records in it; lists of records have tables of their own."""
    found = []
    for field in known(kind).values():
        inner = kind_of(field.type)[0]
        here = (*labels, field.metadata["label"]), (*path, file_name(field))
        if hasattr(inner, "__dataclass_fields__"):
            found += [Column("·".join(here[0]), here[1], field, True), *columns_of(inner, *here)]
        elif _item(field) is None:
            found.append(Column("·".join(here[0]), here[1], field))
    return tuple(found)


def _item(field):
    """The type of a list's records, or None for any other field."""
    if get_origin(field.type) is not tuple:
        return None
    inner = kind_of(get_args(field.type)[0])[0]
    return inner if hasattr(inner, "__dataclass_fields__") else None


@cache
def sections() -> tuple[Section, ...]:
    found, waiting = [], [(field, None) for field in known(Scheme).values()]
    while waiting:
        field, owner = waiting.pop(0)
        kind = _item(field)
        if kind is None:
            continue
        inner = list(known(kind).values())
        nested = any(_item(one) is kind for one in inner)
        section = Section(_label(field, owner), owner, field.name, kind, columns_of(kind), nested)
        found.append(section)
        waiting += [(one, section) for one in inner if _item(one) is not kind]
    return tuple(found)


def _label(field, owner):
    """评分项 needs no more; 同分 and 奖项 say whose they are."""
    label = field.metadata["label"]
    return label if owner is None or label == "评分项" else owner.label + label


@cache
def single_columns() -> tuple[Column, ...]:
    """The block 方案: single values of the file and of the scheme."""
    file = tuple(Column(field.metadata["label"], (field.name,), field) for name, field in known(File).items() if name in SINGLE)
    return file + tuple(column._replace(path=("scheme", *column.path)) for column in columns_of(Scheme))
