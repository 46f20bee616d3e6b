# Installs the system packages that are missing, by their Debian names; on macOS by Homebrew's.

require_packages() {
  local missing=() package
  for package in "$@"; do
    package_is_installed "$package" || missing+=("$package")
  done
  [[ ${#missing[@]} -eq 0 ]] || install_packages "${missing[@]}"
}

package_is_installed() {
  case $(uname) in
  # macOS has an allocator of its own that is good at what jemalloc is for.
  Darwin) [[ $1 == libjemalloc-dev ]] || brew list --versions "$(homebrew_name "$1")" >/dev/null 2>&1 ;;
  *)
    if command -v dpkg-query >/dev/null; then
      [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
    else
      is_usable_without_dpkg "$1"
    fi
    ;;
  esac
}

# Elsewhere than Debian the names differ, so we look for the thing itself.
is_usable_without_dpkg() {
  case $1 in
  liblz4-dev) [[ -e /usr/include/lz4frame.h ]] ;;
  libjemalloc-dev) [[ -e /usr/include/jemalloc/jemalloc.h ]] ;;
  protobuf-compiler) command -v protoc >/dev/null ;;
  *) command -v "$1" >/dev/null ;;
  esac
}

homebrew_name() {
  case $1 in
  liblz4-dev) echo lz4 ;;
  pkg-config) echo pkgconf ;;
  protobuf-compiler) echo protobuf ;;
  postgresql-15) echo postgresql@15 ;;
  *) echo "$1" ;;
  esac
}

install_packages() {
  say "Installing $* …"
  if [[ $(uname) == Darwin ]]; then
    local package
    for package in "$@"; do brew install --quiet "$(homebrew_name "$package")" >&2; done
    return
  fi
  command -v apt-get >/dev/null ||
    fail "needs $*, and there is no apt-get here; install them with your package manager."
  [[ $(id -u) -eq 0 ]] || command -v sudo >/dev/null ||
    fail "needs $*, and can become root only by sudo; install them as root and run this again."
  # Without the update a fresh image knows of no packages at all.
  quietly run_as_root apt-get update -qq || say "apt-get update failed; going on with what is known."
  quietly run_as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "$@" || fail "could not install $*."
}

# require_unpacked PACKAGE PROGRAM: puts a package's programs on PATH without installing it: for one
# whose installation would start a service. Kept below the build.
require_unpacked() {
  local package=$1 program=$2 folder=$build_directory/unpacked/$1
  command -v "$program" >/dev/null && return
  if [[ ! -x $folder/usr/bin/$program ]]; then
    if [[ $(uname) == Darwin ]] || ! command -v apt-get >/dev/null; then
      require_packages "$package"
      return
    fi
    say "Unpacking $package …"
    quietly unpack_package "$package" "$folder" || fail "could not unpack $package."
  fi
  PATH=$folder/usr/bin:$PATH
}

unpack_package() {
  local package=$1 folder=$2 download
  download=$(mktemp -d)
  run_as_root apt-get update -qq || true
  (cd "$download" && apt-get download -qq "$package") &&
    mkdir -p "$folder" && dpkg-deb --extract "$download"/*.deb "$folder"
  local status=$?
  rm -rf "$download"
  return $status
}

run_as_root() {
  if [[ $(id -u) -eq 0 ]]; then "$@"; else sudo "$@"; fi
}
