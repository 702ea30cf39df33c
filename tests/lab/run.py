"""Tells the stories of stories_*.py: real devboxd, tailscaled, cloud-init and systemd behind a simulated cloud API.

Each story plays in namespaces of its own, some at the same time. The last line is "N passed, N failed, N skipped"; the
exit status is 1 when a story failed.
"""
import argparse
import concurrent.futures
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
COMMON = os.path.join(HERE, "..", "peers")  # program.py and web.py
sys.path.append(COMMON)

import stories  # noqa: E402
from ground import GROUPS  # noqa: E402
from story import STORIES, sentence  # noqa: E402

APART = ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--net", "--pid", "--fork", "--kill-child",
         "--mount-proc"]
#: Seconds for one story.
LONGEST = 600


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", required=True, help="where devboxd and hetzner-sim are")
    parser.add_argument("--tailnet", required=True, help="where tailnetd, tailscaled and tailscale are")
    parser.add_argument("--rootfs", required=True, help="the disk of a workspace, made by rootfs.sh")
    parser.add_argument("--only", default="", help="stories whose sentence holds this")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many at the same time, beside those that mostly wait")
    return parser.parse_args()


class Telling:
    """Tells stories, some at the same time; those that are being told end with it."""

    def __init__(self, options, directory):
        self.options, self.directory, self._running = options, directory, set()
        self._busy = concurrent.futures.ThreadPoolExecutor(options.jobs)
        self._asleep = concurrent.futures.ThreadPoolExecutor(options.jobs + 1)

    def all(self, chosen):
        """Whether each went as it should."""
        asked = [(self._asleep if hasattr(each, "waits") else self._busy).submit(self._tell, each) for each in chosen]
        return [each.result() for each in asked]

    def close(self):
        pools = (self._busy, self._asleep)
        for pool in pools:
            pool.shutdown(wait=False, cancel_futures=True)
        for process in list(self._running):
            process.kill()
        for pool in pools:
            pool.shutdown(wait=True)

    def _tell(self, each):
        options, place = self.options, tempfile.mkdtemp(prefix=GROUPS, dir=self.directory)
        words = [*APART, sys.executable, "-B", f"{HERE}/tell.py", place, sentence(each), "--programs", options.programs,
                 "--tailnet", options.tailnet, "--rootfs", options.rootfs]
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   text=True, env={**os.environ, "PYTHONPATH": COMMON})
        self._running.add(process)
        try:
            said = process.communicate(timeout=LONGEST)[0]
        except subprocess.TimeoutExpired:
            process.kill()
            said = f"   FAILED  {sentence(each)}: not at its end after {LONGEST} s\n{process.communicate()[0]}"
        self._running.discard(process)
        print(said, end="", flush=True)
        return process.returncode == 0


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    chosen = [each for each in STORIES if options.only in sentence(each)]
    with contextlib.ExitStack() as stack:
        directory = tempfile.mkdtemp(prefix="devbox-lab-")
        stack.callback(shutil.rmtree, directory, ignore_errors=True)
        telling = Telling(options, directory)
        stack.callback(telling.close)
        results = telling.all(chosen)
    print(f"{results.count(True)} passed, {results.count(False)} failed, 0 skipped")
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
