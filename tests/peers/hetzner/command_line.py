"""Hetzner's own command line lives with the simulator: `hcloud` of Debian 12 (1.30) and of Debian 13 (1.39).

Usage: command_line.py HETZNER_SIM HCLOUD
"""
import functools
import json
import os
import subprocess
import sys
import time

from simulator import READER, TOKEN, Simulator, public_key, tell


# Some requests of 2023 have a key that means nothing, and since 2025 the API refuses each key that it does not know.
ODD_KEY = "unknown field name 'ID'"


class Hcloud:
    def __init__(self, program, simulator, token=TOKEN):
        self.program, self.simulator = program, simulator
        self.environment = os.environ | {"HCLOUD_ENDPOINT": simulator.endpoint, "HCLOUD_TOKEN": token}

    def run(self, line, text=None):
        command = [self.program, "--poll-interval", "50ms", *line.split()]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, input=text)

    def __call__(self, line, text=None):
        ended = self.run(line, text)
        assert ended.returncode == 0, f"hcloud {line}: {ended.stderr}"
        return ended.stdout

    def refused(self, line, why):
        ended = self.run(line)
        assert ended.returncode != 0 and why in ended.stderr, f"hcloud {line}: {ended.stderr}"

    def show(self, line):
        return json.loads(self(line + " -o json"))


def until(hcloud, line, field, wanted):
    for _ in range(100):
        if (found := hcloud.show(line)[field]) in wanted:
            return
        time.sleep(0.02)
    raise AssertionError(f"hcloud {line}: {field} is {found}")


def an_address_of_its_own(hcloud):
    """Both know places by data centres, which there are no more: the address of a server is kept when that goes."""
    hcloud.refused("primary-ip create --name address --type ipv4 --datacenter fsn1-dc14", "invalid_input")
    hcloud("server create --name first --type cpx22 --image debian-12 --location fsn1 --start-after-create=false")
    first = hcloud.show("server describe first")["public_net"]
    hcloud(f"primary-ip update {first['ipv4']['id']} --name address --auto-delete=false")
    hcloud("server delete first")
    until(hcloud, "primary-ip describe address", "assignee_id", (None, 0))
    hcloud.refused(f"primary-ip describe {first['ipv6']['id']}", "not found")


def a_whole_life(hcloud):
    hcloud("ssh-key create --name peer --public-key-from-file - --label of=alice", public_key())
    hcloud("volume create --name home --size 10 --location fsn1 --format ext4")
    an_address_of_its_own(hcloud)
    newest = hcloud.show("image list -t snapshot -l os-flavor=ubuntu-dev -s created:desc")[0]["id"]
    hcloud(f"server create --name box --type cpx32 --image {newest} --location fsn1 --volume home --label of=alice "
           "--ssh-key peer --primary-ipv4 address --user-data-from-file /dev/null")
    hcloud.refused("primary-ip delete address", "must_be_unassigned")
    box, home = hcloud.show("server describe box"), hcloud.show("volume describe home")
    assert box["status"] == "running" and box["volumes"] == [home["id"]] and home["server"] == box["id"], box["status"]
    assert box["public_net"]["ipv4"]["ip"] == hcloud.show("primary-ip describe address")["ip"]
    assert box["public_net"]["ipv4"]["ip"] == hcloud("server ip box").strip()
    assert "box" in hcloud("server list -l of=alice -o columns=name,status,ipv4,ipv6,location,type,volumes")

    hcloud("server shutdown box")
    until(hcloud, "server describe box", "status", ("off",))
    for verb in ("poweron", "reboot", "reset"):
        hcloud(f"server {verb} box")
    hcloud("server create-image --type snapshot --description base --label stage=base box")
    images = hcloud.show("image list -l stage=base")
    assert [each["status"] for each in images] == ["available"]
    hcloud(f"image update {images[0]['id']} --description next")
    hcloud("server poweroff box")
    hcloud("server change-type box cpx42 --keep-disk")
    hcloud("server poweron box")
    hcloud("server rebuild box --image debian-12")
    hcloud("server update box --name box2")
    hcloud("server add-label box2 stage=two")
    hcloud("server remove-label box2 of")
    box = hcloud.show("server describe box2")
    assert box["labels"] == {"stage": "two"} and box["server_type"]["name"] == "cpx42" and box["image"]["name"] == "debian-12"

    hcloud("server enable-protection box2 delete rebuild")
    hcloud.refused("server delete box2", "protected")
    hcloud("server disable-protection box2 delete rebuild")
    hcloud("volume detach home")
    hcloud("volume resize home --size 20")
    hcloud("volume attach home --server box2")
    hcloud("server poweroff box2")
    hcloud("primary-ip unassign address")
    hcloud.refused(f"primary-ip assign address --server {box['id']}", ODD_KEY)
    hcloud("server delete box2")
    until(hcloud, "volume describe home", "server", (None, 0))
    assert hcloud.show("volume describe home")["size"] == 20
    for line in ("volume delete home", "primary-ip delete address", f"image delete {images[0]['id']}", "ssh-key delete peer"):
        hcloud(line)
    for kind in ("server", "volume", "primary-ip"):
        assert hcloud(f"{kind} list -o noheader").strip() == "", kind


