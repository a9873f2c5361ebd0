"""Reads an export as CSV and as Parquet with Python's csv and pyarrow, and holds both against the
same events as JSON Lines: read_export.py EVENTS.jsonl EVENTS.csv EVENTS.parquet"""

import csv
import json
import sys
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

csv.field_size_limit(1 << 30)
TEXTS = ["store_position", "stream", "category", "type", "schema_version", "id", "time_text",
         "data_text", "data_base64", "metadata_text", "metadata_base64", "correlation", "causation",
         "user", "file", "error"]


def exact(text):
    """JSON with numbers as their digits and members as pairs, so that nothing is rounded or merged."""
    return json.loads(text, parse_int=str, parse_float=str, parse_constant=str,
                      object_pairs_hook=lambda pairs: ("object", pairs))


def unguarded(cell):
    return cell[1:] if cell.startswith("'") else cell


def say(where, name, left, right):
    sys.exit(f"{where}: {name} is {left!r} and should be {right!r}")


events = []
with open(sys.argv[1], encoding="utf-8", newline="\n") as lines:
    for line in lines:
        members = exact(line)[1]
        events.append({key: value for key, value in members})

with open(sys.argv[2], encoding="utf-8", newline="") as text:
    rows = list(csv.DictReader(text))
table = pq.read_table(sys.argv[3])
assert len(rows) == len(events) == table.num_rows, (len(rows), len(events), table.num_rows)

schema = {field.name: field.type for field in table.schema}
assert schema["position"] == pa.int64() and schema["version"] == pa.int64()
assert schema["time"] == schema["occurred"] == pa.timestamp("ns", "UTC")
for name in ["stream", "category", "type"]:
    assert schema[name] == pa.dictionary(pa.int32(), pa.string()), schema[name]
assert schema["data"] == pa.string() and schema["json"] == pa.bool_()

columns = {name: table.column(name) for name in table.column_names}
nanos = {name: columns[name].cast(pa.int64()) for name in ["time", "occurred"]}


def nanoseconds(text):
    """RFC 3339 in UTC as nanoseconds, by decimals: datetime has microseconds only."""
    import datetime
    head, _, fraction = text.rstrip("Z").partition(".")
    moment = datetime.datetime.fromisoformat(head).replace(tzinfo=datetime.timezone.utc)
    whole = (moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc))
    seconds = whole.days * 86400 + whole.seconds
    return int((Decimal(seconds) + Decimal("0." + (fraction or "0"))) * 10**9)


for at, event in enumerate(events):
    row = rows[at]
    typed = {name: column[at].as_py() for name, column in columns.items()
             if name not in ("time", "occurred")}
    where = f"event {at}"
    for name in TEXTS:
        expected = event.get(name)
        if typed[name] != expected:
            say(where, f"Parquet {name}", typed[name], expected)
        if unguarded(row[name]) != (expected or ""):
            say(where, f"CSV {name}", row[name], expected)
    for name in ["position", "version"]:
        expected = event[name]
        if (None if typed[name] is None else str(typed[name])) != expected:
            say(where, f"Parquet {name}", typed[name], expected)
        if row[name] != (expected or ""):
            say(where, f"CSV {name}", row[name], expected)
    for name in ["data", "metadata"]:
        # In JSON Lines nothing and null are written alike.
        expected = event.get(name)
        for form, text in [("Parquet", typed[name]), ("CSV", row[name])]:
            if (exact(text) if text else None) != expected:
                say(where, f"{form} {name}", text, expected)
    for name in ["time", "occurred"]:
        expected = event.get(name)
        if row[name] != (expected or ""):
            say(where, f"CSV {name}", row[name], expected)
        number = nanos[name][at].as_py()
        if number != (None if expected is None else nanoseconds(expected)):
            say(where, f"Parquet {name}", number, expected)
