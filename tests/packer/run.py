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

from build import Build  # noqa: E402
from program import NotSo, until  # noqa: E402

FLAVOUR = "debian-dev"
results = []


def told(sentence, function):
    began = time.monotonic()
    try:
        figures = function()
        results.append(True)
        print(f"   ok      {sentence} ({time.monotonic() - began:.0f} s){': ' + figures if figures else ''}", flush=True)
    except Exception as error:  # told as a failure
        results.append(False)
        print(f"   FAILED  {sentence}: {error}", flush=True)
    return results[-1]


def check(holds, otherwise):
    if not holds:
        raise NotSo(otherwise)


def validates(flavour):
    done = subprocess.run([f"{HERE}/../../deploy/packer/build", flavour], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, check=False,
                          env={**os.environ, "DEVBOX_PACKER": "validate", "HCLOUD_TOKEN": "none", "CHECKPOINT_DISABLE": "1"})
    check(done.returncode == 0, done.stdout + done.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("--programs", "--tailnet", "--rootfs"):
        parser.add_argument(option, required=True)
    options = parser.parse_args()
    directory = tempfile.mkdtemp(prefix="devbox-packer-")
    subprocess.run(["mount", "-t", "tmpfs", "packer", directory], check=True)
    for flavour in ("debian-dev", "ubuntu-dev", "manjaro-base", "manjaro-dev"):
        told(f"packer finds nothing wrong with {flavour}", lambda flavour=flavour: validates(flavour))
    build = Build(directory, options)

    def snapshots():
        return [each for each in build.ask("GET", "/v1/images?type=snapshot")["images"]
                if each["description"].startswith(FLAVOUR + "-") and "devbox-contract" in each["labels"]
                and (each["created_from"] or {}).get("name") == f"packer-{FLAVOUR}"]

    def builds():
        status, said = build.run(FLAVOUR, *build.vendors.variables())
        check(status == 0, said[-3000:])
        made = snapshots()
        check(len(made) == 1, f"{len(made)} snapshots")
        labels = made[0]["labels"]
        check(labels["os-flavor"] == FLAVOUR and labels["devbox-contract"] == "1", f"labels: {labels}")
        check(abs(int(labels["build-time"]) - time.time()) < 900, f"labels: {labels}")
        check(not build.ask("GET", "/v1/servers")["servers"], "the builder left its server")
        until(lambda: not build.builders.machines, 30, "the end of the builder's server")
        size = subprocess.run(["du", "-sm", build.builders.disk], capture_output=True, text=True, check=True).stdout.split()[0]
        return f"{size} MB more than the stock image"

    def comes_up():
        done = subprocess.run(["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--net", "--pid", "--fork",
                               "--kill-child", "--mount-proc", sys.executable, "-B", f"{HERE}/up.py", directory,
                               *sys.argv[1:]], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False, timeout=300)
        check(done.returncode == 0, done.stdout)
        return done.stdout.strip()

    built = told("a build makes one labelled snapshot, and leaves nothing else", builds)
    build.close()
    if built:
        told("devbox up takes that snapshot, and the machine is ready with its programs", comes_up)
    print(f"{results.count(True)} passed, {results.count(False)} failed, 0 skipped")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
