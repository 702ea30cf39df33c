"""Makes what hetzner-sim's events say real: machines that boot, lose their power and go, volumes that stay."""
import json
import shutil
import socketserver
import sys
import threading
import traceback

from machine import Machine
from volume import Volume


class Events(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


class Datacentre:
    """`layers` of directories are each machine's disk, the uppermost first; `on_off(identity)` is called when one went
    off by itself. A story sets the rest before it begins."""

    def __init__(self, ground, layers, on_off):
        self.ground, self.layers, self.on_off = ground, layers, on_off
        self.machines, self.volumes, self.events = {}, {}, []
        self.last_words = []  #: the journals of deleted machines
        #: Seconds from a volume's attachment to its appearance in the machine.
        self.volume_delay = 0
        #: Called with each new volume's file, and with each new machine's root directory.
        self.furnish_volume = self.furnish_machine = lambda path: None
        #: The machine does not hear its power button.
        self.ignores_button = False
        self.socket = ground.file("datacentre")
        datacentre = self

        class Event(socketserver.StreamRequestHandler):
            def handle(self):
                self.wfile.write(datacentre.answer(json.loads(self.rfile.readline())).encode() + b"\n")

        self._server = Events(self.socket, Event)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        for machine in list(self.machines.values()):
            machine.remove()

    def answer(self, event):
        self.events.append((event["event"], event["id"], sorted(event["volumes"])))
        try:
            getattr(self, "on_" + event["event"])(event)
            return "ok"
        except Exception as error:  # whatever it is, the cloud's action fails with it
            traceback.print_exc(file=sys.stdout)
            return f"failed: {error}"

    def machine(self, name):
        """The one of that name that is there, or None."""
        return next((each for each in self.machines.values() if each.name == name), None)

    def volume(self, identity, size_gb):
        if identity not in self.volumes:
            path = self.ground.file(f"volume-{identity}")
            self.volumes[identity] = Volume(path, size_gb)
            self.furnish_volume(path)
        return self.volumes[identity]

    # Events, as hetzner-sim names them

    def on_create(self, event):
        machine = Machine(self.ground, self.layers, event["id"], event["name"],
                          lambda each: self.on_off(each.identity))
        machine.give(event["user_data"])
        self.furnish_machine(machine.root)
        self.machines[event["id"]] = machine

    def on_poweron(self, event):
        self.machines[event["id"]].power_on()

    def on_shutdown(self, event):
        if not self.ignores_button:
            self.machines[event["id"]].press_button()

    def on_poweroff(self, event):
        self.machines[event["id"]].cut_power()

    def on_reset(self, event):
        self.machines[event["id"]].cut_power()
        self.machines[event["id"]].power_on()

    def on_delete(self, event):
        identity = event["id"]
        machine = self.machines.pop(identity, None)
        if machine:
            self.last_words.append((f"{machine.name} ({identity}), deleted", machine.journal()))
            machine.remove()

    def on_attach(self, event):
        for identity, size_gb in event["volumes"].items():
            volume, machine = self.volume(identity, int(size_gb)), self.machines[event["id"]]
            threading.Timer(self.volume_delay, machine.plug, (identity, volume)).start()

    def on_detach(self, event):
        for identity in event["volumes"]:
            if event["id"] in self.machines:
                self.machines[event["id"]].unplug(identity)

    def on_rebuild(self, event):
        """A new disk for the same machine: what it was given, its volumes and its address stay."""
        old = self.machines[event["id"]]
        volumes = dict(old.volumes)
        self.on_delete(event)
        shutil.rmtree(old.directory)
        self.on_create(event)
        for identity, volume in volumes.items():
            self.machines[event["id"]].plug(identity, volume)
        self.on_poweron(event)

    def on_resize(self, event):
        """Of volumes; another type of a server has none in it, and its machine is as large as the host anyway."""
        for identity, size_gb in event["volumes"].items():
            self.volume(identity, int(size_gb)).grow(int(size_gb))

