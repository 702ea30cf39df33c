#!/bin/bash
# The fault driver: every boundary of every operation. A driver that cannot fail proves nothing, so each seeded bug that
# it catches is a test, too.
set -euo pipefail
# shellcheck source=deploy/build.sh
. deploy/build.sh
# shellcheck source=tests/suites/tally
. tests/suites/tally

ensure_packages "${test_packages[@]}"
build build-test fault-driver "${test_build[@]}"
build build-test devboxd-no-adoption "${test_build[@]}"
build build-test devboxd-no-key "${test_build[@]}"
tally "every boundary" build-test/bin/fault-driver
for bug in no-adoption no-key; do
  tally "a bug that it must catch: $bug" \
    build-test/bin/fault-driver --bot "build-test/bin/devboxd-$bug" --only "up cold" --every 3 --expect-caught
done
summary
