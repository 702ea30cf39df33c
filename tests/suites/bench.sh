#!/bin/bash
# Memory, start, size, requests and answers of the Release build (tests/bench/README.md), then the same in a Matrix room
# beside bots of others (tests/bench/matrix/README.md). Only counts can fail: the rest depends on the machine and is
# printed beside its goal.
set -euo pipefail
# shellcheck source=deploy/build.sh
. deploy/build.sh
# shellcheck source=tests/suites/tally
. tests/suites/tally

ensure_packages "${test_packages[@]}"
build build-test bench "${test_build[@]}"
tally alone build-test/bin/bench --commit "$(git describe --always --dirty 2>/dev/null || echo "unknown commit")"
tally "in a Matrix room" tests/bench/matrix/run
summary
