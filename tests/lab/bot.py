"""devboxd as a service, and the people who talk to it by its control socket."""
import json
import os
import socket
import threading
import time

from program import NotSo, Program, until
from tailnet import API, DOMAIN, LOGIN_SERVER

PORT = 18090
ROOM = "lab"
LIMITS = {"stage_boot": "2m", "stage_join": "2m", "stage_editor": "2m", "flush": "20s", "shutdown": "30s",
          "poll_actions": "200ms", "poll_devices": "500ms", "retry": "200ms", "undo_watch": "5s"}


class Line:
    """One message of the bot's: its text now, when that was first there, and what it said before."""

    def __init__(self, message):
        self.key, self.edits, self.at = message["key"], message.get("edits") or "", time.time()
        self.text, self.choices = message["text"], message.get("choices") or []


class Bot:
    """Not running until `start`. Lines are said again until they are acknowledged, also over a restart."""

    def __init__(self, ground, programs, hetzner, tailnet):
        self.ground, self.programs, self.tailnet = ground, programs, tailnet
        self.starts, self.program, self.lines = 0, None, []
        self._said, self._acknowledged, self._known = [], set(), set()
        self._closed = False
        for folder in ("state", "run"):
            os.makedirs(ground.file(folder), mode=0o700)
        self.sections = {
            "bot": {"name": "lab"},
            "http": {"listen": f"127.0.0.1:{PORT}", "public_url": f"http://bothost.{DOMAIN}:{PORT}"},
            "hetzner": {"endpoint": hetzner.url + "/v1", "token_file": self._secret("hetzner-token", hetzner.token)},
            "tailnet": {"api": API, "login_server": LOGIN_SERVER, "domain": DOMAIN, "oauth_client_id": tailnet.oauth_id,
                        "oauth_client_secret_file": self._secret("oauth", tailnet.oauth_secret)},
            "workspace": {"keep_dirs": ["/var/lib/docker"]},
            "policy": {"admins": ["console:*"], "creates_per_hour": 100},
            "limits": dict(LIMITS)}
        threading.Thread(target=self._listen, daemon=True).start()

    def _secret(self, name, text):
        path = self.ground.file(name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def use_headscale(self):
        """The tailnet by headscale's API."""
        section = self.sections["tailnet"]
        del section["oauth_client_id"], section["oauth_client_secret_file"]
        section["kind"] = "headscale"
        section["api_key_file"] = self._secret("headscale", self.tailnet.headscale_key)

    # The process

    def start(self):
        self.starts += 1
        # JSON's strings, numbers and lists are TOML's, too.
        text = "".join(f"[{name}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items())
                       for name, keys in self.sections.items())
        with open(self.ground.file("devbox.toml"), "w", encoding="utf-8") as file:
            file.write(text)
        self.program = Program([f"{self.programs}/devboxd", "--config", self.ground.file("devbox.toml")],
                               self.ground.file(f"devboxd-{self.starts}.log"),
                               {"STATE_DIRECTORY": self.ground.file("state"),
                                "RUNTIME_DIRECTORY": self.ground.file("run")})

    def kill(self):
        self.program.kill()

    def close(self):
        self._closed = True
        if self.program:
            self.program.stop(5)

    # The talk

    def say(self, text, who="alice"):
        """The moment before it is said."""
        now = time.time()
        line = {"key": f"lab-{len(self._said) + 1}", "room": ROOM, "sender": f"console:{who}",
                "text": "!devbox " + text}
        self._said.append(line)
        self._send(line)
        return now

    def until_said(self, text, seconds, what=None, since=0.0):
        """The first line that holds `text` and is not older than that; a NotSo tells what was said instead."""
        def found():
            if self.program.has_ended():
                raise NotSo(f"devboxd has ended with {self.program.process.returncode}")
            return next((each for each in list(self.lines) if text in each.text and each.at >= since), None)
        try:
            return until(found, seconds, what or f'"{text}"')
        except NotSo as late:
            raise NotSo(f"{late}; said: {[each.text for each in self.lines if not each.edits]}") from None

    def _listen(self):
        while not self._closed:
            wire = socket.socket(socket.AF_UNIX)
            try:
                wire.connect(self.ground.file("run/control"))
                self._wire = wire
                self._send({"rooms": [ROOM]})
                for line in self._said:
                    if line["key"] not in self._acknowledged:
                        self._send(line)
                for text in wire.makefile(encoding="utf-8"):
                    self._take(json.loads(text))
            except OSError:
                pass
            self._wire = None
            wire.close()
            time.sleep(0.02)

    _wire = None

    def _send(self, line):
        wire = self._wire
        if wire:
            try:
                wire.sendall(json.dumps(line).encode() + b"\n")
            except OSError:
                pass  # said again after the next connection

    def _take(self, line):
        if "ack" in line:
            self._acknowledged.add(line["ack"])
        if "text" in line:
            if (line["key"], line["text"]) not in self._known:
                self._known.add((line["key"], line["text"]))
                self.lines.append(Line(line))
            self._send({"ack": line["key"]})
