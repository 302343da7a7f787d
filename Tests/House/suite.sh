#!/usr/bin/env bash
# Runs all tests of a build: suite.sh BUNDLE, in two processes at once.
#
# All tests of a process begin at once, on as many threads as there are processors, and one that computes keeps its
# thread. Where both were kept, a test that waits for a socket or another process was red after minutes in which nobody
# had served it. So those that only compute run in a process of their own, and leave the others the processor first.
# Stories with real processes run one after the other; those that mostly compile contracts do so beside the rest.
# A test that hangs ends its process after minutesMax, and is named.
set -uo pipefail
bundle=$1
minutesMax=45
export NO_COLOR=1
computing='^((Attestation|ChainApplication|ChainMessages|ChainSimulation|CoinCount|ContractEngine|DecidedBlocks|Economy'
computing+='|EnclaveService|Keyring|PublicCryptography|Rules|SecretCryptography|SignedTransactions|StateProofs|StateStore'
computing+='|StrictJSON|TPMQuotes)Tests\.|EnginesTests\.(Consensus|Reactor)SimulationTests/)'
compiling='^Scenarios\.Scenarios/ContractToolsTests/'

# Runs tests, as the testing library's filters choose them, into a log. Neither may pass for want of tests.
run() {
    local log=$1 fewest=$2 ended
    shift 2
    timeout --foreground -k 20 "${minutesMax}m" "$bundle" --testing-library swift-testing "$@" > "$log" 2>&1 &
    child=$!
    wait "$child"
    ended=$?
    if [ $ended -ge 124 ]; then "$(dirname "$0")/unended.py" "$log" >> "$log"; fi
    [ $ended -eq 0 ] && [ "$(grep -aoE 'Test run with [0-9]+ test' "$log" | grep -oE '[0-9]+')" -ge "$fewest" ]
}

logs=$(mktemp -d)
trap 'kill "$child" "$beside" "$shown" 2> /dev/null; rm -rf "$logs"' EXIT
trap 'exit 143' TERM
touch "$logs/waits"
tail -f -n +1 "$logs/waits" &
shown=$!
(
    renice -n 5 -p "$BASHPID" > /dev/null
    trap 'kill "$child"; exit 143' TERM
    run "$logs/computes" 500 --filter "$computing"
    computed=$?
    run "$logs/compiles" 5 --filter "$compiling" && [ $computed -eq 0 ]
) &
beside=$!
run "$logs/waits" 500 --skip "$computing" --skip "$compiling"
waited=$?
wait "$beside"
computed=$?
sleep 1
echo "== tests that only compute, and stories that compile contracts"
cat "$logs/computes" "$logs/compiles"
[ $waited -eq 0 ] && [ $computed -eq 0 ]
