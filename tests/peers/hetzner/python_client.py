"""Hetzner's own Python client lives with the simulator: `hcloud` of PyPI, run with its interpreter.

Usage: python_client.py HETZNER_SIM
"""
import os
import sys
import time
import warnings
from datetime import datetime, timedelta, timezone

from hcloud import APIException, Client
from hcloud.firewalls import FirewallResource, FirewallRule
from hcloud.images import Image
from hcloud.locations import Location
from hcloud.networks import NetworkRoute, NetworkSubnet
from hcloud.server_types import ServerType
from hcloud.servers import ServerCreatePublicNetwork
from simulator import READER, TOKEN, public_key, tell

FSN1 = Location(name="fsn1")


def client_of(simulator, token=TOKEN):
    return Client(token=token, api_endpoint=simulator.endpoint, poll_interval=0.03)


def done(*actions):
    for action in actions:
        action.wait_until_finished()


def refused(code, function, *arguments, **named):
    try:
        function(*arguments, **named)
    except APIException as error:
        assert error.code == code, (error.code, code)
        return
    raise AssertionError(f"not refused with {code}")


def order(name, image="debian-12", kind="cpx32"):
    return {"name": name, "server_type": ServerType(name=kind), "image": Image(name=image), "location": FSN1}


def until(status, server):
    for _ in range(300):
        server.reload()
        if server.status == status:
            return
        time.sleep(0.02)
    raise AssertionError(f"{server.status} and not {status}")


def a_whole_life(simulator):
    client = client_of(simulator)
    key = client.ssh_keys.create(name="peer", public_key=public_key())
    assert client.ssh_keys.get_by_fingerprint(key.fingerprint).id == key.id
    assert key.update(name="peer2", labels={"of": "alice"}).labels == {"of": "alice"}
    # Not by status: 2.27 sends the size of the page in its place.
    newest = client.images.get_all(label_selector="os-flavor=ubuntu-dev", type="snapshot", sort="created:desc")[0]
    home = client.volumes.create(size=10, name="home", location=FSN1, format="ext4")
    done(home.action)
    address = client.primary_ips.create(type="ipv4", name="address", location=FSN1).primary_ip
    made = client.servers.create(
        **order("box") | {"image": newest}, ssh_keys=[key], volumes=[home.volume], labels={"of": "alice"},
        user_data="#cloud-config\n", automount=False, public_net=ServerCreatePublicNetwork(ipv4=address))
    assert made.root_password is None and made.server.status == "initializing" and made.server.locked
    done(made.action, *made.next_actions)
    box = client.servers.get_by_name("box")
    assert box.status == "running" and box.public_net.ipv4.ip == address.ip and box.image.id == newest.id, box.status
    assert [volume.id for volume in box.volumes] == [home.volume.id]
    assert [each.id for each in client.servers.get_all(label_selector="of in (alice),!gone")] == [box.id]
    assert client.servers.get_all(label_selector="of!=alice", status=["running"]) == []

    done(box.shutdown())
    until("off", box)
    done(box.power_on())
    done(box.reboot())
    done(box.reset())
    snapshot = box.create_image(description="base", type="snapshot", labels={"stage": "base"})
    refused("locked", box.power_off)
    done(snapshot.action)
    assert [each.id for each in client.images.get_all(label_selector="stage=base")] == [snapshot.image.id]
    assert snapshot.image.update(description="next").description == "next"

    done(box.power_off())
    done(box.change_type(ServerType(name="cpx42"), upgrade_disk=False))
    done(box.power_on())
    done(box.rebuild(Image(name="debian-13"), user_data="#cloud-config\n").action)
    assert box.update(name="box2", labels={}).name == "box2"
    box.reload()
    assert (box.server_type.name, box.image.name, box.status) == ("cpx42", "debian-13", "running")
    commands = {action.command for action in box.get_actions()}
    assert commands >= {"create_server", "attach_volume", "shutdown_server", "create_image", "rebuild_server"}, commands

    done(box.power_off())
    done(address.unassign())
    box.reload()
    assert box.public_net.ipv4 is None and box.primary_disk_size == 160
    done(address.assign(assignee_id=box.id, assignee_type="server"))
    done(home.volume.detach())
    done(home.volume.resize(20))
    done(home.volume.attach(box, automount=False))
    end(client, box, home.volume, address)
    assert client.images.delete(snapshot.image) and client.ssh_keys.delete(key)


