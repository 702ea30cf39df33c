"""Hetzner's own Python client lives a life with the simulator: `hcloud` of PyPI, run with its interpreter.

Usage: python_client.py HETZNER_SIM
"""
import sys

from hcloud import APIException, Client
from hcloud.images import Image
from hcloud.locations import Location
from hcloud.server_types import ServerType
from hcloud.servers import ServerCreatePublicNetwork
from simulator import TOKEN, Simulator


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


def order(name, image):
    return {"name": name, "server_type": ServerType(name="cpx32"), "image": image, "location": Location(name="fsn1")}


def life(client):
    key = client.ssh_keys.get_all()[0]
    home = client.volumes.create(size=10, name="home", location=Location(name="fsn1"), format="ext4")
    done(home.action)
    address = client.primary_ips.create(type="ipv4", name="address", location=Location(name="fsn1")).primary_ip
    made = client.servers.create(
        **order("box", Image(name="debian-12")), ssh_keys=[key], volumes=[home.volume], labels={"owner": "alice"},
        public_net=ServerCreatePublicNetwork(ipv4=address))
    done(made.action, *made.next_actions)
    box = client.servers.get_by_name("box")
    assert box.status == "running" and box.public_net.ipv4.ip == address.ip, box.status
    assert [volume.id for volume in box.volumes] == [home.volume.id]
    refused("uniqueness_error", client.servers.create, **order("box", Image(name="debian-12")))
    refused("must_be_unassigned", address.delete)
    refused("invalid_input", client.volumes.create, size=9, name="small", location=Location(name="fsn1"))

    snapshot = box.create_image(description="base", type="snapshot", labels={"stage": "base"})
    refused("locked", box.power_off)
    done(snapshot.action)
    assert [each.id for each in client.images.get_all(label_selector="stage=base")] == [snapshot.image.id]

    done(box.power_off())
    done(box.change_type(ServerType(name="cpx42"), upgrade_disk=False))
    done(box.power_on())
    rebuilt = box.rebuild(Image(name="debian-13"))
    done(rebuilt.action)
    box.reload()
    assert (box.server_type.name, box.image.name, box.status) == ("cpx42", "debian-13", "running")

    done(box.power_off())
    done(home.volume.detach())
    done(home.volume.resize(20))
    done(box.change_protection(delete=True, rebuild=True))
    refused("protected", box.delete)
    done(box.change_protection(delete=False, rebuild=False))
    done(box.delete())
    assert client.servers.get_by_name("box") is None
    address.reload()
    assert address.assignee_id is None
    assert client.volumes.get_by_name("home").size == 20
    assert client.volumes.delete(home.volume) and client.primary_ips.delete(address)
    assert client.images.delete(snapshot.image)


if __name__ == "__main__":
    with Simulator(sys.argv[1]) as simulator:
        life(Client(token=TOKEN, api_endpoint=simulator.endpoint, poll_interval=0.05))
