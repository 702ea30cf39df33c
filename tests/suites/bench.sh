#!/bin/bash
# Memory, start, size, requests and answers of the Release build (tests/bench/README.md). Only counts can fail: the
# rest depends on the machine and is printed beside its goal.
set -euo pipefail
# shellcheck source=deploy/build.sh
. deploy/build.sh

ensure_packages "${test_packages[@]}"
build build-test bench "${test_build[@]}"
build-test/bin/bench --commit "$(git describe --always --dirty 2>/dev/null || echo "unknown commit")"
