"""A hetzner-sim of its own for each story: any port, one project with a second token that may only read, sixty times as fast."""
import concurrent.futures
import re
import subprocess
import traceback

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
