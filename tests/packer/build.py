"""A packer build against hetzner-sim, whose server is a Debian or Ubuntu in systemd-nspawn that shares this host's network:
sshd on a loopback address, packages from the distribution's mirror, the vendors' archives from a web server of ours."""
import os
import re
import shutil
import subprocess

from datacentre import Datacentre
from ground import CGROUPS, sh
from machine import Machine
from mozilla import Mozilla
from program import Program, until
from vendors import Vendors
from web import ask

TOKEN = "packer-token"
HERE = os.path.dirname(os.path.abspath(__file__))
#: What the machine has only because it is here.
OURS = ("etc/resolv.conf", "etc/ssh/sshd_config.d/packer.conf", "usr/sbin/policy-rc.d", "etc/hosts")


class Host:
    """As tests/lab's Ground, in this host's own network."""

    def __init__(self, directory):
        self.directory = directory
        while os.path.ismount(CGROUPS) and not os.path.exists(f"{CGROUPS}/cgroup.procs"):
            sh("umount", "--recursive", CGROUPS)
        if not os.path.exists(f"{CGROUPS}/cgroup.procs"):
            sh("mount", "-t", "cgroup2", "cgroup2", CGROUPS)

    def file(self, name):
        return f"{self.directory}/{name}"

    def wire_for(self, _):
        return "/proc/1/ns/net"

    def cgroup_for(self, name):
        path = f"{CGROUPS}/devbox-lab-packer-{os.path.basename(self.directory)}-{name}"
        os.makedirs(path, exist_ok=True)
        return path


class Builders(Datacentre):
    """Its machines let Packer's key in, and what was on the disk of a deleted one stays in `disk`."""

    def __init__(self, host, layers, on_off):
        super().__init__(host, layers, on_off)
        self.disk = host.file("snapshot")

    def on_create(self, event):
        machine = Machine(self.ground, self.layers, event["id"], event["name"], lambda each: self.on_off(each.identity))
        os.remove(f"{machine.root}/usr/bin/code-server")  # the lab's; here the build installs one
        machine.give("")
        self.machines[event["id"]] = machine
        # Services that a package brings do not start: docker would change this host's network.
        for path, text, mode in (("etc/resolv.conf", open("/etc/resolv.conf", encoding="utf-8").read(), 0o644),
                                 ("etc/hosts", open("/etc/hosts", encoding="utf-8").read(), 0o644),
                                 ("etc/ssh/sshd_config.d/packer.conf", f"ListenAddress {event['ipv4']}\n", 0o644),
                                 ("usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n", 0o755),
                                 ("root/.ssh/authorized_keys", event["ssh_keys"], 0o600)):
            os.makedirs(os.path.dirname(f"{machine.root}/{path}"), mode=0o700, exist_ok=True)
            with open(f"{machine.root}/{path}", "w", encoding="utf-8") as file:
                file.write(text)
            os.chmod(f"{machine.root}/{path}", mode)
        machine.power_on()

    def on_poweron(self, event):
        self.machines[event["id"]].power_on()

    def on_reset(self, event):
        """The rescue system comes over the network: what is on the machine's own disk plays no part in it."""
        if not event["rescue"]:
            super().on_reset(event)
            return
        old = self.machines.pop(event["id"])
        old.cut_power()
        sh("umount", old.root)
        shutil.rmtree(old.directory)
        self.on_create(event)

    def on_delete(self, event):
        machine = self.machines[event["id"]]
        machine.cut_power()
        sh("umount", machine.root)
        for path in OURS:
            if os.path.exists(f"{machine.directory}/upper/{path}"):
                os.remove(f"{machine.directory}/upper/{path}")
        # At Hetzner it is asked over the network who the machine is.
        shutil.rmtree(f"{machine.directory}/upper/var/lib/cloud/seed", ignore_errors=True)
        shutil.rmtree(self.disk, ignore_errors=True)
        os.rename(f"{machine.directory}/upper", self.disk)
        del self.machines[event["id"]]


def take_options(parser):
    """`--image` is the stock image, `--rootfs` what its machines are made of."""
    for option in ("--programs", "--tailnet", "--rootfs", "--flavour", "--image", "--network"):
        parser.add_argument(option, required=True)


class Build:
    """hetzner-sim and one run of deploy/packer/build; the simulator's state is in `state`."""

    def __init__(self, directory, options):
        self.host, self.options = Host(directory), options
        self.state = self.host.file("hetzner-state")
        self.builders = Builders(self.host, [options.rootfs], self.went_off)
        self.vendors = Vendors(self.host.file("vendors"), options.tailnet)
        self.mozilla = Mozilla(self.host.file("vendors/mozilla"))
        hook = f"exec /usr/bin/python3 -B {HERE}/../lab/hook.py {self.builders.socket}"
        self.sim = Program([f"{options.programs}/hetzner-sim", "--listen", "127.0.0.1:0", "--token", TOKEN, "--speed", "20",
                            "--ipv4-pool", options.network, "--state", self.state, "--hook", hook],
                           self.host.file("hetzner-sim.log"))
        self.url = re.search(r"http://\S+", self.sim.until_it_says("listening on"))[0]

    def went_off(self, identity):
        self.ask("PUT", f"/_sim/servers/{identity}/power", {"status": "off"})

    def ask(self, method, path, body=None):
        return ask(method, self.url + path, body, TOKEN)

    def run(self):
        """Its exit status and what it said."""
        distribution = "ubuntu" if self.options.flavour == "ubuntu-dev" else "debian"
        given = {f"{distribution}_image": self.options.image, **self.vendors.environment(),
                 **self.mozilla.environment(f"{self.vendors.url}/mozilla")}
        words = [f"-var={name.lower()}={value}" for name, value in given.items() if value]
        done = subprocess.run([f"{HERE}/../../deploy/packer/build", self.options.flavour, *words],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False, env={**os.environ, "HCLOUD_TOKEN": TOKEN, "HCLOUD_ENDPOINT": self.url + "/v1",
                                                "CHECKPOINT_DISABLE": "1", "PACKER_NO_COLOR": "1"})
        return done.returncode, done.stdout

    def close(self):
        until(lambda: not self.builders.machines, 30, "the end of the builder's servers")
        self.sim.stop()
