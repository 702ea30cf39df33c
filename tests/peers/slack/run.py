"""Proves the Slack simulator with Slack's own SDKs: an app of each connects to it, is given commands, mentions, presses and
planned ends of its socket, and must acknowledge and answer as it does at Slack.

The last line is "N passed, N failed, N skipped"; the exit status is 1 when one failed.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request

APP_TOKEN, BOT_TOKEN = "xapp-1-peer", "xoxb-peer"


class Simulator:
    """slack-sim in a process of its own."""

    def __init__(self, program):
        self.process = subprocess.Popen(
            [program, "--listen", "127.0.0.1:0", "--app-token", APP_TOKEN, "--bot-token", BOT_TOKEN],
            stdout=subprocess.PIPE, text=True)
        self.api = self.process.stdout.readline().split()[-1]

    def ask(self, path, body=None):
        request = urllib.request.Request(self.api.removesuffix("/api") + "/_sim/" + path,
                                         None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def team(self):
        return self.ask("team")

    def close(self):
        self.process.terminate()
        self.process.wait()


def until(what, reached, seconds=40):
    """Waits for what has to come; how long it may take says nothing."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = reached()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(what + " did not come")


def said(simulator, text):
    return [one for one in simulator.team()["messages"] if one["user"] == "UBOT" and one["text"] == text]


def acknowledged(simulator, envelope):
    return any(one["id"] == envelope and one["acknowledged"] for one in simulator.team()["envelopes"])


def is_heard(simulator):
    """Whether a command is acknowledged in the time that Slack gives it; some apps are deaf for ten seconds."""
    envelope = simulator.ask("command", {"user": "U2", "channel": "C1", "text": "again"})["envelope_id"]
    for _ in range(30):
        if acknowledged(simulator, envelope):
            return True
        time.sleep(0.1)
    return False


def play(simulator):
    until("a socket", lambda: simulator.team()["links"] == 1)
    simulator.ask("set", {"channel": {"id": "C1"}})
    envelope = simulator.ask("command", {"user": "U2", "channel": "C1", "text": "up cpx32"})["envelope_id"]
    until("the acknowledgement of a command", lambda: acknowledged(simulator, envelope))
    card = until("the answer to a command", lambda: said(simulator, "command up cpx32"))[0]
    asked = simulator.ask("say", {"user": "U2", "channel": "C1", "text": "<@UBOT> up", "more": {"raw": True}})
    answer = until("the answer to a mention", lambda: said(simulator, "mention"))[0]
    assert answer["thread_ts"] == asked["ts"], "the answer to a mention is not in its thread"
    envelope = simulator.ask("press", {"user": "U2", "channel": "C1", "ts": card["ts"], "button": "Go"})["envelope_id"]
    until("the acknowledgement of a press", lambda: acknowledged(simulator, envelope))
    until("what a press does", lambda: said(simulator, "pressed"))
    simulator.ask("links", {"do": "refresh_requested"})
    time.sleep(0.2)
    simulator.ask("links", {"do": "close"})
    until("the socket that replaces one", lambda: simulator.team()["links_ever"] >= 2 and simulator.team()["links"] >= 1)
    until("an acknowledgement on it", lambda: is_heard(simulator))
    until("the answer on it", lambda: said(simulator, "command again"))


def tell(name, words, program):
    simulator = Simulator(program)
    environment = dict(os.environ, SLACK_API_URL=simulator.api, SLACK_APP_TOKEN=APP_TOKEN, SLACK_BOT_TOKEN=BOT_TOKEN)
    with tempfile.TemporaryFile("w+") as log:
        peer = subprocess.Popen(words, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            play(simulator)
            print(f"   ok: {name} connects, acknowledges, answers, and follows to a new socket", flush=True)
            return True
        except AssertionError as why:
            log.seek(0)
            print(f"   FAILED: {name}: {why}\n{log.read()[-3000:]}", flush=True)
            return False
        finally:
            peer.kill()
            peer.wait()
            simulator.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", required=True, help="where slack-sim is")
    parser.add_argument("peers", nargs="*", help="NAME=COMMAND WORDS of an app")
    options = parser.parse_args()
    results = [tell(name, words.split(), options.programs + "/slack-sim")
               for name, _, words in (peer.partition("=") for peer in options.peers)]
    print(f"{results.count(True)} passed, {results.count(False)} failed, 0 skipped")
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
