#!/usr/bin/env bash
# Everything that can be looked at of the trusted base without running a network for long, and a summary of what held
# (`make audit`). What it prints goes to .build/audit/report.txt, too. PROGRAM is the enclave of a release build.
#
#     audit.sh [PROGRAM]       QUICK=1 leaves out the tests and the traced run, REST=1 does those alone
#     audit.sh --prove         shows that no part holds that looked at nothing
#
# Each part says how much it looked at (`found`); one that found nothing to look at fails. A part that cannot look says why
# and is `not looked at`: nothing but `holds` ends with status 0. Times are of an idle machine with two cores.
set -uo pipefail
cd "$(dirname "$0")/../.."
summary=() failed=0 began=$SECONDS found='' missing=''

# A part that must hold: its name for the summary, and a command, which leaves a number and a word in `found`.
part() {
    local name=$1 start=$SECONDS
    shift
    found='' missing=''
    echo
    echo "== $name"
    if ! "$@"; then
        summary+=("FAILS   $name")
        failed=1
    elif [ -n "$missing" ]; then
        summary+=("NOT LOOKED AT   $name: $missing")
        failed=1
    elif [[ $found =~ ^[1-9] ]]; then
        summary+=("holds   $name: $found ($((SECONDS - start)) s)")
    else
        echo "  it looked at nothing"
        summary+=("FAILS   $name")
        failed=1
    fi
    echo "  -> ${summary[-1]}"
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
    found="$total lines"
}

materials() { # on the page: files, unsafe, libraries, functions; and every file's hash
    local said
    said=$(Tests/House/materials.py --check "$program") && echo "  $said" \
        && Tests/House/materials.py --json .build/audit/materials.json || return 1
    found="$(grep -c '"file"' .build/audit/materials.json) files, $(sed -E 's/.*modules, (.*), all on.*/\1/' <<< "$said")"
    [[ $said != *"no program was looked at"* ]] || missing="no program, or not of x86_64, whose libraries the page has"
}

trusted() { # lines, force unwraps, errors, imports, attributes; and what keys lie in calls
    Tests/House/trusted.py | grep . | sed 's/^/  /' || return 1
    found="$(sed -n 's/^lines swift //p' Tests/House/trusted-lines.txt) lines at most"
    local objects=.build/debug
    [ -d "$objects/Keyring.build" ] || { missing="the debug build's objects, of which make custody reads the symbols"; return 0; }
    Tests/House/trusted.py --symbols "$objects" | sed 's/^/  /'
}

boundary() { # every field has class, trust and limit, and the page and the code are made of what is declared
    local made
    made=$(mktemp -d)
    python3 proto/boundary_manifest.py --generate "$made" "$made/boundary.md" \
        && cmp "$made/boundary.md" docs/boundary.md \
        && cmp "$made/boundary_manifest.c" Sources/Boundary/CBoundaryMessages/boundary_manifest.c \
        && echo "  docs/boundary.md is the page; SHA-256 $(cat proto/boundary/v1/{options,boundary}.proto | sha256sum | cut -c1-64)" \
        && found="$(grep -c '^message ' proto/boundary/v1/boundary.proto) messages"
}

calls() { # the lists, at the start and for good
    local list
    for list in start strict-start final strict-final; do
        echo "  $list: $(grep -vE '^\s*(#|$)' enclave-host/allowed-syscalls.txt | awk -v list=$list '$2 == list && $3 != "kills" { printf "%s ", $1 }')"
    done
    # What the launcher installs is what was read; the enclave's own list is compared by ConfinementTests, which can link it.
    [ -x "$launcher" ] || { missing="no launcher at $launcher"; return 0; }
    Tests/Audit/trace.py --list "$launcher" || return 1
    found="$(grep -cvE '^\s*(#|$)' enclave-host/allowed-syscalls.txt) rows"
}

traced() { # a run makes no call that is not allowed, and nearly all that are
    command -v strace > /dev/null || { missing="no strace on this machine"; return 0; }
    Tests/Audit/trace.py --programs "$(dirname "$program")" | tee .build/audit/trace.txt || return 1
    found="$(grep -oE '^  (start|final): [0-9]+ calls' .build/audit/trace.txt | awk '{ sum += $2 } END { print sum + 0 }') calls"
}

measured() { # the image, library by library
    [[ -x $launcher && -x $program ]] || { missing="no program at $program, which make release builds"; return 0; }
    "$launcher" --enclave "$program" --measure > .build/audit/measured.txt || return 1
    sed 's/^/  /' .build/audit/measured.txt
    found="$(grep -c . .build/audit/measured.txt) lines"
}

promises() { # that each claim names tests that exist
    local said
    said=$(Tests/House/claims.py) && echo "  $said" && Tests/House/layout.py | sed 's/^/  /' || return 1
    found=$(grep -oE '[0-9]+ claims, [0-9]+ tests' <<< "$said")
}

