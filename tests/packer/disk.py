"""What a build left on its disk: nothing of the machine that it was built on, and the programs it was built for."""
import glob
import os

from ground import sh
from told import check
from tree import Tree

#: What no image may have: a second server with it would be taken for the first, or it only makes the image large.
GONE = {
    "an ssh host key": "etc/ssh/ssh_host_*",
    "cloud-init's state": "var/lib/cloud/*",
    "cloud-init's network": "etc/netplan/50-cloud-init.yaml",
    "a machine-id of D-Bus": "var/lib/dbus/machine-id",
    "a tailnet's state": "var/lib/tailscale",
    "the bot's state": "var/lib/devbox",
    "root's ssh keys": "root/.ssh",
    "root's history": "root/.bash_history",
    "root's caches": "root/.cache",
    "a package that was installed": "var/cache/apt/archives/*.deb",
    "lists of packages": "var/lib/apt/lists/*",
    "a journal": "var/log/journal/*",
    "a temporary file": "tmp/*",
    "what a step unpacked": "var/tmp/*",
}
TOOLS = "git gcc make cmake ninja ccache gdb python3 ansible docker tmux jq rg rsync fc-list".split()


class Disk:
    """The layers of a built disk, the uppermost first, below a directory of ours."""

    def __init__(self, directory, layers):
        self.directory, self.layers = directory, layers
        os.makedirs(f"{directory}/disk")
        self.root = f"{directory}/disk"
        sh("mount", "-t", "overlay", "overlay", "-o", f"ro,lowerdir={':'.join(layers)}", self.root)

    def holds_nothing_of_its_builder(self):
        found = [f"{what}: {path[len(self.root):]}" for what, pattern in GONE.items()
                 for path in glob.glob(f"{self.root}/{pattern}") + glob.glob(f"{self.root}/{pattern}/.[!.]*")]
        for folder, _, names in os.walk(f"{self.root}/var/log"):
            for path in (os.path.join(folder, name) for name in names if name != "wtmp"):  # where the shutdown is noted
                if os.path.isfile(path) and os.path.getsize(path) > 0:
                    found.append(f"a log: {path[len(self.root):]}")
        with open(f"{self.root}/etc/passwd", encoding="utf-8") as file:
            found += [f"a user: {line.strip()}" for line in file if line.split(":")[2] == "1000"]
        check(not found, "; ".join(found))
        check(os.path.getsize(f"{self.root}/etc/machine-id") == 0, "/etc/machine-id is not empty")

    def keeps_the_contract(self, flavour):
        tree = Tree(f"{self.directory}/contract", self.layers)
        status, said = tree.step("contract")
        check(status == 0, said)
        tools = [*TOOLS, "firefox" if flavour == "ubuntu-dev" else "chromium"]
        status, said = tree.run("sh", "-c", f"for each in {' '.join(tools)}; do command -v $each >/dev/null || echo $each; done")
        check(not said, f"it lacks {said.split()}")
        if flavour == "ubuntu-dev":
            check(tree.run("firefox", "--version") == (0, "stand-in\n"), "firefox is not of Mozilla's repository")

    def refuses_another_key(self, url):
        """The step again, on a disk that has all of its packages but the browser's repository."""
        tree = Tree(f"{self.directory}/another-key", self.layers)
        status, said = tree.step("tools-apt", MOZILLA_MIRROR=url, MOZILLA_KEY="0" * 40)
        last = said.strip().splitlines()[-1]
        check((status, last) == (1, f"devbox image: the key of {url} is not {'0' * 40}"), f"{status}: {said[-2000:]}")
