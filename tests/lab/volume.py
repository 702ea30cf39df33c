"""The cloud's volumes: files that outlive the machines they are plugged into, as block devices."""
import hashlib
import os
import stat
import subprocess

from ground import sh
from program import until


class Volume:
    """A blank file of so many GB, sparse; `device` while it is plugged in somewhere."""

    def __init__(self, path, size_gb):
        self.path, self.device, self._open = path, None, None
        if not os.path.exists(path):
            with open(path, "wb") as file:
                file.truncate(size_gb << 30)

    def plug(self):
        if self.device:
            return
        self.device = sh("losetup", "--find", "--show", self.path).strip()
        # It goes by itself with the last who has it open, if that is this process, killed, too.
        self._open = os.open(self.device, os.O_RDONLY)
        sh("losetup", "--detach", self.device)

    def unplug(self):
        """Once nobody has it mounted any more, as the processes of a machine that was killed go one by one."""
        if self.device:
            os.close(self._open)
            until(lambda: not sh("losetup", "--associated", self.path), 20, f"the end of {self.device}")
        self.device = self._open = None

    def grow(self, size_gb):
        with open(self.path, "r+b") as file:
            file.truncate(size_gb << 30)
        if self.device:
            sh("losetup", "--set-capacity", self.device)

    def appear(self, identity, root):
        """In the machine whose root that is, under the name that Hetzner's machines see."""
        name = os.path.basename(self.device)
        node, by_id = f"{root}/dev/{name}", f"{root}/dev/disk/by-id"
        os.makedirs(by_id, exist_ok=True)
        if not os.path.exists(node):
            os.mknod(node, stat.S_IFBLK | 0o660, os.stat(self.device).st_rdev)
        link = f"{by_id}/scsi-0HC_Volume_{identity}"
        if not os.path.islink(link):
            os.symlink(f"../../{name}", link)

    def state(self):
        """Of the file system, while no machine has it: "clean" after an orderly unmount, or None without one."""
        said = subprocess.run(["dumpe2fs", "-h", self.path], capture_output=True, text=True, check=False).stdout
        fields = dict(line.split(":", 1) for line in said.splitlines() if ":" in line)
        if "needs_recovery" in fields.get("Filesystem features", ""):
            return "not unmounted"
        return fields.get("Filesystem state", "").strip() or None

    def sum(self):
        return sum_of(self.path)


def sum_of(path):
    """Of what is written in a file, and where; its holes are skipped."""
    total, end = hashlib.sha256(), os.path.getsize(path)
    with open(path, "rb") as file:
        place = 0
        while place < end:
            try:
                begin = os.lseek(file.fileno(), place, os.SEEK_DATA)
            except OSError:
                break
            place = os.lseek(file.fileno(), begin, os.SEEK_HOLE)
            file.seek(begin)
            content = file.read(place - begin)
            if content.strip(b"\0"):
                total.update(b"%d:" % begin + content)
    return total.hexdigest()
