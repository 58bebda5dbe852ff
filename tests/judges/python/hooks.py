"""What schemathesis cannot know of the service: which refusals no schema can foresee, what an answer
narrowed by `fields` still owes, and whom a neighbour may not see."""

import copy
import itertools
import json
import os
import re
from collections import Counter
from urllib.parse import parse_qsl

import jsonschema_rs
import requests
import schemathesis
from hypothesis import strategies as st
from schemathesis.specs.openapi import checks

# Refusals of well-formed requests that no JSON Schema can foresee: code, where it may come (a pattern
# on the operation with the pointer or parameter at fault), and the reason. What a code says of one
# place it does not say of another: a general code is listed with its places.
UNFORESEEN = {
    # The document of the request is judged in the light of others.
    "unknown_record": ("", "whether a record exists"),
    "retired": ("Id$", "what became of another record"),
    "duplicate": ("/v1/staff-members.* /secondSubject$|/v1/results.* /subjectScores/[0-9]+/subject$|/v1/reports.* /entries/[0-9]+/line$", "what another field holds"),
    "digest_mismatch": ("/v1/imports.* Repr-Digest$", "what arrived"),
    "mismatching_offset": ("/upload Upload-Offset$", "how far the payload came"),
    "unknown_column": ("^POST /v1/imports key$", "columns go by three kinds of names"),
    "immutable": ("^(PATCH|PUT) ", "what the record held before"),
    "other_centre": ("/merge /duplicateId$", "where two learners are"),
    "system_taken": ("^POST /v1/clients /system$", "what other clients are called"),
    "foreign_system": ("/externalIds/[0-9]+/system$", "which systems are the caller's own"),
    "teacher_of_other_centre": ("/v1/classes.* /(teacherId|subjectAssignments/[0-9]+/teacherId)$", "whose staff a teacher is on"),
    "programme_withdrawn": ("/v1/classes", "what became of another record"),
    "subject_not_of_programme": ("/v1/classes.* /subjectAssignments/[0-9]+/subject$|/v1/results.* /subjectScores/[0-9]+/subject$", "depends on the programme"),
    "grade_not_of_programme": ("/v1/classes.* /grade$|/v1/programmes.* /grades/[0-9]+$", "depends on the programme"),
    "term_not_of_programme": ("/v1/classes.* /subjectAssignments/[0-9]+/term$|/v1/results.* /term$", "depends on the programme"),
    "already_recorded": ("/v1/results.* /term$", "what is on record"),
    "level_not_reached": ("/v1/results.* /academicLevel$", "depends on the scores"),
    "promotion_not_allowed": ("/v1/results.* /promoted$", "depends on the levels"),
    "title_not_earned": ("/v1/results.* /title$", "depends on the levels"),
    "conduct_not_failed": ("/v1/results.* /mustRetrainConduct$", "depends on the level of conduct"),
    "subject_missing": ("/v1/programmes|/v1/enrolments.* /chosenSubjects$", "depends on the programme"),
    "elective_count": ("/v1/enrolments.* /chosenSubjects$", "depends on the programme"),
    "cluster_count": ("/v1/enrolments.* /topicClusters$", "depends on the programme"),
    "cluster_of_other_subject": ("/v1/enrolments.* /topicClusters/[0-9]+$", "depends on the subjects chosen"),
    "not_an_initial_status": ("/v1/centres.* /initialStatus$", "depends on the kind"),
    "before_earlier_event": ("/events /effectiveOn$", "what happened before"),
    "authority_not_in_force": ("/v1/centres.* /(establishment/)?(authorityKind|newAuthorityKind)$", "which authorities there were on that day"),
    "class_not_open": ("/v1/enrolments.* /classId$", "what became of another record"),
    "before_birth": ("/v1/enrolments", "depends on the learner"),
    "guardian_required": ("/v1/learners.* /guardianName$", "depends on the age"),
    "representative_required": ("/v1/data-subject-requests.* /requestedBy$", "depends on the learner's age"),
    "no_record": ("/v1/access/explain id$", "whether the operation names a record"),
    # Cursors and positions are the service's own, made anew for each list.
    "invalid_cursor": (" after$", "cursors are opaque"),
    "foreign_cursor": (" after$", "cursors fit one list only"),
    "beyond_the_end": ("/v1/changes after$| Min-Position$|[ /]asOf$", "where the feed ends now"),
    "foreign_partition": (" partition$", "parts fit one list only"),
    "invalid_partition": (" partition$", "parts are opaque"),
    "out_of_range": (
        "/v1/webhooks.* /after$|/v1/(programmes|recognitions).* /level$|/v1/reports/due on$",
        "where the feed ends now, what depends on the kind, and no schema bounds a day",
    ),
    "not_of_the_past": (" ", "the same list tells it of the present"),
    # Addresses go by the rules of URLs (WHATWG), and to the open internet only.
    "not_a_url": ("/v1/webhooks.* /url$", "the grammar of addresses is no pattern"),
    "https_required": ("/v1/webhooks.* /url$", "the operator may allow others"),
    "private_address": ("/v1/webhooks.* /url$", "the operator may allow others"),
    "unexpected_part": ("/v1/webhooks.* /url$", "the grammar of addresses is no pattern"),
    "never_happens": ("/v1/webhooks.* /operations/[0-9]+$", "what happens to which kind of record is no schema"),
    "purpose_not_agreed": ("/v1/webhooks.* /purpose$", "what the client's agreement says"),
    "not_settable": ("^PATCH /v1/webhooks.* /state$", "the service alone sets the others"),
    # Names inside one text, separated by commas.
    "unknown_field": ("[ /]fields$", "a pattern would repeat every schema in every list"),
    # A condition of any shape is JSON in one text, and which dimensions a data set has, its own description tells.
    "invalid_json": ("/v1/statistics/.* filter$", "no pattern is a grammar of JSON"),
    "unknown_property": ("/v1/statistics/.* filter$", "no pattern is a grammar of JSON"),
    "does_not_add_up": ("/v1/statistics/.* groupBy$", "depends on the data set and on the other parameters"),
    "too_many_figures": ("/v1/statistics/.* groupBy$", "depends on what there are figures of"),
    "too_deep": ("/v1/statistics/.* filter$", "no pattern can count"),
    # Rules over two fields or more, and over the calendar.
    "required": (
        "/centres/.id./events /|/releases /reason$|/v1/data-subject-requests.* /representativeName$|/v1/programmes.* /curriculumVersion$"
        "|/v1/recognitions.* /(place|holderName|holderKind)$|/v1/results.* /literacyResult$|/v1/enrolments.* /(origin|destination)$"
        "|/v1/learners.* /idDocumentKind$|/v1/centres /establishment$|/v1/programmes.* /language$"
        "|^POST /v1/imports (resource|syncKind|schoolYear)$|^POST /v1/batch /(syncKind|schoolYear)$|/v1/webhooks.* /within$|/v1/classes.* /grade$|^(PATCH|PUT) /v1/programmes.* /(aims|assessment|content|materials|teachers)$",
        "needed because of another field, or of what is on record",
    ),
    "nothing_to_correct": ("^POST /v1/statistics/.*/releases /kind$", "whether there was a release before"),
    "modules_missing": ("/v1/programmes.* /itModules$", "depends on the kind of the programme"),
    "kind_not_in_force": ("/v1/recognitions.* /kind$", "which kinds were in force in the year assessed"),
    "not_allowed_here": (
        "/events /|/v1/centres.* /establishment$|/v1/results.* /[A-Za-z]+$|/v1/enrolments.* /(origin|destination)$|/v1/statistics/.* [A-Za-z]+$",
        "depends on the kind of the event; on the data set or indicator that is asked",
    ),
    "not_of_today": ("/v1/statistics/.* (groupBy|district)$", "depends on the boundaries"),
    "wrong_number_of_successors": ("/centres/.id./events /successorIds$", "depends on the kind of the event"),
    "dates_out_of_order": ("/v1/", "two dates, one of which may be on record"),
    "in_future": (
        "/v1/reports.* /schoolYear$|/(closesOn|effectiveOn|decisionDate|enrolledOn|opensOn|reviewedOn|(father|mother|guardian)BirthYear|useStartYear)$",
        "depends on today",
    ),
    "level_not_allowed": ("/v1/reports.* /place$", "depends on the form"),
    "too_early": ("/v1/reports.* /(asOf|signedOn)$", "depends on today and on the form"),
    "prefill_required": ("/v1/reports.* /(filledAt|acceptedBelow)$", "when it was filled in"),
    "too_many": ("/v1/reports.* /entries$|/v1/results.* /subjectScores$", "how many figures the form has, and subjects there are"),
    "future_date": ("/v1/recognitions.* /submittedOn$|/v1/reports.* /signedOn$|/place/asOf$", "depends on today"),
    "date_in_future": ("/(receivedOn|dateOfBirth/value|decisionDate|idIssuedOn)$", "depends on today"),
    "too_far_ahead": ("/v1/enrolments.* /enrolledOn$", "depends on today"),
    "wrong_level": ("/v1/recognitions.* /place/code$", "which units of that level there were on that day"),
    "no_such_day": ("[ /]asOf$", "the calendar"),
    "invalid_date": ("/value$", "the calendar, and which precision stands beside"),
    "sub_kind_not_allowed": ("/v1/centres", "depends on the kind"),
    "group_not_allowed": ("/v1/programmes.* /kind$", "depends on the kind of the centre"),
    "times_out_of_order": ("/v1/classes.* /timetable/[0-9]+/ends$", "two times"),
    "date_outside_class": ("/v1/classes.* /timetable/[0-9]+/date$", "two dates"),
    "weekday_or_date": ("/v1/classes.* /timetable/[0-9]+$", "one of two fields"),
    "not_of_this_kind": ("/v1/programmes.* /(language|level|itModules)$", "depends on the kind"),
    "holder_not_allowed": ("/v1/recognitions.* /holderKind$", "depends on the kind of the recognition"),
    "reach_does_not_fit_role": ("/v1/clients.* /reach$", "depends on the role"),
    "issuer_and_subject_together": ("/v1/clients.* /external(Issuer|Subject)$", "one of the two may be on record"),
    "unsupported_key": ("/v1/clients.* /jwks/keys/[0-9]+$", "whether bytes are a key"),
    "invalid_kid": ("/v1/clients.* /jwks/keys/[0-9]+/kid$", "uniqueItems looks at whole items"),
    "repeated": ("/externalIds/[0-9]+$|/v1/statistics/.* (groupBy|measures)$", "keys are compared as they are stored; no pattern tells two names in one text apart"),
    "holder_not_centre": ("/v1/recognitions.* /holderKind$", "depends on the kind of the recognition"),
    "year_not_assessable": ("/v1/recognitions.* /assessedYear$", "depends on the criteria in force"),
    "ambiguous_place": ("/code$", "one code, several places in time"),
    # Numbers: multipleOf cannot be asked of binary floats, and no pattern can count.
    "too_fine": ("", "how many decimal digits"),
    "not_the_next_year": ("[/ ]schoolYear$", "the second year of a school year is the one after the first"),
    # Codes of lists that are data, and not enumerations of the document.
    "unknown_code": ("/", "the list stands in /v1/code-lists"),
    "invalid_country": ("/nationality$", "ISO 3166"),
    "unknown_province": ("/v1/(clients.* /reach|webhooks.* /within)/provinces/[0-9]+$|/v1/sync-windows/check provinceCode$", "whether there is one of that code today"),
    "unknown_commune": ("/v1/(clients.* /reach|webhooks.* /within)/communes/[0-9]+$|/v1/sync-windows/check communeCode$", "whether there is one of that code today"),
    "unknown_centre": ("/v1/(clients.* /reach|webhooks.* /within)/centres/[0-9]+$", "whether a record exists"),
    "not_of_the_list": ("^POST /v1/export-jobs /filter", "filters are those of the list that is named"),
    "no_list": ("^POST /v1/export-jobs /resource$", "kinds that stand in no list of their own"),
    "other_province": ("/v1/sync-windows/check communeCode$", "where a commune lies"),
    "unknown_place": ("", "whether a place of that code existed on that day"),
    # What a host name is, is beyond regular expressions (WHATWG URL).
    "invalid_website": ("/website$", "host names"),
    "hidden_character": ("", "tags lie beyond U+FFFF, where engines read patterns differently"),
}
# Whole answers that are such refusals.
UNFORESEEN_ANSWERS = {
    "stale_version": "whether the record is still the one that was read (RFC 9110, 13.1.1)",
    "idempotency_mismatch": "what came under the same key before",
}

