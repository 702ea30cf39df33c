"""Measures devboxd in Slack beside apps of Slack's SDKs, on the same simulator, interleaved; prints the table of medians.

Each answers 200 slash commands, one after the other: `/devbox watch w1` and so on, over 50 channels.
"""
import argparse
import json
import os
import re
import signal
import statistics
import subprocess
import tempfile
import time
import urllib.request

APP_TOKEN, BOT_TOKEN = "xapp-1-bench", "xoxb-bench"
CHANNELS = 50
ROWS = (("start → hello, ms", "start"), ("idle PSS, MiB", "idle"), ("PSS after the commands, MiB", "after"),
        ("inject → ack p50, ms", "ack50"), ("inject → ack p99, ms", "ack99"), ("inject → post p50, ms", "post50"),
        ("inject → post p99, ms", "post99"), ("CPU per 200 commands, ms", "cpu"), ("threads", "threads"))


class Program:
    """One that says where it listens in its first line."""

    def __init__(self, *words):
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.url = self.process.stdout.readline().split()[-1]

    def close(self):
        self.process.terminate()
        self.process.wait()


class Simulator(Program):
    def __init__(self, programs):
        super().__init__(f"{programs}/slack-sim", "--listen", "127.0.0.1:0", "--app-token", APP_TOKEN, "--bot-token",
                         BOT_TOKEN)

    def ask(self, path, body=None):
        request = urllib.request.Request(self.url.removesuffix("/api") + "/_sim/" + path,
                                         None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)


def until(reached, seconds=60):
    end = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > end:
            raise RuntimeError("what is measured did not come")
        time.sleep(0.01)


def pss(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as rows:
        return next(int(row.split()[1]) for row in rows if row.startswith("Pss:")) / 1024


def cpu_ms(pid):
    """By the scheduler's count of every thread, in nanoseconds."""
    total = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/schedstat", encoding="ascii") as line:
            total += int(line.read().split()[0])
    return total / 1e6


def percentile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def configured(directory, cloud, tailnet, secrets, chat):
    """The words that name a configuration with these secrets, file → text, and these lines about the chat."""
    for name, text in (secrets | {"token": "bench", "oauth": "secret"}).items():
        path = f"{directory}/{name}"
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.write(text)
    with open(f"{directory}/devbox.toml", "w", encoding="utf-8") as file:
        file.write(f"""[hetzner]
endpoint = "{cloud.url}/v1"
token_file = "{directory}/token"
[tailnet]
api = "{tailnet.url}"
login_server = "{tailnet.url}"
oauth_client_id = "bench"
oauth_client_secret_file = "{directory}/oauth"
{chat}""")
    return ["--config", f"{directory}/devbox.toml"]


def devboxd(programs, directory, cloud, tailnet, simulator):
    """Words and environment of a devboxd with this workspace of Slack."""
    return [f"{programs}/devboxd"] + configured(
        directory, cloud, tailnet, {"app": APP_TOKEN, "bot": BOT_TOKEN}, f"""[slack]
api_url = "{simulator.url}"
app_token_file = "{directory}/app"
bot_token_file = "{directory}/bot"
[policy]
members = ["slack:T1/*"]
""")


def launch(words, environment, simulator):
    """When it was started, and it, once it is connected."""
    begun = time.monotonic_ns() / 1000
    process = subprocess.Popen(words, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    until(lambda: simulator.ask("team")["links"] == 1)
    return begun, process


def measure(words, directory, simulator, options):
    """One run of one program: the numbers of ROWS."""
    for number in range(CHANNELS):
        simulator.ask("set", {"channel": {"id": f"C{number}"}})
    environment = dict(os.environ, SLACK_API_URL=simulator.url, SLACK_APP_TOKEN=APP_TOKEN, SLACK_BOT_TOKEN=BOT_TOKEN,
                       STATE_DIRECTORY=directory, RUNTIME_DIRECTORY=directory)
    # The first start, which brings a database or compiled files, is not measured.
    first = launch(words, environment, simulator)[1]
    first.kill()
    first.wait()
    until(lambda: simulator.ask("team")["links"] == 0)
    begun, process = launch(words, environment, simulator)
    try:
        result = {"start": (simulator.ask("team")["hello_us"] - begun) / 1000}
        time.sleep(options.idle)
        result["idle"] = pss(process.pid)
        before = cpu_ms(process.pid)
        for number in range(options.commands):
            simulator.ask("command", {"user": "U2", "channel": f"C{number % CHANNELS}", "text": f"watch w{number}"})
            time.sleep(options.pause)
        until(lambda: len(answers_of(simulator.ask("team"))) == options.commands)
        result["cpu"] = (cpu_ms(process.pid) - before) * 200 / options.commands
        result["after"] = pss(process.pid)
        result["threads"] = len(os.listdir(f"/proc/{process.pid}/task"))
        team = simulator.ask("team")
        sent = [one for one in team["envelopes"] if one["type"] == "slash_commands"]
        assert all(one["acknowledged"] and not one["late"] for one in sent), "a command was not acknowledged in time"
        posted = answers_of(team)
        acks = [(one["acknowledged_us"] - one["sent_us"]) / 1000 for one in sent]
        posts = [(posted[number] - one["sent_us"]) / 1000 for number, one in enumerate(sent)]
        for name, values in (("ack", acks), ("post", posts)):
            result[name + "50"], result[name + "99"] = percentile(values, 0.5), percentile(values, 0.99)
        return result
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def answers_of(team):
    """When the answer to each command came: by its number."""
    found = {}
    for one in team["messages"]:
        number = re.search(r"\bw(\d+)\b", one["text"])
        if one["user"] == "UBOT" and number:
            found[int(number[1])] = one["at_us"]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", required=True, help="where devboxd and the simulators are")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--commands", type=int, default=200)
    parser.add_argument("--idle", type=float, default=10, help="seconds of peace before memory is read")
    parser.add_argument("--pause", type=float, default=0.02, help="seconds between commands")
    parser.add_argument("peers", nargs="*", help="NAME=COMMAND WORDS of an app")
    options = parser.parse_args()
    cloud = Program(f"{options.programs}/hetzner-sim", "--listen", "127.0.0.1:0", "--token", "bench")
    tailnet = Program(f"{options.programs}/tailnet-sim", "--listen", "127.0.0.1:0", "--oauth", "bench:secret")
    contenders = [("devboxd", None)] + [(name, words.split()) for name, _, words in
                                        (peer.partition("=") for peer in options.peers)]
    results = {name: [] for name, _ in contenders}
    try:
        for run in range(options.runs):
            turn = run % len(contenders)
            for name, words in contenders[turn:] + contenders[:turn]:
                simulator = Simulator(options.programs)
                with tempfile.TemporaryDirectory(prefix="devbox-bench-") as directory:
                    chosen = words or devboxd(options.programs, directory, cloud, tailnet, simulator)
                    results[name].append(measure(chosen, directory, simulator, options))
                simulator.close()
            print(f"   run {run + 1} of {options.runs} is done", flush=True)
    finally:
        cloud.close()
        tailnet.close()
    print("| median (least–most) of " + str(options.runs) + " runs | " + " | ".join(results) + " |")
    print("|---" * (len(results) + 1) + "|")
    for label, key in ROWS:
        cells = []
        for runs in results.values():
            values = [one[key] for one in runs]
            cells.append(f"{statistics.median(values):.3g} ({min(values):.3g}–{max(values):.3g})")
        print(f"| {label} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
