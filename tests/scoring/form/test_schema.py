"""The JSON Schema: every field told, every example valid and readable, what is wrong refused."""

import json
from dataclasses import MISSING

import jsonschema
import pytest

from scoring.form import dumps, loads, schema
from scoring.form.records import file_name, Reader, known
from scoring.form.json_schema import example, types
from scoring.form.tally import MARKS

PLAIN = json.loads(dumps(schema()))
CHECK = jsonschema.Draft202012Validator(PLAIN)
FIELDS = [(kind, field) for kind in types() for field in known(kind).values()]
FILE = {"format": "compete-tally", "version": 1, "scheme": {"parts": [{"code": "a", "criteria": [{"code": "b"}]}]}}


def test_it_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(PLAIN)
    assert {kind.__name__ for kind in types()} >= {"File", "Scheme", "Criterion", "Tier", "Team", "Promotion", "Entry", "Penalty"}


@pytest.mark.parametrize("kind, field", FIELDS, ids=lambda value: getattr(value, "__name__", None) or value.name)
def test_every_field_has_a_title_a_description_and_a_valid_example(kind, field):
    place = PLAIN if kind.__name__ == "File" else PLAIN["$defs"][kind.__name__]
    told = place["properties"][file_name(field)]
    assert told["title"] and told["description"]
    validator = CHECK.evolve(schema={**told, "$defs": PLAIN["$defs"]})
    assert [fault.message for one in told["examples"] for fault in validator.iter_errors(one)] == []
    if "default" in told:
        assert list(validator.iter_errors(told["default"])) == []


@pytest.mark.parametrize("kind, field", FIELDS, ids=lambda value: getattr(value, "__name__", None) or value.name)
def test_every_example_can_be_read(kind, field):
    reader = Reader()
    if field.metadata["unit"] != MARKS:
        value = reader.value(field.type, loads(dumps(example(field))), ("例",), field.metadata)
        assert reader.problems == [] and value is not MISSING


@pytest.mark.parametrize("change", [
    {"format": 5}, {"titel": "x"}, {"scheme": {"parts": [{"name": "无代码"}]}}, {"scheme": {"better": "best"}},
    {"entries": [{"number": "1", "marks": {"a": {"J1": [1]}}}]}, {"entries": [{"number": "1", "marks": {"a": {"J1": "absnt"}}}]},
    {"entries": [{"number": "1", "status": "incomplete"}]}, {"scheme": {"minimum_score": "六十"}}])
def test_what_is_wrong_is_refused(change):
    assert CHECK.is_valid(FILE)
    assert not CHECK.is_valid(FILE | change)


@pytest.mark.parametrize("change", [
    {"entries": [{"number": 11, "marks": {"a": {"J1": 1, "J2": "8.5", "J3": None, "J4": "recused", "J5": {"b": None}}}, "figures": {"t": "1:02.5"}}]},
    {"scheme": {"parts": [{"code": "a", "multiple": "10/3", "weight": "30%"}], "steps": []}}])
def test_what_is_right_is_valid(change):
    assert list(CHECK.iter_errors(FILE | change)) == []
