"""Tells the stories of stories_*.py: the real devboxd in rooms of a real Synapse.

The last line is "N passed, N failed, N skipped"; the exit status is 1 when a story failed.
"""
import argparse
import contextlib
import shutil
import signal
import sys
import tempfile
import time

import stories_crash
import stories_delay
import stories_question
import stories_rooms
import stories_session
import stories_talk
from homeserver import Homeserver
from person import Person
from story import STORIES, tell

TOLD = (stories_talk, stories_question, stories_rooms, stories_session, stories_crash, stories_delay)


class Server:
    """A homeserver that runs, and the people who have no limits on it."""

    def __init__(self, homeserver):
        self.homeserver = homeserver
        admin = homeserver.register("admin", admin=True)
        self.admin = Person(homeserver, admin)
        self.alice, self.bob = (Person(homeserver, homeserver.register(name)) for name in ("alice", "bob"))
        for each in (self.alice, self.bob):
            homeserver.exempt(admin, each.user)


class Stage:
    """The homeservers of this run, started when a story wants them, and where the programs are."""

    def __init__(self, programs, python, directory):
        self.programs, self.python, self.directory = programs, python, directory
        self._servers = {}

    def server(self, name):
        if name not in self._servers:
            began = time.monotonic()
            homeserver = Homeserver(self.python, f"{self.directory}/{name}", strict=name == "strict")
            homeserver.launch()
            homeserver.until_it_answers()
            self._servers[name] = Server(homeserver)
            print(f"   Synapse ({name} limits) answers after {time.monotonic() - began:.0f} s", flush=True)
        return self._servers[name]

    def close(self):
        for server in self._servers.values():
            server.homeserver.stop()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", required=True, help="where devboxd, hetzner-sim and tailnet-sim are")
    parser.add_argument("--synapse", required=True, help="a virtual environment with matrix-synapse")
    parser.add_argument("--only", default="", help="stories whose sentence holds this")
    parser.add_argument("--long", action="store_true", help="those that take long instead of the others")
    parser.add_argument("--keep", action="store_true", help="leave the directory with all logs")
    return parser.parse_args()


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    chosen = [each for each in STORIES
              if each.long == options.long and options.only in each.__name__.replace("_", " ")]
    results = []
    with contextlib.ExitStack() as stack:
        directory = tempfile.mkdtemp(prefix="devbox-peers-")
        if options.keep:
            print(f"   logs: {directory}")
        else:
            stack.callback(shutil.rmtree, directory, ignore_errors=True)
        stage = Stage(options.programs, f"{options.synapse}/bin/python", directory)
        stack.callback(stage.close)
        for number, each in enumerate(chosen, 1):
            results.append(tell(stage, each, number))
    print(f"{results.count(True)} passed, {results.count(False)} failed, 0 skipped")
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