def end(client, box, volume, address):
    """Protection holds, then all of it goes, and nothing is left."""
    done(box.change_protection(delete=True, rebuild=True), volume.change_protection(delete=True))
    done(address.change_protection(delete=True))
    refused("protected", box.delete)
    refused("protected", box.rebuild, Image(name="debian-13"))
    refused("protected", volume.delete)
    refused("protected", address.delete)
    done(box.change_protection(delete=False, rebuild=False), volume.change_protection(delete=False))
    done(address.change_protection(delete=False))
    refused("must_be_unassigned", address.delete)
    action = box.delete()
    assert client.servers.get_by_name(box.name) is None
    refused("not_found", client.servers.get_by_id, box.id)
    done(action)
    address.reload()
    assert address.assignee_id is None and address.assignee_type == "unassigned"
    assert client.volumes.get_by_name("home").size == 20
    assert client.volumes.delete(volume) and client.primary_ips.delete(address)
    assert client.volumes.get_all() == client.servers.get_all() == client.primary_ips.get_all() == []


def refusals(simulator):
    client, reader = client_of(simulator), client_of(simulator, READER)
    first = client.servers.create(**order("box"))
    refused("uniqueness_error", client.servers.create, **order("box"))
    done(first.action, *first.next_actions)
    refused("invalid_input", client.servers.create, **order("no_name"))
    refused("invalid_input", client.servers.create, **order("old", kind="cpx31"))
    refused("resource_unavailable", client.servers.create, **order("sold-out", kind="cx23"))
    refused("invalid_input", client.servers.create, **order("no-image", image="debian-3"))
    refused("invalid_input", client.servers.create, **order("long"), user_data="#" * 32769)
    refused("invalid_input", client.servers.create, **order("label"), labels={"a b": "c"})
    refused("invalid_input", client.volumes.create, size=9, name="small", location=FSN1)
    key = public_key()
    client.ssh_keys.create(name="one", public_key=key)
    refused("uniqueness_error", client.ssh_keys.create, name="two", public_key=key)
    far = client.volumes.create(size=10, name="far", location=Location(name="hel1"))
    done(far.action)
    refused("invalid_input", far.volume.attach, first.server)
    refused("invalid_input", far.volume.resize, 10)
    address = client.primary_ips.create(type="ipv4", name="address", location=FSN1).primary_ip
    refused("server_not_stopped", address.assign, assignee_id=first.server.id, assignee_type="server")
    done(first.server.power_off())
    refused("server_has_ipv4", address.assign, assignee_id=first.server.id, assignee_type="server")
    refused("invalid_input", client.servers.get_all, label_selector="a in b")
    assert reader.volumes.get_by_name("far").id == far.volume.id
    refused("forbidden", reader.volumes.delete, far.volume)
    refused("unauthorized", client_of(simulator, "nobody").servers.get_all)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        refused("deprecated_api_endpoint", client.datacenters.get_all)


def ways_in(simulator):
    client = client_of(simulator)
    made = client.servers.create(**order("lost", kind="cpx22"), start_after_create=False)
    assert made.root_password and not made.next_actions
    done(made.action)
    lost = made.server
    done(lost.power_on())
    rescue = lost.enable_rescue(type="linux64", ssh_keys=[str(client.ssh_keys.get_all()[0].id)])
    done(rescue.action)
    lost.reload()
    assert rescue.root_password and lost.rescue_enabled
    done(lost.disable_rescue())
    reset = lost.reset_password()
    done(reset.action)
    console = lost.request_console()
    done(console.action)
    assert reset.root_password and console.wss_url.startswith("wss://") and console.password
    now = datetime.now(timezone.utc)
    metrics = lost.get_metrics(type=["cpu", "disk", "network"], start=now - timedelta(hours=1), end=now, step=60)
    assert metrics.metrics.time_series["cpu"]["values"]


def what_is_sold(simulator):
    client = client_of(simulator)
    kind = client.server_types.get_by_name("cpx32")
    offered = {each.location.name: each.available for each in kind.locations}
    assert offered["fsn1"] and not offered.get("ash", False), offered
    location = client.locations.get_by_name("fsn1")
    assert client.locations.get_by_id(location.id).network_zone == "eu-central"
    assert client.images.get_by_name_and_architecture("debian-13", "arm").architecture == "arm"
    assert client.server_types.get_by_name("cx11") is None
    assert sum(1 for _ in client.server_types.get_all()) > 20
    for each in client.isos.get_all():
        assert client.isos.get_by_id(each.id).name == each.name


