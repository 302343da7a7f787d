#!/usr/bin/env bash
# Everything that can be looked at of the trusted base without running a network for long, and a summary of what held
# (`make audit`). What it prints goes to .build/audit/report.txt, too. PROGRAM is the enclave of a release build.
#
#     audit.sh [PROGRAM]       QUICK=1 leaves out the tests and the traced run
set -uo pipefail
cd "$(dirname "$0")/../.."
program=${1:-.build/release/cloister-enclave}
launcher=$(dirname "$program")/enclave-host
mkdir -p .build/audit
exec > >(tee .build/audit/report.txt) 2>&1
summary=() failed=0 began=$SECONDS

# A part that must hold: its name for the summary, and a command.
part() {
    local name=$1 start=$SECONDS
    shift
    echo
    echo "== $name"
    if "$@"; then
        summary+=("holds   $name ($((SECONDS - start)) s)")
    else
        summary+=("FAILS   $name")
        failed=1
    fi
}

size() { # what an auditor has to read
    printf '  %-44s %7s %7s %7s\n' module lines code unsafe
    local total=0 zone module lines code unsafe files
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
}

materials() { # on the page: files, unsafe, libraries, functions; and every file's hash
    Tests/House/materials.py --check "$program" && Tests/House/materials.py --json .build/audit/materials.json
}

boundary() { # every field has class, trust and limit, and the page and the code are made of what is declared
    local made
    made=$(mktemp -d)
    python3 proto/boundary_manifest.py --generate "$made" "$made/boundary.md" \
        && cmp "$made/boundary.md" docs/boundary.md \
        && cmp "$made/boundary_manifest.c" Sources/Boundary/CBoundaryMessages/boundary_manifest.c \
        && echo "  docs/boundary.md is the page; SHA-256 $(cat proto/boundary/v1/{options,boundary}.proto | sha256sum | cut -c1-64)"
}

calls() { # the lists, at the start and for good
    local list
    for list in start strict-start final strict-final; do
        echo "  $list: $(grep -vE '^\s*(#|$)' enclave-host/allowed-syscalls.txt | awk -v list=$list '$2 == list && $3 != "kills" { printf "%s ", $1 }')"
    done
    [ -n "${QUICK:-}" ] || Tests/Audit/trace.py --programs "$(dirname "$program")"
}

measured() { # the image, library by library
    "$launcher" --enclave "$program" --measure | sed 's/^/  /'
}

promises() { # that each claim names tests that exist
    Tests/House/claims.py && Tests/House/layout.py && Tests/House/zones.sh > .build/audit/zones.txt \
        && echo "  $(grep -c '^refused' .build/audit/zones.txt) forbidden edges, each refused by the manifest"
}

tests() { # on the real enclave: tap, canaries, ledger, hostile host, confinement
    export CLOISTER_TESTS=HostileHost,LauncherTests CLOISTER_MATRIX=1
    local flags=(--explicit-target-dependency-import-check error) log=.build/audit/tests.txt
    swift build --product cloisterPackageTests "${flags[@]}" > .build/audit/build.txt 2>&1 || { tail -5 .build/audit/build.txt; return 1; }
    local filter='BoundaryTapTests|CanaryTests|CanaryRunTests|LeakageLedgerTests|HostMatrixTests|HostileAttemptTests'
    swift test --skip-build "${flags[@]}" --filter "$filter" > "$log" 2>&1
    local status=$?
    grep -aE '^canary run|recorded an issue|✘|Test run with' "$log" | sed 's/^/  /'
    return $status
}

echo "Audit of $(git rev-parse HEAD 2> /dev/null || echo 'no repository')$([ -z "$(git status --porcelain 2> /dev/null)" ] || echo ', with changes')"
part "what there is to read" size
part "what it is made of is on docs/security/materials.md" materials
part "what crosses is declared" boundary
part "promises have tests, zones keep apart" promises
part "system calls are those that are allowed" calls
if [[ -x $launcher && -x $program ]]; then
    part "the image can be measured" measured
else
    echo "No enclave program at $program: 'make release' builds it"
    failed=1
fi
[ -n "${QUICK:-}" ] || part "the tap, the canaries, the leakage ledger, hostile hosts, the confinement" tests

echo
echo "== Summary, after $((SECONDS - began)) s"
printf '  %s\n' "${summary[@]}"
echo "  What is not looked at here: whether the sources are right. docs/threat-model.md says what is not defended."
sleep 0.2
exit $failed
