"""A hetzner-sim of its own for one life: any port, one project with a token that may only read, sixty times as fast."""
import re
import subprocess

TOKEN, READER = "peer", "reader"


class Simulator:
    def __init__(self, program):
        command = [program, "--listen", "127.0.0.1:0", "--token", TOKEN, "--read-only-token", READER, "--speed", "60"]
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
