"""The bot's side of the reports, for one order: `grow`, once the device is larger than it was."""
import http.server
import json

ORDER = {"do": "grow", "id": "op/grow"}


class Reports(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        report = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = {"do": "nothing"}
        done = report.get("done")
        if done:
            tell(f"done {json.dumps(done)}")
            with open("/run/grown", "w", encoding="ascii"):
                pass
        elif device_mib() > 96:
            answer = ORDER
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def device_mib():
    with open("/sys/class/block/vdb/size", encoding="ascii") as size:
        return int(size.read()) // 2048


def tell(line):
    with open("/dev/console", "w", encoding="utf-8") as console:
        print("told:", line, file=console, flush=True)


tell("waiting")
http.server.ThreadingHTTPServer(("127.0.0.1", 8000), Reports).serve_forever()