TOKENS = {"neighbour": os.environ["JUDGE_NEIGHBOUR"]}
PROBES = os.environ["JUDGE_PROBES"]
# What a record out of reach is: not there, forbidden, or unknown where a body names it.
OUT_OF_REACH = {401, 403, 404, 422}
# More of the same tell nothing new.
PROBES_EACH = 8
_probed = Counter()


def _json(response):
    try:
        return json.loads(response.content)
    except ValueError:
        return None


def _foreseeable(case, response):
    """The faults that the document could have told, each with its place; `None` where none is told at all."""
    body = _json(response)
    errors = body.get("errors") if isinstance(body, dict) else None
    if not errors:
        return None
    told = []
    for error in errors:
        place = error.get("pointer", error.get("parameter", error.get("header"))) or ""
        code = _finer(error.get("code"), place, response)
        where, _ = UNFORESEEN.get(code, (None, None))
        if where is None or not re.search(where, f"{case.operation.label} {place}"):
            told.append(f"{code} at {place}")
    return told


def _finer(code, place, response):
    """The code of a fault, told apart where one code stands for what a schema can and cannot say."""
    if code == "invalid_value" and place.endswith("schoolYear"):
        return "not_the_next_year"
    if code == "invalid_value" and place in ("asOf", "/asOf"):
        return "no_such_day"
    if place.startswith("/filter"):
        return "not_of_the_list"
    return "too_fine" if code == "invalid_value" and _is_decimal(place, response) else code


