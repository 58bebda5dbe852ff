"""What the clients of statistical offices read by PxWeb API 2: pxwebpy and pxstatspy list the tables, describe and
fetch each of them, and must find the figures that REST tells."""

import contextlib
import io
import json
import sys

import requests
from pxstatspy import OutputFormat, OutputFormatParam, PxAPI, PxAPIConfig, PxAPIError
from pxweb import PxApi
from requests.exceptions import HTTPError

CONTENTS = "ContentsCode"


def must(what, seen, wanted):
    if seen != wanted:
        raise SystemExit(f"{what}: {seen!r} in place of {wanted!r}")


def told(values):
    values = [int(value) for value in values if int(value) != 0]
    return len(values), sum(values)


def by_rest(base, table, groups):
    url = f"{base}/v1/statistics/datasets/{table}/data"
    answer = requests.get(url, params={"groupBy": ",".join(groups)}, timeout=120)
    must(f"status of {answer.url}", answer.status_code, 200)
    return told(value for row in answer.json()["rows"] for value in row["values"])


def selection(variables):
    """Everything of what must be selected, and of provinces; of the rest the sum."""
    wanted = [code for code, one in variables.items() if not one["elimination"] or code == "province"]
    return {code: ["*"] for code in wanted}


def by_pxwebpy(base, root):
    api = PxApi(f"{base}{root}", language="en")
    tables = api.all_tables()
    must("tables that pxwebpy finds", len(tables), api.number_of_tables)
    must("tables of learners", [t["id"] for t in api.search(query="people learner's record")["tables"]], ["learners"])
    must("label in Vietnamese", PxApi(f"{base}{root}").search(query="học viên hồ sơ")["tables"][0]["id"], "learners")
    for table in tables:
        variables = api.get_table_variables(table["id"])
        wanted = selection(variables)
        rows = api.get_table_data(table["id"], value_codes=wanted)
        groups = [code for code in wanted if code != CONTENTS]
        seen = told(row["value"] for row in rows)
        must(f"figures of {table['id']} by pxwebpy", seen, by_rest(base, table["id"], groups))
        if not api.get_table_data(table["id"]):
            raise SystemExit(f"{table['id']} has no figures by default")
        print(json.dumps({"pxwebpy": table["id"], "figures": seen}))
    try:
        api.get_table_data("enrolments", value_codes={"schoolYear": ["*"], CONTENTS: ["*"]})
        raise SystemExit("a selection without a mandatory variable was taken")
    except HTTPError as refused:
        must("whether the refusal names the variable", "period" in str(refused), True)


def by_pxstatspy(base, root):
    api = PxAPI(PxAPIConfig(base_url=f"{base}{root}", language="en"))
    must("cells that pxstatspy may ask for", api.max_data_cells, api.get_config()["maxDataCells"])
    with contextlib.redirect_stdout(io.StringIO()):
        api.find_tables(display=True)
        tables = list(api.find_tables_as_dataframe(all_pages=True)["id"])
        for table in tables:
            api.print_table_variables(table)
    for table in tables:
        meta = api.get_table_metadata(table, output_format="json-stat2")
        wanted = selection({code: one["extension"] for code, one in meta["dimension"].items()})
        with contextlib.redirect_stdout(io.StringIO()):
            frame = api.get_data_as_dataframe(table, wanted, OutputFormatParam.USE_CODES)
            sheet = api.get_table_data(table, wanted, output_format=OutputFormat.CSV)
            older = api.get_table_data(table, wanted, output_format=OutputFormat.JSON_PX)
        measures = list(meta["dimension"][CONTENTS]["category"]["index"])
        seen = told(value for code in measures for value in frame[code])
        groups = [code for code in wanted if code != CONTENTS]
        must(f"figures of {table} by pxstatspy", seen, by_rest(base, table, groups))
        must(f"figures of {table} in JSON-px", told(v for row in older["data"] for v in row["values"]), seen)
        must(f"heading of {table} as CSV", sheet.lstrip("\ufeff").split(",")[0], groups[0])
        print(json.dumps({"pxstatspy": table, "figures": seen}))
    body = {"selection": [{"variableCode": "schoolYear", "valueCodes": ["TOP(1)"]}, {"variableCode": "period", "valueCodes": ["*"]},
                          {"variableCode": CONTENTS, "valueCodes": ["enrolments"]}, {"variableCode": "gender", "valueCodes": ["*male"]}]}
    posted = api.get_table_data_post("enrolments", body, output_format=OutputFormat.JSON_STAT2)
    must("variables of a posted selection", posted["id"], ["schoolYear", "period", "gender", CONTENTS])
    try:
        api.get_table_by_id("people")
        raise SystemExit("a table that is none was found")
    except PxAPIError as refused:
        must("refusal of a table that is none", str(refused), "API error: There is no such table.")


by_pxwebpy(sys.argv[1], "/pxweb/v2")
by_pxstatspy(sys.argv[1], "/pxweb/api/v2")
