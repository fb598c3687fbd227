# shellcheck shell=bash
# shellcheck disable=SC2034 # what is set here is read by those who source this file
# What every command shares: where things lie, and how they speak. Sourced, never run.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# Everything that set-up fetches lies here, outside the checkout, so that fresh clones share it.
export ACTIONSCOPE_CACHE=${ACTIONSCOPE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/actionscope}
mkdir -p "$ACTIONSCOPE_CACHE"

say() { printf '%s\n' "$*" >&2; }
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# version_at_least 3.1.69 3.1.60
version_at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]; }

# A stamp holds the recipe that made something; the thing is made anew when the recipe changes.
stamp_matches() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

# Points PATH and ACTIONSCOPE_EMSCRIPTEN at the Emscripten that set-up found or installed.
use_emscripten() {
  local unpacked="$ACTIONSCOPE_CACHE/emscripten"
  if [ -x "$unpacked/bin/emcc" ]; then
    export PATH="$unpacked/bin:$PATH"
    export ACTIONSCOPE_EMSCRIPTEN="$unpacked/usr/share/emscripten"
  elif have emcc; then
    ACTIONSCOPE_EMSCRIPTEN=$(dirname "$(readlink -f "$(command -v emcc)")")
    export ACTIONSCOPE_EMSCRIPTEN
  else
    fail "no Emscripten: run scripts/setup first."
  fi
}

python_environment="$ACTIONSCOPE_CACHE/python"

# The videos that tests read: every container and codec, with faults, made by ffmpeg into build/corpus.
make_corpus() { "$python_environment/bin/python" "$root/tests/corpus/make_corpus.py"; }
