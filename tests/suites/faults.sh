#!/bin/bash
# The fault driver: every boundary of every operation, what others do to the server in the middle, and random schedules
# of several people. A driver that cannot fail proves nothing, so each seeded bug that it catches is a test, too.
set -euo pipefail
# shellcheck source=deploy/build.sh
. deploy/build.sh
# shellcheck source=tests/suites/tally
. tests/suites/tally

ensure_packages "${test_packages[@]}"
build build-test fault-driver "${test_build[@]}"
build build-test devboxd-no-adoption "${test_build[@]}"
build build-test devboxd-no-key "${test_build[@]}"
build build-test devboxd-early-cursor "${test_build[@]}"
# What is to be caught is no failure of the suite.
caught() { "$@" --expect-caught | sed 's/^    FAILED  /    caught  /'; }

tally "every boundary" build-test/bin/fault-driver
tally "random schedules" build-test/bin/fault-driver --schedules 20
for bug in no-adoption no-key; do
  tally "a bug that it must catch: $bug" \
    caught build-test/bin/fault-driver --bot "build-test/bin/devboxd-$bug" --only "up cold" --every 3
  tally "schedules must catch it, too" \
    caught build-test/bin/fault-driver --bot "build-test/bin/devboxd-$bug" --schedules 20
done
tally "a message that comes twice in a room must be caught" \
  caught build-test/bin/fault-driver --bot build-test/bin/devboxd-no-key --only "matrix: up cold" --every 3
tally "in a workspace of Slack, too" \
  caught build-test/bin/fault-driver --bot build-test/bin/devboxd-no-key --only "slack: up cold" --every 3
tally "one that is never heard there, too" \
  caught build-test/bin/fault-driver --bot build-test/bin/devboxd-early-cursor --only "matrix: status" --where "commit*"
summary
