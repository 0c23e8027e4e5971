"""A Tally → the plain data of its file: `read(write(tally))` is the same tally. Defaults are left out."""

from dataclasses import fields

from ..ranking.outcome import number_order
from ..scheme import Part
from .records import default_of, file_name
from .tally import FORMAT, VERSION, Entry, Tally
from .values import people, plain_number


def write(tally: Tally) -> dict:
    """Plain data in people's units: dicts, lists, texts, ints and Decimals."""
    facts = tally.facts
    head = {"format": FORMAT, "version": VERSION, "title": tally.title, "source": tally.source}
    codes = tally.judges
    chiefs = {sheet.judge for entry in facts.entries for sheets in entry.sheets.values() for sheet in sheets if sheet.chief}
    numbers = {entry.entry: entry.number for entry in facts.entries}
    rest = {
        "judges": _judges(codes, facts.judges),
        "chief": [codes[judge] for judge in sorted(chiefs)],
        "entries": [_entry(entry, tally) for entry in facts.entries],
        "decisions": [_decision(decision, numbers) for decision in facts.decisions],
        "vacancies": dict(tally.vacancies),
    }
    found = {name: value for name, value in head.items() if value != ""}
    found["scheme"] = plain(tally.scheme)
    return found | {name: value for name, value in rest.items() if value}


def _judges(codes, names):
    """Names of the judges; where every judge is called by the code, and in the usual order, there is nothing to write."""
    found = {code: names.get(judge, code) for judge, code in codes.items()}
    usual = sorted(found, key=lambda code: (number_order(code), code))
    return {} if list(found) == usual and all(code == name for code, name in found.items()) else found


def plain(record) -> dict:
    """A dataclass as the fields that say more than their defaults."""
    found, values = {}, vars(record)
    for field in fields(record):
        value = values[field.name]
        if value != default_of(type(record), field.name, values) and not (field.name == "name" and value == getattr(record, "code", None)):
            found[file_name(field)] = in_file(value, field.metadata["unit"])
    if isinstance(record, Part) and record.scale == "hundred" and len(record.criteria) == 1:
        found["criteria"][0].pop("weight", None)
    return found


def in_file(value, unit):
    """The value of a field as it stands in a file."""
    if value is None:
        return None
    if hasattr(value, "__dataclass_fields__"):
        return plain(value)
    if isinstance(value, tuple):
        return [in_file(item, unit) for item in value]
    if isinstance(value, dict):
        return {name: in_file(item, unit) for name, item in value.items()}
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return value
    if isinstance(value, int):
        return people(value, unit) if unit else value
    return plain_number(value) if unit == "number" else value


def _entry(entry, tally):
    """One entrant; what is worked out of marks (a sheet's total) is not written."""
    codes, parts = tally.judges, {part.code: part for part in tally.scheme.parts}
    found = {"number": entry.number, "name": tally.names.get(entry.entry, ""), "organization": entry.organization,
             "delegation": entry.delegation, "division": entry.division, "persons": list(entry.persons), "seeded": entry.seeded,
             "status": entry.status, "figures": {code: people(value, "points") for code, value in entry.figures.items()}}
    found["penalties"] = [{"points": people(units, "points")} | ({"reason": reason} if reason else {}) | ({"part": part} if part else {})
                          for units, reason, part in entry.penalties]
    found["marks"] = {code: {codes[sheet.judge]: _sheet(sheet, parts[code]) for sheet in sheets} for code, sheets in entry.sheets.items()}
    found["replacements"] = {code: {codes[judge]: people(units, "points") for judge, units in given.items()}
                             for code, given in entry.replacements.items()}
    defaults = {field.name: field.default for field in fields(Entry)}
    return {name: value for name, value in found.items() if value != defaults[name] and value not in ([], {})}


def _sheet(sheet, part):
    if sheet.state != "submitted":
        return None if sheet.state == "missing" else sheet.state
    marks = sheet.marks
    if marks is None:
        if len(part.leaves) != 1 or sheet.total is None or sheet.total % part.factors[part.leaves[0].code]:
            raise ValueError(f"the sheet of judge {sheet.judge} carries a total without marks")
        marks = ((part.leaves[0].code, sheet.total // part.factors[part.leaves[0].code]),)
    if len(part.leaves) == 1:
        return people(marks[0][1], "points")
    return {code: people(units, "points") for code, units in marks}


def _decision(decision, numbers):
    found = {"numbers": [numbers[entry] for entry in decision.entries], "reason": decision.reason, "recorded_at": decision.recorded_at}
    return {name: value for name, value in found.items() if value != ""}
