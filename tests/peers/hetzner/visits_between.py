"""More visits of the tour: what stands between servers (networks, firewalls, placement groups), and what they carry."""
from visits import NOWHERE, address, gone, power, running


def networks(tour):
    made = tour.post("/networks", body={
        "name": "net", "ip_range": "10.0.0.0/16", "labels": {"a": "b"}, "expose_routes_to_vswitch": False,
        "subnets": [{"type": "cloud", "ip_range": "10.0.1.0/24", "network_zone": "eu-central"}],
        "routes": [{"destination": "10.100.1.0/24", "gateway": "10.0.1.5"}]})
    net = made["network"]["id"]
    tour.get("/networks")
    tour.get("/networks", query="name=net&label_selector=a%3Db&sort=name")
    server = running(tour, "box", networks=[net])
    other = running(tour, "other")
    tour.get("/servers/{id}", server)
    tour.done(tour.post("/servers/{id}/actions/attach_to_network", other,
                        body={"network": net, "ip": "10.0.1.9", "alias_ips": ["10.0.1.10"]}))
    tour.get("/servers/{id}", other)
    tour.get("/networks/{id}", net)
    tour.get("/networks/{id}/members", net, query="type=server&sort=id")
    tour.post("/servers/{id}/actions/attach_to_network", other, body={"network": net}, refused="server_already_attached")
    tour.done(tour.post("/servers/{id}/actions/change_alias_ips", other, body={"network": net, "alias_ips": ["10.0.1.11"]}))
    for each in (server, other):
        tour.done(tour.post("/servers/{id}/actions/detach_from_network", each, body={"network": net}))
        gone(tour, each)
    action = tour.done(tour.post("/networks/{id}/actions/add_subnet", net,
                                 body={"type": "cloud", "ip_range": "10.0.2.0/24", "network_zone": "eu-central"}))
    tour.post("/networks/{id}/actions/add_subnet", net, refused="invalid_input",
              body={"type": "cloud", "ip_range": "10.0.2.0/25", "network_zone": "eu-central"})
    tour.done(tour.post("/networks/{id}/actions/delete_subnet", net, body={"ip_range": "10.0.2.0/24"}))
    route = {"destination": "10.100.2.0/24", "gateway": "10.0.1.6"}
    tour.done(tour.post("/networks/{id}/actions/add_route", net, body=route))
    tour.done(tour.post("/networks/{id}/actions/delete_route", net, body=route))
    tour.done(tour.post("/networks/{id}/actions/change_ip_range", net, body={"ip_range": "10.0.0.0/12"}))
    tour.done(tour.post("/networks/{id}/actions/change_protection", net, body={"delete": True}))
    tour("DELETE", "/networks/{id}", net, refused="protected")
    tour.done(tour.post("/networks/{id}/actions/change_protection", net, body={"delete": False}))
    tour("PUT", "/networks/{id}", net, body={"name": "mesh", "labels": {}, "expose_routes_to_vswitch": False})
    _looked_at(tour, "networks", net, action["action"]["id"])
    tour("DELETE", "/networks/{id}", net)
    tour.get("/networks/{id}", net, refused="not_found")


def _looked_at(tour, kind, thing, action):
    """Its actions, and those of its kind."""
    tour.get(f"/{kind}/{{id}}/actions", thing, query="status=success&sort=id")
    tour.get(f"/{kind}/{{id}}/actions/{{id}}", thing, action)
    tour.get(f"/{kind}/actions", query=f"id={action}")
    tour.get(f"/{kind}/actions/{{id}}", action)


