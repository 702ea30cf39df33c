#!/bin/bash
# The two commands as a stranger meets them, on a machine that has nothing yet: a session through a pipe, then another
# process. Run in a bare root by tests/suites/package.sh. Ends with "N passed, N failed, N skipped".
set -uo pipefail
passed=0 failed=0

check() {
  local what=$1
  shift
  if "$@"; then passed=$((passed + 1)) && echo "   ok      $what"; else failed=$((failed + 1)) && echo "   FAILED  $what"; fi
}
session() {
  printf '!devbox %s\n' 'up cpx31' status cost types images down status | ./run 2>"$errors"
}
address() { grep -oE '[0-9]+(\.[0-9]+){3}' <<<"$1" | grep -v '^127\.' | sort -u; }
says() { grep -qF -- "$2" <<<"$1"; }
same() { [ -n "$1" ] && [ "$1" = "$2" ]; }

errors=$(mktemp)
started=$SECONDS status=0
first=$(session) || status=$?
check "a piped session on a bare machine exits 0 ($((SECONDS - started)) s with packages and build)" [ $status = 0 ]
tail -n 30 "$errors" >&2
echo "$first"
check "it brings a workspace up" says "$first" " is up — http"
check "what is sold in place of cpx31 is said" says "$first" 'cpx31 is no longer sold in fsn1 (it was €0.1001/h): cpx32'
check "cost, types and images answer" says "$first" 'also while it is down: €1.64 a month'
check "with what can be ordered" says "$first" 'cpx32 · 4 vCPU · 8 GB · 160 GB disk · €0.0569/h'
check "and which snapshot is next" says "$first" 'ubuntu-dev (default)'
check "its card has one address" [ "$(address "$first" | wc -l)" = 1 ]

started=$(date +%s%N) status=0
./run </dev/null >/dev/null 2>"$errors" || status=$?
check "with nothing to do it exits 0, after $((($(date +%s%N) - started) / 1000000)) ms" [ $status = 0 ]
check "and neither installs nor builds" [ "$(grep -cE 'apt|installing|\[[0-9]+/[0-9]+\]' "$errors")" = 0 ]

status=0
second=$(session) || status=$?
check "a second process exits 0" [ $status = 0 ]
check "and gives the workspace the same address" same "$(address "$first")" "$(address "$second")"
rm -f "$errors"
echo "$passed passed, $failed failed, 0 skipped"
