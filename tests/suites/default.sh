#!/bin/bash
# Every test program, built as CI wants it: Release, warnings are errors.
set -euo pipefail
# shellcheck source=deploy/build.sh
. deploy/build.sh
# shellcheck source=tests/suites/programs
. tests/suites/programs

ensure_packages "${test_packages[@]}"
build build-test all "${test_build[@]}"
run_programs build-test
