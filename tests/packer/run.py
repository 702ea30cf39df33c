"""An image of deploy/packer for real, and a workspace from it. Run by tests/suites/packer.sh in mount and process
namespaces of its own. The last line is "N passed, N failed, N skipped"."""
import argparse
import os
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, f"{HERE}/../lab", f"{HERE}/../peers"]

from build import Build, take_options  # noqa: E402
from disk import Disk  # noqa: E402
from program import until  # noqa: E402
from told import check, count, told  # noqa: E402

DAY = 86400


class Image:
    """One build and what comes of it."""

    def __init__(self, options):
        self.options, self.flavour = options, options.flavour
        self.directory = tempfile.mkdtemp(prefix="devbox-packer-")
        subprocess.run(["mount", "-t", "tmpfs", "packer", self.directory], check=True)
        self.build, self.snapshot = Build(self.directory, options), None

    def snapshots(self):
        """All of this flavour, the one that was built last first."""
        found = self.build.ask("GET", f"/v1/images?type=snapshot&label_selector=os-flavor={self.flavour}")["images"]
        return sorted(found, key=lambda each: each["created"], reverse=True)

    def is_built(self):
        before = {each["id"] for each in self.snapshots()}
        status, said = self.build.run()
        check(status == 0, said[-3000:])
        made = [each for each in self.snapshots() if each["id"] not in before]
        check(len(made) == 1, f"{len(made)} snapshots")
        self.snapshot = made[0]
        labels = self.snapshot["labels"]
        check(set(labels) == {"os-flavor", "build-time", "devbox-contract"} and labels["devbox-contract"] == "1", f"labels: {labels}")
        check(abs(int(labels["build-time"]) - time.time()) < 900, f"labels: {labels}")
        check(self.snapshot["description"] == f"{self.flavour}-{labels['build-time']}", self.snapshot["description"])
        check(not self.build.ask("GET", "/v1/servers")["servers"], "the builder left its server")
        check(not [each for each in self.build.ask("GET", "/v1/ssh_keys")["ssh_keys"] if "packer" in each["name"]],
              "the builder left its ssh key")
        until(lambda: not self.build.builders.machines, 30, "the end of the builder's server")
        size = subprocess.run(["du", "-sm", self.build.builders.disk], capture_output=True, text=True, check=True).stdout.split()[0]
        return f"{size} MB more than the stock image"

    def make_an_older_one_claim_more(self):
        """The label is what a build said; `created` is what the cloud knows."""
        older = [each for each in self.snapshots() if each["id"] != self.snapshot["id"]]
        check(older and older[0]["created"] < self.snapshot["created"], "there is no older snapshot of the flavour")
        labels = {**older[0]["labels"], "build-time": str(int(time.time()) + DAY)}
        self.build.ask("PUT", f"/v1/images/{older[0]['id']}", {"labels": labels})

    def comes_up(self):
        done = subprocess.run(["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--net", "--pid", "--fork",
                               "--kill-child", "--mount-proc", sys.executable, "-B", f"{HERE}/up.py", self.directory,
                               str(self.snapshot["id"]), *sys.argv[1:]],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False, timeout=300)
        check(done.returncode == 0, done.stdout)
        return done.stdout.strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    take_options(parser)
    image = Image(parser.parse_args())
    flavour = image.flavour
    built = told(f"a build makes one labelled snapshot of {flavour}, and leaves nothing else", image.is_built)
    if built:
        told("an older snapshot has a later build-time", image.make_an_older_one_claim_more)
    image.build.close()
    if built:
        disk = Disk(image.directory, [image.build.builders.disk, image.options.rootfs])
        told("nothing of the builder's machine is on the disk", disk.holds_nothing_of_its_builder)
        told("the disk keeps the contract and has the tools", lambda: disk.keeps_the_contract(flavour))
        if flavour == "ubuntu-dev":
            told("a repository of another key than Mozilla's is refused",
                 lambda: disk.refuses_another_key(f"{image.build.vendors.url}/mozilla"))
        told("devbox up takes the newest by `created`, and the machine is ready with its programs", image.comes_up)
    return count()


if __name__ == "__main__":
    sys.exit(main())
