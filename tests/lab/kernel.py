"""Grows a mounted volume under a kernel of its own, in QEMU: containers share the host's, which may not permit it.

Debian's kernel boots the disk of a workspace; the real stage of the boot formats and mounts a blank volume, the volume is
made larger from outside, as at Hetzner, and the real agent is told to grow, by the report protocol. The last line is
"N passed, N failed, N skipped".
"""
import argparse
import io
import json
import os
import re
import socket
import subprocess
import sys
import tarfile
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BEFORE_MIB, AFTER_MIB = 96, 192
#: Seconds for all of it.
LONGEST = 180
ENVIRONMENT = """DEVBOX_USER='dev'
DEVBOX_UID='1000'
DEVBOX_VOLUME='/dev/disk/by-id/scsi-0HC_Volume_1'
DEVBOX_KEEP_DIRS=''
DEVBOX_EDITOR_PORT='8080'
DEVBOX_PUBLIC_URL='http://127.0.0.1:8000'
DEVBOX_JOBS='make'
"""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kernel", required=True, help="directory with vmlinuz, initramfs and disk (tests/suites/workspace)")
    return parser.parse_args()


def files_of_a_workspace(path):
    """A tar of what a workspace gets from the bot, and of the test's own."""
    def add(name, mode, content):
        entry = tarfile.TarInfo(name)
        entry.mode, entry.size = mode, len(content)
        archive.addfile(entry, io.BytesIO(content))

    def read(*names):
        with open(os.path.join(*names), "rb") as file:
            return file.read()

    with tarfile.open(path, "w") as archive:
        for line in read(ROOT, "deploy", "workspace-files").decode().splitlines():
            if line and not line.startswith("#"):
                mode, name, source = line.split()
                add(name.lstrip("/"), int(mode, 8), read(ROOT, source))
        add("etc/devbox/env", 0o644, ENVIRONMENT.encode())
        add("etc/devbox/token", 0o600, b"token\n")
        add("inside", 0o755, read(HERE, "kernel", "inside"))
        add("bot.py", 0o644, read(HERE, "kernel", "bot.py"))


class Machine:
    """`told`: what the machine has said, in order."""

    def __init__(self, place, kernel):
        self.told, self.console = [], []
        self._qmp = os.path.join(place, "qmp")
        files, volume = os.path.join(place, "files.tar"), os.path.join(place, "volume")
        files_of_a_workspace(files)
        with open(volume, "wb") as file:
            file.truncate(BEFORE_MIB << 20)
        # Emulated: nested virtualisation is not everywhere, and this takes seconds.
        self._process = subprocess.Popen(
            ["qemu-system-x86_64", "-accel", "tcg", "-m", "512", "-display", "none", "-serial", "stdio", "-no-reboot",
             "-kernel", f"{kernel}/vmlinuz", "-initrd", f"{kernel}/initramfs",
             "-append", "console=ttyS0 quiet panic=-1 rdinit=/init sysrq_always_enabled",
             # vda, vdb and vdc, by their places on the bus.
             "-drive", f"file={kernel}/disk,format=raw,if=none,id=disk,snapshot=on",
             "-drive", f"file={volume},format=raw,if=none,id=volume",
             "-drive", f"file={files},format=raw,if=none,id=files,readonly=on",
             "-device", "virtio-blk-pci,drive=disk,addr=5", "-device", "virtio-blk-pci,drive=volume,addr=6",
             "-device", "virtio-blk-pci,drive=files,addr=7",
             "-qmp", f"unix:{self._qmp},server=on,wait=off"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        for line in self._process.stdout:
            text = line.decode(errors="replace").rstrip()
            self.console.append(text)
            found = re.search(r"told: (.*)", text)
            if found:
                self.told.append(found[1])

    def until(self, beginning, deadline):
        """The rest of the line that begins so and was not asked for yet."""
        while time.time() < deadline:
            for line in self.told:
                if line.startswith(beginning):
                    self.told.remove(line)
                    return line[len(beginning):].strip()
            if self._process.poll() is not None and not self.told:
                break
            time.sleep(0.1)
        raise AssertionError(f'"{beginning}" did not come; on the console:\n' + "\n".join(self.console[-40:]))

    def grow(self, mib):
        with socket.socket(socket.AF_UNIX) as wire:
            wire.connect(self._qmp)
            answers = wire.makefile(encoding="utf-8")
            answers.readline()
            for command in ({"execute": "qmp_capabilities"},
                            {"execute": "block_resize", "arguments": {"device": "volume", "size": mib << 20}}):
                wire.sendall(json.dumps(command).encode() + b"\n")
                answer = json.loads(answers.readline())
                while "event" in answer:
                    answer = json.loads(answers.readline())
                assert "return" in answer, f"QEMU: {answer}"

    def close(self):
        self._process.kill()
        self._process.wait()


def equal(found, wanted, what):
    assert found == wanted, f'{what}: "{found}" is not "{wanted}"'


def grow_a_mounted_volume(place, kernel):
    started = time.time()
    deadline = started + LONGEST
    machine = Machine(place, kernel)
    try:
        equal(machine.until("stages", deadline), "volume ok", "the boot's stages")
        before = int(machine.until("size", deadline))
        machine.until("waiting", deadline)
        machine.grow(AFTER_MIB)
        equal(json.loads(machine.until("done", deadline)), {"id": "op/grow", "ok": True, "error": ""}, "the agent's answer")
        after = int(machine.until("size", deadline))
        assert before < BEFORE_MIB < after <= AFTER_MIB, f"{before} MiB before, {after} after"
        equal(machine.until("files", deadline), "written before,before,after,", "the files")
        equal(machine.until("filled", deadline), str(120 << 20), "a file larger than the volume was")
        equal(machine.until("checked", deadline), "clean", "the file system")
        return f"{before} → {after} MiB while mounted, in {time.time() - started:.0f} s"
    finally:
        machine.close()


def main():
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="devbox-kernel-") as place:
        try:
            print(f"   ok      a volume grows while it is mounted, and its file system with it: "
                  f"{grow_a_mounted_volume(place, options.kernel)}")
            print("1 passed, 0 failed, 0 skipped")
            return 0
        except AssertionError as error:
            print(f"   FAILED  a volume grows while it is mounted: {error}")
            print("0 passed, 1 failed, 0 skipped")
            return 1


if __name__ == "__main__":
    sys.exit(main())
