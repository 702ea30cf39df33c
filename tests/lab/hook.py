#!/usr/bin/python3
"""hook.py SOCKET: hetzner-sim's --hook. Hands the event to the datacentre at the socket, and ends as that answers."""
import json
import os
import socket
import sys


def text_of(variable):
    path = os.environ.get(variable)
    if not path:
        return ""
    with open(path, encoding="utf-8") as file:
        return file.read()


event = {"event": os.environ["SIM_EVENT"], "id": os.environ["SIM_ID"], "name": os.environ["SIM_NAME"],
         "volumes": dict(each.split(":") for each in os.environ.get("SIM_VOLUMES", "").split()),
         "user_data": text_of("SIM_USER_DATA"), "ssh_keys": text_of("SIM_SSH_KEYS"),
         "ipv4": os.environ.get("SIM_IPV4", ""), "rescue": bool(os.environ.get("SIM_RESCUE"))}
with socket.socket(socket.AF_UNIX) as wire:
    wire.connect(sys.argv[1])
    wire.sendall(json.dumps(event).encode() + b"\n")
    answer = wire.makefile().readline().strip()
if answer != "ok":
    print(f"{event['event']} of {event['name']}: {answer or 'no answer'}")
sys.exit(0 if answer == "ok" else 1)
