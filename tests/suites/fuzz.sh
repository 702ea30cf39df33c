#!/bin/bash
# libFuzzer with both sanitizers, FUZZ_SECONDS (60) a target of tests/fuzz; a target that finds nothing is a test passed.
# What it finds is left in build-fuzz/ by libFuzzer's own name and repeated by `build-fuzz/bin/fuzz_TARGET FILE`.
set -euo pipefail
# shellcheck source=deploy/build.sh
. deploy/build.sh

ensure_packages "${fuzz_packages[@]}"
build build-fuzz tests/fuzz/all -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS=-O1 \
  -DDEVBOX_TESTS=ON -DDEVBOX_FUZZ=ON
passed=0 failed=0
log=$(mktemp)
for corpus in tests/fuzz/corpus/*/; do
  target=$(basename "$corpus")
  grown=build-fuzz/corpus/$target
  mkdir -p "$grown"
  if "build-fuzz/bin/fuzz_$target" -max_total_time="${FUZZ_SECONDS:-60}" -artifact_prefix=build-fuzz/ "$grown" "$corpus" \
    >"$log" 2>&1 </dev/null; then
    passed=$((passed + 1))
    echo "   $target: $(grep '^Done' "$log")"
  else
    failed=$((failed + 1))
    grep -vE '^#[0-9]+|^INFO' "$log" | tail -n 60
    echo "   FAILED  $target"
  fi
done
rm -f "$log"
echo "$passed passed, $failed failed, 0 skipped"
