"""What the tour calls of networks, groups and what else is put on a server: see visits.py."""
import visits

ZONE = {"type": "cloud", "network_zone": "eu-central"}


def all_of_them(tour):
    for visit in (networks, places, groups, isos, names, backups, walls):
        visit(tour)


def network(tour, name, **more):
    return tour.post("/networks", body={"name": name, "ip_range": "10.0.0.0/16", **more})["network"]["id"]


def networks(tour):
    bare = network(tour, "bare")
    route = {"destination": "10.100.0.0/16", "gateway": "10.0.1.1"}
    full = network(tour, "full", labels={"a": "b"}, expose_routes_to_vswitch=False, routes=[route],
                   subnets=[{**ZONE, "ip_range": "10.0.1.0/24"}])
    tour.get("/networks")
    tour.get("/networks", query="name=full&label_selector=a%3Db&sort=created:desc")
    tour.get("/networks/{id}", full)
    tour.get("/networks/{id}/members", full, query="type=server&sort=id")
    tour("PUT", "/networks/{id}", bare, body={"name": "lan", "labels": {}, "expose_routes_to_vswitch": True})
    action = tour.post("/networks/{id}/actions/add_subnet", bare, body=ZONE)
    tour("PUT", "/networks/{id}", bare, body={"name": "wan"}, refused="conflict")
    tour.done(action)
    tour.post("/networks/{id}/actions/add_subnet", bare, body={**ZONE, "ip_range": "192.168.0.0/24"}, refused="invalid_input")
    tour.done(tour.post("/networks/{id}/actions/delete_subnet", bare, body={"ip_range": "10.0.0.0/24"}))
    tour.done(tour.post("/networks/{id}/actions/delete_route", full, body=route))
    tour.done(tour.post("/networks/{id}/actions/add_route", full, body=route))
    tour.done(tour.post("/networks/{id}/actions/change_ip_range", bare, body={"ip_range": "10.0.0.0/8"}))
    tour.done(tour.post("/networks/{id}/actions/change_protection", bare, body={"delete": True}))
    tour("DELETE", "/networks/{id}", bare, refused="protected")
    tour.done(tour.post("/networks/{id}/actions/change_protection", bare, body={"delete": False}))
    tour.get("/networks/{id}/actions", bare, query="status=success&sort=command")
    tour.get("/networks/{id}/actions/{id}", bare, action["action"]["id"])
    tour.get("/networks/actions")
    tour.get("/networks/actions/{id}", action["action"]["id"])
    tour.post("/networks", body={"name": "lan", "ip_range": "10.0.0.0/16"}, refused="uniqueness_error")
    tour.post("/networks", body={"name": "public", "ip_range": "8.8.8.0/24"}, refused="invalid_input")
    for each in (bare, full):
        tour("DELETE", "/networks/{id}", each)
    tour.get("/networks/{id}", bare, refused="not_found")


def places(tour):
    lan, empty = network(tour, "lan", subnets=[ZONE]), network(tour, "empty")
    server = visits.running(tour, "box", networks=[lan])
    tour.get("/servers/{id}", server)
    tour.get("/networks/{id}", lan)
    again = {"network": lan, "ip": "10.0.0.9", "alias_ips": ["10.0.0.10"]}
    tour.post("/servers/{id}/actions/attach_to_network", server, body=again, refused="server_already_attached")
    tour.done(tour.post("/servers/{id}/actions/detach_from_network", server, body={"network": lan}))
    tour.done(tour.post("/servers/{id}/actions/attach_to_network", server, body=again))
    tour.get("/servers/{id}", server)
    tour.done(tour.post("/servers/{id}/actions/change_alias_ips", server, body={"network": lan, "alias_ips": []}))
    tour.post("/networks/{id}/actions/delete_subnet", lan, body={"ip_range": "10.0.0.0/24"}, refused="resource_in_use")
    tour.post("/servers", body=visits.order("other", networks=[empty]), refused="no_subnet_available")
    visits.gone(tour, server)
    for each in (lan, empty):
        tour("DELETE", "/networks/{id}", each)


def groups(tour):
    made = tour.done(tour.post("/placement_groups", body={"name": "apart", "type": "spread", "labels": {"a": "b"}}))
    group = made["placement_group"]["id"]
    tour.get("/placement_groups")
    tour.get("/placement_groups", query="type=spread&name=apart&sort=name")
    tour("PUT", "/placement_groups/{id}", group, body={"name": "far", "labels": {}})
    server = visits.running(tour, "box", placement_group=group)
    tour.get("/placement_groups/{id}", group)
    tour.get("/servers/{id}", server)
    to = {"placement_group": group}
    tour.post("/servers/{id}/actions/add_to_placement_group", server, body=to, refused="already_in_placement_group")
    tour("DELETE", "/placement_groups/{id}", group, refused="resource_in_use")
    tour.done(tour.post("/servers/{id}/actions/remove_from_placement_group", server))
    tour.post("/servers/{id}/actions/add_to_placement_group", server, body=to, refused="server_not_stopped")
    visits.power(tour, server, "poweroff")
    tour.done(tour.post("/servers/{id}/actions/add_to_placement_group", server, body=to))
    visits.gone(tour, server)
    tour("DELETE", "/placement_groups/{id}", group)
    tour.get("/placement_groups/{id}", group, refused="not_found")


