# Builds in release, and only what is stale.
#
# A stamp is laid down when a build begins and kept when it succeeds: whatever changed after it,
# by inode change time, so that a restored older file counts too, makes the product stale.

build_directory=$package_root/.build
build_stamps=$build_directory/aion-stamps

build_product() {
  local product=$1
  is_fresh "product-$product" && return
  # Tests are built with all programs, so a fresh test build serves them too.
  is_fresh tests && [[ -x $(product_path "$product") ]] && return
  build "product-$product" "$product" --product "$product"
}

build_tests() { build tests "programs and tests" --build-tests; }

product_path() { echo "$build_directory/release/$1"; }

is_fresh() {
  local stamp=$build_stamps/$1
  [[ -e $stamp ]] || return 1
  local inputs=("$package_root/Package.swift" "$package_root/Sources" "$(command -v swift)")
  [[ -z $(find -L "${inputs[@]}" -cnewer "$stamp" -print 2>/dev/null | head -n 1) ]]
}

build() {
  local stamp=$build_stamps/$1 what=$2
  shift 2
  mkdir -p "$build_stamps"
  : >"$stamp.begun"
  local command=(swift build --package-path "$package_root" -c release "$@")
  say "Building $what …"
  # A person at a terminal sees progress; a log or a pipe gets the words only when they matter.
  if [[ -t 2 ]]; then
    "${command[@]}" >&2 || fail "the build failed (above)."
  else
    quietly "${command[@]}" || fail "the build failed (above)."
  fi
  mv "$stamp.begun" "$stamp"
}
