"""Volumes that come late, and volumes that hold what is not ours."""
import os

from ground import sh
from scene import check
from story import story
from volume import sum_of


@story
def a_volume_that_comes_six_seconds_late_is_waited_for(scene):
    scene.datacentre.volume_delay = 6
    scene.begin()
    _, machine = scene.up()
    stages = {stage: (after, state) for after, stage, state, _ in machine.stages()}
    check(stages["volume"][1] == "ok", f"stages: {stages}")
    check(stages["join"][0] < stages["volume"][0], f"the join waited for the volume: {stages}")
    return f"join {stages['join'][0]:.1f} s, volume {stages['volume'][0]:.1f} s after the machine's start"


def is_refused(scene, fill, says):
    """The volume that `fill` has filled is named in the failure, and not a byte of it is another afterwards."""
    sums = []

    def furnish(path):
        fill(path)
        sums.append(sum_of(path))
    scene.datacentre.furnish_volume = furnish
    scene.begin(workspace={"volume_gb": 10})
    said = scene.fails()
    check("volume" in said.text and says in said.text, f"said: {said.text}")
    check(not scene.cloud.servers() and not scene.tailnet.devices(), "something is left")
    [volume] = scene.datacentre.volumes.values()
    check([volume.sum()] == sums, "the volume was written to")
    return said.text.split("\n")[0]


@story
def a_volume_with_xfs_is_never_formatted(scene):
    return is_refused(scene, lambda path: sh("mkfs.xfs", "-q", path), "xfs")


@story
def a_volume_with_a_partition_table_is_never_formatted(scene):
    return is_refused(scene, lambda path: sh("sh", "-c", 'echo "label: gpt" | sfdisk --quiet "$0"', path), "gpt")


@story
def a_volume_with_bytes_that_nobody_knows_is_never_formatted(scene):
    def fill(path):
        with open(path, "r+b") as file:
            file.seek(2 << 20)
            file.write(os.urandom(4096))
    return is_refused(scene, fill, "unknown")


@story
def a_volume_that_has_lost_its_beginning_is_never_formatted(scene):
    def fill(path):
        sh("mkfs.ext4", "-q", "-F", path)
        with open(path, "r+b") as file:
            file.write(bytes(32 << 20))
    return is_refused(scene, fill, "unknown")
