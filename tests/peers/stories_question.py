"""A question with its two buttons."""
import time

from program import until
from scene import check
from stories_talk import come_up, until_down
from story import story


def asked(scene, talk, known):
    """`down` while work runs: the question, once both buttons are under it."""
    scene.alice.say(talk.room, "!devbox down")
    talk.until(lambda: [each for each in talk.said_by(scene.bot)[known:] if "make" in each.text], 30, "a question")
    question = [each for each in talk.said_by(scene.bot)[known:] if "make" in each.text][0]
    talk.until(lambda: len(talk.reactions_by(scene.bot, question.id)) == 2, 20, "two buttons")
    return question


@story()
def a_question_is_answered_by_the_button_of_whom_it_asks(scene):
    talk = scene.room_with_bot()
    scene.workspaces_behave("busy")
    come_up(scene, talk)
    question = asked(scene, talk, len(talk.said_by(scene.bot)))
    buttons = talk.reactions_by(scene.bot, question.id)
    check(buttons == ["✅", "❌"], f"buttons: {buttons}")
    check(question.mentions == [scene.alice.user], f"mentioned: {question.mentions}")
    scene.bob.react(talk.room, question.id, "✅")
    time.sleep(3)
    talk.catch_up()
    check(len(scene.servers()) == 1 and not talk.said_by(scene.bot, "✓ alice is down"), "bob's press counted")
    began = time.monotonic()
    scene.alice.react(talk.room, question.id, "✅️")  # with the variation selector that phones send
    took = until_down(scene, talk).at - began
    until(lambda: not scene.servers(), 5, "no server")
    return f"buttons {' '.join(buttons)}; bob's press did nothing, alice's took the workspace down in {took:.1f} s"


@story()
def a_question_is_answered_after_a_restart_by_button_and_by_word(scene):
    talk = scene.room_with_bot()
    scene.workspaces_behave("busy")
    come_up(scene, talk)
    first = asked(scene, talk, len(talk.said_by(scene.bot)))
    scene.devboxd.kill()
    scene.alice.react(talk.room, first.id, "❌")
    scene.start()
    talk.until(lambda: talk.said_by(scene.bot, "✗ `down` has not been done"), 30, "a refusal of `down`")
    check(len(scene.servers()) == 1, "the server is gone")
    asked(scene, talk, len(talk.said_by(scene.bot)))
    scene.alice.say(talk.room, "!devbox yes")
    until_down(scene, talk)
    check(not scene.servers(), "the server is still there")
    return "❌ while it was down kept the workspace up, `yes` took it down"
