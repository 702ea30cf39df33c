"""Hetzner's Ansible collection lives with the simulator: what may be repeated changes nothing the second time, and a check
changes nothing at all. The last line counts.

Usage: ansible_collection.py HETZNER_SIM ANSIBLE_PLAYBOOK COLLECTIONS
"""
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from simulator import READER, TOKEN, public_key, tell

LIFE = Path(__file__).parent / "ansible" / "life.yml"


class Playbook:
    def __init__(self, simulator, program, collections, home):
        self.simulator = simulator
        self.command = [program, LIFE, "-i", "localhost,", "-e", f"public_key='{public_key()}'"]
        self.environment = os.environ | {
            "HCLOUD_ENDPOINT": simulator.endpoint, "HCLOUD_TOKEN": TOKEN, "HCLOUD_READER": READER, "ANSIBLE_HOME": home,
            "ANSIBLE_COLLECTIONS_PATH": collections, "ANSIBLE_NOCOLOR": "1", "ANSIBLE_DEPRECATION_WARNINGS": "0"}

    def play(self, tag, *arguments):
        """How many tasks changed something, or would."""
        ended = subprocess.run([*self.command, "--tags", tag, *arguments], env=self.environment, capture_output=True, text=True,
                               check=False)
        recap = re.search(r"ok=\d+ +changed=(\d+) +unreachable=0 +failed=0", ended.stdout)
        assert ended.returncode == 0 and recap, f"--tags {tag}: {ended.stdout[-3000:]}{ended.stderr[-1000:]}"
        return int(recap[1])

    def changes(self, tag, tasks):
        """As many as a check foretells without touching anything, and none when it is played again."""
        before = self.held()
        assert self.play(tag, "--check") == tasks and self.held() == before, f"--check --tags {tag}"
        assert self.play(tag) == tasks, tag
        after = self.held()
        assert self.play(tag) == 0 and self.held() == after, f"{tag} again"

    def held(self):
        def names(kind):
            wanted = urllib.request.Request(f"{self.simulator.endpoint}/{kind}", headers={"Authorization": f"Bearer {TOKEN}"})
            return {each["name"] for each in json.load(urllib.request.urlopen(wanted))[kind]}

        kinds = "servers", "volumes", "primary_ips", "ssh_keys", "networks", "placement_groups", "firewalls"
        return {kind: names(kind) for kind in kinds}


@contextlib.contextmanager
def playbook_of(simulator):
    with tempfile.TemporaryDirectory() as home:
        yield Playbook(simulator, sys.argv[2], sys.argv[3], home)


def what_servers_share(simulator):
    with playbook_of(simulator) as playbook:
        empty = playbook.held()
        playbook.changes("common", 3)
        playbook.changes("inside", 3)
        assert playbook.play("outside", "-e", "in_use=true") == 4 and playbook.held() == empty
        assert playbook.play("outside", "-e", "in_use=false") == 0


def a_whole_life(simulator):
    with playbook_of(simulator) as playbook:
        empty = playbook.held()
        playbook.changes("ground", 3)
        playbook.changes("server", 1)
        held = playbook.held()
        assert held["servers"] == {"box"} and held["volumes"] == {"home"} and "address" in held["primary_ips"], held
        playbook.play("use")
        playbook.play("refused")
        playbook.changes("gone", 4)
        assert playbook.held() == empty, playbook.held()


if __name__ == "__main__":
    sys.exit(tell(sys.argv[1], a_whole_life, what_servers_share))
