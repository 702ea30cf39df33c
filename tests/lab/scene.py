"""What one story plays in: hetzner-sim with real machines behind it, a tailnet, the bot on a host in it."""
import os
import re

from bot import PORT, Bot
from datacentre import Datacentre
from ground import Ground
from program import NotSo, Program, until
from tailnet import Tailnet
from web import Refused, ask

TOKEN = "lab-token"
HERE = os.path.dirname(os.path.abspath(__file__))


def check(holds, otherwise):
    if not holds:
        raise NotSo(otherwise)


class Cloud:
    """hetzner-sim, whose machines are the datacentre's."""

    token = TOKEN

    def __init__(self, ground, programs, hook):
        self.program = Program([f"{programs}/hetzner-sim", "--listen", "127.0.0.1:18080", "--token", TOKEN,
                                "--speed", "20", "--hook", f"exec /usr/bin/python3 -B {hook}"],
                               ground.file("hetzner-sim.log"))
        self.url = re.search(r"http://\S+", self.program.until_it_says("listening on"))[0]

    def ask(self, method, path, body=None):
        return ask(method, self.url + path, body, TOKEN)

    def servers(self):
        return self.ask("GET", "/v1/servers")["servers"]

    def went_off(self, identity):
        """A machine that went off by itself; one that is deleted meanwhile is nobody's."""
        try:
            self.ask("PUT", f"/_sim/servers/{identity}/power", {"status": "off"})
        except Refused:
            pass

    def requests(self, method, path):
        return [each for each in self.ask("GET", "/_sim/requests") if (each["method"], each["path"]) == (method, path)]


class Scene:
    """A story sets up the datacentre, then says `begin`."""

    def __init__(self, directory, options):
        self.ground, self.options, self._ends = Ground(directory), options, []
        layers = [f"{options.tailnet}/workspace", options.rootfs]
        self.datacentre = Datacentre(self.ground, layers, lambda identity: self.cloud.went_off(identity))
        self._ends.append(self.datacentre.close)
        self.cloud = Cloud(self.ground, options.programs, f"{HERE}/hook.py {self.datacentre.socket}")
        self.tailnet = self.bot = None

    def begin(self, certificates=False, headscale=False, **sections):
        """The tailnet with the bot's host in it, and the bot; `sections` change its configuration."""
        self.tailnet = Tailnet(self.ground, self.options.tailnet, certificates)
        self.tailnet.join(PORT)
        self.bot = Bot(self.ground, self.options.programs, self.cloud, self.tailnet)
        self._ends.append(self.bot.close)
        if headscale:
            self.bot.use_headscale()
        for section, keys in sections.items():
            self.bot.sections[section].update(keys)
        self.bot.start()

    def close(self):
        for end in reversed(self._ends):
            end()

    # What most stories do

    def machine(self, name="alice"):
        return until(lambda: self.datacentre.machine(name), 30, f"a machine called {name}")

    def up(self, words="up", seconds=200):
        """Says it and waits for the card: that line, and the machine."""
        since = self.bot.say(words)
        line = self.bot.until_said("✓ alice is up", seconds, "the card", since)
        return line, self.machine()

    def down(self, words="down", seconds=200):
        since = self.bot.say(words)
        return self.bot.until_said("✓ alice is down", seconds, "the farewell", since)

    def fails(self, words="up", seconds=200):
        """Says it and waits for the refusal that ends it."""
        since = self.bot.say(words)
        return self.bot.until_said("✗ ", seconds, "the refusal", since)

    # What is told when a story failed

    def evidence(self):
        starts = self.bot.starts if self.bot else 0
        for name in [*(f"devboxd-{n}.log" for n in range(1, starts + 1)), "hetzner-sim.log", "tailnetd.log"]:
            yield name, tail(self.ground.file(name))
        yield from self.datacentre.last_words
        for machine in self.datacentre.machines.values():
            yield f"{machine.name} ({machine.identity}), {'on' if machine.is_on() else 'off'}", machine.journal()


def tail(path, lines=25):
    try:
        with open(path, encoding="utf-8", errors="replace") as log:
            return "\n".join(log.read().splitlines()[-lines:])
    except OSError as error:
        return str(error)
