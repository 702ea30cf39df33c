#!/bin/bash
# The same programs under gcc's AddressSanitizer (with leaks) and UndefinedBehaviorSanitizer: gcc 12's coroutine
# faults show nowhere else.
set -euo pipefail
# shellcheck source=deploy/build.sh
. deploy/build.sh
# shellcheck source=tests/suites/programs
. tests/suites/programs

ensure_packages "${test_packages[@]}"
build build-sanitize all -DDEVBOX_UNITY=ALL -DCMAKE_CXX_COMPILER=g++ -DCMAKE_BUILD_TYPE=None \
  "-DCMAKE_CXX_FLAGS=-O1 -Wno-maybe-uninitialized -Wno-mismatched-new-delete" -DDEVBOX_TESTS=ON -DDEVBOX_SANITIZE=ON # gcc warns in vain there
export ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1
run_programs build-sanitize
