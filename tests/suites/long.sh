#!/bin/bash
# What takes longer than CI has: 300 random schedules of several people and every kind of fault, by seeds that nobody has
# seen before; SEED=N repeats those from N on, SCHEDULES=N makes it so many. Then the long stories with a real Synapse, and
# ten minutes of libFuzzer a target.
set -euo pipefail
# shellcheck source=deploy/build.sh
. deploy/build.sh
# shellcheck source=tests/suites/tally
. tests/suites/tally
# shellcheck source=tests/suites/synapse
. tests/suites/synapse

ensure_packages "${test_packages[@]}"
build build-test fault-driver "${test_build[@]}"
seed=${SEED:-$(date +%s)}
tally "random schedules from seed $seed on" \
  build-test/bin/fault-driver --schedules "${SCHEDULES:-300}" --seed "$seed"
tally "long stories with a real Synapse" tell_stories --long
FUZZ_SECONDS=${FUZZ_SECONDS:-600} tally "fuzzing" bash tests/suites/fuzz.sh
summary