def _is_decimal(pointer, response):
    try:
        value = json.loads(response.request.body)
        for name in pointer.split("/")[1:]:
            value = value[int(name) if isinstance(value, list) else name]
    except (TypeError, ValueError, KeyError, IndexError):
        return False
    return isinstance(value, float) or (isinstance(value, int) and abs(value) > 2**46)


def _repeats_a_name(case, response):
    """A parameter of OAuth must not come twice (RFC 6749, 3.2); the generator writes lists so."""
    if case.media_type != "application/x-www-form-urlencoded":
        return False
    sent = response.request.body or b""
    names = [name for name, _ in parse_qsl(sent.decode() if isinstance(sent, bytes) else sent, keep_blank_values=True)]
    return len(set(names)) < len(names)


def _breaks_a_header(case):
    """The generator sometimes leaves the pattern that the document gives for a header."""
    patterns = {p.name: p.definition.get("schema", {}).get("pattern") for p in case.operation.headers}
    return any(patterns.get(name) and not re.search(patterns[name], value) for name, value in (case.headers or {}).items())


@schemathesis.check
def accepted_or_unforeseen(ctx, response, case):
    """A request that fits the document is done, or refused for a reason that no schema holds."""
    body = _json(response)
    whole = body.get("code") if isinstance(body, dict) else None
    told = _foreseeable(case, response)
    if whole in UNFORESEEN_ANSWERS or told == []:
        return
    if _repeats_a_name(case, response) or _breaks_a_header(case):
        return
    try:
        checks.positive_data_acceptance(ctx, response, case)
    except AssertionError as refused:
        raise AssertionError(f"The document could have told: {told}") from refused


