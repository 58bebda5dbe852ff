"""A vendor's day by a client generated from the OpenAPI document: subscribe, push a school year, change it,
pull it back, and receive webhooks that the library of Standard Webhooks verifies."""

import json
import queue
import sys
import threading
import urllib.parse
import urllib.request
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from client import AuthenticatedClient
from client.api.batch import put_batch
from client.api.changes import changes
from client.api.classes import approve_class, open_class
from client.api.enrolments import get_enrolment
from client.api.programmes import publish_programme
from client.api.webhooks import create_webhook, delete_webhook
from client.models import Batch, NewWebhook, OpenClass, ResourceKind
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

PEOPLE = ["a", "b", "c"]


def must(what, seen, wanted):
    if seen != wanted:
        raise SystemExit(f"{what}: {seen!r} in place of {wanted!r}")


def got(answer, status):
    must(f"status of {answer.content[:400]!r}", int(answer.status_code), status)
    return answer.parsed


class Receiver(BaseHTTPRequestHandler):
    messages: queue.Queue = queue.Queue()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        Receiver.messages.put(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def token(base, client_id, secret):
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    with urllib.request.urlopen(f"{base}/oauth/token", urllib.parse.urlencode(form).encode()) as answer:
        return json.load(answer)["access_token"]


def learner(key, name=None):
    return {
        "resource": "learners", "externalId": f"py-{key}", "centreExternalId": "py-centre", "gender": "female",
        "fullName": name or f"Nguyễn Thị {key.upper()}", "dateOfBirth": {"value": "1990", "precision": "year"},
    }


def enrolment(key):
    return {
        "resource": "enrolments", "externalId": f"py-e-{key}", "learnerExternalId": f"py-{key}",
        "classExternalId": "py-class", "enrolledOn": "2025-09-05",
    }


def push(client, records):
    return got(put_batch.sync_detailed(client=client, body=Batch.from_dict({"records": records})), 200).items


def outcomes(results):
    return [str(one.outcome) for one in results]


def open_a_class(client):
    made = push(client, [
        {"resource": "classes", "externalId": "py-class", "programmeExternalId": "py-programme", "schoolYear": 2025,
         "code": "P1", "name": "Lớp P1"},
        {"resource": "programmes", "externalId": "py-programme", "centreExternalId": "py-centre", "kind": "it_basic",
         "name": "Tin học cơ bản", "itModules": [f"iu0{n}" for n in range(1, 7)], "aims": "…", "materials": "…",
         "teachers": "…", "assessment": "…", "startsOn": "2025-09-05", "feeVnd": 1_200_000},
        {"resource": "centres", "externalId": "py-centre", "name": "Trung tâm Tin học PY (mẫu)",
         "kind": "language_it_centre", "subKind": "it", "ownership": "private", "place": {"code": "11407"},
         "initialStatus": "operating", "establishment": {
             "decisionNumber": "14/QĐ-MAU", "decisionDate": "2025-08-15", "authorityKind": "so_gddt"}},
    ])
    must("outcomes of the first batch", outcomes(made), ["created"] * 3)
    got(publish_programme.sync_detailed(made[1].id, client=client), 200)
    got(approve_class.sync_detailed(made[0].id, client=client), 200)
    got(open_class.sync_detailed(made[0].id, client=client, body=OpenClass(opens_on=date(2025, 9, 5))), 200)


def pull(client, start, wanted):
    """The feed from a position on, until every enrolment came."""
    held, after = {}, start
    while not wanted <= held.keys():
        run = got(changes.sync_detailed(client=client, after=after, first=5, wait=10), 200)
        for change in run.items:
            held[change.id] = max(change.version, held.get(change.id, 0))
        if run.next_after == after:
            raise SystemExit("the feed ended early")
        after = run.next_after
    for one in wanted:
        must("version of the copy", held[one], got(get_enrolment.sync_detailed(one, client=client), 200).version)


def story(base, client_id, secret):
    client = AuthenticatedClient(base_url=base, token=token(base, client_id, secret)).with_headers(
        {"Data-Purpose": "school_administration"})
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    start = got(changes.sync_detailed(client=client, after=0, first=1), 200).last_position
    wish = NewWebhook(name="PY", url=f"http://127.0.0.1:{server.server_port}/hook", resources=[ResourceKind.ENROLMENTS])
    hook = got(create_webhook.sync_detailed(client=client, body=wish), 201)

    open_a_class(client)
    year = [enrolment(key) for key in PEOPLE] + [learner(key) for key in PEOPLE]
    pushed = push(client, year)
    must("outcomes of the school year", outcomes(pushed), ["created"] * 6)
    must("outcomes of the same again", outcomes(push(client, year)), ["unchanged"] * 6)
    must("outcome of a change", outcomes(push(client, [learner("a", "Trần Thị A")])), ["updated"])
    pull(client, start, {one.id for one in pushed[:3]})

    webhook = Webhook(hook.secret)
    for _ in PEOPLE:
        headers, body = Receiver.messages.get(timeout=30)
        must("type of a message", webhook.verify(body, headers)["type"], "enrolments.created")
        try:
            webhook.verify(body.replace(b'"version":', b'"version":1'), headers)
            raise SystemExit("a message that was changed was taken")
        except WebhookVerificationError:
            pass
    got(delete_webhook.sync_detailed(hook.webhook.id, client=client), 200)
    server.shutdown()
    print("the tour is done")


story(*sys.argv[1:4])
