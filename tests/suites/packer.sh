#!/bin/bash
# deploy/packer for real: templates, steps, and images that Packer builds against hetzner-sim on machines that run, Debian's
# and, beside it, Ubuntu's; `up` boots a workspace from each snapshot. Manjaro's steps run against a stand-in for its mirror.
set -euo pipefail
# shellcheck source=deploy/build.sh
. deploy/build.sh
# shellcheck source=tests/suites/tally
. tests/suites/tally
# shellcheck source=tests/suites/workspace
. tests/suites/workspace

# skip SENTENCE
skip() {
  echo "   skipped: $*"
  echo "0 passed, 0 failed, 1 skipped"
  exit 0
}

# image FLAVOUR ROOTFS STOCK-IMAGE NETWORK [PROGRAM]
image() {
  "${apart[@]}" /usr/bin/python3 -B "tests/packer/${5:-run}.py" --programs build-test/bin --tailnet "$tailnet" \
    --flavour "$1" --rootfs "$2" --image "$3" --network "$4"
}

# From a stock Ubuntu that is made as tests/lab makes its machines; only where its mirror is not reached there is none.
image_of_ubuntu() {
  local status=0 log=$TMPDIR/ubuntu.log ubuntu
  ubuntu=$lab_cache/ubuntu-$(sha256sum <tests/packer/ubuntu.sh | head -c 12)
  [ -d "$ubuntu" ] || bash tests/packer/ubuntu.sh "$ubuntu" >"$log" 2>&1 </dev/null || status=$?
  [ "$status" != 3 ] || skip "Ubuntu's mirror is not reached: $(grep . "$log" | tail -n 1)"
  if [ "$status" != 0 ]; then
    cat "$log"
    echo "   FAILED  mmdebstrap cannot make an Ubuntu"
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
  fi
  image ubuntu-dev "$ubuntu" ubuntu-24.04 127.67.0.0/24
}

[ "$(id -u)" = 0 ] || skip "machines are started by root only."
ensure_packages "${lab_packages[@]}"
(ensure_packages "${packer_packages[@]}") || true # not every distribution has it
command -v packer >/dev/null || skip "there is no packer here, and it cannot be installed."
command -v systemd-nspawn >/dev/null || skip "there is no systemd-nspawn here."
lab_fits || skip "$why"
ensure_tailnet || skip "$why"
ensure_rootfs || skip "$why"
for program in devboxd hetzner-sim; do build build-test "$program" "${test_build[@]}"; done

TMPDIR=$(mktemp -d)
chmod 711 "$TMPDIR" # apt reads as a user of its own
export TMPDIR
apart=(setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --mount-proc)
image_of_ubuntu >"$TMPDIR/ubuntu" 2>&1 </dev/null &
beside=$!
trap 'kill "$beside" 2>/dev/null || true; rm -rf --one-file-system "$TMPDIR"' EXIT
tally "templates" /usr/bin/python3 -B tests/packer/templates.py
tally "steps" "${apart[@]}" /usr/bin/python3 -B tests/packer/steps.py --tailnet "$tailnet" --rootfs "$rootfs"
tally "Manjaro's steps" "${apart[@]}" /usr/bin/python3 -B tests/packer/manjaro.py --rootfs "$rootfs"
tally "Manjaro in the rescue system" image manjaro-base "$rootfs" debian-12 127.68.0.0/24 rescue
tally "an image of Debian" image debian-dev "$rootfs" debian-12 127.66.0.0/24
tally "an image of Ubuntu, built beside them" tail -n +1 -f --pid="$beside" "$TMPDIR/ubuntu"
summary
