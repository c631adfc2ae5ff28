# Nothing but dmss_* leaves the C library, and everything the header declares is there.
set -eu
exported=$("$NM" -D --defined-only "$1" | awk '$2 ~ /[TBDRVWi]/ {print $3}' | sed 's/@.*//')
others=$(printf '%s\n' "$exported" | grep -v '^dmss_' | grep -v '^DMSS_1$' || true)
[ -z "$others" ] || { printf 'exported besides dmss_*:\n%s\n' "$others"; exit 1; }
headers=$(dirname "$0")/../../bindings/c/include
declared=$(cat "$headers"/*.h | grep -oE '(^|[ *])dmss_[a-z_0-9]+\(' | tr -d '( *' | sort -u)
for name in $declared; do
  case $name in *_fn) continue ;; esac
  printf '%s\n' "$exported" | grep -qx "$name" || { echo "declared but not exported: $name"; exit 1; }
done
[ "$(printf '%s\n' "$exported" | wc -l)" -ge 100 ]
