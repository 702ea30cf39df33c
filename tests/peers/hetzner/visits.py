"""What the tour calls: every operation of the simulator, in every state that shows other fields, and every error.

Each visit leaves nothing behind that the next one would meet.
"""
from simulator import READER

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGkzlgmOxCGBRmN7A+Rkj8NlKIWTyTdQCrJ0LQ1Hy3rb tour"
NOWHERE = 9007199254740991


def all_of_them(tour):
    for visit in (market, keys, volumes, addresses, servers, changes, access, images, firewalls, actions, errors):
        visit(tour)


def order(name, **more):
    return {"name": name, "server_type": "cpx32", "image": "debian-12", "location": "fsn1", **more}


def running(tour, name, **more):
    return tour.done(tour.post("/servers", body=order(name, **more)))["server"]["id"]


def gone(tour, server):
    tour.done(tour("DELETE", "/servers/{id}", server))


def volume(tour, name, **more):
    return tour.done(tour.post("/volumes", body={"name": name, "size": 10, **({"location": "fsn1"} | more)}))["volume"]["id"]


def address(tour, name, **more):
    made = tour.post("/primary_ips", body={"name": name, "type": "ipv4", **({"location": "fsn1"} | more)})
    return tour.done(made)["primary_ip"]["id"]


def power(tour, server, verb):
    tour.done(tour.post(f"/servers/{{id}}/actions/{verb}", server))


def market(tour):
    """What is the same for everybody: with something in it, page by page, by name and of a kind that there is not."""
    for kind in ("locations", "server_types"):
        whole = tour.get(f"/{kind}")[kind]
        tour.get(f"/{kind}/{{id}}", whole[0]["id"])
        tour.get(f"/{kind}/{{id}}", NOWHERE, refused="not_found")
        tour.get(f"/{kind}", query="per_page=2&page=2")
        tour.get(f"/{kind}", query="page=999")
        assert len(tour.get(f"/{kind}", query=f"name={whole[0]['name']}")[kind]) == 1
        assert not tour.get(f"/{kind}", query="name=nonesuch")[kind]
        for each in whole:
            tour.get(f"/{kind}/{{id}}", each["id"])
    tour.get("/pricing")
    tour.get("/datacenters", refused="deprecated_api_endpoint")
    tour("GET", "/datacenters/1", refused="deprecated_api_endpoint", route_of="GET /datacenters/{id}")


def keys(tour):
    key = tour.post("/ssh_keys", body={"name": "tour", "public_key": KEY, "labels": {"of": "tour"}})["ssh_key"]["id"]
    tour.get("/ssh_keys")
    tour.get("/ssh_keys", query="label_selector=of%3Dtour&sort=name:desc")
    tour.get("/ssh_keys/{id}", key)
    tour("PUT", "/ssh_keys/{id}", key, body={"name": "again", "labels": {}})
    tour.post("/ssh_keys", body={"name": "other", "public_key": KEY}, refused="uniqueness_error")
    tour.post("/ssh_keys", body={"name": "other", "public_key": "none"}, refused="invalid_input")
    tour("DELETE", "/ssh_keys/{id}", key)
    tour("DELETE", "/ssh_keys/{id}", key, refused="not_found")