def isos(tour):
    first = tour.get("/isos", query="architecture=x86&include_architecture_wildcard=true")["isos"][0]
    tour.get("/isos", query=f"name={first['name']}")
    tour.get("/isos", query="architecture=arm&page=2")
    tour.get("/isos/{id}", first["id"])
    tour.get("/isos/{id}", visits.NOWHERE, refused="not_found")
    server = visits.running(tour, "box")
    tour.done(tour.post("/servers/{id}/actions/attach_iso", server, body={"iso": first["name"]}))
    tour.get("/servers/{id}", server)
    tour.done(tour.post("/servers/{id}/actions/detach_iso", server))
    tour.post("/servers/{id}/actions/attach_iso", server, body={"iso": "floppy"}, refused="invalid_input")
    visits.gone(tour, server)


def names(tour):
    server = visits.running(tour, "box")
    net = tour.get("/servers/{id}", server)["server"]["public_net"]
    inside = net["ipv6"]["ip"].split("/")[0] + "1"
    for ip in (net["ipv4"]["ip"], inside):
        for name in ("box.example.org", None):
            tour.done(tour.post("/servers/{id}/actions/change_dns_ptr", server, body={"ip": ip, "dns_ptr": name}))
            tour.get("/servers/{id}", server)
    six = net["ipv6"]["id"]
    tour.done(tour.post("/primary_ips/{id}/actions/change_dns_ptr", six, body={"ip": inside, "dns_ptr": "six.example.org"}))
    tour.get("/primary_ips/{id}", six)
    tour.post("/primary_ips/{id}/actions/change_dns_ptr", six, body={"ip": "::1", "dns_ptr": "x.y"}, refused="invalid_input")
    visits.gone(tour, server)


def backups(tour):
    server = visits.running(tour, "box")
    tour.post("/servers/{id}/actions/create_image", server, body={"type": "backup"}, refused="invalid_input")
    tour.done(tour.post("/servers/{id}/actions/enable_backup", server))
    tour.get("/servers/{id}", server)
    for _ in range(2):
        made = tour.done(tour.post("/servers/{id}/actions/create_image", server, body={"type": "backup"}))
    tour.get("/images", query=f"type=backup&bound_to={server}")
    tour("PUT", "/images/{id}", made["image"]["id"], body={"type": "snapshot"})
    tour.done(tour.post("/servers/{id}/actions/disable_backup", server))
    tour("DELETE", "/images/{id}", made["image"]["id"])
    visits.gone(tour, server)


def walls(tour):
    """Firewalls applied to servers by their ids and by label selectors."""
    server = visits.running(tour, "box", labels={"env": "prod"})
    by_id = {"type": "server", "server": {"id": server}}
    by_label = {"type": "label_selector", "label_selector": {"selector": "env=prod"}}
    made = tour.post("/firewalls", body={"name": "wall", "apply_to": [by_label]})
    wall = made["firewall"]["id"]
    tour.get("/servers/{id}", server)
    tour.done(made)
    tour.get("/firewalls/{id}", wall)
    tour.post("/firewalls/{id}/actions/remove_from_resources", wall, body={"remove_from": [by_id]},
              refused="firewall_managed_by_label_selector")
    tour.done(tour.post("/firewalls/{id}/actions/remove_from_resources", wall, body={"remove_from": [by_label]}))
    tour.done(tour.post("/firewalls/{id}/actions/apply_to_resources", wall, body={"apply_to": [by_id]}))
    tour.get("/firewalls/{id}", wall)
    tour.post("/firewalls/{id}/actions/apply_to_resources", wall, body={"apply_to": [by_id]}, refused="firewall_already_applied")
    rule = {"direction": "out", "protocol": "udp", "port": "any", "destination_ips": ["10.0.0.0/8"]}
    action = tour.done(tour.post("/firewalls/{id}/actions/set_rules", wall, body={"rules": [rule]}))["actions"][0]["id"]
    tour.post("/firewalls/{id}/actions/set_rules", wall, body={"rules": [{**rule, "port": "x"}]}, refused="invalid_input")
    tour.get("/firewalls/{id}", wall)
    tour.get("/firewalls/{id}/actions", wall)
    tour.get("/firewalls/{id}/actions/{id}", wall, action)
    tour.get("/firewalls/actions")
    tour.get("/firewalls/actions/{id}", action)
    visits.gone(tour, server)
    tour("DELETE", "/firewalls/{id}", wall)
