#!/bin/bash
# The real devboxd in rooms of a real Synapse, its cloud and tailnet simulated; each story is a test. Half a minute more
# the first time, for Synapse. `python3 tests/peers/run.py --help` tells how to play one of them.
set -euo pipefail
# shellcheck source=deploy/build.sh
. deploy/build.sh
# shellcheck source=tests/suites/synapse
. tests/suites/synapse

tell_stories "$@"