def volumes(tour):
    server = running(tour, "box")
    bare = volume(tour, "bare")
    made = tour.post("/volumes", body={"name": "made", "size": 10, "location": "fsn1", "format": "xfs", "labels": {"a": "b"}})
    tour.get("/volumes/{id}", made["volume"]["id"])
    tour.done(made)
    inside = volume(tour, "inside", location=None, server=server, format="ext4")
    tour.get("/volumes")
    tour.get("/volumes", query="status=available&sort=created:desc&name=made&per_page=1")
    tour("PUT", "/volumes/{id}", bare, body={"name": "free", "labels": {"a": ""}})
    action = tour.post("/volumes/{id}/actions/attach", bare, body={"server": server, "automount": False})
    tour.get("/volumes/{id}", bare)
    tour.post("/volumes/{id}/actions/resize", bare, body={"size": 20}, refused="locked")
    tour.done(action)
    tour.get("/servers/{id}", server)
    tour.done(tour.post("/volumes/{id}/actions/resize", inside, body={"size": 20}))
    tour.post("/volumes/{id}/actions/resize", inside, body={"size": 10}, refused="invalid_input")
    tour.done(tour.post("/volumes/{id}/actions/change_protection", bare, body={"delete": True}))
    tour("DELETE", "/volumes/{id}", bare, refused="protected")
    tour.done(tour.post("/volumes/{id}/actions/change_protection", bare, body={"delete": False}))
    for each in (bare, inside):
        tour.done(tour.post("/volumes/{id}/actions/detach", each))
    tour.get("/volumes/{id}/actions", bare, query="status=success&sort=started:desc")
    tour.get("/volumes/{id}/actions/{id}", bare, action["action"]["id"])
    tour.get("/volumes/actions")
    tour.get("/volumes/actions", query=f"id={action['action']['id']}")
    tour.get("/volumes/actions/{id}", action["action"]["id"])
    for each in (bare, inside, made["volume"]["id"]):
        tour("DELETE", "/volumes/{id}", each)
    tour.get("/volumes/{id}", bare, refused="not_found")
    tour.post("/volumes", body={"name": "small", "size": 9, "location": "fsn1"}, refused="invalid_input")
    tour.post("/volumes", body={"name": "lost", "size": 10, "location": "moon"}, refused="invalid_input")
    gone(tour, server)


def addresses(tour):
    free = address(tour, "free", labels={"a": "b"}, auto_delete=True)
    six = tour.post("/primary_ips", body={"name": "six", "type": "ipv6", "location": "fsn1"})["primary_ip"]["id"]
    tour.get("/primary_ips/{id}", six)
    tour.get("/primary_ips")
    tour.get("/primary_ips", query="name=free&sort=id:desc")
    tour("PUT", "/primary_ips/{id}", free, body={"name": "kept", "labels": {}, "auto_delete": False})
    server = running(tour, "box", public_net={"enable_ipv4": False, "enable_ipv6": False}, start_after_create=False)
    tour.get("/servers/{id}", server)
    action = tour.post("/primary_ips/{id}/actions/assign", free, body={"assignee_id": server, "assignee_type": "server"})
    tour.done(action)
    tour.get("/primary_ips/{id}", free)
    tour("DELETE", "/primary_ips/{id}", free, refused="must_be_unassigned")
    again = {"assignee_id": server, "assignee_type": "server"}
    tour.post("/primary_ips/{id}/actions/assign", free, body=again, refused="primary_ip_already_assigned")
    power(tour, server, "poweron")
    tour.post("/primary_ips/{id}/actions/assign", six, body=again, refused="server_not_stopped")
    power(tour, server, "poweroff")
    tour.done(tour.post("/primary_ips/{id}/actions/unassign", free))
    direct = address(tour, "direct", location=None, assignee_id=server, assignee_type="server")
    tour.get("/servers/{id}", server)
    tour.done(tour.post("/primary_ips/{id}/actions/change_protection", free, body={"delete": True}))
    tour("DELETE", "/primary_ips/{id}", free, refused="protected")
    tour.done(tour.post("/primary_ips/{id}/actions/change_protection", free, body={"delete": False}))
    tour.get("/primary_ips/{id}/actions", free)
    tour.get("/primary_ips/{id}/actions/{id}", free, action["action"]["id"])
    tour.get("/primary_ips/actions")
    tour.get("/primary_ips/actions/{id}", action["action"]["id"])
    tour.post("/servers", body=order("other", public_net={"ipv4": six}), refused="primary_ip_version_mismatch")
    tour.post("/servers", body=order("other", public_net={"ipv4": direct}), refused="primary_ip_assigned")
    gone(tour, server)
    for each in (free, six, direct):
        tour("DELETE", "/primary_ips/{id}", each)


