"""What the machines of one story stand on. A story runs in mount, network and process namespaces of its own (run.py),
so that its addresses, mounts and processes collide with nobody's and end with it, however it ends."""
import os
import subprocess

#: Of the ground itself on the machines' wire. Nothing leads from there to anywhere.
ADDRESS = "10.98.0.1"
CGROUPS = "/sys/fs/cgroup"
#: What the control groups of machines are called like, and the directories of stories.
GROUPS = "devbox-lab-"


def sh(*words, **options):
    """Runs a program that must not fail; what it says."""
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(words)} ended with {done.returncode}: {(done.stdout + done.stderr).strip()}")
    return done.stdout


class Ground:
    """A directory in memory, a wire with this end of it at ADDRESS, and control groups for machines, which all stories of
    this host see: they are called like the directory, whose name therefore is no other's at the same time."""

    def __init__(self, directory):
        self.directory, self._wires = directory, 0
        self.name = os.path.basename(directory)
        sh("mount", "-t", "tmpfs", "-o", "mode=700", "lab", directory)
        self._take_cgroups()
        self._lay_wire()
        os.makedirs("/run/netns", exist_ok=True)
        sh("mount", "-t", "tmpfs", "lab", "/run/netns")
        self._own_resolver()

    def file(self, name):
        return f"{self.directory}/{name}"

    def _take_cgroups(self):
        """Every machine sees the unified hierarchy, whichever this host has."""
        while os.path.ismount(CGROUPS) and not os.path.exists(f"{CGROUPS}/cgroup.procs"):
            sh("umount", "--recursive", CGROUPS)
        if not os.path.exists(f"{CGROUPS}/cgroup.procs"):
            sh("mount", "-t", "cgroup2", "cgroup2", CGROUPS)
        for name in os.listdir(CGROUPS):  # of stories that were cut short, and not of those that are told now
            story = os.path.join(os.path.dirname(self.directory), name.rpartition("-")[0])
            if name.startswith(GROUPS) and not os.path.exists(story) and is_empty(f"{CGROUPS}/{name}"):
                remove_cgroup(f"{CGROUPS}/{name}")

    def _lay_wire(self):
        for words in ("link set lo up", "link add wire type bridge forward_delay 0", f"addr add {ADDRESS}/24 dev wire",
                      "link set wire up", "route add default via 10.98.0.254"):  # tailscaled asks for a default route
            sh("ip", *words.split())

    def _own_resolver(self):
        """The bot's host resolves the tailnet's names, which tailscaled sees to, and no others."""
        with open(self.file("resolv.conf"), "w", encoding="utf-8"):
            pass
        sh("mount", "--bind", self.file("resolv.conf"), "/etc/resolv.conf")

    def wire_for(self, name):
        """A network namespace that hangs on the wire."""
        self._wires += 1
        number = 9 + self._wires
        sh("ip", "netns", "add", name)
        sh("ip", "link", "add", f"wire{number}", "type", "veth", "peer", "name", "eth0", "netns", name)
        sh("ip", "link", "set", f"wire{number}", "master", "wire", "up")
        for words in ("link set lo up", f"addr add 10.98.0.{number}/24 dev eth0", "link set eth0 up",
                      f"route add default via {ADDRESS}"):
            sh("ip", "-n", name, *words.split())
        return f"/run/netns/{name}"

    def cgroup_for(self, name):
        path = f"{CGROUPS}/{self.name}-{name}"
        os.makedirs(path, exist_ok=True)
        return path


def is_empty(path):
    """Not when another story is just taking it away."""
    try:
        with open(f"{path}/cgroup.events", encoding="ascii") as file:
            return "populated 0" in file.read()
    except OSError:
        return False


def remove_cgroup(path):
    """What is left in it is ended; the groups inside of it go first."""
    try:
        with open(f"{path}/cgroup.kill", "w", encoding="ascii") as file:
            file.write("1")
    except OSError:
        return  # it is not there, or another story is just taking it away
    for folder, _, _ in os.walk(path, topdown=False):
        try:
            os.rmdir(folder)
        except OSError:
            pass  # its last process is not gone yet; an empty group costs nothing
