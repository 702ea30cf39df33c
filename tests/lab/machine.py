"""A cloud server: Debian with systemd and cloud-init in systemd-nspawn, on a disk that lives as long as it does."""
import os
import shutil
import subprocess
import threading
import time

from ground import remove_cgroup, sh
from program import NotSo, until

HERE = os.path.dirname(os.path.abspath(__file__))
#: What nspawn ends with when the machine restarts from inside.
RESTARTS = 133
#: Whose words are shown when a story failed.
UNITS = ("devbox-*", "code-server.service", "ssh.service", "cloud-final.service")


class Machine:
    """Off until `power_on`. `on_off` is called when it went off by itself, from a thread of its own."""

    def __init__(self, ground, layers, identity, name, on_off):
        self.ground, self.identity, self.name, self.on_off = ground, identity, name, on_off
        self.volumes, self.boots, self.started_at = {}, 0, None
        self._process, self._cut, self._ended = None, False, threading.Event()
        self.directory = ground.file(f"machine-{identity}")
        for folder in ("upper", "work", "root"):
            os.makedirs(f"{self.directory}/{folder}")
        self.root = f"{self.directory}/root"
        sh("mount", "-t", "overlay", "overlay", "-o", f"lowerdir={':'.join(layers)},upperdir={self.directory}/upper,"
           f"workdir={self.directory}/work", self.root)
        shutil.copy(f"{HERE}/code-server", f"{self.root}/usr/bin/code-server")
        self._wire = ground.wire_for(f"m{identity}")

    def give(self, user_data):
        """Where the cloud's metadata would be asked for it, cloud-init finds it on the disk."""
        seed = f"{self.root}/var/lib/cloud/seed/nocloud"
        os.makedirs(seed, mode=0o700)
        for name, text in (("meta-data", f"instance-id: {self.identity}\nlocal-hostname: {self.name}\n"),
                           ("user-data", user_data)):
            with open(f"{seed}/{name}", "w", encoding="utf-8") as file:
                file.write(text)

    # Power

    def is_on(self):
        return self._process is not None and self._process.poll() is None

    def power_on(self):
        if self.is_on():
            return
        self._cut, self._ended = False, threading.Event()
        self._start()
        threading.Thread(target=self._watch, daemon=True).start()

    def press_button(self):
        """ACPI: it may shut down, in its own time."""
        if self.is_on():
            self._process.terminate()

    def cut_power(self):
        self._cut = True
        if self.is_on():
            self._process.kill()
            self._ended.wait(20)

    def lose_power(self):
        """As in an accident: nobody ordered it."""
        self._process.kill()
        self._ended.wait(20)

    def _start(self):
        self.boots += 1
        self.started_at = time.clock_gettime(time.CLOCK_BOOTTIME)  # what /proc/uptime shows in there
        cgroup = self.ground.cgroup_for(self.identity)
        words = ["systemd-nspawn", "--quiet", "--directory", self.root, "--machine", f"m{self.identity}", "--boot",
                 "--register=no", "--keep-unit", f"--network-namespace-path={self._wire}",
                 "--capability=CAP_NET_ADMIN,CAP_SYS_RESOURCE", "--bind=/dev/net/tun", f"--hostname={self.name}",
                 "--resolv-conf=off", "--timezone=off", "--link-journal=no", "--console=pipe"]
        join = 'echo $$ >"$0/cgroup.procs"; exec "$@"'
        with open(f"{self.directory}/nspawn", "ab") as log:
            self._process = subprocess.Popen(
                ["sh", "-c", join, cgroup, *words], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"})
        if self.volumes:
            threading.Thread(target=self._show_volumes, daemon=True).start()

    def _watch(self):
        while self._process.wait() == RESTARTS and not self._cut:
            self._clear()
            self._start()
        self._clear()
        if not self._cut:
            self.on_off(self)
        self._ended.set()

    def _clear(self):
        remove_cgroup(self.ground.cgroup_for(self.identity))

    def until_off(self, seconds):
        if not self._ended.wait(seconds):
            raise NotSo(f"{self.name} is not off after {seconds} s")

    def remove(self):
        self.cut_power()
        for volume in self.volumes.values():
            volume.unplug()
        sh("umount", "--lazy", self.root)
        sh("ip", "netns", "delete", f"m{self.identity}")

    # Volumes

    def plug(self, identity, volume):
        """It is there at once when the machine runs, else from its start on."""
        volume.plug()
        self.volumes[identity] = volume
        if self.is_on():
            self._show_volumes()

    def unplug(self, identity):
        volume = self.volumes.pop(identity, None)
        if volume:
            volume.unplug()

    def _show_volumes(self):
        leader = self.leader()
        for identity, volume in list(self.volumes.items()):
            if leader:
                volume.appear(identity, f"/proc/{leader}/root")

    # Inside

    def leader(self):
        """The process that is 1 in there, once its /dev is made; None when it is off."""
        parent = self._process.pid

        def first():
            if not self.is_on():
                return 0
            with open(f"/proc/{parent}/task/{parent}/children", encoding="ascii") as file:
                children = file.read().split()
            inner = [each for each in children if os.path.exists(os.path.join("/proc", each, "root", "run/systemd/journal"))]
            return int(inner[0]) if inner else None
        return until(first, 120, f"the first process of {self.name}") or None

    def run(self, script, seconds=30):
        """A shell script of root's in there: its exit status and what it said."""
        leader = self.leader()
        if not leader:
            raise NotSo(f"{self.name} is off, and was asked: {script}")
        done = subprocess.run(["nsenter", "--all", "--target", str(leader), "/bin/sh", "-c", script],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=seconds, check=False, env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:"
                                                                         "/usr/bin:/sbin:/bin", "HOME": "/root"})
        return done.returncode, done.stdout

    def says(self, script, seconds=30):
        status, said = self.run(script, seconds)
        if status != 0:
            raise NotSo(f"{self.name}: `{script}` ended with {status}: {said.strip()}")
        return said

    def stages(self):
        """(seconds from its start, stage, state, detail) as it wrote them down since it was started last."""
        status, said = self.run("cat /run/devbox/stages")
        lines = [line.split("\t") for line in said.splitlines()] if status == 0 else []
        return [(float(line[0]) - self.started_at, *line[1:4]) for line in lines if len(line) >= 3]

    def journal(self, lines=60):
        """What its units have said, also when it is off."""
        done = subprocess.run(
            ["journalctl", "--directory", f"{self.root}/var/log/journal", "--no-pager", "--output=short-monotonic",
             f"--lines={lines}", *(f"--unit={unit}" for unit in UNITS)],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        with open(f"{self.directory}/nspawn", encoding="utf-8", errors="replace") as log:
            return done.stdout + done.stderr + log.read()
