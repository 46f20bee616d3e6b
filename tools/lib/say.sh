# What a script says to the person who typed it. Standard output belongs to the program that is
# run, so everything here goes to standard error.

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$(basename "$0"): $*"
  exit 1
}

# Runs a command and shows what it said only when it failed.
quietly() {
  local said status=0
  said=$(mktemp)
  "$@" >"$said" 2>&1 || status=$?
  [[ $status -eq 0 ]] || cat "$said" >&2
  rm -f "$said"
  return $status
}
