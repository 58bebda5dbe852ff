"""Reads header values from standard input, one JSON object a line: name, kind, value. http-sf parses
each as the structured field that its specification says it is (RFC 9651); what fails is printed."""

import json
import sys

import http_sf

faults = 0
for line in sys.stdin:
    field = json.loads(line)
    try:
        parsed = http_sf.parse(field["value"].encode(), tltype=field["kind"])
        print(f"{field['name']}: {parsed}")
    except Exception as fault:  # noqa: BLE001  any failure to parse is the finding
        faults += 1
        print(f"{field['name']}: {field['value']!r} is no {field['kind']}: {fault}")
sys.exit(1 if faults else 0)
