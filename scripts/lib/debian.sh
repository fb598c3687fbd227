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

# Prints the Debian archives that this machine's own apt uses, one line each: address, then suites and components.
apt_archives() {
  {
    awk '
      /^URIs:/ { address = $2 } /^Suites:/ { $1 = ""; suites = $0 } /^Components:/ { $1 = ""; components = $0 }
      /^$/ { flush() } END { flush() }
      function flush(   count, names, i) {
        count = split(suites, names, " ")
        for (i = 1; i <= count; i++) if (address != "") print address, names[i] components
        address = suites = components = ""
      }' /etc/apt/sources.list.d/debian.sources
    sed -n 's/^deb \(\[[^]]*\] \)\?//p' /etc/apt/sources.list
  } 2>/dev/null | grep -E '^[^ ]*/debian(-security)?/? ' || true
}

# listed_apt LISTS_DIR ARGUMENT...: apt-get that knows only the archives of LISTS_DIR; the system's lists stay as they are.
listed_apt() {
  local lists=$1
  shift
  apt-get -qq -o Dir::Etc::sourcelist="$lists/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State::lists="$lists/state" -o Dir::Cache="$lists/cache" -o APT::Sandbox::User="$(id -un)" "$@"
}

# make_lists DIR: makes lists of the archives that are read from standard input, each as after “deb” in a sources.list.
make_lists() {
  local archive
  mkdir -p "$1/state/partial" "$1/cache/archives/partial"
  while read -r archive; do
    printf '%s [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s\n' deb "$archive" deb-src "$archive"
  done >"$1/sources.list"
  [ -s "$1/sources.list" ] || fail "found no Debian archive among this machine's apt sources."
  listed_apt "$1" update || fail "could not read Debian's package lists."
}

# The lists of the newer release, from the mirror that this machine uses.
newer_lists() {
  apt_archives | sed -n "/^[^ ]*\/debian\/\? /{s| .*| $newer_release main|p;q}" | make_lists "$1"
}
