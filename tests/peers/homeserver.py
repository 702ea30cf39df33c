"""A private Synapse: SQLite, one listener on 127.0.0.1, no federation, no other way out."""
import base64
import dataclasses
import hashlib
import hmac
import json
import os
import secrets
import time

from program import Program, until
from web import Refused, ask, free_port

NAME = "peers.test"

ANY = {"per_second": 1_000_000, "burst_count": 1_000_000}
#: A busy bot soon meets these limits, and its tokens last 30 s.
STRICT = {"rc_message": {"per_second": 0.5, "burst_count": 3}, "refreshable_access_token_lifetime": "30s",
          "refresh_token_lifetime": "24h"}


@dataclasses.dataclass
class Account:
    user: str
    password: str
    token: str = ""


class Homeserver:
    """Synapse in `directory`, run by the Python of a virtual environment that has it."""

    def __init__(self, python, directory, strict=False):
        self.python, self.directory, self.strict = python, directory, strict
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.secret = secrets.token_hex(16)
        self.program = None
        os.makedirs(directory)
        key = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        self._write("signing.key", f"ed25519 a_peers {key}\n")
        self._write("log.yaml", json.dumps(self._logging()))
        self._write("homeserver.yaml", json.dumps(self._settings()))  # JSON is YAML

    def _write(self, name, text):
        with open(f"{self.directory}/{name}", "w", encoding="utf-8") as file:
            file.write(text)

    def _logging(self):
        return {"version": 1, "disable_existing_loggers": False, "root": {"level": "WARNING", "handlers": ["log"]},
                "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
                "handlers": {"log": {"class": "logging.StreamHandler", "formatter": "line"}}}

    def _settings(self):
        open_to_all = {name: ANY for name in (
            "rc_message", "rc_registration", "rc_admin_redaction", "rc_joins_per_room", "rc_room_creation")}
        listener = {"port": self.port, "type": "http", "bind_addresses": ["127.0.0.1"],
                    "resources": [{"names": ["client"]}]}
        return {
            "server_name": NAME, "public_baseurl": self.url + "/", "report_stats": False,
            "signing_key_path": f"{self.directory}/signing.key", "log_config": f"{self.directory}/log.yaml",
            "media_store_path": f"{self.directory}/media", "listeners": [listener],
            "database": {"name": "sqlite3", "args": {"database": f"{self.directory}/homeserver.db"}},
            "registration_shared_secret": self.secret, "macaroon_secret_key": secrets.token_hex(16),
            "form_secret": secrets.token_hex(16), "bcrypt_rounds": 4, "presence": {"enabled": False},
            "federation_domain_whitelist": [], "trusted_key_servers": [], "suppress_key_server_warning": True,
            "url_preview_enabled": False,
            "filter_timeline_limit": 5000,  # a person's view of a room has no gaps
            **open_to_all,
            "rc_login": {"address": ANY, "account": ANY, "failed_attempts": ANY},
            "rc_joins": {"local": ANY, "remote": ANY},
            "rc_invites": {"per_room": ANY, "per_user": ANY, "per_issuer": ANY},
            **(STRICT if self.strict else {})}

    def launch(self):
        self.program = Program([self.python, "-m", "synapse.app.homeserver", "-c", f"{self.directory}/homeserver.yaml"],
                               f"{self.directory}/synapse.log")

    def until_it_answers(self):
        """The instant (time.monotonic) of its first answer."""
        def answers():
            if self.program.has_ended():
                raise RuntimeError(f"Synapse ended: {self.program.output()[-2000:]}")
            try:
                ask("GET", self.url + "/_matrix/client/versions", seconds=2)
                return time.monotonic()
            except (OSError, Refused):
                return None
        return until(answers, 120, "an answer of Synapse")

    def stop(self):
        if self.program:
            self.program.stop()

    def register(self, name, admin=False):
        """A new account with a token that does not expire, on a device of its own."""
        url = self.url + "/_synapse/admin/v1/register"
        nonce, password = ask("GET", url)["nonce"], secrets.token_hex(12)
        parts = [nonce, name, password, "admin" if admin else "notadmin"]
        mac = hmac.new(self.secret.encode(), "\0".join(parts).encode(), hashlib.sha1).hexdigest()
        answer = ask("POST", url, {"nonce": nonce, "username": name, "password": password, "admin": admin, "mac": mac})
        return Account(answer["user_id"], password, answer["access_token"])

    def exempt(self, admin, user):
        """No rate limit of messages for this user: what an administrator does for a bot."""
        ask("POST", f"{self.url}/_synapse/admin/v1/users/{user}/override_ratelimit",
            {"messages_per_second": 0, "burst_count": 0}, admin.token)
