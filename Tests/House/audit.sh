#!/usr/bin/env bash
# Prints the trusted base in numbers: what an auditor has to read, what it links, what it may ask of the kernel, what
# crosses its boundary, and the measurement of the program that was built.
set -euo pipefail
cd "$(dirname "$0")/../.."
program=${1:-.build/release/cloister-enclave}
launcher=$(dirname "$program")/enclave-host

echo "Trusted code (lines; code without blank lines and comments; 'unsafe' marks)"
printf '  %-44s %7s %7s %7s\n' module lines code unsafe
total=0
for zone in Boundary Secrets Enclave; do
    for module in Sources/$zone/*/; do
        mapfile -t files < <(find "$module" -type f \( -name '*.swift' -o -name '*.c' -o -name '*.h' \) ! -name '*.pb-c.*' | sort)
        ((${#files[@]})) || continue
        lines=$(cat "${files[@]}" | wc -l)
        code=$(cat "${files[@]}" | grep -cvE '^\s*(//|/\*|\*|$)' || true)
        unsafe=$(cat "${files[@]}" | grep -coE '\bunsafe\b' || true)
        printf '  %-44s %7d %7d %7d\n' "$module" "$lines" "$code" "$unsafe"
        total=$((total + code))
    done
done
printf '  %-44s %7s %7d\n' "all (generated messages left out)" "" "$total"
code=$(cat enclave-host/*.c enclave-host/*.h | grep -cvE '^\s*(//|/\*|\*|$)')
printf '  %-44s %7s %7d\n' "enclave-host/ (the simulated processor)" "" "$code"

echo
echo "Packages from outside in the trusted base: $(CLOISTER_ZONES=trusted swift package show-dependencies 2>/dev/null | grep -c '└\|├' || true)"
echo
echo "System calls, at the start and for good (enclave-host/allowed-syscalls.txt)"
for list in start strict-start final strict-final; do
    echo "  $list: $(grep -vE '^\s*(#|$)' enclave-host/allowed-syscalls.txt | awk -v list=$list '$2 == list && $3 != "kills" { printf "%s ", $1 }')"
done
echo
python3 proto/boundary_manifest.py --check | sed 's/^/  /'
echo "  docs/boundary.md is the page"
echo
if [[ -x $launcher && -x $program ]]; then
    echo "Measurement and image of $program"
    "$launcher" --enclave "$program" --measure | sed 's/^/  /'
else
    echo "No enclave program at $program: 'make release' builds it"
fi
