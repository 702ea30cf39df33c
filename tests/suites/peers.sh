#!/bin/bash
# The real devboxd in rooms of a real Synapse, its cloud and tailnet simulated; each story is a test. Half a minute more
# the first time, for Synapse. `python3 tests/peers/run.py --help` tells how to play one of them. Before them, Hetzner's
# own clients with the simulated cloud (with --clients nothing else); after them Slack's SDKs with the simulated Slack.
set -euo pipefail
# shellcheck source=deploy/build.sh
. deploy/build.sh
# shellcheck source=tests/suites/synapse
. tests/suites/synapse
# shellcheck source=tests/suites/slack_sdks
. tests/suites/slack_sdks
# shellcheck source=tests/suites/tally
. tests/suites/tally
# shellcheck source=tests/suites/hetzner_clients
. tests/suites/hetzner_clients
# shellcheck source=tests/suites/hetzner_spec
. tests/suites/hetzner_spec

live_with_clients
tally "a tour of Hetzner's own document" take_the_tour
if [ "${1:-}" != --clients ]; then
  tally "a real Synapse" tell_stories "$@"
  tally "Slack's SDKs" play_sdks
fi
summary
