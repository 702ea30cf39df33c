"""What one person sees of one room."""
import dataclasses
import json
import time
import urllib.parse

from program import NotSo


@dataclasses.dataclass
class Message:
    id: str
    sender: str
    text: str
    kind: str  # m.text, m.notice
    mentions: list
    edits: str  # the message it replaces, "" = it is a new one
    at: float  # time.monotonic when it was seen here

    @staticmethod
    def of(event):
        content = event["content"]
        relation, mentions = (part if isinstance(part := content.get(name), dict) else {}
                              for name in ("m.relates_to", "m.mentions"))
        edits = relation.get("event_id", "") if relation.get("rel_type") == "m.replace" else ""
        return Message(event["event_id"], event["sender"], str(content.get("body", "")), content.get("msgtype", ""),
                       mentions.get("user_ids", []), edits, time.monotonic())


class Conversation:
    """A room's events in the homeserver's order, from the beginning, as `person` is told of them."""

    def __init__(self, person, room):
        self.person, self.room = person, room
        self.messages, self.events, self._since = [], [], ""
        self.receipts = {}  # (user, event) → time.monotonic when the receipt was seen here
        self.have_typed = set()
        of_room = {"rooms": [room], "timeline": {"limit": 2000}, "ephemeral": {"types": ["m.receipt", "m.typing"]}}
        self._filter = json.dumps({"room": of_room, "presence": {"types": []}, "account_data": {"types": []}})
        self.catch_up()

    def catch_up(self, wait_ms=0):
        """Everything that has happened, waiting so long for the first of it."""
        query = {"filter": self._filter, "timeout": wait_ms if self._since else 0}
        if self._since:
            query["since"] = self._since
        answer = self.person.ask("GET", "/sync?" + urllib.parse.urlencode(query))
        self._since = answer["next_batch"]
        room = answer.get("rooms", {}).get("join", {}).get(self.room, {})
        timeline = room.get("timeline", {})
        if timeline.get("limited") and self.events:
            raise RuntimeError(f"events of {self.room} are missing")
        for event in timeline.get("events", []):
            self.events.append(event)
            if event["type"] == "m.room.message" and event["content"]:
                self.messages.append(Message.of(event))
        for event in room.get("ephemeral", {}).get("events", []):
            self._take_sign(event["type"], event["content"])

    def _take_sign(self, kind, content):
        if kind == "m.typing":
            self.have_typed.update(content["user_ids"])
            return
        for event, receipts in content.items():
            for user in receipts.get("m.read", {}):
                self.receipts.setdefault((user, event), time.monotonic())

    def until(self, found, seconds, what):
        """What `found()` returns, once it is neither None, False nor empty."""
        end = time.monotonic() + seconds
        while True:
            result = found()
            if result:
                return result
            left = end - time.monotonic()
            if left <= 0:
                raise NotSo(f"{what}: not within {seconds} s. In the room: {self.transcript()}")
            self.catch_up(int(min(left, 5) * 1000) + 1)

    def transcript(self):
        return " | ".join(f"{each.sender.split(':')[0]} {'(edit) ' if each.edits else ''}{each.text[:90]!r}"
                          for each in self.messages[-30:])

    def said_by(self, user, containing=""):
        """Messages, not edits of them."""
        return [each for each in self.messages
                if each.sender == user and not each.edits and containing in each.text]

    def edits_by(self, user):
        return [each for each in self.messages if each.sender == user and each.edits]

    def reactions_by(self, user, event):
        """The keys with which somebody reacted to this event."""
        relations = [each["content"].get("m.relates_to", {}) for each in self.events
                     if each["type"] == "m.reaction" and each["sender"] == user]
        return [each["key"].replace("\ufe0f", "") for each in relations if each.get("event_id") == event]

    def has_joined(self, user):
        changes = [each["content"]["membership"] for each in self.events
                   if each["type"] == "m.room.member" and each["state_key"] == user]
        return changes[-1:] == ["join"]
