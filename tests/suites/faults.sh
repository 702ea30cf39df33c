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
tally "every boundary" build-test/bin/fault-driver
tally "random schedules" build-test/bin/fault-driver --schedules 20
for bug in no-adoption no-key; do
  tally "a bug that it must catch: $bug" \
    build-test/bin/fault-driver --bot "build-test/bin/devboxd-$bug" --only "up cold" --every 3 --expect-caught
  tally "schedules must catch it, too" \
    build-test/bin/fault-driver --bot "build-test/bin/devboxd-$bug" --schedules 20 --expect-caught
done
tally "a message that comes twice in a room must be caught" \
  build-test/bin/fault-driver --bot build-test/bin/devboxd-no-key --only "matrix: up cold" --every 3 --expect-caught
tally "in a workspace of Slack, too" \
  build-test/bin/fault-driver --bot build-test/bin/devboxd-no-key --only "slack: up cold" --every 3 --expect-caught
tally "one that is never heard there, too" \
  build-test/bin/fault-driver --bot build-test/bin/devboxd-early-cursor --only "matrix: status" --where "commit*" \
  --expect-caught
summary
