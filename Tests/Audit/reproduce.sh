#!/usr/bin/env bash
# Builds the enclave of this commit twice, from clones in two folders with names of different length, and compares the
# programs and what the launcher measures of each. Takes two builds of the trusted zones.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ -z "$(git status --porcelain -- Sources proto Package.swift enclave-host)" ] || echo "reproduce: what is not committed is left out"
for folder in one a-folder-with-a-longer-name; do
    git clone -q . "$work/$folder"
    cp -a .tools "$work/$folder/"
    for product in cloister-enclave enclave-host; do
        (cd "$work/$folder" && CLOISTER_ZONES=trusted swift build -c release --product $product \
            --explicit-target-dependency-import-check error > build.log 2>&1) || { tail -5 "$work/$folder/build.log"; exit 1; }
    done
    built=$work/$folder/.build/release
    (cd "$work/$folder" && "$built/enclave-host" --enclave "$built/cloister-enclave" --measure) > "$work/$folder.measured"
    echo "  $(sha256sum < "$built/cloister-enclave" | cut -d' ' -f1)  measurement $(head -1 "$work/$folder.measured")"
done
cmp "$work/one/.build/release/cloister-enclave" "$work/a-folder-with-a-longer-name/.build/release/cloister-enclave" \
    || { echo "reproduce: the two programs differ"; exit 1; }
[ "$(head -1 "$work/one.measured")" = "$(head -1 "$work/a-folder-with-a-longer-name.measured")" ] \
    || { echo "reproduce: the two measurements differ"; exit 1; }
echo "reproduce: the same bytes and the same measurement"
