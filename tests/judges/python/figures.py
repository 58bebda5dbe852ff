"""The figures of every data set, read by the tools that know their forms: jsonstat-validator and pyjstat, pyarrow,
pysdmx, sdmx1 and csvw. Each must find as many figures as the JSON holds, and the same sum of them."""

import csv
import io
import json
import sys
import urllib.parse

import jsonstat_validator
import pyarrow.parquet
import requests
import sdmx.model.common
import sdmx.model.v30
import sdmx.reader.csv
from csvw import CSVW
from pyjstat import pyjstat
from pysdmx.io import get_datasets, read_sdmx

# Dimensions beside those that figures do not add up over; more of them would be more than one answer may hold.
OTHERS = 3
SDMX_STRUCTURE = "application/vnd.sdmx.structure+json"


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


def structure(answer):
    """The structure that the header Link of SDMX-CSV names, held to the schema of SDMX-JSON by pysdmx."""
    must(f"media type of the description of {answer.url}", answer.links["describedby"]["type"].split(";")[0], SDMX_STRUCTURE)
    described = fetched(urllib.parse.urljoin(answer.url, answer.links["describedby"]["url"]), {})
    must(f"media type of {described.url}", described.headers["Content-Type"].split(";")[0], SDMX_STRUCTURE)
    return described.text


def of_pysdmx(answer, described):
    """Every code of the lines is one of the structure, too."""
    (told_by,) = get_datasets(answer.text, described, validate=True)
    table, components = told_by.data, read_sdmx(described, validate=True).get_data_structure_definitions()[0].components
    parts = components.dimensions + components.measures + components.attributes
    must("columns", sorted(table.columns), sorted(part.id for part in parts))
    for part in parts:
        if part.local_codes:
            foreign = {str(code) for code in table[part.id]} - {code.id for code in part.local_codes}
            must(f"codes of {part.id} that the structure does not name", foreign, set())
    return told(table["OBS_VALUE"])


def of_sdmx(answer, described):
    parts = json.loads(described)["data"]["dataStructures"][0]
    components, ids = parts["dataStructureComponents"], lambda some: [part["id"] for part in some]
    names = ids(components["dimensionList"]["dimensions"])
    dsd = sdmx.model.v30.DataStructureDefinition(id=parts["id"])
    for name in names:
        dsd.dimensions.append(sdmx.model.common.Dimension(id=name))
    for name in ids(components["measureList"]["measures"]):
        dsd.measures.append(sdmx.model.v30.Measure(id=name))
    for name in ids(components["attributeList"]["attributes"]):
        dsd.attributes.append(sdmx.model.v30.DataAttribute(id=name))
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


def nobody(dimensions, needed):
    """A question that nothing answers: places where nobody is."""
    named = {code: next(d["members"][0]["code"] for d in dimensions if d["code"] == code) for code in needed}
    return {**named, "province": "96", "groupBy": "province"}


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
    lines = fetched(url, params, format="sdmx_csv")
    # Lines of totals, and no line at all, have a structure, too.
    totals = fetched(url, params, format="sdmx_csv", totals="true")
    of_pysdmx(totals, structure(totals))
    none = fetched(url, {}, format="sdmx_structure", **nobody(dimensions, needed))
    read_sdmx(none.text, validate=True)
    for tool, seen in {
        "pyjstat": of_json_stat(fetched(url, params, format="json_stat"), one["id"]),
        "pyarrow": of_parquet(fetched(url, params, format="parquet"), measures),
        "pysdmx": of_pysdmx(lines, structure(lines)),
        "sdmx1": of_sdmx(lines, structure(lines)),
        "csvw": of_csv(url, params, measures),
    }.items():
        must(f"figures of {one['id']} by {tool}", seen, wanted)
    print(json.dumps({"id": one["id"], "params": params, "figures": wanted}))


def story(base):
    sets = fetched(f"{base}/v1/statistics/datasets", {}).json()["items"]
    for one in sets:
        judge(base, one)


story(sys.argv[1])
