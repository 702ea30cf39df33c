"""A hetzner-sim of its own for each story: any port, one project with a second token that may only read, sixty times as fast."""
import base64
import concurrent.futures
import os
import re
import subprocess
import traceback

TOKEN, READER = "peer", "reader"


def public_key():
    raw = b"".join(len(part).to_bytes(4, "big") + part for part in (b"ssh-ed25519", os.urandom(32)))
    return f"ssh-ed25519 {base64.b64encode(raw).decode()} peer"


class Simulator:
    def __init__(self, program, *arguments):
        self.program = program
        command = [program, *arguments, "--listen", "127.0.0.1:0", "--token", TOKEN, "--read-only-token", READER, "--speed", "60"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.endpoint = self._until_it_listens() + "/v1"

    def _until_it_listens(self):
        for line in self.process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:\d+|127\.0\.0\.1:\d+", line):
                return "http://" + found[0].removeprefix("http://")
        raise RuntimeError("hetzner-sim ended before it listened")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def tell(program, *stories):
    """All at once, each with a simulator of its own; the last line counts, and is what the suite reads."""

    def told(story):
        try:
            with Simulator(program) as simulator:
                story(simulator)
        except Exception:
            print(f"   FAILED  {story.__name__.replace('_', ' ')}\n{traceback.format_exc()}")
            return False
        return True

    with concurrent.futures.ThreadPoolExecutor(len(stories)) as threads:
        passed = sum(threads.map(told, stories))
    print(f"{passed} passed, {len(stories) - passed} failed, 0 skipped")
    return 0 if passed == len(stories) else 1
