"""Commands and their answers, and what a restart does to them."""
import time

from scene import check
from story import story


def come_up(scene, talk, seconds=60):
    """`up` to its end: the final message."""
    talk.person.say(talk.room, "!devbox up cpx32")
    return talk.until(lambda: talk.said_by(scene.bot, "✓ alice is up"), seconds, "the workspace up")[0]


def until_down(scene, talk, seconds=60):
    return talk.until(lambda: talk.said_by(scene.bot, "✓ alice is down"), seconds, "the workspace down")[0]


@story()
def up_and_down_in_a_room_end_with_a_message_that_mentions_who_asked(scene):
    talk = scene.room_with_bot()
    began = time.monotonic()
    up = come_up(scene, talk)
    sign = talk.said_by(scene.bot)[0].at - began
    up_took, up_edits = up.at - began, len(talk.edits_by(scene.bot))
    check(up.mentions == [scene.alice.user], f"mentioned: {up.mentions}")
    check(up.kind == "m.text", f"a {up.kind} notifies nobody")
    check(len(scene.servers()) == 1, f"servers: {len(scene.servers())}")
    said = talk.said_by(scene.bot)
    check(not any(each.mentions for each in said if each is not up), "somebody else is mentioned, or too early")
    began = time.monotonic()
    talk.person.say(talk.room, "!devbox down")
    down = until_down(scene, talk)
    check(down.mentions == [scene.alice.user], f"mentioned: {down.mentions}")
    check(not scene.servers(), "the server is still there")
    scene.until_quiet(talk)
    check(len(talk.said_by(scene.bot, "✓ alice is ")) == 2, "a final message was said twice")
    return (f"first sign after {sign * 1000:.0f} ms; up {up_took:.1f} s, {len(said)} messages and {up_edits} edits; "
            f"down {down.at - began:.1f} s; {len(talk.said_by(scene.bot))} messages in all")


@story()
def an_answer_that_takes_long_is_announced_by_a_read_receipt_and_typing(scene):
    talk = scene.room_with_bot()
    scene.ask_cloud("POST", "/_sim/faults", {"method": "GET", "path": "/v1/images", "delay_ms": 2000})
    began = time.monotonic()
    command = talk.person.say(talk.room, "!devbox images")
    sign = talk.until(lambda: talk.receipts.get((scene.bot, command)), 10, "a read receipt") - began
    talk.until(lambda: scene.bot in talk.have_typed, 10, "typing")
    check(not talk.said_by(scene.bot), "the answer was first")
    answer = talk.until(lambda: talk.said_by(scene.bot), 20, "an answer")[0].at - began
    return f"read after {sign * 1000:.0f} ms, answered after {answer:.1f} s"


@story()
def an_answer_comes_once_and_a_restart_says_nothing_more(scene):
    talk = scene.room_with_bot()
    words = [f"before-{n}" for n in range(10)]
    took = sorted(scene.until_answered(talk, word) for word in words)
    for _ in range(2):
        scene.restart()
    scene.until_answered(talk, "after")  # from here on it has seen all there was
    scene.until_quiet(talk)
    scene.check_each_once_in_order(talk, [*words, "after"])
    check(len(talk.said_by(scene.bot)) == 11, f"{len(talk.said_by(scene.bot))} messages for 11 commands")
    return f"10 answers, median {took[5] * 1000:.0f} ms, slowest {took[-1] * 1000:.0f} ms; extra after 2 restarts: 0"


@story()
def commands_said_while_it_was_down_are_answered_when_it_starts(scene):
    talk = scene.room_with_bot()
    before = [f"before-{n}" for n in range(3)]
    for word in before:
        scene.until_answered(talk, word)
    scene.devboxd.stop()
    down = [f"down-{n}" for n in range(5)]
    for word in down:
        talk.person.say(talk.room, f"!devbox {word}")
    talk.person.take_back(talk.room, talk.person.say(talk.room, "!devbox taken-back"))
    began = time.monotonic()
    scene.start()
    first = scene.until_answer(talk, "down-0").at - began
    last = scene.until_answer(talk, "down-4").at - began
    scene.restart()
    scene.until_answered(talk, "after")
    scene.until_quiet(talk)
    scene.check_each_once_in_order(talk, [*before, *down, "after"])
    check(not scene.answers(talk, "taken-back"), "what was taken back was answered")
    return f"5 of 5 in order, the first {first:.2f} s and the last {last:.2f} s after the start, none again"
