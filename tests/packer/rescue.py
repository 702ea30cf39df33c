"""manjaro-base by Packer: through Hetzner's rescue system as far as a machine without a disk of its own lets it. Run in
namespaces of its own. The last line is "N passed, N failed, N skipped"."""
import argparse
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, f"{HERE}/../lab", f"{HERE}/../peers"]

from build import Build, take_options  # noqa: E402
from ground import sh  # noqa: E402
from told import check, count, told  # noqa: E402

parser = argparse.ArgumentParser(description=__doc__)
take_options(parser)
options = parser.parse_args()
directory = tempfile.mkdtemp(prefix="devbox-packer-")
sh("mount", "-t", "tmpfs", "packer", directory)
build = Build(directory, options)


def stops_at_the_disk():
    status, said = build.run()
    check(status == 1 and "devbox image: there is no disk /dev/sda" in said, said[-3000:])
    asked = [each["path"].rpartition("/")[2] for each in build.ask("GET", "/_sim/requests") if each["method"] == "POST"]
    check("enable_rescue" in asked and "reset" in asked, f"asked were {asked}")


def leaves_nothing():
    check(not build.ask("GET", "/v1/servers")["servers"], "the builder left its server")
    labelled = build.ask("GET", "/v1/images?type=snapshot&label_selector=os-flavor=manjaro-base")["images"]
    check(not labelled, f"{len(labelled)} snapshots")


told("a build of manjaro-base runs its steps in the rescue system, and ends where there is no disk", stops_at_the_disk)
told("a build that failed leaves no server and no snapshot", leaves_nothing)
build.close()
sys.exit(count())