zones() { # no zone uses one that it may not: each forbidden pair of them is tried (in CI zones.sh, too, which takes a minute)
    Tests/House/zone_matrix.py > .build/audit/zones.txt || { grep -v '^refused' .build/audit/zones.txt | sed 's/^/  /'; return 1; }
    found="$(grep -c ^refused .build/audit/zones.txt) edges"
}

passed() { # the number of tests in a log that ends well; a filter without tests ends well, too
    grep -aoE 'Test run with [0-9]+ tests?' "$1" | awk '{ sum += $4 } END { print sum + 0 }'
}

tests() { # on the real enclave: tap, canaries, ledger, hostile host, confinement
    export CLOISTER_TESTS=HostileHost,LauncherTests CLOISTER_MATRIX=1
    local flags=(--explicit-target-dependency-import-check error) log=.build/audit/tests.txt
    swift build --product cloisterPackageTests "${flags[@]}" > .build/audit/build.txt 2>&1 || { tail -5 .build/audit/build.txt; return 1; }
    local suite count all=0 bad=0
    : > "$log"
    for suite in BoundaryTapTests CanaryTests CanaryRunTests LeakageLedgerTests HostMatrixTests HostileAttemptTests \
        ConfinementTests; do
        swift test --skip-build "${flags[@]}" --filter "$suite/" > "$log.$suite" 2>&1 || bad=1
        count=$(passed "$log.$suite")
        cat "$log.$suite" >> "$log"
        grep -aE '^canary run|recorded an issue|✘|skipped' "$log.$suite" | sed 's/^/  /'
        echo "  $suite: $count tests"
        [ "$count" -gt 0 ] || bad=1
        all=$((all + count))
        rm "$log.$suite"
    done
    found="$all tests"
    return $bad
}

prove() { # that a part without finds fails, and that a log without tests has none
    local log
    log=$(mktemp)
    nothing() { found=''; }
    zero() { found='0 tests'; }
    some() { found='3 tests'; }
    part "nothing" nothing > /dev/null
    part "zero" zero > /dev/null
    part "false" false > /dev/null
    part "some" some > /dev/null
    unseen() { missing='no strace'; }
    part "unseen" unseen > /dev/null
    printf '%s\n' "${summary[@]}" | grep -qx 'NOT LOOKED AT   unseen: no strace' || return 1
    printf '%s\n' "${summary[@]}" | grep -qx 'FAILS   nothing' && printf '%s\n' "${summary[@]}" | grep -qx 'FAILS   zero' \
        && printf '%s\n' "${summary[@]}" | grep -qx 'FAILS   false' \
        && printf '%s\n' "${summary[@]}" | grep -q '^holds   some: 3 tests' && [ "$failed" = 1 ] || return 1
    echo '✔ Test run with 0 tests in 0 suites passed after 0.001 seconds.' > "$log"
    [ "$(passed "$log")" = 0 ] || return 1
    : > "$log"
    [ "$(passed "$log")" = 0 ] || return 1
    printf '%s\n' 'Executed 0 tests' '✔ Test run with 12 tests in 1 suite passed after 1 seconds.' > "$log"
    [ "$(passed "$log")" = 12 ] || return 1
    rm "$log"
    echo "audit.sh: no part holds that looked at nothing"
}

if [ "${1:-}" = --prove ]; then
    prove || { echo "audit.sh: a part may hold that looked at nothing"; exit 1; }
    exit 0
fi
program=${1:-.build/release/cloister-enclave}
launcher=$(dirname "$program")/enclave-host
mkdir -p .build/audit
exec > >(tee ".build/audit/report${REST:+-rest}.txt") 2>&1
echo "Audit of $(git rev-parse HEAD 2> /dev/null || echo 'no repository')$([ -z "$(git status --porcelain 2> /dev/null)" ] || echo ', with changes')"
if [ -z "${REST:-}" ]; then
part "what there is to read" size
part "what it is made of is on docs/security/materials.md" materials
part "what crosses is declared, and no part of it carries what it may not" boundary
part "promises have tests" promises
part "zones keep apart" zones
part "the trusted base has nothing that is forbidden there, and keys call nothing but what is listed" trusted
part "the launcher's list of system calls is the one to be read" calls
part "the image can be measured" measured
fi
if [ -z "${QUICK:-}" ]; then
    part "a run keeps to its system calls" traced
    part "the tap, the canaries, the leakage ledger, hostile hosts, the confinement" tests
fi

echo
echo "== Summary, after $((SECONDS - began)) s"
printf '  %s\n' "${summary[@]}"
[ -z "${QUICK:-}" ] || echo "  Left out (QUICK): the traced run and the tests."
echo "  What is not looked at here: whether the sources are right, and whether these scripts are: whoever changes one may change
  the other. docs/threat-model.md says what is not defended."
sleep 0.2
exit $failed