def spare(client, name, **more):
    made = client.servers.create(**order(name, kind="cpx22"), **more)
    done(made.action, *made.next_actions)
    return client.servers.get_by_name(name)


def networks(simulator):
    client = client_of(simulator)
    subnet = NetworkSubnet(type="cloud", ip_range="10.0.1.0/24", network_zone="eu-central")
    inside = client.networks.create(name="inside", ip_range="10.0.0.0/16", subnets=[subnet], labels={"of": "alice"})
    refused("uniqueness_error", client.networks.create, name="inside", ip_range="10.0.0.0/16")
    refused("invalid_input", client.networks.create, name="public", ip_range="8.8.0.0/16")
    route = NetworkRoute(destination="10.100.1.0/24", gateway="10.0.1.2")
    done(inside.add_route(route))
    member = spare(client, "member", networks=[inside])
    assert member.private_net[0].network.id == inside.id and member.private_net[0].ip.startswith("10.0.1.")
    refused("server_already_attached", member.attach_to_network, inside)
    done(member.detach_from_network(inside))
    done(member.attach_to_network(inside, ip="10.0.1.7"))
    done(member.change_alias_ips(inside, ["10.0.1.8"]))
    member.reload()
    assert member.private_net[0].ip == "10.0.1.7" and member.private_net[0].alias_ips == ["10.0.1.8"]
    assert [(each.id, each.status, each.subnet) for each in inside.get_member_all()] == [(member.id, "ok", "10.0.1.0/24")]
    inside.reload()
    assert [each.id for each in inside.servers] == [member.id] and inside.routes[0].gateway == "10.0.1.2"
    done(member.delete())
    done(inside.delete_route(route))
    done(inside.delete_subnet(subnet))
    done(inside.change_protection(delete=True))
    refused("protected", inside.delete)
    done(inside.change_protection(delete=False))
    assert inside.update(name="inner").name == "inner" and inside.delete() and client.networks.get_all() == []


def groups_and_firewalls(simulator):
    client = client_of(simulator)
    group = client.placement_groups.create(name="apart", type="spread").placement_group
    rule = FirewallRule(direction="in", protocol="tcp", port="22", source_ips=["0.0.0.0/0", "::/0"], description="ssh")
    wall = client.firewalls.create(name="wall", rules=[rule]).firewall
    box = spare(client, "apart", placement_group=group, firewalls=[wall])
    assert box.placement_group.id == group.id and box.public_net.firewalls[0].firewall.id == wall.id
    refused("resource_in_use", group.delete)
    refused("resource_in_use", wall.delete)
    done(*wall.set_rules([rule, FirewallRule(direction="in", protocol="icmp", source_ips=["10.0.0.0/8"])]))
    wall.reload()
    assert [each.protocol for each in wall.rules] == ["tcp", "icmp"] and wall.applied_to[0].server.id == box.id
    this = FirewallResource(type="server", server=box)
    refused("firewall_already_applied", wall.apply_to_resources, [this])
    done(*wall.remove_from_resources([this]))
    done(box.remove_from_placement_group())
    refused("server_not_stopped", box.add_to_placement_group, group)
    done(box.delete())
    assert group.delete() and wall.delete() and client.firewalls.get_all() == client.placement_groups.get_all() == []


def settings(simulator):
    client = client_of(simulator)
    box = spare(client, "set")
    iso = client.isos.get_all()[0]
    done(box.attach_iso(iso))
    done(box.enable_backup())
    box.reload()
    assert box.iso.id == iso.id and box.backup_window
    backup = box.create_image(type="backup")
    done(backup.action)
    backup.image.reload()
    assert backup.image.bound_to.id == box.id and client.images.get_all(type="backup", bound_to=[str(box.id)])
    done(box.detach_iso())
    done(box.disable_backup())
    done(box.change_dns_ptr(box.public_net.ipv4.ip, "box.example.org"))
    box.reload()
    assert box.public_net.ipv4.dns_ptr == "box.example.org" and box.iso is None and box.backup_window is None
    address = client.primary_ips.get_by_id(box.public_net.primary_ipv4.id)
    done(address.change_dns_ptr(address.ip, "ip.example.org"))
    address.reload()
    assert address.dns_ptr[0]["dns_ptr"] == "ip.example.org"


if __name__ == "__main__":
    sys.exit(tell(sys.argv[1], a_whole_life, refusals, ways_in, what_is_sold, networks, groups_and_firewalls, settings))
