# shellcheck shell=bash
# Debian packages: installed with apt where this user may, or unpacked into a folder, which needs no rights. Sourced by scripts/setup.

# The newer Debian release that carries Emscripten, stb_image_resize2 and Catch2's source in the versions needed.
newer_release=trixie

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif have sudo && sudo -n true 2>/dev/null; then
    sudo -n "$@"
  else
    return 1
  fi
}

apt_updated=no
apt_update_once() {
  [ "$apt_updated" = no ] || return 0
  as_root apt-get -qq -o DPkg::Lock::Timeout=300 update || return 1
  apt_updated=yes
}

# apt_install PACKAGE...: installs what is missing; says what to run where it may not.
apt_install() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "Installing ${missing[*]}"
  apt_update_once &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq \
      --no-install-recommends "${missing[@]}" >/dev/null ||
    fail "could not install ${missing[*]}. As root, run: apt-get install ${missing[*]}"
}

# The mirror that this machine's own apt uses.
apt_mirror() {
  { cat /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null || true; } |
    sed -n -e 's/^URIs: *\([^ ]*\).*/\1/p' -e 's/^deb \(\[[^]]*\] \)\?\([^ ]*\) .*/\2/p' |
    sed -n '/\/debian\/\?$/{p;q}'
}

# newer_apt LISTS_DIR ARGUMENT...: apt-get that knows only the newer release, with its own lists; the system's stay as they are.
newer_apt() {
  local lists=$1
  shift
  apt-get -qq -o Dir::Etc::sourcelist="$lists/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State::lists="$lists/state" -o Dir::Cache="$lists/cache" -o APT::Sandbox::User="$(id -un)" "$@"
}

# newer_lists DIR: makes and fetches those lists.
newer_lists() {
  local mirror
  mirror=$(apt_mirror)
  [ -n "$mirror" ] || fail "found no Debian mirror among this machine's apt sources."
  mkdir -p "$1/state/partial" "$1/cache/archives/partial"
  local keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  printf 'deb [signed-by=%s] %s %s main\ndeb-src [signed-by=%s] %s %s main\n' \
    "$keyring" "$mirror" "$newer_release" "$keyring" "$mirror" "$newer_release" >"$1/sources.list"
  newer_apt "$1" update || fail "could not read the package lists of Debian $newer_release."
}
