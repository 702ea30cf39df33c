"""What is killed, cut off or restarted, and is right again afterwards."""
import time

from program import until
from scene import check
from stories_home import URL, host_key
from story import story
from tailnet import DOMAIN


def is_only_once(scene):
    """One server ordered, one there, one device, one card."""
    servers, devices = scene.cloud.servers(), scene.tailnet.devices()
    ordered = scene.cloud.requests("POST", "/v1/servers")
    cards = [line for line in scene.bot.lines if "✓ alice is up" in line.text]
    counts = [len(ordered), len(servers), len(devices), len({line.key for line in cards})]
    check(counts == [1, 1, 1, 1], f"ordered, servers, devices, cards: {counts}")


def hold_a_file_open(machine):
    """By what does not end when it is asked to, so that a flush takes some seconds."""
    machine.says("systemd-run sh -c 'trap \"\" TERM HUP; cd /home/dev; exec 9>open; while :; do sleep 1; done'")


@story
def the_bot_killed_while_the_workspace_boots_brings_it_up_once(scene):
    scene.begin()
    since = scene.bot.say("up")
    machine = scene.machine()
    until(machine.is_on, 30, "the machine on")
    until(lambda: machine.run("test -e /run/devbox/stages")[0] == 0, 60, "its first stage")
    scene.bot.kill()
    killed = time.time()
    scene.bot.start()
    card = scene.bot.until_said("✓ alice is up", 200, "the card", since)
    is_only_once(scene)
    return f"card {card.at - killed:.1f} s after the kill"


@story
def the_bot_killed_while_it_takes_a_workspace_down_takes_it_down(scene):
    scene.begin()
    _, machine = scene.up()
    hold_a_file_open(machine)
    [volume] = scene.datacentre.volumes.values()
    since = scene.bot.say("down")
    until(lambda: machine.run("grep -q prepare_stop /run/devbox/order")[0] == 0, 30, "the order to flush")
    scene.bot.kill()
    scene.bot.start()
    scene.bot.until_said("✓ alice is down", 200, "the farewell", since)
    check(volume.state() == "clean", f"the volume's file system: {volume.state()}")
    check(not scene.cloud.servers() and not scene.tailnet.devices(), "something is left")


@story
def a_machine_that_loses_its_power_while_it_boots_fails_up_and_the_next_one_comes(scene):
    scene.begin(limits={"stage_join": "40s", "stage_editor": "40s"})
    since = scene.bot.say("up")
    machine = scene.machine()
    until(machine.is_on, 30, "the machine on")
    until(lambda: machine.run("test -e /etc/devbox/env")[0] == 0, 60, "its files")
    machine.lose_power()
    said = scene.bot.until_said("✗ alice is not up", 200, "the failure", since)
    check("join" in said.text, f"no stage is named: {said.text}")
    check(not scene.cloud.servers() and not scene.tailnet.devices(), "something is left")
    scene.up()
    return said.text.split("\n")[0]


@story
def a_machine_that_loses_its_power_comes_back_with_what_was_on_the_disk(scene):
    scene.begin()
    _, machine = scene.up()
    machine.says("su dev -c 'echo kept >~/file && sync ~/file'")
    keys = host_key(scene)
    machine.lose_power()
    since = scene.bot.say("up")
    scene.bot.until_said("is off", 30, "that it is off", since)
    scene.down()
    _, machine = scene.up()
    check(machine.says("cat /home/dev/file").strip() == "kept", "the file is another")
    check(host_key(scene) == keys, "other host keys")
    names = [each["name"] for each in scene.tailnet.devices()]
    check(names == ["alice." + DOMAIN], f"devices: {names}")


@story
def a_restart_from_inside_brings_the_same_workspace_back(scene):
    scene.begin()
    _, machine = scene.up()
    keys, devices = len(scene.tailnet.keys()), scene.tailnet.devices()
    machine.says("su dev -c 'echo kept >~/file'")
    machine.run("systemctl --no-block reboot")  # it may go before it has answered
    until(lambda: machine.boots == 2, 30, "the second boot")
    began = time.monotonic()
    until(lambda: "file" in (scene.tailnet.editor(URL) or {"home": []})["home"], 60, "the editor with the file")
    took = time.monotonic() - began
    check(len(scene.tailnet.keys()) == keys, "another key was minted")
    nodes = [each["nodeId"] for each in scene.tailnet.devices()]
    check(nodes == [each["nodeId"] for each in devices], "another device")
    check([each["status"] for each in scene.cloud.servers()] == ["running"], "the server does not run")
    scene.down()
    return f"editor {took:.1f} s after the restart"


@story
def a_machine_that_is_shut_down_from_inside_is_told_as_off(scene):
    scene.begin()
    _, machine = scene.up()
    machine.run("systemctl --no-block poweroff")  # it may go before it has answered
    machine.until_off(60)
    until(lambda: [each["status"] for each in scene.cloud.servers()] == ["off"], 10, "the server off")
    [volume] = scene.datacentre.volumes.values()
    check(volume.state() == "clean", f"the volume's file system: {volume.state()}")
    scene.down()
    check(not scene.cloud.servers() and not scene.tailnet.devices(), "something is left")


@story
def a_killed_agent_is_started_again_and_flushes(scene):
    scene.begin()
    _, machine = scene.up()
    before = machine.says("systemctl show --property=MainPID --value devbox-agent.service").strip()
    check(before not in ("", "0"), "no agent runs")
    machine.says("systemctl kill --signal=KILL devbox-agent.service")
    until(lambda: machine.says("systemctl show --property=MainPID --value devbox-agent.service").strip()
          not in ("0", before), 20, "another agent")
    [volume] = scene.datacentre.volumes.values()
    scene.down()
    check(volume.state() == "clean", f"the volume's file system: {volume.state()}")


@story
def what_holds_files_open_is_ended_and_the_volume_unmounted(scene):
    scene.begin()
    _, machine = scene.up()
    hold_a_file_open(machine)
    [volume] = scene.datacentre.volumes.values()
    began = time.monotonic()
    scene.down()
    check(volume.state() == "clean", f"the volume's file system: {volume.state()}")
    return f"down after {time.monotonic() - began:.1f} s"


@story
def a_flush_that_hangs_ends_in_an_orderly_shutdown(scene):
    scene.begin(limits={"request": "10s", "flush": "6s"})
    _, machine = scene.up()
    machine.says("systemctl kill --signal=STOP devbox-agent.service")
    [volume] = scene.datacentre.volumes.values()
    scene.down()
    check(volume.state() == "clean", f"the volume's file system: {volume.state()}")
    check("poweroff" not in [event for event, _, _ in scene.datacentre.events], "its power was cut")


@story
def a_machine_that_neither_flushes_nor_shuts_down_is_cut_off_only_when_a_person_says_so(scene):
    scene.begin(limits={"request": "10s", "flush": "6s", "shutdown": "6s"})
    _, machine = scene.up()
    machine.says("su dev -c 'echo kept >~/file && sync ~/file'; systemctl kill --signal=STOP devbox-agent.service")
    scene.datacentre.ignores_button = True
    since = scene.bot.say("down")
    scene.bot.until_said("Cut its power?", 60, "the question", since)
    check(machine.is_on(), "its power was cut without an answer")
    scene.bot.say("yes")
    scene.bot.until_said("✓ alice is down", 60, "the farewell", since)
    scene.datacentre.ignores_button = False
    _, machine = scene.up()
    check(machine.says("cat /home/dev/file").strip() == "kept", "the file is another")