def servers(tour):
    """From the order to the grave, looked at in each status."""
    tour.get("/servers")
    home, ip = volume(tour, "home"), address(tour, "ip")
    key = tour.post("/ssh_keys", body={"name": "tour", "public_key": KEY})["ssh_key"]["id"]
    wall = tour.post("/firewalls", body={"name": "wall", "rules": []})["firewall"]["id"]
    made = tour.post("/servers", body=order(
        "box", volumes=[home], ssh_keys=[key], labels={"owner": "tour"}, user_data="#cloud-config\n{}", automount=False,
        firewalls=[{"firewall": wall}], public_net={"enable_ipv4": True, "ipv4": ip, "enable_ipv6": True, "ipv6": None}))
    server = made["server"]["id"]
    tour.get("/servers/{id}", server)
    tour.get("/servers", query="status=initializing")
    tour.done(made)
    tour.get("/servers/{id}", server)
    tour.get("/servers", query="label_selector=owner&sort=name&per_page=1")
    tour("PUT", "/servers/{id}", server, body={"name": "den", "labels": {"owner": ""}})
    for kind in ("cpu", "disk", "network", "cpu,disk,network"):
        tour.get("/servers/{id}/metrics", server,
                 query=f"type={kind}&start=2026-01-01T00:00:00Z&end=2038-01-01T00:00:00%2B00:00")
    tour.get("/servers/{id}/metrics", server, query="type=heat&start=2026-01-01T00:00:00Z&end=2027-01-01T00:00:00Z",
             refused="invalid_input")
    for verb in ("reboot", "reset", "shutdown"):
        power(tour, server, verb)
    action = tour.post("/servers/{id}/actions/poweroff", server)
    tour.get("/servers/{id}", server)
    tour.post("/servers/{id}/actions/poweron", server, refused="locked")
    tour.done(action)
    action = tour.post("/servers/{id}/actions/poweron", server)["action"]["id"]
    tour.get("/servers/{id}", server)
    tour.done(tour.get("/servers/{id}/actions/{id}", server, action))
    tour.get("/servers/{id}/actions", server, query="status=success&sort=command&sort=finished:desc&per_page=3")
    tour.get("/servers/actions")
    tour.get("/servers/actions", query=f"id={action}")
    tour.get("/servers/actions/{id}", action)
    tour.done(tour.post("/servers/{id}/actions/change_protection", server, body={"delete": True, "rebuild": True}))
    tour.get("/servers/{id}", server)
    tour("DELETE", "/servers/{id}", server, refused="protected")
    tour.done(tour.post("/servers/{id}/actions/change_protection", server, body={"delete": False, "rebuild": False}))
    tour("DELETE", "/firewalls/{id}", wall, refused="resource_in_use")
    gone(tour, server)
    tour.get("/servers/{id}", server, refused="not_found")
    young = tour.post("/servers", body=order("young"))
    gone(tour, young["server"]["id"])
    tour.done(young, failed="action_failed")
    for route, each in (("volumes", home), ("primary_ips", ip), ("ssh_keys", key), ("firewalls", wall)):
        tour("DELETE", f"/{route}/{{id}}", each)


def changes(tour):
    made = tour.post("/servers", body=order("box", start_after_create=False))
    server = made["server"]["id"]
    tour.done(made)
    resize = tour.post("/servers/{id}/actions/change_type", server, body={"server_type": "cpx42", "upgrade_disk": False})
    tour.get("/servers/{id}", server)
    tour.done(resize)
    rebuild = tour.post("/servers/{id}/actions/rebuild", server, body={"image": "debian-13"})
    tour.get("/servers/{id}", server)
    tour.done(rebuild)
    snapshot = tour.post("/servers/{id}/actions/create_image", server,
                         body={"type": "snapshot", "description": "base", "labels": {"stage": "base"}})
    tour.get("/images/{id}", snapshot["image"]["id"])
    tour.done(snapshot)
    tour.done(tour.post("/servers/{id}/actions/rebuild", server, body={"image": snapshot["image"]["id"]}))
    tour("DELETE", "/images/{id}", snapshot["image"]["id"])
    assert tour.get("/servers/{id}", server)["server"]["image"] is None
    gone(tour, server)


def access(tour):
    server = running(tour, "box")
    tour.done(tour.post("/servers/{id}/actions/reset_password", server))
    tour.done(tour.post("/servers/{id}/actions/request_console", server))
    tour.done(tour.post("/servers/{id}/actions/enable_rescue", server, body={"type": "linux64", "ssh_keys": []}))
    tour.get("/servers/{id}", server)
    tour.done(tour.post("/servers/{id}/actions/disable_rescue", server))
    gone(tour, server)


