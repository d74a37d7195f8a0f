"""The documents show what is true: examples parse, the schema agrees with the parser, units and reasons are listed."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

from device_profiles.envelopes import own, parse
from device_profiles.units import RAW_UNITS
from domain.errors import EnvelopeError
from domain.messages import Message, OutcomeKind, Reason

ROOT = Path(__file__).parents[2]
ENVELOPES = (ROOT / "docs" / "envelopes.md").read_text(encoding="utf-8")
PROFILES = (ROOT / "docs" / "device-profiles.md").read_text(encoding="utf-8")
SCHEMA = json.loads((ROOT / "docs" / "schemas" / "uplink.schema.json").read_text(encoding="utf-8"))
EXAMPLES = re.findall(r"<!-- example: (\S+) -->\n```json\n(.*?)```", ENVELOPES, re.DOTALL)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_there_is_an_example_of_each_envelope():
    """Each envelope is shown at least once."""
    assert len(EXAMPLES) == 4


@pytest.mark.parametrize(("topic", "body"), EXAMPLES)
def test_examples_are_read(town, bin_sensor, topic, body):
    """Every example in the document becomes readings or passages."""
    town.install("calau-b96", town.profiles["swarm/crossing-line"])
    outcome = town.interpret(topic, body.encode())
    assert outcome.kind is OutcomeKind.STORED
    assert not outcome.key.weak


@pytest.mark.parametrize("body", [body for topic, body in EXAMPLES if topic.startswith("landpuls")])
def test_examples_of_our_own_fit_the_schema(body):
    """The JSON Schema accepts the documented examples."""
    VALIDATOR.validate(json.loads(body))


GOOD = {"network_time": "2026-05-04T06:14:58Z", "payload_hex": "01", "f_port": 1}


@pytest.mark.parametrize(
    "content",
    [
        {"payload_hex": "01"},
        {"network_time": "2026-05-04T06:14:58Z"},
        {**GOOD, "payload_base64": "AQ=="},
        {**GOOD, "payload_hex": "0"},
        {**GOOD, "payload_hex": 1},
        {**GOOD, "f_port": 256},
        {**GOOD, "f_port": "1"},
        {**GOOD, "f_cnt": -1},
        {**GOOD, "f_cnt": 2**32},
        {**GOOD, "id": 7},
        {**GOOD, "id": "x" * 129},
        {**GOOD, "tiem": "2026-05-04T06:14:58Z"},
        {"network_time": "2026-05-04T06:14:58Z", "values": [1]},
    ],
)
def test_schema_and_parser_refuse_the_same(content, now):
    """What the JSON Schema refuses the parser refuses too."""
    assert not VALIDATOR.is_valid(content)
    with pytest.raises(EnvelopeError):
        parse(Message(topic="landpuls/v1/o/d/up", payload=json.dumps(content).encode(), received_at=now))


def test_the_schema_knows_every_key():
    """Schema and parser list the same keys."""
    assert set(SCHEMA["properties"]) == set(own.KEYS)


def test_every_unit_is_documented():
    """Each unit that a profile may name stands in the table."""
    assert [unit for unit in RAW_UNITS if f"`{unit}`" not in PROFILES] == []


def test_every_reason_is_documented():
    """Each reason of quarantine and of being ignored is explained."""
    assert [reason.value for reason in Reason if f"`{reason.value}`" not in ENVELOPES] == []


def test_the_python_example_runs(capsys):
    """The example in the document works as it stands."""
    code = re.search(r"```python\n(.*?)```", PROFILES, re.DOTALL)
    assert code is not None
    exec(code.group(1), {})
    assert "('distance', 0.725)" in capsys.readouterr().out
