#!/usr/bin/env bash
# commit.sh FILE: writes into the header FILE which commit the sources are of, for `--version`. It is the last one that
# changed a source, so that a change of pages builds nothing anew, and FILE is written only if it says something else.
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/../.."
sources=(Package.swift Sources enclave-host proto)
text=''
if commit=$(git log -1 --format=%h --abbrev=12 -- "${sources[@]}" 2> /dev/null) && [ -n "$commit" ]; then
    text=" ($commit)"
    git diff --quiet HEAD -- "${sources[@]}" || text=" ($commit, changed)"
fi
line="#define CLOISTER_COMMIT \"$text\""
[ "$(cat "$1" 2> /dev/null)" = "$line" ] || { mkdir -p "$(dirname "$1")" && echo "$line" > "$1"; }
