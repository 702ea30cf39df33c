"""Hetzner's own command line lives a life with the simulator: `hcloud` of Debian 12 (1.30).

Usage: command_line.py HETZNER_SIM HCLOUD
"""
import json
import os
import subprocess
import sys

from simulator import TOKEN, Simulator


class Hcloud:
    def __init__(self, program, endpoint):
        self.program = program
        self.environment = os.environ | {"HCLOUD_ENDPOINT": endpoint, "HCLOUD_TOKEN": TOKEN}

    def run(self, line):
        command = [self.program, "--poll-interval", "50ms", *line.split()]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)

    def __call__(self, line):
        ended = self.run(line)
        assert ended.returncode == 0, f"hcloud {line}: {ended.stderr}"
        return ended.stdout

    def refused(self, line, why):
        ended = self.run(line)
        assert ended.returncode != 0 and why in ended.stderr, f"hcloud {line}: {ended.stderr}"

    def show(self, line):
        return json.loads(self(line + " -o json"))


def life(hcloud):
    hcloud("volume create --name home --size 10 --location fsn1")
    hcloud("server create --name box --type cpx32 --image debian-12 --location fsn1 --volume home --label owner=alice")
    box = hcloud.show("server describe box")
    assert box["status"] == "running" and len(box["volumes"]) == 1, box["status"]
    assert "box" in hcloud("server list -l owner=alice -o columns=name")
    hcloud.refused("server create --name box --type cpx32 --image debian-12", "uniqueness_error")
    hcloud.refused("volume create --name small --size 9 --location fsn1", "invalid_input")
    hcloud("server create-image --type snapshot --description base --label stage=base box")
    images = hcloud.show("image list -l stage=base")
    assert [each["status"] for each in images] == ["available"]
    hcloud("server poweroff box")
    hcloud("server change-type box cpx42 --keep-disk")
    hcloud("server poweron box")
    hcloud("server rebuild box --image debian-12")
    hcloud("server enable-protection box delete rebuild")
    hcloud.refused("server delete box", "protected")
    hcloud("server disable-protection box delete rebuild")
    hcloud("volume detach home")
    hcloud("volume resize home --size 20")
    hcloud("server delete box")
    assert hcloud.show("volume describe home")["size"] == 20
    hcloud("volume delete home")
    hcloud(f"image delete {images[0]['id']}")
    assert hcloud("server list -o noheader").strip() == ""


if __name__ == "__main__":
    with Simulator(sys.argv[1]) as simulator:
        life(Hcloud(sys.argv[2], simulator.endpoint))
