"""up.py DIRECTORY SNAPSHOT …: `!devbox up` in tests/lab's scene, from the snapshot that build.py's simulator has in its state."""
import argparse
import os
import re
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, f"{HERE}/../lab", f"{HERE}/../peers"]

from build import TOKEN, take_options  # noqa: E402
from program import Program  # noqa: E402
import scene as lab  # noqa: E402
from web import ask  # noqa: E402


class Cloud(lab.Cloud):
    """The simulator that knows the snapshot, with the lab's machines."""
    token = TOKEN

    def __init__(self, scene, programs, state):
        self.program = Program([f"{programs}/hetzner-sim", "--listen", "127.0.0.1:18081", "--token", TOKEN, "--speed", "20",
                                "--state", state, "--hook",
                                f"exec /usr/bin/python3 -B {HERE}/../lab/hook.py {scene.datacentre.socket}"],
                               scene.ground.file("hetzner-sim-2.log"))
        self.url = re.search(r"http://\S+", self.program.until_it_says("listening on"))[0]

    def ask(self, method, path, body=None):
        return ask(method, self.url + path, body, TOKEN)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("directory")
    parser.add_argument("snapshot", type=int)
    take_options(parser)
    options = parser.parse_args()
    place = tempfile.mkdtemp(prefix="devbox-up-", dir=options.directory)  # the machines' control groups are called like it
    scene = lab.Scene(place, options)
    try:
        scene.cloud.program.stop()
        scene.cloud = Cloud(scene, options.programs, f"{options.directory}/hetzner-state")
        scene.datacentre.layers = [f"{options.directory}/snapshot", options.rootfs]
        scene.begin(workspace={"image": options.flavour})
        line, machine = scene.up()
        lab.check(options.flavour in line.text, line.text)
        image = scene.cloud.servers()[0]["image"]
        lab.check(image["id"] == options.snapshot, f"it came up from {image['description']} and not from the newest")
        lab.check("installed" not in str(machine.stages()), "something was installed at the boot")
        machine.says("test -x /usr/local/lib/code-server/bin/code-server && git --version && make --version && gcc --version")
        print(line.text.splitlines()[1].strip())
        return 0
    except Exception as error:
        print(error)
        for name, text in scene.evidence():
            print(f"{name}:\n{text}")
        return 1
    finally:
        scene.close()


if __name__ == "__main__":
    sys.exit(main())
