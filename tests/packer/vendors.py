"""The archives of tailscale's and code-server's vendors on a web server of ours, at their vendors' paths: tailscale as
compiled for the lab, code-server its stand-in."""
import functools
import hashlib
import http.server
import os
import platform
import tarfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def serve(directory):
    """The address of a web server that shows this directory for as long as we live."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=directory))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


class Vendors:
    def __init__(self, directory, tailnet):
        self.directory, lab = directory, f"{HERE}/../lab"
        os.makedirs(f"{directory}/v1")
        on_workspace = f"{tailnet}/workspace"
        self.files = {
            "TAILSCALE": self.pack(f"tailscale_1_{ARCHITECTURE}.tgz", {
                "tailscaled": f"{tailnet}/tailscaled", "tailscale": f"{tailnet}/tailscaled",
                "systemd/tailscaled.service": f"{on_workspace}/usr/lib/systemd/system/tailscaled.service",
                "systemd/tailscaled.defaults": f"{on_workspace}/etc/default/tailscaled"}),
            "CODE_SERVER": self.pack(f"v1/code-server-1-linux-{ARCHITECTURE}.tar.gz", {"bin/code-server": f"{lab}/code-server"})}
        self.url = serve(directory)

    def pack(self, path, files):
        with tarfile.open(f"{self.directory}/{path}", "w:gz", compresslevel=1) as archive:
            for inside, file in files.items():
                archive.add(file, f"of-version-1/{inside}")
        return path

    def environment(self):
        """What the step `programs` is told of them."""
        told = {}
        for name, path in self.files.items():
            with open(f"{self.directory}/{path}", "rb") as file:
                digest = hashlib.sha256(file.read()).hexdigest()
            told.update({f"{name}_VERSION": "1", f"{name}_MIRROR": self.url, f"{name}_SHA256_AMD64": "", f"{name}_SHA256_ARM64": "",
                         f"{name}_SHA256_{ARCHITECTURE.upper()}": digest})
        return told