def _without_required(schema):
    if isinstance(schema, dict):
        return {key: _without_required(value) for key, value in schema.items() if key != "required"}
    if isinstance(schema, list):
        return [_without_required(value) for value in schema]
    return schema


_lenient = {}
_validators = {}


def _narrowed(case, status):
    """The schema of an answer of which only some fields were asked for: nothing is required."""
    raw = case.operation.schema.raw_schema
    if "components" not in _lenient:
        whole = copy.deepcopy(raw["components"])
        # Which fields a page itself has is not narrowed.
        _lenient["components"] = {
            **whole,
            "schemas": {
                name: schema if name.endswith("Page") else _without_required(schema)
                for name, schema in whole["schemas"].items()
            },
        }
    responses = raw["paths"][case.operation.path][case.method.lower()]["responses"]
    schema = responses[str(status)]["content"]["application/json"]["schema"]
    return {**schema, "components": _lenient["components"]}


FILES = ("application/x-ndjson", "text/csv", "application/vnd.")


@schemathesis.check
def whole_or_narrowed(ctx, response, case):
    """An answer fits its schema; one narrowed by `fields` fits what of it was asked for."""
    media = (response.headers.get("content-type") or [""])[0]
    if response.status_code < 300 and media.startswith(FILES):
        # Files are held against their lists by our own tests.
        return
    if "fields" not in (case.query or {}) or response.status_code not in (200, 201):
        checks.response_schema_conformance(ctx, response, case)
        return
    key = (case.operation.label, response.status_code)
    if key not in _validators:
        _validators[key] = jsonschema_rs.Draft202012Validator(_narrowed(case, response.status_code))
    validator = _validators[key]
    for error in validator.iter_errors(_json(response)):
        raise AssertionError(f"A narrowed answer breaks its schema: {error.message}")


