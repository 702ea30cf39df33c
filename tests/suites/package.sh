#!/bin/bash
# ./run in a bare Debian 12 and a bare Debian 13: packages, build, a piped session, a second one.
set -euo pipefail
# shellcheck source=deploy/build.sh
. deploy/build.sh
# shellcheck source=tests/suites/tally
. tests/suites/tally

[ "$(id -u)" != 0 ] || ensure_packages "${fresh_packages[@]}"
for suite in bookworm trixie; do
  if reason=$(bash tests/fresh.sh "$suite" true 2>&1 >/dev/null); then
    tally "$suite" bash tests/fresh.sh "$suite" bash tests/first_minute.sh
  else
    echo "   skipped $suite: ${reason##*$'\n'}"
    skipped=$((skipped + 1))
  fi
done
summary
