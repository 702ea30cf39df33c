"""Keys that the tailnet does not take, certificates, and user-data that a schema judges."""
import time

from program import until
from scene import check
from stories_home import URL, url_of
from story import story


def is_refused(scene, state, says, tells, **begin):
    """The key is spoiled before the machine has come to use it: the failure names the stage, and why, as the machine does."""
    scene.begin(limits={"stage_join": "40s"}, **begin)
    since = scene.bot.say("up")
    [key] = until(lambda: scene.tailnet.keys() or None, 30, "a key")
    scene.tailnet.spoil(key, state)
    machine = scene.machine()
    until(machine.is_on, 30, "the machine on")
    [stage] = until(lambda: [each[1:] for each in machine.stages() if each[1] == "join"] or None, 60, "the join", 0.3)
    check(stage[1] == "failed" and says in stage[2], f"the machine says: {stage}")
    asked = scene.tailnet.refusals()
    time.sleep(3)
    check(asked and scene.tailnet.refusals() == asked, "it asks on with a key that was refused")
    said = scene.bot.until_said("✗ alice is not up", 90, "the failure", since)
    check("did not join the tailnet" in said.text, f"no stage is named: {said.text}")
    check(tells in said.text, f"it does not say why: {said.text}")
    check(not scene.cloud.servers() and not scene.tailnet.devices(), "something is left")
    return stage[2]


@story
def a_key_that_was_revoked_is_refused_by_name(scene):
    return is_refused(scene, "revoked", "refused the key", "was revoked in the tailnet")


@story
def a_key_that_was_used_already_is_refused_by_name(scene):
    return is_refused(scene, "used", "used already", "was used already", headscale=True)


@story
def a_key_that_has_expired_is_refused_by_name(scene):
    return is_refused(scene, "expired", "expired", "had expired", headscale=True)


@story
def a_workspace_of_a_headscale_comes_up_and_goes_down(scene):
    scene.begin(headscale=True)
    card, _ = scene.up()
    check(url_of(card) == URL, f"the card: {card.text}")
    scene.down()
    check(not scene.tailnet.devices(), f"devices left: {scene.tailnet.devices()}")