def _ids(body):
    """The ids of all records in an answer."""
    if isinstance(body, dict):
        own = [body["id"]] if isinstance(body.get("id"), str) else []
        return set(own).union(*map(_ids, body.values()))
    if isinstance(body, list):
        return set().union(*map(_ids, body))
    return set()


def _replayed(case, response):
    """The same request by the neighbour; a write only as a rehearsal."""
    sent = response.request
    url = sent.url
    if case.method != "GET" and case.operation.path != "/v1/learners/find":
        names = [parameter.name for parameter in case.operation.query]
        if "dryRun" not in names:
            return None
        url = requests.Request("GET", url.split("?")[0], params={"dryRun": "true"}).prepare().url
    kept = {"content-type", "accept", "accept-language", "data-purpose"}
    headers = {name: value for name, value in sent.headers.items() if name.lower() in kept}
    headers["Authorization"] = f"Bearer {TOKENS['neighbour']}"
    return requests.request(case.method, url, headers=headers, data=sent.body, timeout=60)


# Operations that answer for each record in a list of their own.
SEVERAL = {"/v1/learners/find", "/v1/batch", "/v1/imports"}
# Operations that make or tell something of the caller's own.
OWN = {"/v1/export-jobs", "/v1/sync-windows/check"}


@schemathesis.check
def neighbour_sees_nothing(ctx, response, case):
    """What one client reads or writes, a client of the next province neither sees nor changes."""
    operation = case.operation
    paths = operation.schema.raw_schema.get("paths")
    if paths is None:
        # GraphQL reads through the same functions; who sees what there is told by our own tests.
        return
    raw = paths[operation.path].get(case.method.lower(), {})
    is_public = {} in raw.get("security", [{}])
    if is_public or operation.path in OWN or not 200 <= response.status_code < 300:
        return
    _probed[operation.label] += 1
    if _probed[operation.label] > PROBES_EACH:
        return
    answer = _replayed(case, response)
    if answer is None:
        return
    with open(PROBES, "a", encoding="utf-8") as probes:
        probes.write(f"{operation.label}\n")
    is_list = case.method == "GET" and not operation.path.endswith("}") or operation.path in SEVERAL
    if is_list and (answer.ok or operation.path in SEVERAL):
        seen = _ids(_json(response)) & _ids(_json(answer))
        if seen:
            raise AssertionError(f"A neighbour sees {len(seen)} of the same records: {sorted(seen)[:3]}")
    elif answer.status_code not in OUT_OF_REACH:
        raise AssertionError(f"A neighbour was answered {answer.status_code} for a record out of its reach: {answer.text[:500]}")


