#!/bin/bash
# The real devboxd in rooms of a real Synapse, its cloud and tailnet simulated; each story is a test. Half a minute more
# the first time, for Synapse. `python3 tests/peers/run.py --help` tells how to play one of them. Before them, Hetzner's
# own clients with the simulated cloud; with --clients nothing else.
set -euo pipefail
# shellcheck source=deploy/build.sh
. deploy/build.sh
# shellcheck source=tests/suites/synapse
. tests/suites/synapse
# shellcheck source=tests/suites/tally
. tests/suites/tally
# shellcheck source=tests/suites/hetzner_clients
. tests/suites/hetzner_clients

live_with_clients
[ "${1:-}" = --clients ] || tally "stories" tell_stories "$@"
summary
