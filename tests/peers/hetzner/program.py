"""A program lives with a simulator of its own, which its environment names as for any client of Hetzner's: HCLOUD_ENDPOINT,
HCLOUD_TOKEN; HCLOUD_READER is a token that may only read.

Usage: program.py HETZNER_SIM COMMAND…
"""
import os
import subprocess
import sys

from simulator import READER, TOKEN, Simulator

if __name__ == "__main__":
    with Simulator(sys.argv[1]) as simulator:
        named = {"HCLOUD_ENDPOINT": simulator.endpoint, "HCLOUD_TOKEN": TOKEN, "HCLOUD_READER": READER}
        sys.exit(subprocess.run(sys.argv[2:], env=os.environ | named, check=False).returncode)
