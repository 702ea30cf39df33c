"""SIGKILL in the middle of `up`: one server, one message of each kind."""
import os
import shutil
import time

from scene import check
from stories_talk import come_up, until_down
from story import story
from wire import Wire


def recovers(scene, talk):
    """After the kill: starts it again and waits for the end of `up`."""
    scene.devboxd.until_ended(60)
    began = time.monotonic()
    scene.start()
    talk.until(lambda: talk.said_by(scene.bot, "✓ alice is up"), 90, "the workspace up")
    took = time.monotonic() - began
    scene.until_answered(talk, "after")
    scene.until_quiet(talk)
    said = talk.said_by(scene.bot)
    progress, final = (talk.said_by(scene.bot, text) for text in ("alice comes up", "✓ alice is up"))
    texts = [each.text[:60] for each in said]
    check(len(scene.servers()) == 1, f"servers: {len(scene.servers())}")
    check(len(progress) == 1 and len(final) == 1 and len(said) == 3, f"messages: {texts}")
    bill = scene.ask_cloud("GET", "/_sim/bill?token=peers-token")
    booked = [line for line in bill["lines"] if line["resource"] == "server"]
    check(len(booked) == 1, f"the bill has {len(booked)} servers")
    return f"1 server on the bill, 1 progress message, 1 final message {took:.1f} s after the restart"


def killed_by_the_cloud(scene, fault):
    talk = scene.room_with_bot()
    scene.ask_cloud("POST", "/_sim/faults", {**fault, "method": "POST", "kill": scene.devboxd.pid})
    scene.alice.say(talk.room, "!devbox up cpx32")
    return recovers(scene, talk)


@story()
def killed_when_the_volume_was_made_up_ends_once(scene):
    return killed_by_the_cloud(scene, {"path": "/v1/volumes"})


@story()
def killed_before_it_learns_of_its_server_up_ends_once(scene):
    return killed_by_the_cloud(scene, {"path": "/v1/servers", "cut": "after"})


@story()
def killed_before_it_learns_that_its_first_message_arrived_up_ends_once(scene):
    return killed_by_the_wire(scene, "alice comes up")


@story()
def killed_before_it_learns_that_its_progress_arrived_up_ends_once(scene):
    return killed_by_the_wire(scene, "m.replace")


@story()
def killed_before_it_learns_that_its_final_message_arrived_up_ends_once(scene):
    return killed_by_the_wire(scene, "alice is up")


def killed_by_the_wire(scene, text):
    with Wire(scene.server.homeserver.url, "PUT", text, lambda: scene.devboxd.process.kill()) as wire:
        scene.matrix["homeserver"] = wire.url
        talk = scene.room_with_bot()
        scene.alice.say(talk.room, "!devbox up cpx32")
        return recovers(scene, talk)


@story()
def an_answer_that_is_lost_on_the_wire_is_not_said_twice(scene):
    with Wire(scene.server.homeserver.url, "PUT", "lost-1", lambda: None) as wire:
        scene.matrix["homeserver"] = wire.url
        talk = scene.room_with_bot()
        words = [f"lost-{n}" for n in range(3)]
        for word in words:
            scene.until_answered(talk, word)
        come_up(scene, talk)
        scene.until_quiet(talk)
        check(wire.lost, "the wire lost nothing")
        check([word for each in talk.said_by(scene.bot) for word in words if word in each.text] == words,
              f"said: {[each.text for each in talk.said_by(scene.bot)]}")
        return "3 answers, one of them sent twice and shown once"


@story()
def what_was_done_before_its_state_was_lost_is_not_done_again(scene):
    talk = scene.room_with_bot()
    come_up(scene, talk)
    scene.alice.say(talk.room, "!devbox down")
    until_down(scene, talk)
    scene.devboxd.stop()
    shutil.rmtree(scene.file("state"))
    os.mkdir(scene.file("state"), 0o700)
    known = len(talk.said_by(scene.bot))
    scene.start()
    scene.devboxd.until_it_says("in step with")  # what was said before its first start is not for it
    scene.until_answered(talk, "after")
    scene.until_quiet(talk)
    made = [each for each in scene.ask_cloud("GET", "/_sim/requests")
            if (each["method"], each["path"]) == ("POST", "/v1/servers")]
    check(len(made) == 1, f"{len(made)} servers were ordered")
    check(len(talk.said_by(scene.bot)) == known + 1, f"said: {[each.text[:60] for each in talk.said_by(scene.bot)]}")
    return "1 server was ordered in all"
