#!/bin/bash
# deploy/packer for real: every template is validated, a Debian image is built by Packer against hetzner-sim on a machine
# that runs, and `up` boots a workspace from the snapshot. Then the steps of Manjaro, up to what cannot be had here.
set -euo pipefail
# shellcheck source=deploy/build.sh
. deploy/build.sh
# shellcheck source=tests/suites/tally
. tests/suites/tally
# shellcheck source=tests/suites/workspace
. tests/suites/workspace

skip() {
  echo "   skipped: $*"
  echo "0 passed, 0 failed, 1 skipped"
  exit 0
}

[ "$(id -u)" = 0 ] || skip "machines are started by root only."
ensure_packages "${packer_packages[@]}"
command -v packer >/dev/null || skip "there is no packer here."
lab_fits || skip "$why"
ensure_tailnet || skip "$why"
ensure_rootfs || skip "$why"
for program in devboxd hetzner-sim; do build build-test "$program" "${test_build[@]}"; done
apart=(setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --mount-proc)
tally "an image" "${apart[@]}" /usr/bin/python3 -B tests/packer/run.py \
  --programs build-test/bin --tailnet "$tailnet" --rootfs "$rootfs"
tally "Manjaro's steps" "${apart[@]}" bash tests/packer/manjaro.sh "$rootfs"
summary