def refusals(hcloud):
    hcloud("server create --name box --type cpx22 --image debian-12 --location fsn1 --start-after-create=false")
    order = "server create --location fsn1 --image debian-12"
    hcloud.refused(f"{order} --name box --type cpx22", "uniqueness_error")
    hcloud.refused(f"{order} --name old --type cpx31", "invalid_input")
    hcloud.refused(f"{order} --name sold-out --type cx23", "resource_unavailable")
    hcloud.refused(f"{order} --name no_name --type cpx22", "invalid_input")
    hcloud.refused(f"{order} --name nothing --type nothing", "not found")
    hcloud.refused("volume create --name small --size 9 --location fsn1", "invalid_input")
    hcloud("volume create --name far --size 10 --location hel1")
    hcloud.refused("volume attach far --server box", "invalid_input")
    hcloud.refused("volume resize far --size 10", "invalid_input")
    hcloud.refused("server delete gone", "not found")
    reader = Hcloud(hcloud.program, hcloud.simulator, READER)
    assert "far" in reader("volume list")
    reader.refused("volume delete far", "forbidden")
    Hcloud(hcloud.program, hcloud.simulator, "nobody").refused("server list", "unauthorized")


def ways_in(hcloud):
    hcloud("server create --name lost --type cpx22 --image debian-12 --location fsn1")
    hcloud("server enable-rescue lost --ssh-key demo")
    assert hcloud.show("server describe lost")["rescue_enabled"]
    hcloud("server disable-rescue lost")
    assert "assword" in hcloud("server reset-password lost")
    assert hcloud.show("server request-console lost")["WSSURL"].startswith("wss://")
    assert hcloud.show("server metrics lost --type cpu")["metrics"]["time_series"]["cpu"]["values"]


def what_is_sold(hcloud):
    assert "cpx32" in hcloud("server-type list") and "fsn1" in hcloud("location list")
    for line in ("server-type describe cpx32", "location describe fsn1", "image describe debian-12", "ssh-key describe demo",
                 "network list", "placement-group list", "firewall list", "iso list"):
        hcloud(line)
    kind = hcloud.show("server-type describe cpx32")
    assert kind["cores"] == 4 and kind["prices"], kind


def networks(hcloud):
    hcloud("network create --name inside --ip-range 10.0.0.0/16 --label of=alice")
    hcloud.refused("network create --name inside --ip-range 10.0.0.0/16", "uniqueness_error")
    hcloud("network add-subnet inside --type cloud --network-zone eu-central --ip-range 10.0.1.0/24")
    hcloud("network add-route inside --destination 10.100.1.0/24 --gateway 10.0.1.2")
    hcloud("server create --name member --type cpx22 --image debian-12 --location fsn1 --network inside")
    assert hcloud.show("server describe member")["private_net"][0]["ip"].startswith("10.0.1.")
    hcloud("server detach-from-network member --network inside")
    hcloud("server attach-to-network member --network inside --ip 10.0.1.7")
    hcloud("server change-alias-ips member --network inside --alias-ips 10.0.1.8")
    member = hcloud.show("server describe member")
    assert (member["private_net"][0]["ip"], member["private_net"][0]["alias_ips"]) == ("10.0.1.7", ["10.0.1.8"])
    assert hcloud.show("network describe inside")["servers"] == [member["id"]]
    hcloud("server delete member")
    hcloud("network remove-route inside --destination 10.100.1.0/24 --gateway 10.0.1.2")
    hcloud("network remove-subnet inside --ip-range 10.0.1.0/24")
    hcloud("network change-ip-range inside --ip-range 10.0.0.0/12")
    hcloud("network enable-protection inside delete")
    hcloud.refused("network delete inside", "protected")
    hcloud("network disable-protection inside delete")
    hcloud("network delete inside")


