# Shared by the scripts: packages, build directories, messages. Source it; do not run it.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
jobs=$(nproc)
build_packages=(g++ cmake ninja-build pkg-config ccache libboost1.81-dev libssl-dev libavcodec-dev libavformat-dev libavutil-dev
  libswscale-dev libswresample-dev nlohmann-json3-dev libspdlog-dev libfmt-dev catch2 libcli11-dev ffmpeg python3)
test_packages=(gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-libav
  libgstrtspserver-1.0-dev python3-venv clang-19 libclang-rt-19-dev python3-clang-19)
bench_packages=(gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-libav valgrind)

say() { printf '\n== %s\n' "$*" >&2; }
fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# need_packages NAME…: installs what is missing, as root or with sudo.
need_packages() {
  local missing=() p
  for p in "$@"; do
    dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p")
  done
  [ ${#missing[@]} -eq 0 ] && return
  say "installing ${missing[*]}"
  local as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# build PRESET [TARGET…]: configures when needed and builds into build/PRESET, with Debian's g++ unless the preset says otherwise.
build() {
  local preset=$1
  shift
  say "building ($preset)"
  (cd "$root" && env CC="${CC:-gcc}" CXX="${CXX:-g++}" cmake --preset "$preset" >"/dev/null" &&
    cmake --build --preset "$preset" -j "$jobs" ${1:+--target "$@"})
}

# The clips that the virtual recorder plays, encoded once.
prepare_clips() {
  clips=${DMSS_CLIPS:-$root/build/clips}
  say "encoding test clips (once)"
  "$1" --prepare-clips "$clips"
}