def walls(tour):
    """Rules that say the least and the most, and firewalls that are put before a server and before a label."""
    server = running(tour, "box", labels={"of": "tour"})
    by_label = {"type": "label_selector", "label_selector": {"selector": "of=tour"}}
    made = tour.done(tour.post("/firewalls", body={"name": "wall", "rules": [
        {"direction": "in", "protocol": "tcp", "port": "22", "source_ips": ["0.0.0.0/0"]}], "apply_to": [by_label]}))
    wall = made["firewall"]["id"]
    tour.get("/firewalls/{id}", wall)
    tour.get("/servers/{id}", server)
    action = tour.done(tour.post("/firewalls/{id}/actions/set_rules", wall, body={"rules": [
        {"direction": "in", "protocol": "icmp", "source_ips": ["10.0.0.0/8"], "description": None},
        {"direction": "out", "protocol": "udp", "port": "53", "destination_ips": ["::/0"], "description": "names"}]}))
    tour.post("/firewalls/{id}/actions/set_rules", wall, body={"rules": [{"direction": "up"}]}, refused="invalid_input")
    to_server = {"type": "server", "server": {"id": server}}
    tour.done(tour.post("/firewalls/{id}/actions/remove_from_resources", wall, body={"remove_from": [by_label]}))
    tour.done(tour.post("/firewalls/{id}/actions/apply_to_resources", wall, body={"apply_to": [to_server]}))
    tour.get("/firewalls")
    tour.get("/firewalls/{id}", wall)
    tour("DELETE", "/firewalls/{id}", wall, refused="resource_in_use")
    tour.done(tour.post("/firewalls/{id}/actions/remove_from_resources", wall, body={"remove_from": [to_server]}))
    _looked_at(tour, "firewalls", wall, action["actions"][0]["id"])
    tour("DELETE", "/firewalls/{id}", wall)
    gone(tour, server)


def groups(tour):
    made = tour.post("/placement_groups", body={"name": "group", "type": "spread", "labels": {"a": "b"}})
    group = made["placement_group"]["id"]
    tour.get("/placement_groups")
    tour.get("/placement_groups", query="name=group&type=spread&sort=created")
    server = running(tour, "box", placement_group=group)
    tour.get("/servers/{id}", server)
    tour.get("/placement_groups/{id}", group)
    tour("PUT", "/placement_groups/{id}", group, body={"name": "flock", "labels": {}})
    power(tour, server, "poweroff")
    tour.done(tour.post("/servers/{id}/actions/remove_from_placement_group", server))
    tour.done(tour.post("/servers/{id}/actions/add_to_placement_group", server, body={"placement_group": group}))
    tour.get("/servers/{id}", server)
    gone(tour, server)
    tour.post("/placement_groups", body={"name": "flock", "type": "spread"}, refused="uniqueness_error")
    tour("DELETE", "/placement_groups/{id}", group)
    tour.get("/placement_groups/{id}", group, refused="not_found")


def carried(tour):
    """ISOs, backups and the names of addresses."""
    iso = tour.get("/isos")["isos"][0]
    tour.get("/isos", query=f"name={iso['name']}&architecture=x86&include_architecture_wildcard=true")
    tour.get("/isos/{id}", iso["id"])
    tour.get("/isos/{id}", NOWHERE, refused="not_found")
    server = running(tour, "box")
    tour.done(tour.post("/servers/{id}/actions/attach_iso", server, body={"iso": iso["id"]}))
    tour.get("/servers/{id}", server)
    tour.done(tour.post("/servers/{id}/actions/detach_iso", server))
    tour.done(tour.post("/servers/{id}/actions/enable_backup", server))
    backup = tour.done(tour.post("/servers/{id}/actions/create_image", server, body={"type": "backup"}))["image"]["id"]
    tour.get("/servers/{id}", server)
    tour.get("/images/{id}", backup)
    tour.get("/images", query=f"type=backup&bound_to={server}")
    tour.done(tour.post("/servers/{id}/actions/disable_backup", server))
    _named(tour, server)
    gone(tour, server)
    _named_alone(tour)


def _named(tour, server):
    net = tour.get("/servers/{id}", server)["server"]["public_net"]
    four, six = net["ipv4"]["ip"], net["ipv6"]["ip"].removesuffix("/64") + "1"
    for ip in (four, six):
        tour.done(tour.post("/servers/{id}/actions/change_dns_ptr", server, body={"ip": ip, "dns_ptr": "box.example.com"}))
    tour.get("/servers/{id}", server)
    tour.done(tour.post("/servers/{id}/actions/change_dns_ptr", server, body={"ip": four, "dns_ptr": None}))


def _named_alone(tour):
    ip = address(tour, "named")
    number = tour.get("/primary_ips/{id}", ip)["primary_ip"]["ip"]
    tour.done(tour.post("/primary_ips/{id}/actions/change_dns_ptr", ip, body={"ip": number, "dns_ptr": "ip.example.com"}))
    tour.get("/primary_ips/{id}", ip)
    tour("DELETE", "/primary_ips/{id}", ip)


ALL = (networks, walls, groups, carried)
