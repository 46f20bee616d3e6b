# Finds the Swift toolchain: on PATH, else where the usual installers put it.

find_toolchain() {
  command -v swift >/dev/null && return
  local candidate
  for candidate in "${SWIFTLY_BIN_DIR:-$HOME/.local/share/swiftly/bin}" "$HOME/.swiftly/bin" \
    /opt/swift/usr/bin /usr/local/swift/usr/bin /usr/share/swift/usr/bin; do
    if [[ -x $candidate/swift ]]; then
      PATH=$candidate:$PATH
      return
    fi
  done
  fail "no Swift toolchain found. Install Swift 6.2 or later (https://www.swift.org/install)," \
    "put its usr/bin on PATH, and run this again."
}
