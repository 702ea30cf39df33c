"""What devboxd does while its functions are noted."""
import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "slack"))
from bench import Program, Simulator, answers_of, configured, devboxd, until  # pylint: disable=wrong-import-position

COMMANDS = ("watch w1", "status", "help", "types", "watch w2", "nonsense", "watch w3")
#: Callgrind is fifty times slower.
PATIENCE = 120


def stop(process):
    process.terminate()
    process.wait(PATIENCE)


def start(words, directory):
    environment = dict(os.environ, STATE_DIRECTORY=directory, RUNTIME_DIRECTORY=directory)
    return subprocess.Popen(words, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)


def in_slack(programs, runner, directory):
    """In Slack"""
    os.mkdir(directory)
    cloud = Program(f"{programs}/hetzner-sim", "--listen", "127.0.0.1:0", "--token", "bench")
    tailnet = Program(f"{programs}/tailnet-sim", "--listen", "127.0.0.1:0", "--oauth", "bench:secret")
    slack = Simulator(programs)
    try:
        slack.ask("set", {"channel": {"id": "C0"}})
        words = devboxd(programs, directory, cloud, tailnet, slack)
        # The first start, which makes the database, is one of many.
        for program in (words[:1], runner):
            process = start(program + words[1:], directory)
            until(lambda: slack.ask("team")["links"] == 1, PATIENCE)
            if program == runner:
                time.sleep(5)
                for text in COMMANDS:
                    slack.ask("command", {"user": "U2", "channel": "C0", "text": text})
                    time.sleep(3)
                until(lambda: len(answers_of(slack.ask("team"))) == 3, PATIENCE)
            stop(process)
            until(lambda: slack.ask("team")["links"] == 0, PATIENCE)
    finally:
        for each in (slack, tailnet, cloud):
            each.close()


class Room:
    """A room of Matrix and a person in it."""

    def __init__(self, homeserver):
        self.url, self.token = homeserver, None
        self.token = self.ask("POST", "login", {"type": "m.login.password", "password": "ann",
                                                "identifier": {"type": "m.id.user", "user": "ann"}})["access_token"]
        self.id = self.ask("POST", "createRoom", {"preset": "public_chat", "room_alias_name": "dev"})["room_id"]
        self.said = 0

    def ask(self, method, path, body=None):
        request = urllib.request.Request(f"{self.url}/_matrix/client/v3/{path}", method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={"Authorization": f"Bearer {self.token}"} if self.token else {})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def say(self, text):
        self.said += 1
        self.ask("PUT", f"rooms/{self.id}/send/m.room.message/{self.said}", {"msgtype": "m.text", "body": text})

    def answers(self):
        page = self.ask("GET", f"rooms/{self.id}/messages?dir=b&limit=100")["chunk"]
        return [event for event in page if event["type"] == "m.room.message" and event["sender"].startswith("@devbox:")]

    def is_joined(self):
        return len(self.ask("GET", f"rooms/{self.id}/joined_members")["joined"]) == 2


def in_matrix(programs, runner, directory):
    """In a room of Matrix"""
    os.mkdir(directory)
    cloud = Program(f"{programs}/hetzner-sim", "--listen", "127.0.0.1:0", "--token", "bench")
    tailnet = Program(f"{programs}/tailnet-sim", "--listen", "127.0.0.1:0", "--oauth", "bench:secret")
    matrix = Program(f"{programs}/matrix-sim", "--listen", "127.0.0.1:0", "--user", "devbox:devbox", "--user", "ann:ann")
    try:
        room = Room(matrix.url)
        words = configured(directory, cloud, tailnet, {"password": "devbox"}, f"""[matrix]
homeserver = "{matrix.url}"
user = "@devbox:devbox.test"
password_file = "{directory}/password"
rooms = ["#dev:devbox.test"]
[policy]
members = ["matrix:@*:devbox.test"]
""")
        process = start(runner + words, directory)
        until(room.is_joined, PATIENCE)
        time.sleep(5)
        for number, text in enumerate(COMMANDS, 1):
            room.say(f"!devbox {text}")
            until(lambda count=number: len(room.answers()) >= count, PATIENCE)
        stop(process)
    finally:
        for each in (matrix, tailnet, cloud):
            each.close()


def with_simulators(_, runner, directory):
    """With the built-in simulators, through an up and a down"""
    os.mkdir(directory)
    environment = dict(os.environ, STATE_DIRECTORY=directory, RUNTIME_DIRECTORY=directory)
    lines = "!devbox up cpx22\n!devbox status\n!devbox down\n!devbox images\n"
    subprocess.run(runner, env=environment, input=lines, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   timeout=600, check=False)
