#!/bin/bash
# Workspaces for real: `up` boots Debian with systemd and cloud-init in systemd-nspawn, which joins a tailnet of real
# tailscaled, behind hetzner-sim and the real devboxd. The first time tailscaled is compiled and a disk made, in five
# minutes on two cores; both are kept. `python3 tests/lab/run.py --help` tells how to play one story.
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
ensure_packages "${lab_packages[@]}"
lab_fits || skip "$why"
ensure_tailnet || skip "$why"
ensure_rootfs || skip "$why"
for program in devboxd hetzner-sim; do build build-test "$program" "${test_build[@]}"; done
tally "the volume's script" bash tests/deploy/volume_test.sh
if ensure_kernel; then
  tally "a kernel of its own" /usr/bin/python3 -B tests/lab/kernel.py --kernel "$kernel"
else
  echo "   skipped: a kernel of its own: $why"
  skipped=$((skipped + 1))
fi
tally workspaces /usr/bin/python3 -B tests/lab/run.py \
  --programs build-test/bin --tailnet "$tailnet" --rootfs "$rootfs" "$@"
summary
