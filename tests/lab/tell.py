"""tell.py DIRECTORY SENTENCE …: tells one story as the first process of its namespaces. Run by run.py."""
import argparse
import sys
import time
import traceback

import stories
from program import NotSo
from scene import Scene
from story import STORIES, sentence


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory")
    parser.add_argument("sentence")
    for option in ("--programs", "--tailnet", "--rootfs"):
        parser.add_argument(option, required=True)
    return parser.parse_args()


def told(options, function):
    """Whether it went as it should."""
    began = time.monotonic()
    scene = None
    try:
        scene = Scene(options.directory, options)
        figures = function(scene)
        took = f"{time.monotonic() - began:.0f} s"
        print(f"   ok      {options.sentence} ({took}){': ' + figures if figures else ''}", flush=True)
        return True
    except NotSo as difference:
        print(f"   FAILED  {options.sentence}: {difference}", flush=True)
    except Exception as error:  # its own, or the ground's: told as a failure, with the place
        print(f"   FAILED  {options.sentence}: {error}\n{traceback.format_exc()}", flush=True)
    for name, text in scene.evidence() if scene else ():
        print(f"      {name}:\n" + "".join(f"      | {line}\n" for line in text.splitlines()), flush=True)
    return False


def main():
    options = arguments()
    function = next(each for each in STORIES if sentence(each) == options.sentence)
    return 0 if told(options, function) else 1


if __name__ == "__main__":
    sys.exit(main())
