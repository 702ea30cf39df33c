"""JSON over HTTP on this machine."""
import json
import socket
import urllib.error
import urllib.request

# Whatever proxy the environment names, nothing here leaves this machine.
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Refused(Exception):
    """An answer that is no success."""

    def __init__(self, asked, status, answer):
        super().__init__(f"{asked} was answered with {status}: {answer}")
        self.status = status
        self.code = answer.get("errcode", "")


def ask(method, url, body=None, token="", seconds=60):
    """The JSON that answers; Refused with the status and the JSON of a refusal."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, content, headers, method=method)
    try:
        with opener.open(request, timeout=seconds) as response:
            return json.load(response)
    except urllib.error.HTTPError as refusal:
        text = refusal.read()
        try:
            answer = json.loads(text)
        except ValueError:
            answer = {"body": text.decode(errors="replace")}
        raise Refused(f"{method} {url}", refusal.code, answer) from None


def free_port():
    """A port that was free a moment ago, for a program that must come back on the same one."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
