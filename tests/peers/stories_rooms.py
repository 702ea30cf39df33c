"""Which rooms it is in, and what it understands there."""
import time

from conversation import Conversation
from homeserver import NAME as HOME
from scene import check
from story import story
from web import Refused, ask


@story()
def an_inviter_is_followed_and_nobody_else(scene):
    scene.room_with_bot()
    wanted = scene.alice.make_room([scene.bot])
    talk = Conversation(scene.alice, wanted)
    began = time.monotonic()
    scene.until_joined(talk)
    took = time.monotonic() - began
    scene.until_answered(talk, "hello")
    scene.alice.say(wanted, "!devbox thrown-out")
    scene.alice.kick(wanted, scene.bot)
    talk.until(lambda: not talk.has_joined(scene.bot), 10, "the bot out of the room")
    scene.alice.invite(wanted, scene.bot)
    scene.until_joined(talk)
    scene.until_answered(talk, "back")
    unwanted = scene.bob.make_room([scene.bot])
    other = Conversation(scene.bob, unwanted)
    other.until(lambda: scene.bob.membership(unwanted, scene.bot) == "leave", 20, "the invitation of bob declined")
    joined = [each for each in other.events if each["type"] == "m.room.member" and each["state_key"] == scene.bot
              and each["content"]["membership"] == "join"]
    check(not joined, "it was in bob's room")
    return f"joined after {took:.1f} s and answers, again after it was thrown out; bob's invitation declined"


@story()
def a_direct_room_needs_no_prefix(scene):
    scene.room_with_bot()
    room = scene.alice.make_room([scene.bot], preset="trusted_private_chat", is_direct=True)
    talk = Conversation(scene.alice, room)
    scene.until_joined(talk)
    scene.alice.say(room, "status")
    talk.until(lambda: talk.said_by(scene.bot, "You have no workspace yet."), 20, "an answer to a bare line")
    scene.restart()
    scene.alice.say(room, "timezone")
    talk.until(lambda: len(talk.said_by(scene.bot)) == 2, 20, "an answer after a restart")
    return "a bare line is a command, also after a restart"


def nested(depth):
    return {"event_id": "$x"} if depth == 0 else {"in": nested(depth - 1)}


def is_taken(person, room, content):
    """Whether the homeserver lets such a message through."""
    try:
        person.send(room, "m.room.message", content)
        return True
    except Refused:
        return False


@story()
def in_a_room_only_what_is_meant_for_it_is_answered(scene):
    scene.matrix["ignore"] = [scene.bob.user]
    talk = scene.room_with_bot()
    alice, room = scene.alice, talk.room
    alice.say(room, "status")
    alice.send(room, "m.room.message", {"msgtype": "m.notice", "body": "!devbox notice"})
    alice.send(room, "m.room.message", {"msgtype": "m.emote", "body": "!devbox emote"})
    malformed = [{}, {"msgtype": "m.text"}, {"msgtype": "m.text", "body": 17}, {"msgtype": 5, "body": "!devbox five"},
                 {"msgtype": "m.text", "body": "!devbox related", "m.relates_to": "nothing"},
                 {"msgtype": "m.text", "body": "!devbox listed", "m.mentions": ["all"], "formatted_body": {"a": 1}},
                 {"msgtype": "m.text", "body": "talk " + "x" * 60_000},
                 {"msgtype": "m.text", "body": "deep", "m.relates_to": nested(80)}]
    relayed = sum(is_taken(alice, room, each) for each in malformed)
    first = alice.say(room, "!devbox original")
    scene.until_answer(talk, "original")
    edited = {"msgtype": "m.text", "body": "!devbox edited"}
    alice.send(room, "m.room.message", {
        **edited, "m.new_content": edited, "m.relates_to": {"rel_type": "m.replace", "event_id": first}})
    scene.bob.say(room, "!devbox ignored")
    alice.send(room, "m.room.message", {
        "msgtype": "m.text", "body": f"{scene.bot}: mentioned", "m.mentions": {"user_ids": [scene.bot]}})
    scene.until_answer(talk, "mentioned")
    scene.until_answered(talk, "last")
    scene.until_quiet(talk)
    scene.check_each_once_in_order(talk, ["original", "mentioned", "last"])
    for word in ("notice", "emote", "edited", "ignored"):
        check(not scene.answers(talk, word), f"{word} was answered")
    return f"notices, emotes, edits, ignored users are not answered; {relayed} malformed events did no harm"


