"""Servers that limit, stall or restart, tokens that expire: nothing is lost, nothing comes twice."""
import time

from scene import check
from stories_talk import until_down
from story import story

STALL_S = 60


@story()
def sixty_commands_among_talk_during_a_stall_of_a_minute_are_answered_in_order(scene):
    talk = scene.room_with_bot()
    scene.until_answered(talk, "before")
    words = [f"stalled-{n}" for n in range(60)]
    scene.devboxd.pause()
    began = time.monotonic()
    for word in words:
        talk.person.say(talk.room, f"!devbox {word}")
        for n in range(4):
            scene.bob.say(talk.room, f"let us talk, {n}")
    time.sleep(max(0.0, began + STALL_S - time.monotonic()))
    scene.devboxd.go_on()
    began = time.monotonic()
    took = scene.until_answer(talk, words[-1], 120).at - began
    scene.until_answered(talk, "after")
    scene.until_quiet(talk)
    scene.check_each_once_in_order(talk, ["before", *words, "after"])
    return f"60 of 60 in order among 240 other lines, each once, the last {took:.1f} s after the stall"


@story(server="strict")
def twelve_quick_commands_under_a_strict_rate_limit_are_all_answered(scene):
    scene.log_in_by_password()
    talk = scene.room_with_bot()
    words = [f"quick-{n}" for n in range(12)]
    began = time.monotonic()
    for word in words:
        talk.person.say(talk.room, f"!devbox {word}")
    took = scene.until_answer(talk, words[-1], 120).at - began
    scene.until_quiet(talk)
    scene.check_each_once_in_order(talk, words)
    return f"12 of 12 in order, none twice, in {took:.0f} s at 0.5 messages/s with a burst of 3"


@story(server="strict")
def up_and_down_among_other_commands_under_a_strict_rate_limit_are_told_once(scene):
    scene.log_in_by_password()
    talk = scene.room_with_bot()
    words = [f"between-{n}" for n in range(8)]
    began = time.monotonic()
    talk.person.say(talk.room, "!devbox up cpx32")
    for word in words:
        talk.person.say(talk.room, f"!devbox {word}")
    up = talk.until(lambda: talk.said_by(scene.bot, "✓ alice is up"), 120, "the workspace up")[0].at - began
    talk.person.say(talk.room, "!devbox down")
    until_down(scene, talk, 120)
    scene.until_quiet(talk, 6)
    scene.check_each_once_in_order(talk, words)
    said = [each.text[:40] for each in talk.said_by(scene.bot)]
    check(len(said) == len(words) + 4, f"{len(words)} answers, 2 progress and 2 final messages, said: {said}")
    return f"up after {up:.0f} s; 8 answers, 2 progress messages with {len(talk.edits_by(scene.bot))} edits, 2 final ones"


@story()
def a_homeserver_that_was_away_for_three_seconds_is_answered_again(scene):
    talk = scene.room_with_bot()
    scene.until_answered(talk, "before")
    homeserver = scene.server.homeserver
    talk.person.say(talk.room, "!devbox in-flight")
    homeserver.stop()
    time.sleep(3)
    check(not scene.devboxd.has_ended(), "devboxd has ended")
    homeserver.launch()
    back = homeserver.until_it_answers()
    talk.person.say(talk.room, "!devbox after")
    took = scene.until_answer(talk, "after", 60).at - back
    scene.until_answer(talk, "in-flight")
    scene.until_quiet(talk)
    scene.check_each_once_in_order(talk, ["before", "in-flight", "after"])
    return f"answered {took:.1f} s after the homeserver; the command before it went: once, too"


@story()
def a_start_without_its_homeserver_waits_for_it(scene):
    talk = scene.room_with_bot()
    scene.until_answered(talk, "before")
    homeserver = scene.server.homeserver
    scene.devboxd.stop()
    homeserver.stop()
    scene.start()
    time.sleep(3)
    check(not scene.devboxd.has_ended(), "devboxd has ended")
    homeserver.launch()
    back = homeserver.until_it_answers()
    talk.person.say(talk.room, "!devbox after")
    took = scene.until_answer(talk, "after", 60).at - back
    scene.check_each_once_in_order(talk, ["before", "after"])
    return f"answered {took:.1f} s after the homeserver"


def short_tokens(scene, seconds):
    scene.log_in_by_password()
    talk = scene.room_with_bot()
    words, took = [], []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        words.append(f"token-{len(words)}")
        began = time.monotonic()
        took.append(scene.until_answered(talk, words[-1], 60))
        time.sleep(max(0.0, began + 5 - time.monotonic()))
    scene.until_quiet(talk)
    scene.check_each_once_in_order(talk, words)
    return f"{len(words)} of {len(words)} answered once over {seconds} s of 30 s tokens, slowest {max(took):.1f} s"


@story(server="strict")
def tokens_of_thirty_seconds_for_two_minutes_lose_nothing(scene):
    return short_tokens(scene, 120)


@story(server="strict", long=True)
def tokens_of_thirty_seconds_for_ten_minutes_lose_nothing(scene):
    return short_tokens(scene, 600)


@story(long=True)
def what_was_said_eleven_minutes_ago_is_not_done_and_that_is_said_once(scene):
    talk = scene.room_with_bot()
    scene.until_answered(talk, "before")
    scene.devboxd.stop()
    for word in ("too-old-0", "too-old-1"):
        talk.person.say(talk.room, f"!devbox {word}")
    time.sleep(11 * 60)
    talk.person.say(talk.room, "!devbox young")
    scene.start()
    scene.until_answer(talk, "young")
    scene.restart()
    scene.until_answered(talk, "after")
    scene.until_quiet(talk)
    scene.check_each_once_in_order(talk, ["before", "young", "after"])
    missed = talk.said_by(scene.bot, "offline")
    check(len(missed) == 1, f"said that it missed something: {len(missed)} times")
    return repr(missed[0].text)