def groups_and_firewalls(hcloud):
    hcloud("placement-group create --name apart --type spread")
    hcloud("firewall create --name wall")
    hcloud("firewall add-rule wall --direction in --protocol tcp --port 22 --source-ips 0.0.0.0/0 --source-ips ::/0")
    hcloud("server create --name apart --type cpx22 --image debian-12 --location fsn1 --placement-group apart --firewall wall")
    hcloud.refused("placement-group delete apart", "resource_in_use")
    hcloud.refused("firewall delete wall", "resource_in_use")
    wall = hcloud.show("firewall describe wall")
    assert wall["rules"][0]["port"] == "22" and wall["applied_to"][0]["type"] == "server", wall
    hcloud("firewall remove-from-resource wall --type server --server apart")
    hcloud("firewall apply-to-resource wall --type server --server apart")
    hcloud("firewall delete-rule wall --direction in --protocol tcp --port 22 --source-ips 0.0.0.0/0 --source-ips ::/0")
    hcloud("server remove-from-placement-group apart")
    hcloud("server poweroff apart")
    hcloud("server add-to-placement-group apart --placement-group apart")
    hcloud("server delete apart")
    until(hcloud, "firewall describe wall", "applied_to", ([], None))
    hcloud("placement-group delete apart")
    hcloud("firewall delete wall")


def data_centres(hcloud):
    """In the shape of 2025, which both were made for."""
    with Simulator(hcloud.simulator.program, "--shape", "2025") as older:
        hcloud = Hcloud(hcloud.program, older)
        place = hcloud.show("datacenter list")[0]["name"]
        hcloud(f"primary-ip create --name address --type ipv4 --datacenter {place}")
        hcloud(f"server create --name box --type cpx32 --image debian-12 --datacenter {place} --primary-ipv4 address")
        assert hcloud("server list -o noheader -o columns=name,datacenter").split() == ["box", place]
        assert hcloud.show("server describe box")["datacenter"]["location"]["name"] == place.partition("-")[0]
        assert hcloud.show("primary-ip describe address")["datacenter"]["name"] == place


def settings(hcloud):
    hcloud("server create --name set --type cpx22 --image debian-12 --location fsn1")
    iso = hcloud.show("iso list")[0]["name"]
    hcloud(f"server attach-iso set {iso}")
    hcloud("server enable-backup set")
    box = hcloud.show("server describe set")
    assert box["iso"]["name"] == iso and box["backup_window"], box
    hcloud("server detach-iso set")
    hcloud("server disable-backup set")
    hcloud(f"server set-rdns set --hostname box.example.org --ip {box['public_net']['ipv4']['ip']}")
    box = hcloud.show("server describe set")
    assert box["public_net"]["ipv4"]["dns_ptr"] == "box.example.org" and not box["iso"] and not box["backup_window"], box
    address = box["public_net"]["ipv4"]
    hcloud.refused(f"primary-ip set-rdns {address['id']} --hostname ip.example.org --ip {address['ip']}", ODD_KEY)


if __name__ == "__main__":
    def with_command_line(story):
        return functools.wraps(story)(lambda simulator: story(Hcloud(sys.argv[2], simulator)))

    stories = a_whole_life, refusals, ways_in, what_is_sold, networks, groups_and_firewalls, settings, data_centres
    sys.exit(tell(sys.argv[1], *map(with_command_line, stories)))
