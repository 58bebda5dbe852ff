"""The figures of every data set, read by the tools that know their forms: jsonstat-validator and pyjstat, pyarrow,
sdmx1 and csvw. Each must find as many figures as the JSON holds, and the same sum of them."""

import csv
import io
import json
import sys

import jsonstat_validator
import pyarrow.parquet
import requests
import sdmx.model.common
import sdmx.model.v30
import sdmx.reader.csv
from csvw import CSVW
from pyjstat import pyjstat

# Dimensions beside those that figures do not add up over; more of them would be more than one answer may hold.
OTHERS = 3


def must(what, seen, wanted):
    if seen != wanted:
        raise SystemExit(f"{what}: {seen!r} in place of {wanted!r}")


def fetched(url, params, **wish):
    answer = requests.get(url, params={**params, **wish}, headers={"Accept-Language": "en"}, timeout=120)
    must(f"status of {answer.url}: {answer.text[:400]}", answer.status_code, 200)
    return answer


def told(values):
    """How many figures there are, and their sum; a place without a figure holds 0."""
    values = [int(value) for value in values if int(value) != 0]
    return len(values), sum(values)


def of_json_stat(answer, label):
    jsonstat_validator.validate_jsonstat(answer.json())
    table = pyjstat.Dataset.read(answer.text).write("dataframe", naming="id")
    must(f"rows of {label}", len(table), len(answer.json()["value"]))
    return told(table["value"])


def of_parquet(answer, measures):
    table = pyarrow.parquet.read_table(io.BytesIO(answer.content))
    return told(value for code in measures for value in table[code].to_pylist())


def structure(described):
    """The structure that SDMX-CSV is read by: the service names it and serves none."""
    upper = lambda name: "".join(f"_{c}" if c.isupper() else c.upper() for c in name)  # noqa: E731
    names = [upper(dimension["code"]) for dimension in described["dimensions"] + described["slice"]] + ["MEASURE"]
    dsd = sdmx.model.v30.DataStructureDefinition(id=upper(described["dataSet"]))
    for name in names:
        dsd.dimensions.append(sdmx.model.common.Dimension(id=name))
    dsd.measures.append(sdmx.model.v30.Measure(id="OBS_VALUE"))
    for name in ("OBS_STATUS", "CONF_STATUS"):
        dsd.attributes.append(sdmx.model.v30.DataAttribute(id=name))
    return dsd, names


def of_sdmx(answer, described):
    dsd, names = structure(described)
    reader = sdmx.reader.csv.Reader()
    message = reader.convert(io.BytesIO(answer.content), structure=dsd)
    must("columns that SDMX does not know", reader.options.custom_columns, [])
    found = [one for data in message.data for one in data.obs]
    for one in found:
        must("dimensions of an observation", sorted(one.dimension.values), sorted(names))
    keys = {tuple(str(one.dimension.values[name].value) for name in names) for one in found}
    must("keys of the observations", len(keys), len(found))
    return told(one.value for one in found)


def of_csv(url, params, measures):
    """By the description that the header Link names (CSV on the Web, 5.2)."""
    address = requests.Request("GET", url, params={**params, "format": "csv", "lang": "en"}).prepare().url
    described = CSVW(address, validate=True)
    must(f"whether {address} is described", described.no_metadata, False)
    must(f"whether {address} is as described: {[str(w.message) for w in described.warnings]}", described.is_valid, True)
    rows = list(described.tables[0].iterdicts())
    plain = list(csv.DictReader(io.StringIO(fetched(address, {}).content.decode())))
    must("rows of the CSV", len(rows), len(plain))
    return told(row[code] for row in rows for code in measures)


def judge(base, one):
    url = f"{base}/v1/statistics/datasets/{one['id']}"
    dimensions = fetched(url, {}).json()["dimensions"]
    needed = [dimension["code"] for dimension in dimensions if not dimension["addsUp"]]
    others = [dimension["code"] for dimension in dimensions if dimension["addsUp"]][:OTHERS]
    params = {"groupBy": ",".join(needed + others)}
    url += "/data"
    described = fetched(url, params).json()
    measures = [measure["code"] for measure in described["measures"]]
    wanted = told(value for row in described["rows"] for value in row["values"])
    for tool, seen in {
        "pyjstat": of_json_stat(fetched(url, params, format="json_stat"), one["id"]),
        "pyarrow": of_parquet(fetched(url, params, format="parquet"), measures),
        "sdmx1": of_sdmx(fetched(url, params, format="sdmx_csv"), described),
        "csvw": of_csv(url, params, measures),
    }.items():
        must(f"figures of {one['id']} by {tool}", seen, wanted)
    print(json.dumps({"id": one["id"], "params": params, "figures": wanted}))


def story(base):
    sets = fetched(f"{base}/v1/statistics/datasets", {}).json()["items"]
    for one in sets:
        judge(base, one)


story(sys.argv[1])
