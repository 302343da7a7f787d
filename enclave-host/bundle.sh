#!/usr/bin/env bash
# bundle.sh FOLDER: copies what the enclaves in FOLDER are measured with, beside them, into FOLDER/enclave-bundle: every
# library and the dynamic loader, by the names they are needed by. The launcher then takes them from there alone, so that
# an upgrade of the system's libraries changes no measurement, and a chain can be opened again after it.
set -euo pipefail
folder=$1
new=$folder/enclave-bundle.new
rm -rf "$folder/enclave-bundle" "$new"
mkdir "$new"
for program in cloister-enclave cloister-enclave-development; do
    [ -e "$folder/$program" ] || continue
    # Name, size, digest and path of each file; the measurement and the program itself come first.
    "$folder/enclave-host" --enclave "$folder/$program" --measure | tail -n +3 | while read -r name _ _ path; do
        [ -e "$new/$name" ] || install -m 755 "$(realpath "$path")" "$new/$name"
    done
done
mv "$new" "$folder/enclave-bundle"
