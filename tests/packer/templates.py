"""deploy/packer as far as nothing is built: Packer finds nothing wrong with the templates, and whoever calls the script wrongly
is told what to do. The last line is "N passed, N failed, N skipped"."""
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, f"{HERE}/../peers"]

from told import check, count, told  # noqa: E402

PACKER = f"{HERE}/../../deploy/packer"
BUILD = f"{PACKER}/build"
FLAVOURS = sorted(name.removesuffix(".pkr.hcl") for name in os.listdir(PACKER)
                  if name.endswith(".pkr.hcl") and name not in ("plugins.pkr.hcl", "variables.pkr.hcl"))


def build(*words, **environment):
    """Its exit status and all that it said; an empty variable is not set."""
    kept = {name: value for name, value in {**os.environ, "CHECKPOINT_DISABLE": "1", "HCLOUD_TOKEN": "", **environment}.items() if value}
    done = subprocess.run([BUILD, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False, env=kept)
    return done.returncode, done.stdout


def validates(flavour):
    status, said = build(flavour, DEVBOX_PACKER="validate")
    check(status == 0, said)


def refuses(status, sentence, *words, **environment):
    expected, said = (status, f"build: {sentence}\n"), build(*words, **environment)
    check(said == expected, f"{said} and not {expected}")


def refuses_other_flavours():
    for word in ("", "debian", "plugins", "variables", "debian-dev.pkr.hcl", "../packer/debian-dev", "steps"):
        refuses(2, f'there is no flavour "{word}". Usage: {BUILD} FLAVOUR [ARGUMENT…], where FLAVOUR is one of: {" ".join(FLAVOURS)}',
                *([word] if word else []))


def refuses_without_packer():
    with tempfile.TemporaryDirectory() as directory:
        for program in ("bash", "dirname", "readlink"):
            os.symlink(f"/usr/bin/{program}", f"{directory}/{program}")
        refuses(1, "there is no packer here (apt-get install packer)", "debian-dev", HCLOUD_TOKEN="none", PATH=directory)
        with open(f"{directory}/packer", "w", encoding="ascii") as file:
            file.write("#!/bin/bash\necho 0 0\n")  # cracklib's, on some distributions
        os.chmod(f"{directory}/packer", 0o755)
        refuses(1, f"{directory}/packer is not HashiCorp's Packer (apt-get install packer)", "debian-dev", HCLOUD_TOKEN="none",
                PATH=directory)


def is_pinned():
    """Each archive for both architectures, by a checksum of its own."""
    with open(f"{PACKER}/variables.pkr.hcl", encoding="utf-8") as file:
        pins = dict(re.findall(r'variable "(\w+_sha256_\w+)" \{\s+type\s+= string\s+default = "([0-9a-f]{64})"', file.read()))
    check(sorted(pins) == [f"{program}_sha256_{architecture}" for program in ("code_server", "tailscale")
                           for architecture in ("amd64", "arm64")], f"pinned are {sorted(pins)}")
    check(len(set(pins.values())) == 4, "two of them are the same")


for each in FLAVOURS:
    told(f"packer finds nothing wrong with {each}", lambda flavour=each: validates(flavour))
told("tailscale and code-server are pinned by SHA-256 for amd64 and arm64", is_pinned)
told("another flavour is refused, and the known ones are named", refuses_other_flavours)
told("a build without a token is refused, and a check needs none",
     lambda: refuses(2, "HCLOUD_TOKEN is empty: export an API token of the Hetzner project with read and write access", "debian-dev"))
told("without Packer it says which package that is", refuses_without_packer)
told("another verb than build and validate is refused",
     lambda: refuses(2, 'DEVBOX_PACKER is "inspect", and can be build or validate', "debian-dev", DEVBOX_PACKER="inspect"))
sys.exit(count())
