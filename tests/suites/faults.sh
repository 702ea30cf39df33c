#!/bin/bash
# The fault driver: every boundary of every operation. A driver that cannot fail proves nothing, so each seeded bug that
# it catches is a test, too.
set -euo pipefail
# shellcheck source=deploy/build.sh
. deploy/build.sh
# shellcheck source=tests/suites/tally
. tests/suites/tally

ensure_packages "${test_packages[@]}"
build build-test all "${test_build[@]}"
tally "every boundary" build-test/bin/fault-driver
for bug in adoption outbox; do
  echo "== seeded bug: $bug"
  if build-test/bin/fault-driver --expect-bug "$bug" </dev/null; then
    passed=$((passed + 1))
  else
    echo "   FAILED  the driver did not catch it"
    failed=$((failed + 1))
  fi
done
summary