@story()
def an_encrypted_room_is_told_once_that_it_cannot_be_read(scene):
    talk = scene.room_with_bot()
    scene.until_answered(talk, "plain")
    encryption = {"algorithm": "m.megolm.v1.aes-sha2"}
    scene.alice.put_state(talk.room, "m.room.encryption", encryption)
    born = scene.alice.make_room([scene.bot], initial_state=[
        {"type": "m.room.encryption", "state_key": "", "content": encryption}])
    for each in (talk, Conversation(scene.alice, born)):
        for n in range(3):
            scene.alice.send(each.room, "m.room.encrypted", {
                "algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "AwgA" + "A" * 64, "session_id": f"session{n}",
                "sender_key": "A" * 43, "device_id": "ALICE"})
        each.until(lambda each=each: each.said_by(scene.bot, "encrypted"), 20, "a word about encryption")
        scene.restart()
        scene.until_quiet(each)
        told = [one.text for one in each.said_by(scene.bot) if '"plain"' not in one.text]
        check(len(told) == 1, f"said {len(told)} times: {told}")
    url = f"{scene.server.homeserver.url}/_matrix/client/v3/keys/query"
    keys = ask("POST", url, {"device_keys": {scene.bot: []}}, scene.alice.account.token)
    check(not keys["device_keys"].get(scene.bot) and not keys.get("master_keys", {}).get(scene.bot),
          f"keys of the bot: {keys}")
    return "said once where encryption came later, once in a room born with it; device keys: none"


def follows(scene, preset, by_itself):
    talk = scene.room_with_bot(preset=preset)
    scene.until_answered(talk, "old")
    began = time.monotonic()
    room = scene.alice.upgrade(talk.room)
    if not by_itself:
        time.sleep(1)
        scene.alice.invite(room, scene.bot)
    new = Conversation(scene.alice, room)
    scene.until_joined(new, 30)
    took = time.monotonic() - began
    scene.until_answered(new, "new")
    scene.restart()
    scene.until_answered(new, "later")
    scene.until_quiet(new)
    scene.check_each_once_in_order(new, ["new", "later"])
    return f"joined {took:.1f} s after the upgrade and answers, also after a restart"


@story()
def an_upgraded_public_room_is_followed(scene):
    return follows(scene, "public_chat", by_itself=True)


@story()
def an_upgraded_private_room_is_followed_when_its_invitation_comes(scene):
    scene.matrix["inviters"] = []
    return follows(scene, "private_chat", by_itself=False)


@story()
def what_began_in_a_room_ends_in_the_one_that_took_its_place(scene):
    talk = scene.room_with_bot(preset="public_chat")
    scene.alice.say(talk.room, "!devbox up cpx32")
    talk.until(lambda: talk.said_by(scene.bot, "alice comes up"), 20, "the first message")
    new = Conversation(scene.alice, scene.alice.upgrade(talk.room))
    scene.until_joined(new, 30)
    new.until(lambda: new.said_by(scene.bot, "✓ alice is up"), 60, "the final message in the new room")
    talk.catch_up()
    check(not talk.said_by(scene.bot, "✓ alice is up"), "the final message is in the old room, too")
    return "the final message is in the new room alone"


@story()
def a_public_room_is_joined_by_its_alias(scene):
    name = f"devbox{time.time_ns()}"
    room = scene.alice.make_room(preset="public_chat", room_alias_name=name)
    scene.matrix["rooms"] = [f"#{name}:{HOME}"]
    scene.start()
    talk = Conversation(scene.alice, room)
    scene.until_joined(talk)
    scene.until_answered(talk, "hello")
    return "without an invitation"


@story()
def a_command_in_a_thread_is_answered_there(scene):
    talk = scene.room_with_bot()
    root = scene.alice.say(talk.room, "shall we?")
    scene.alice.send(talk.room, "m.room.message", {
        "msgtype": "m.text", "body": "!devbox threaded", "m.relates_to": {"rel_type": "m.thread", "event_id": root}})
    answer = scene.until_answer(talk, "threaded")
    relation = next(each for each in talk.events if each["event_id"] == answer.id)["content"].get("m.relates_to", {})
    check(relation.get("rel_type") == "m.thread" and relation.get("event_id") == root, f"it relates to {relation}")
    return ""


@story()
def a_room_in_which_it_may_not_speak_holds_up_no_other(scene):
    talk = scene.room_with_bot()
    other = Conversation(scene.alice, scene.alice.make_room([scene.bot]))
    scene.until_joined(other)
    levels = scene.alice.state(talk.room, "m.room.power_levels")
    scene.alice.put_state(talk.room, "m.room.power_levels", {**levels, "events_default": 50})
    scene.alice.say(talk.room, "!devbox muted")
    took = max(scene.until_answered(other, f"other-{n}") for n in range(3))
    scene.alice.put_state(talk.room, "m.room.power_levels", levels)
    scene.until_answered(talk, "heard-again")
    return f"answers elsewhere after {took:.1f} s at most"
