"""Logging in, staying logged in, and being thrown out."""
import time

from person import quoted
from scene import check
from story import story
from web import ask
from wire import Wire

#: How long a token lasts on the strict homeserver.
TOKEN_S = 30


def devices(scene):
    path = f"/_synapse/admin/v2/users/{quoted(scene.bot)}/devices"
    answer = ask("GET", scene.server.homeserver.url + path, token=scene.server.admin.account.token)
    return {each["device_id"] for each in answer["devices"]}


def until_refused(scene, words):
    """devboxd ends with 77 and a line that holds each of these; that line."""
    code = scene.devboxd.until_ended(20)
    check(code == 77, f"it ended with {code}: {scene.devboxd.output()[-600:]}")
    lines = [line for line in scene.devboxd.output().splitlines() if all(word in line for word in words)]
    check(lines, f"no line has {words}: {scene.devboxd.output()[-600:]}")
    return lines[-1].strip()


@story()
def the_check_knows_the_account_and_its_rooms(scene):
    talk = scene.room_with_bot()
    code, said = scene.check()
    lines = [line for line in said.splitlines() if line.startswith("ok   Matrix")]
    check(code == 0 and "FAIL" not in said, f"it ended with {code}: {said}")
    for words in (scene.bot, talk.room):
        check(any(words in line for line in lines), f"{words} is not in {lines}")
    scene.alice.put_state(talk.room, "m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"})
    code, said = scene.check()
    failures = [line for line in said.splitlines() if line.startswith("FAIL")]
    check(code == 1 and len(failures) == 1 and talk.room in failures[0], f"it ended with {code}: {said}")
    return f"{len(lines)} lines of Matrix; when the room is encrypted: {failures[0]!r}"


@story()
def a_token_that_was_logged_out_ends_it_with_77_and_the_reason(scene):
    talk = scene.room_with_bot()
    scene.until_answered(talk, "before")
    url = scene.server.homeserver.url
    ask("POST", url + "/_matrix/client/v3/logout", {}, scene.account.token)
    while_it_ran = until_refused(scene, ["token"])
    scene.start()
    until_refused(scene, ["token"])
    check(scene.account.token not in while_it_ran, "the token is in the log")
    return f'"{while_it_ran[-200:]}"; a start with it ends the same way'


@story()
def the_token_of_another_user_is_refused(scene):
    other = scene.server.homeserver.register("somebody-else")
    scene.write_private("token", other.token)
    scene.start()
    return f'"{until_refused(scene, [scene.bot, other.user])[-200:]}"'


@story()
def a_wrong_password_ends_it_with_77(scene):
    scene.log_in_by_password()
    scene.write_private("password", "wrong")
    scene.start()
    return f'"{until_refused(scene, ["password"])[-200:]}"'


@story(server="strict")
def a_password_logs_in_once(scene):
    of_registration = devices(scene)
    scene.log_in_by_password()
    talk = scene.room_with_bot()
    scene.until_answered(talk, "first")
    ours = devices(scene) - of_registration
    check(len(ours) == 1, f"devices: {ours}")
    scene.write_private("password", "wrong-by-now")  # a second log-in would fail
    for n in range(2):
        scene.restart()
        scene.until_answered(talk, f"again-{n}")
    scene.devboxd.stop()
    time.sleep(TOKEN_S + 5)
    scene.start()
    scene.until_answered(talk, "expired")
    check(devices(scene) - of_registration == ours, f"devices: {devices(scene) - of_registration}")
    kept = "still the only one after 3 restarts without the password, once with an expired token"
    return f"device {' '.join(ours)}, {kept}"


@story(server="strict")
def killed_before_it_learns_of_its_new_token_it_stays_logged_in(scene):
    scene.log_in_by_password()
    refresh = '"refresh_token":"'
    with Wire(scene.server.homeserver.url, "POST", refresh, lambda: scene.devboxd.process.kill()) as wire:
        scene.matrix["homeserver"] = wire.url
        talk = scene.room_with_bot()
        scene.until_answered(talk, "before")
        scene.devboxd.until_ended(2 * TOKEN_S)
        scene.write_private("password", "wrong-by-now")
        scene.start()
        words = ["before", *(f"after-{n}" for n in range(TOKEN_S // 5))]
        for word in words[1:]:
            scene.until_answered(talk, word)
            time.sleep(5)
        scene.check_each_once_in_order(talk, words)
    return f"the refresh is made again; {len(words) - 1} commands over {TOKEN_S} s answered"
