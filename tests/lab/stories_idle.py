"""Who is stopped and who is not, by the signals that a real machine gives of real work."""
import contextlib
import subprocess
import time

from scene import check
from stories_home import ssh_key
from story import story, waits
from tailnet import DOMAIN

#: Idle stops come five minutes before the end of a paid hour.
HOUR, BEFORE = 3600, 300
#: Longer than a report is held, which is 50 s: what is older than a report counts as idle.
POLICY = {"idle_remind": "60s", "idle_stop": "110s", "grace": "15s"}
#: Seconds from the order of a server until the first stop that is possible: it boots, and is idle for long enough.
FIRST_STOP = 170
#: That is how long after it a machine which is to go on is looked at.
LOOK_AFTER = 20
#: What is not heard of for so long may be at work (commands/activity.hpp).
SILENCE = 300


def begin(scene, first_stop=FIRST_STOP, prepare=lambda scene: None, **policy):
    """Servers are old when they are made, by the cloud's clock, so that the first stop is near. The machine, and when
    that stop is at the earliest."""
    scene.cloud.ask("POST", "/_sim/clock", {"advance_s": -(HOUR - BEFORE - first_stop)})
    scene.begin(policy={**POLICY, **policy})
    prepare(scene)
    before = time.time()
    _, machine = scene.up()
    return machine, before + first_stop


def stops(scene):
    return [line.text for line in list(scene.bot.lines) if line.text.startswith(("alice goes down", "✓ alice is down"))]


@contextlib.contextmanager
def logged_in(scene, key):
    """A terminal through the tailnet."""
    words = ["ssh", "-tt", "-F", "none", "-i", key, "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=accept-new",
             "-o", f"UserKnownHostsFile={scene.ground.file('known_hosts')}", f"dev@alice.{DOMAIN}"]
    terminal = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield terminal
    finally:
        terminal.kill()
        terminal.wait()


def goes_on(scene, machine, instant, why):
    """Nobody is stopped at that instant, and `why` says by what."""
    time.sleep(max(0, instant + LOOK_AFTER - time.time()))
    check(not stops(scene) and machine.is_on(), f"it was stopped: {stops(scene)}")
    since = scene.bot.say("why")
    said = scene.bot.until_said("paid until", 10, "the answer to `why`", since)
    check(all(each in said.text for each in why), f"`why` says: {said.text}")
    reminders = [line.text for line in scene.bot.lines if "has been idle" in line.text]
    check(not reminders, f"it was called idle: {reminders}")
    return next(line.strip() for line in said.text.splitlines() if why[0] in line)


@story
@waits
def an_agent_that_is_killed_leaves_a_workspace_of_which_nothing_is_known_until_the_cap(scene):
    machine, cap = begin(scene, SILENCE + 90, hard_cap="1h")
    machine.says("systemctl kill --signal=KILL devbox-agent.service; systemctl stop devbox-agent.service")
    killed = time.time()
    said = scene.bot.until_said("has not reported since", SILENCE + 45, "that it is silent")
    check(said.at - killed > SILENCE - 60, "it is called silent too soon")
    check("!devbox down stops it" in said.text, f"said: {said.text}")
    check(machine.is_on() and not stops(scene), f"it was stopped: {stops(scene)}")
    since = scene.bot.say("why")
    why = scene.bot.until_said("paid until", 10, "the answer to `why`", since)
    check("alice: unknown" in why.text and "silence is not idleness" in why.text, f"`why` says: {why.text}")
    down = scene.bot.until_said("✓ alice is down", 120, "the farewell")
    check(down.at >= cap - 1, "it was stopped before the cap")
    check(not scene.cloud.servers(), "the server is still there")
    return f"told {said.at - killed:.0f} s after the kill, stopped {down.at - cap:.0f} s after the cap"


@story
@waits
def an_open_editor_that_nobody_uses_does_not_keep_a_workspace_up(scene):
    machine, instant = begin(scene)
    page = scene.tailnet.editor(f"http://alice.{DOMAIN}")
    check(page, "the editor does not answer")
    said = scene.bot.until_said("has been idle since", FIRST_STOP, "the reminder")
    check([each["label"] for each in said.choices] == ["Stop", "Extend 1 h", "Snooze 30 min"], f"buttons: {said.choices}")
    scene.bot.until_said("alice stops at", FIRST_STOP, "the last reminder")
    [volume] = scene.datacentre.volumes.values()
    down = scene.bot.until_said("✓ alice is down", FIRST_STOP + 60, "the farewell")
    check(down.at >= instant - 1, "it was stopped too soon")
    check("(1 started h" in down.text, f"the farewell: {down.text}")
    check(volume.state() == "clean" and not machine.is_on(), f"the volume's file system: {volume.state()}")
    return f"stopped {down.at - instant:.0f} s after the instant"


@story
@waits
def a_command_under_devboxctl_run_keeps_a_workspace_up(scene):
    machine, instant = begin(scene)
    machine.says("su dev -c 'setsid devboxctl run -- sleep 600 >/dev/null 2>&1 &'")
    return goes_on(scene, machine, instant, ["lease sleep-", "→ work"])


@story
@waits
def a_compile_at_which_nobody_types_keeps_a_workspace_up(scene):
    machine, instant = begin(scene)
    machine.says(r"""su dev -c 'cd; printf "all:\n\t@while :; do head -c 2000000 /dev/urandom | gzip -c; sleep 1; done\n" \
                     >Makefile; setsid make </dev/null >/dev/null 2>&1 &'""")
    return goes_on(scene, machine, instant, ["running: make", "→ work"])


@story
@waits
def keystrokes_over_ssh_keep_a_workspace_up(scene):
    machine, instant = begin(scene, prepare=ssh_key)
    with logged_in(scene, scene.ground.file("alice-key")) as terminal:
        while time.time() < instant + LOOK_AFTER:
            check(terminal.poll() is None, "the login has ended")
            terminal.stdin.write(b"true\n")
            terminal.stdin.flush()
            time.sleep(5)
        return goes_on(scene, machine, instant, ["keystroke on pts/", "→ in use"])
