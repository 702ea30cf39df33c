#!/bin/bash
# clang-tidy with .clang-tidy over the files that differ from main and, when none does, over all; one test a file.
set -euo pipefail
# shellcheck source=deploy/build.sh
. deploy/build.sh

ensure_packages "${lint_packages[@]}"
build build-clang all "${clang_build[@]}"
mapfile -t files < <(git diff --name-only --diff-filter=d main -- '*.cpp')
[ ${#files[@]} -gt 0 ] || mapfile -t files < <(git ls-files '*.cpp')

lint() {
  if clang-tidy --quiet -p build-clang "$1" 2>/dev/null; then echo "lint: clean"; else echo "lint: $1 has errors"; fi
}
export -f lint
log=$(mktemp)
# shellcheck disable=SC2016 # $1 is the inner shell's
printf '%s\0' "${files[@]}" | xargs -0 -P "$(jobs_that_fit)" -I{} bash -c 'lint "$1"' lint {} >"$log"
grep -v '^lint: clean$' "$log" || true
failed=$(grep -c '^lint: .* has errors$' "$log" || true)
rm -f "$log"
echo "$((${#files[@]} - failed)) passed, $failed failed, 0 skipped"
