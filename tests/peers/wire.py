"""The wire between devboxd and its homeserver, which may lose an answer."""
import http.client
import http.server
import threading
import urllib.parse


class _Relay(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def relay(self):
        wire = self.server.wire
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        onwards = http.client.HTTPConnection(wire.host, timeout=90)
        try:
            headers = {name: self.headers[name] for name in ("Authorization", "Content-Type") if name in self.headers}
            onwards.request(self.command, self.path, body or None, headers)
            answer = onwards.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self.close_connection = True
            return
        finally:
            onwards.close()
        if wire.loses(self.command, body):
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name in ("Content-Type", "Retry-After"):
            if answer.headers[name]:
                self.send_header(name, answer.headers[name])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = relay

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except OSError:  # the other side is gone
            self.close_connection = True

    def log_message(self, *_):
        pass


class Wire:
    """Relays to `url`; the answer to the first `method` with `text` in its body is lost, and `then()` called."""

    def __init__(self, url, method, text, then):
        self.host = urllib.parse.urlparse(url).netloc
        self._method, self._text, self._then = method, text.encode(), then
        self._lock = threading.Lock()
        self.lost = False
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Relay)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._server.wire = self
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def loses(self, method, body):
        with self._lock:
            if self.lost or method != self._method or self._text not in body:
                return False
            self.lost = True
        self._then()
        return True
