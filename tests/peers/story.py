"""What a story is, and how they are told one after the other."""
import time
import traceback

from program import NotSo
from scene import Scene

STORIES = []


def story(server="usual", long=False):
    """Marks a function of a Scene as a story: its name is the sentence, what it returns are its figures."""
    def keep(function):
        function.server, function.long = server, long
        STORIES.append(function)
        return function
    return keep


def tail(path, lines=25):
    try:
        with open(path, encoding="utf-8", errors="replace") as log:
            return "".join(f"      | {line}" for line in log.read().splitlines(keepends=True)[-lines:]).rstrip()
    except OSError:
        return ""


def tell(stage, function, number):
    """True when it went as it should."""
    sentence = function.__name__.replace("_", " ")
    began = time.monotonic()
    scene = None
    try:
        with Scene(stage, stage.server(function.server), f"{number:02}") as scene:
            figures = function(scene)
        took = f"{time.monotonic() - began:.0f} s"
        print(f"   ok      {sentence} ({took}){': ' + figures if figures else ''}", flush=True)
        return True
    except NotSo as difference:
        print(f"   FAILED  {sentence}: {difference}", flush=True)
    except Exception as error:  # a story that cannot be told is no reason to tell no other
        print(f"   FAILED  {sentence}: {error}\n{traceback.format_exc()}", flush=True)
    if scene:
        for start in range(1, scene.starts + 1):
            print(f"      devboxd, start {start}:\n{tail(scene.file(f'devboxd-{start}.log'))}", flush=True)
    return False