# Ids of real records for bodies that name others, so that writes come through.
OWNERS = {
    "centreId": "centres", "programmeId": "programmes", "classId": "classes", "learnerId": "learners",
    "duplicateId": "learners", "teacherId": "staff-members", "enrolmentId": "enrolments",
}
RECORDS = {
    "campuses", "centres", "classes", "data-subject-requests", "enrolments", "lands", "learners", "programmes",
    "recognitions", "results", "rooms", "staff-members",
}
# What they are read in the order of, where they have no name.
SORTS = {"data-subject-requests": "dueOn", "enrolments": "createdAt", "results": "createdAt"}
_known = {}
_turn = itertools.count()


def _real(path, headers, base):
    """The id of a record of this path, another at each turn."""
    if path not in _known:
        # By name, since ids differ from run to run.
        params = {"first": 20, "fields": "id", "sort": SORTS.get(path, "name")}
        page = requests.get(f"{base}/v1/{path}", params=params, headers={**headers, "Data-Purpose": "inspection"}, timeout=60)
        _known[path] = [item["id"] for item in _json(page).get("items", [])] if page.ok else []
    found = _known[path]
    return found[next(_turn) % len(found)] if found else None


def _whole(value):
    """25.0 as 25: equal for JSON Schema, while RFC 8259 lets a reader tell them apart, as ours does."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _whole(inner) for key, inner in value.items()}
    return [_whole(inner) for inner in value] if isinstance(value, list) else value


def _without_pause(case):
    """The feed answers at once: our own tests wait for it."""
    if case.operation.path == "/v1/changes" and str((case.query or {}).get("wait", "")).isdecimal():
        case.query["wait"] = 0


def _within_reach(case):
    """No invented cursor and no invented name of a field is known: every other request goes without."""
    query = case.query or {}
    if next(_turn) % 2 == 0 and case.operation.path != "/v1/changes":
        query.pop("after", None)
        if "fields" in query:
            query["fields"] = "id"


@schemathesis.hook
def filter_case(ctx, case):
    """A header that nobody knows makes no request wrong: it is ignored (RFC 9110, 5.1)."""
    return not any(name.startswith("x-schemathesis-") for name in case.headers or {})


@schemathesis.hook
def before_call(ctx, case, kwargs):
    """Every other well-formed request names records that exist."""
    _without_pause(case)
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    _within_reach(case)
    base, headers = os.environ["JUDGE_BASE"], {"Authorization": f"Bearer {os.environ['JUDGE_OWNER']}"}
    named = re.match(r"/v1/([a-z-]+)/\{id\}", case.operation.path or "")
    if named and named[1] in RECORDS and next(_turn) % 2 == 0:
        case.path_parameters["id"] = _real(named[1], headers, base) or case.path_parameters["id"]
    if not isinstance(case.body, dict):
        return
    case.body = _whole(case.body)
    for field in OWNERS.keys() & case.body.keys():
        if next(_turn) % 2 == 0 and isinstance(case.body[field], str):
            case.body[field] = _real(OWNERS[field], headers, base) or case.body[field]


# The scalars of the GraphQL schema.
for name, values in {
    "UUID": st.uuids().map(str),
    "NaiveDate": st.dates().map(str),
    "DateTime": st.datetimes().map(lambda instant: f"{instant.isoformat()}Z"),
    "SchoolYear": st.integers(1945, 2200).map(lambda year: f"{year}-{year + 1}"),
    "JSON": st.just("{}"),
}.items():
    schemathesis.graphql.scalar(name, values.map(schemathesis.graphql.nodes.String))
schemathesis.graphql.scalar("Decimal2", st.integers(0, 1000).map(schemathesis.graphql.nodes.Int))


@schemathesis.check
def refused_by_our_own_words(ctx, response, case):
    """A refusal of GraphQL carries a code of ours, and none is a fault of the service."""
    body = _json(response)
    if response.status_code >= 500:
        raise AssertionError(f"answered {response.status_code}")
    errors = body.get("errors", []) if isinstance(body, dict) and "paths" not in case.operation.schema.raw_schema else []
    for error in errors:
        code = error.get("extensions", {}).get("code") if isinstance(error, dict) else None
        if code is None or code == "internal":
            raise AssertionError(f"a refusal with the code {code}: {error}")
