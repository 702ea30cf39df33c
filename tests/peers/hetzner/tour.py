"""A tour of everything that the simulated cloud answers, each response compared with the vendor's document (spec.py).

What is called is in visits.py and visits_net.py. A route of the simulator's table (GET /_sim/routes) that no call of the tour succeeded
with is a failure: whoever adds a route adds a visit.

Usage: tour.py HETZNER_SIM HETZNER_CLOUD_OPENAPI_JSON
"""
import http.client
import json
import os
import sys
import time
import urllib.parse

import visits
import visits_net
from simulator import TOKEN, Simulator
from spec import Spec

HEADERS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "X-Correlation-Id")


class Tour:
    """Calls, and remembers what was called; `spec` judges the answers."""

    def __init__(self, simulator, spec):
        address = urllib.parse.urlsplit(simulator.endpoint)
        self.connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
        self.spec = spec
        self.visited = set()
        self.responses = 0

    def _send(self, method, target, body, token):
        text = body if body is None or isinstance(body, str) else json.dumps(body)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if text is not None:
            headers["Content-Type"] = "application/json"
        self.connection.request(method, target, body=text, headers=headers)
        answer = self.connection.getresponse()
        return answer, answer.read()

    def control(self, method, target, body=None):
        """A call that is the simulator's own."""
        answer, text = self._send(method, target, body, None)
        assert answer.status == 200, (method, target, answer.status, text)
        return json.loads(text)

    def __call__(self, method, route, *ids, body=None, query="", token=TOKEN, refused=None, route_of=None, played=False):
        """One request. `route` has `{id}` for each of `ids`; `refused` is the code of the error that must come;
        `route_of` is the operation it stands for when it is no route of the table; `played`: a fault answers."""
        target = "/v1" + route
        for each in ids:
            target = target.replace("{id}", str(each), 1)
        answer, text = self._send(method, target + (f"?{query}" if query else ""), body, token)
        said = f"{method} {target}: {answer.status} {text[:300]!r}"
        assert (answer.status < 300) == (refused is None), said
        reply = json.loads(text) if text else None
        assert refused is None or reply["error"]["code"] == refused, said
        assert played or all(map(answer.getheader, HEADERS)), f"{said}: a header is missing"
        assert not text or answer.getheader("Content-Type") == "application/json", said
        self.responses += 1
        asked_method, asked_route = (route_of or f"{method} {route}").split(" ")
        self.spec.check(asked_method, asked_route, answer.status, reply)
        if refused is None:
            self.visited.add((method, route))
        return reply

    def get(self, route, *ids, **rest):
        return self("GET", route, *ids, **rest)

    def post(self, route, *ids, **rest):
        return self("POST", route, *ids, **rest)

    def done(self, reply, failed=None):
        """Waits for every action of a reply; `failed` is the error code they must end with."""
        of_reply = [reply.get("action"), *reply.get("next_actions", []), *reply.get("actions", [])]
        actions = [each for each in of_reply if each]
        while any(each["status"] == "running" for each in actions):
            time.sleep(0.02)
            query = "&".join(f"id={each['id']}" for each in actions)
            actions = self.get("/actions", query=query)["actions"]
        for each in actions:
            assert (each["error"] or {}).get("code") == failed, each
        return reply


def report(tour):
    """Prints what is wrong and returns how many things are."""
    wrong = [f"{asked}: {pointer or '/'} ({kind}): {why}" for (asked, kind, pointer), why in tour.spec.differences.items()]
    wrong += [f"the exception {each['kind']} {each['pointer']} of {each['date']} is needed no more"
              for each in tour.spec.unneeded()]
    table = {(each["method"], each["path"]) for each in tour.control("GET", "/_sim/routes")}
    wrong += [f"{method} {route}: the tour does not call it" for method, route in sorted(table - tour.visited)]
    for sentence in wrong:
        print("      " + sentence)
    print(f"      {tour.responses} responses of {len(table)} routes compared, {len(tour.spec.exceptions)} exceptions")
    return len(wrong)


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    with Simulator(sys.argv[1]) as simulated:
        seen = Tour(simulated, Spec(sys.argv[2], os.path.join(here, "newer_than_spec.json")))
        visits.all_of_them(seen)
        visits_net.all_of_them(seen)
        visits.limits(seen)
        sys.exit(1 if report(seen) else 0)
