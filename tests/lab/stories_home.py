"""What a person has of it: the editor by its name, the same files and keys after `down` and `up`."""
import json
import re
import ssl
import threading
import time

from authority import Authority
from ground import sh
from program import until
from scene import check
from story import story
from tailnet import DOMAIN
from web import opener

URL = f"http://alice.{DOMAIN}"


def url_of(card):
    return re.search(r"https?://\S+", card.text)[0]


class FirstAnswer:
    """Looks at a page until it answers, beside the story; `at` is when it did."""

    def __init__(self, url):
        self.at, self._url = None, url
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self):
        while self.at is None:
            try:
                with opener.open(self._url, timeout=2):
                    self.at = time.time()
            except OSError:
                time.sleep(0.1)  # more often, and the machine would boot the slower for it


def by_stage(machine):
    stages = machine.stages()
    check(stages and all(state == "ok" for _, _, state, _ in stages), f"stages: {stages}")
    return ", ".join(f"{stage} {after:.1f} s" for after, stage, _, _ in stages)


def ssh_key(scene):
    """The file of a key of alice's that the bot knows."""
    path = scene.ground.file("alice-key")
    sh("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "alice@laptop", "-f", path)
    with open(path + ".pub", encoding="ascii") as public:
        since = scene.bot.say("key add " + public.read().strip())
    scene.bot.until_said("is added", 20, "an answer to `key add`", since)
    return path


def log_in(scene, key, command):
    """Through the tailnet, as a person does; what the command says. A host key that is another than before refuses."""
    known = scene.ground.file("known_hosts")
    return sh("ssh", "-F", "none", "-i", key, "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=accept-new",
              "-o", f"UserKnownHostsFile={known}", "-o", "ConnectTimeout=10", f"dev@alice.{DOMAIN}", command)


def host_key(scene):
    """As whoever logs in sees it, by the name of the workspace."""
    def scanned():
        lines = scene.tailnet.scan_host_keys("alice." + DOMAIN)
        return sorted(lines) or None
    return until(scanned, 20, "sshd's host keys")


@story
def what_was_written_is_there_again_after_down_and_up(scene):
    scene.begin()
    key = ssh_key(scene)
    first = FirstAnswer(URL)
    card, machine = scene.up()
    check(url_of(card) == URL, f"the card: {card.text}")
    until(lambda: first.at, 5, "the editor's page")
    late = card.at - first.at
    stages = by_stage(machine)
    page = scene.tailnet.editor(url_of(card))
    check(page and page["editor"] == "stub" and "file" not in page["home"], f"the page: {page}")
    log_in(scene, key, "echo kept >file")
    keys = host_key(scene)
    [volume] = scene.datacentre.volumes.values()

    scene.down()
    check(not scene.datacentre.machines, f"machines left: {scene.datacentre.machines}")
    check(not scene.cloud.servers(), "the server is still there")
    check(volume.state() == "clean", f"the volume's file system: {volume.state()}")
    check(not scene.tailnet.devices(), f"devices left: {scene.tailnet.devices()}")

    again, machine = scene.up()
    check(url_of(again) == URL, f"the card: {again.text}")
    check(log_in(scene, key, "cat file").strip() == "kept", "the file is another")
    check("file" in scene.tailnet.editor(url_of(again))["home"], "the editor does not see the file")
    check(host_key(scene) == keys, "other host keys")
    names = [each["name"] for each in scene.tailnet.devices()]
    check(names == ["alice." + DOMAIN], f"devices: {names}")
    return f"machine start to {stages}; card {late:.1f} s after the first page; again: {by_stage(machine)}"


def is_another_machine_with_the_same_home(scene, words, server_type):
    """Says that to a workspace that is up, and waits for the card of the next server."""
    scene.begin()
    key = ssh_key(scene)
    scene.up("up cpx32")
    log_in(scene, key, "echo kept >file")
    keys, [before] = host_key(scene), scene.cloud.servers()
    since = scene.bot.say(words)
    card = scene.bot.until_said("✓ alice is up", 200, "the next card", since)
    [after] = scene.cloud.servers()
    check(after["id"] != before["id"], "it is the same server")
    check(after["server_type"]["name"] == server_type, f"its type: {after['server_type']['name']}")
    check(after["public_net"]["ipv4"]["ip"] == before["public_net"]["ipv4"]["ip"], "another address")
    check(after["volumes"] == before["volumes"], "another volume")
    check(url_of(card) == URL, f"the card: {card.text}")
    check(log_in(scene, key, "cat file").strip() == "kept", "the file is another")
    check(host_key(scene) == keys, "other host keys")
    names = [each["name"] for each in scene.tailnet.devices()]
    check(names == ["alice." + DOMAIN], f"devices: {names}")
    return f"{card.at - since:.0f} s from the word to the card; {by_stage(scene.machine())}"


@story
def a_rebuild_is_another_machine_with_the_same_home_address_and_keys(scene):
    return is_another_machine_with_the_same_home(scene, "rebuild", "cpx32")


@story
def another_type_at_once_has_the_same_home_address_and_keys(scene):
    return is_another_machine_with_the_same_home(scene, "resize cpx42 --now", "cpx42")


@story
def a_certificate_that_is_on_the_volume_serves_every_server_after_it(scene):
    authority, name = Authority(scene.ground), "alice." + DOMAIN
    scene.datacentre.furnish_volume = lambda path: authority.seed(path, name)
    scene.datacentre.furnish_machine = authority.is_trusted
    scene.begin(certificates=True)
    shown = []
    for _ in range(2):
        card, _ = scene.up()
        check(url_of(card) == f"https://{name}", f"the card: {card.text}")
        page = scene.tailnet.editor(url_of(card), "--cacert", authority.file)
        check(page and page["editor"] == "stub", f"the page: {page}")
        shown.append(ssl.get_server_certificate((name, 443)))
        scene.down()
    with open(scene.ground.file(name + ".crt"), encoding="ascii") as file:
        seeded = file.read()
    check([each.strip() for each in shown] == [seeded.strip()] * 2, "another certificate is shown")


@story
def the_editor_is_shown_by_http_where_no_certificate_is_to_be_had(scene):
    scene.begin(certificates=True)
    card, machine = scene.up()
    check(url_of(card) == URL, f"the card: {card.text}")
    check(("serve", "ok", "http") in [each[1:] for each in machine.stages()], f"stages: {machine.stages()}")


@story
def the_user_data_fits_the_schema_of_cloud_init_and_hides_its_key_after_the_join(scene):
    scene.begin()
    _, machine = scene.up()
    said = machine.says("cloud-init schema --config-file /var/lib/cloud/seed/nocloud/user-data 2>&1", 60)
    check("Valid" in said and "deprecated" not in said.lower(), f"cloud-init says: {said}")
    order = json.loads(scene.cloud.requests("POST", "/v1/servers")[0]["body"])
    check(machine.run("test -e /etc/devbox/auth-key")[0] != 0, "the key is still on the disk")
    [key] = scene.tailnet.keys()
    check(key["invalid"], "the key is still valid")
    status = machine.says("cloud-init status --long || true")
    check("error" not in status.lower(), f"cloud-init's status: {status}")
    return f"{len(order['user_data'])} of 32768 bytes"
