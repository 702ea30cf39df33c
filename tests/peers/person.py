"""Somebody at a Matrix client."""
import itertools
import secrets
import urllib.parse

from web import ask


def quoted(text):
    return urllib.parse.quote(text, safe="")


class Person:
    """An account's view of its homeserver: what the stories do in rooms."""

    def __init__(self, homeserver, account):
        self.homeserver, self.account = homeserver, account
        self.user = account.user
        self._transactions = (f"{secrets.token_hex(4)}.{n}" for n in itertools.count())

    def ask(self, method, path, body=None):
        return ask(method, f"{self.homeserver.url}/_matrix/client/v3{path}", body, self.account.token)

    def make_room(self, invite=(), preset="private_chat", **options):
        return self.ask("POST", "/createRoom", {"preset": preset, "invite": list(invite), **options})["room_id"]

    def invite(self, room, user):
        self.ask("POST", f"/rooms/{quoted(room)}/invite", {"user_id": user})

    def kick(self, room, user):
        self.ask("POST", f"/rooms/{quoted(room)}/kick", {"user_id": user})

    def join(self, room):
        self.ask("POST", f"/join/{quoted(room)}", {})

    def send(self, room, kind, content):
        """The new event's id."""
        path = f"/rooms/{quoted(room)}/send/{kind}/{next(self._transactions)}"
        return self.ask("PUT", path, content)["event_id"]

    def say(self, room, text):
        return self.send(room, "m.room.message", {"msgtype": "m.text", "body": text})

    def take_back(self, room, event):
        self.ask("PUT", f"/rooms/{quoted(room)}/redact/{quoted(event)}/{next(self._transactions)}", {})

    def react(self, room, event, key):
        relation = {"rel_type": "m.annotation", "event_id": event, "key": key}
        return self.send(room, "m.reaction", {"m.relates_to": relation})

    def state(self, room, kind):
        return self.ask("GET", f"/rooms/{quoted(room)}/state/{kind}")

    def put_state(self, room, kind, content):
        self.ask("PUT", f"/rooms/{quoted(room)}/state/{kind}", content)

    def membership(self, room, user):
        """"join", "invite", "leave"…, "" of a user who was never there."""
        members = self.ask("GET", f"/rooms/{quoted(room)}/members")["chunk"]
        return next((each["content"]["membership"] for each in members if each["state_key"] == user), "")

    def upgrade(self, room):
        """The room that takes its place."""
        return self.ask("POST", f"/rooms/{quoted(room)}/upgrade", {"new_version": "11"})["replacement_room"]