def images(tour):
    server = running(tour, "box")
    made = tour.done(tour.post("/servers/{id}/actions/create_image", server, body={"description": "tour"}))
    image, action = made["image"]["id"], made["action"]["id"]
    for query in ("", "type=system", "type=snapshot&status=available&architecture=x86&sort=created:desc", "name=debian-13",
                  "type=system&architecture=arm", "include_deprecated=true", "type=backup", "type=app", "status=creating"):
        tour.get("/images", query=query)
    tour.get("/images/{id}", image)
    tour("PUT", "/images/{id}", image, body={"description": "new", "labels": {"a": "b"}})
    tour.done(tour.post("/images/{id}/actions/change_protection", image, body={"delete": True}))
    tour("DELETE", "/images/{id}", image, refused="protected")
    tour.done(tour.post("/images/{id}/actions/change_protection", image, body={"delete": False}))
    tour.get("/images/{id}/actions", image)
    tour.get("/images/{id}/actions/{id}", image, action)
    tour.get("/images/actions")
    tour.get("/images/actions/{id}", action)
    of_system = tour.get("/images", query="type=system")["images"][0]["id"]
    tour("DELETE", "/images/{id}", of_system, refused="forbidden")
    tour("DELETE", "/images/{id}", image)
    gone(tour, server)


def firewalls(tour):
    web = {"direction": "in", "protocol": "tcp", "port": "80-443", "source_ips": ["0.0.0.0/0", "::/0"],
           "destination_ips": [], "description": "web"}
    ping = {"direction": "out", "protocol": "icmp", "port": None, "source_ips": [], "destination_ips": ["10.0.0.0/8"],
            "description": None}
    wall = tour.post("/firewalls", body={"name": "wall", "labels": {"a": "b"}, "rules": [web, ping]})["firewall"]["id"]
    tour.get("/firewalls")
    tour.get("/firewalls", query="name=wall&sort=name")
    server = running(tour, "box", firewalls=[{"firewall": wall}])
    tour.get("/firewalls/{id}", wall)
    tour.get("/servers/{id}", server)
    tour("PUT", "/firewalls/{id}", wall, body={"name": "fence", "labels": {}})
    gone(tour, server)
    tour.post("/firewalls", body={"name": "fence"}, refused="uniqueness_error")
    tour("DELETE", "/firewalls/{id}", wall)


def actions(tour):
    made = tour.post("/volumes", body={"name": "home", "size": 10, "location": "fsn1"})
    action = made["action"]["id"]
    tour.get("/actions/{id}", action)
    tour.get("/actions", query=f"id={action}&id={NOWHERE}")
    tour.done(made)
    tour.get("/actions/{id}", NOWHERE, refused="not_found")
    tour.get("/actions", refused="invalid_input")
    tour("DELETE", "/volumes/{id}", made["volume"]["id"])


def errors(tour):
    tour.get("/servers", token="", refused="unauthorized")
    tour.get("/servers", token="nobody", refused="unauthorized")
    tour.post("/servers", token=READER, body=order("box"), refused="forbidden")
    tour.get("/servers", token=READER)
    tour.post("/servers", body="{", refused="json_error")
    tour.post("/servers", body="[]", refused="json_error")
    tour.post("/servers", body=order("box", colour="red"), refused="invalid_input")
    tour.post("/servers", body={"name": "box"}, refused="invalid_input")
    tour.post("/servers", body=order("box", server_type="cpx31"), refused="invalid_input")
    tour.post("/servers", body=order("box", server_type="cax11", image="debian-12"), refused="resource_unavailable")
    tour("PATCH", "/servers", refused="method_not_allowed", route_of="POST /servers")
    tour.get("/nonesuch", refused="not_found", route_of="GET /servers")
    tour.get("/servers", query="label_selector=a%20b%20c", refused="invalid_input")
    tour.get("/servers", query="sort=colour", refused="invalid_input")
    for status, code in ((409, "conflict"), (403, "maintenance"), (403, "resource_limit_exceeded"), (500, "server_error"),
                         (502, "bad_gateway"), (503, "unavailable"), (504, "timeout")):
        tour.control("POST", "/_sim/faults", {"method": "GET", "path": "/v1/servers", "status": status, "code": code})
        tour.get("/servers", refused=code, played=True)


def limits(tour):
    """Last, for it leaves nothing to ask with."""
    for _ in range(3600):
        answer, _ = tour._send("GET", "/v1/actions/1", None, READER)
        if answer.status == 429:
            break
    tour.get("/servers", refused="rate_limit_exceeded")
