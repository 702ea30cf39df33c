# shellcheck shell=bash
# What ./run and ./test share: install what is missing, configure, build. All output goes to stderr and nothing
# here reads stdin: that belongs to the program that is started afterwards.

# shellcheck source=/dev/null
. /etc/os-release
# shellcheck source=deploy/packages
. deploy/packages

fail() {
  echo "devbox: $*" >&2
  exit 1
}

# ensure_packages NAME…: one dpkg-query when all are there.
ensure_packages() {
  case "$ID ${VERSION_ID:-}" in
    "debian 12" | "debian 13" | "debian " | "ubuntu 24.04") ;;
    *) fail "this is ${PRETTY_NAME:-$ID}; only the packages of Debian 12, Debian 13 and Ubuntu 24.04 are known here." ;;
  esac
  local installed name missing=()
  installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
  for name in "$@"; do
    grep -qxF "$name installed" <<<"$installed" || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0

  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || fail "root or sudo is needed once, to install: ${missing[*]}"
    as_root=(sudo)
  fi
  echo "devbox: installing ${missing[*]}" >&2
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
  "${apt[@]}" update >&2 </dev/null || true # one broken third-party source need not stop the install
  "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >&2 </dev/null ||
    fail "the packages could not be installed (apt-get's words are above)."
}

# A Beast unit takes about 1.1 GB to compile, so memory bounds the jobs as cores do.
jobs_that_fit() {
  local cores fitting
  cores=$(nproc)
  fitting=$(awk '/^MemAvailable:/ {print int($2 / 1200000)}' /proc/meminfo)
  if [ "$fitting" -ge "$cores" ]; then echo "$cores"; elif [ "$fitting" -ge 1 ]; then echo "$fitting"; else echo 1; fi
}

# shellcheck disable=SC2034 # used by the suites
test_build=(-DCMAKE_BUILD_TYPE=Release -DDEVBOX_UNITY=ALL -DDEVBOX_TESTS=ON -DDEVBOX_WERROR=ON)
# Without optimisation: this build is for clang's eyes only. It takes each unit of the program alone, as ./run does, and
# finds an include that is missing.
# shellcheck disable=SC2034
clang_build=(-DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS=-O0 -DDEVBOX_UNITY=TESTS -DDEVBOX_TESTS=ON -DDEVBOX_WERROR=ON)

# build DIRECTORY TARGET CMAKE-ARGUMENT…: configures again when place, distribution or arguments have changed.
build() {
  local directory=$1 target=$2
  shift 2
  local wanted="$PWD ${VERSION_ID:-} $*" stamp=$directory/.configured
  if [ ! -f "$directory/build.ninja" ] || [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    cmake --fresh -S . -B "$directory" -G Ninja "$@" >&2 </dev/null || fail "cmake could not configure $directory."
    echo "$wanted" >"$stamp"
  fi
  # The dry run keeps a start with nothing to do free of build chatter.
  if [[ $(ninja -C "$directory" -n "$target" 2>&1 </dev/null) == *"no work to do"* ]]; then return 0; fi
  ninja -C "$directory" -j "$(jobs_that_fit)" "$target" >&2 </dev/null || fail "the build of $target in $directory failed."
}
