# What a script says to the person who typed it. Standard output belongs to the program that is
# run, so everything here goes to standard error.

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$(basename "$0"): $*"
  exit 1
}
