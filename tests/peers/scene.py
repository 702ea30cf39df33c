"""What one story plays in: a simulated cloud and tailnet, a bot's account, two people, devboxd as a process."""
import os
import re
import time

from conversation import Conversation
from person import Person
from program import NotSo, Program, until
from web import ask, free_port

TOKEN = "peers-token"


def check(holds, otherwise):
    if not holds:
        raise NotSo(otherwise)


class Scene:
    """Everything new but the homeserver: alice and bob of that, a directory, the bot's account `bot`."""

    def __init__(self, stage, server, name):
        self.stage, self.server = stage, server
        self.directory = f"{stage.directory}/{name}"
        for folder in ("state", "run"):
            os.makedirs(f"{self.directory}/{folder}", mode=0o700)
        self.alice, self.bob = server.alice, server.bob
        self.account = server.homeserver.register(f"devbox-{name}")
        self.bot = self.account.user
        self.reports_port = free_port()
        self.programs, self.devboxd, self.starts = [], None, 0
        self._secrets()
        self.hetzner = self._simulator("hetzner-sim", "--token", TOKEN, "--speed", "20")
        self.tailnet = self._simulator("tailnet-sim", "--oauth", "peers:peers-secret")
        #: What [matrix] has; a story changes it before the first start.
        self.matrix = {"homeserver": server.homeserver.url, "user": self.bot, "access_token_file": self.file("token"),
                       "rooms": [], "inviters": [self.alice.user]}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for program in self.programs:
            program.stop(2)

    def file(self, name):
        return f"{self.directory}/{name}"

    def write_private(self, name, text):
        descriptor = os.open(self.file(name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)

    def _secrets(self):
        self.write_private("hetzner-token", TOKEN)
        self.write_private("oauth", "peers-secret")
        self.write_private("token", self.account.token)
        self.write_private("password", self.account.password)

    def _simulator(self, name, *arguments):
        program = Program([f"{self.stage.programs}/{name}", "--listen", "127.0.0.1:0", *arguments],
                          self.file(name + ".log"))
        self.programs.append(program)
        return re.search(r"http://\S+", program.until_it_says("listening on"))[0]

    # The cloud

    def ask_cloud(self, method, path, body=None):
        return ask(method, self.hetzner + path, body, TOKEN)

    def servers(self):
        return self.ask_cloud("GET", "/v1/servers")["servers"]

    def workspaces_behave(self, report):
        self.ask_cloud("PUT", "/_sim/servers/default/behaviour", {"report": report})

    # The bot

    def _configuration(self):
        def text(value):
            quoted = [f'"{each}"' for each in (value if isinstance(value, list) else [value])]
            return f"[{', '.join(quoted)}]" if isinstance(value, list) else quoted[0]
        reports = f"127.0.0.1:{self.reports_port}"
        people = [self.alice.user, self.bob.user]
        sections = {
            "bot": {"name": "peers"},
            "http": {"listen": reports, "public_url": "http://" + reports},
            "hetzner": {"endpoint": self.hetzner + "/v1", "token_file": self.file("hetzner-token")},
            "tailnet": {"api": self.tailnet, "login_server": self.tailnet, "oauth_client_id": "peers",
                        "oauth_client_secret_file": self.file("oauth")},
            "policy": {"members": ["matrix:" + each for each in people]},
            "limits": {"poll_actions": "100ms", "poll_devices": "100ms", "retry": "100ms"},
            "matrix": self.matrix}
        return "".join(f"[{name}]\n" + "".join(f"{key} = {text(value)}\n" for key, value in keys.items())
                       for name, keys in sections.items())

    def start(self):
        """devboxd, as a service."""
        self.write_private("devbox.toml", self._configuration())
        self.starts += 1
        self.devboxd = self._devboxd(self.file(f"devboxd-{self.starts}.log"))

    def log_in_by_password(self):
        """Before the first start: tokens of a log-in expire where the homeserver says so."""
        del self.matrix["access_token_file"]
        self.matrix["password_file"] = self.file("password")

    def check(self):
        """What `devboxd check` says beside the running process, and its exit code."""
        program = self._devboxd(self.file("check.log"), "check")
        return program.until_ended(60), program.output()

    def _devboxd(self, log, *arguments):
        program = Program([f"{self.stage.programs}/devboxd", "--config", self.file("devbox.toml"), *arguments], log,
                          {"STATE_DIRECTORY": self.file("state"), "RUNTIME_DIRECTORY": self.file("run")})
        self.programs.append(program)
        return program

    def restart(self):
        self.devboxd.stop()
        self.start()

    # The room

    def room_with_bot(self, **options):
        """A room of alice with bob, to which the bot is let; the running bot has joined it."""
        room = self.alice.make_room([self.bob.user, self.bot], **options)
        self.bob.join(room)
        if room not in self.matrix["rooms"]:
            self.matrix["rooms"].append(room)
        if not self.devboxd:
            self.start()
        talk = Conversation(self.alice, room)
        self.until_joined(talk)
        return talk

    def until_joined(self, talk, seconds=20):
        def joined():
            check(not self.devboxd.has_ended(), "devboxd has ended")
            return talk.has_joined(self.bot)
        talk.until(joined, seconds, "the bot in the room")

    def answers(self, talk, word):
        """The bot's answers to a command that does not exist: they name it."""
        return talk.said_by(self.bot, f'"{word}"')

    def until_answered(self, talk, word, seconds=30):
        """Says `!devbox WORD` and waits for the answer; the seconds it took."""
        began = time.monotonic()
        talk.person.say(talk.room, f"!devbox {word}")
        self.until_answer(talk, word, seconds)
        return time.monotonic() - began

    def until_answer(self, talk, word, seconds=30):
        return talk.until(lambda: self.answers(talk, word), seconds, f"an answer to {word}")[0]

    def check_each_once_in_order(self, talk, words):
        """Exactly one answer to each of these, in their order."""
        order = [each.text for each in talk.said_by(self.bot)]
        found = [word for text in order for word in words if f'"{word}"' in text]
        check(found == list(words), f"{len(words)} commands, answered: {found}")

    def until_quiet(self, talk, seconds=3):
        """Waits until nobody has said anything for so long."""
        def quiet():
            before = len(talk.events)
            time.sleep(seconds)
            talk.catch_up()
            return len(talk.events) == before
        until(quiet, 120, "a quiet room")
