#!/usr/bin/env bash
# Runs all tests of a build: suite.sh BUNDLE, in two processes at once.
#
# All tests of a process begin at once, on as many threads as there are processors, and one that computes keeps its
# thread. Where both were kept, a test that waits for a socket or another process was red after minutes in which nobody
# had served it. So those that only compute run in a process of their own, and leave the others the processor first.
set -uo pipefail
bundle=$1
export NO_COLOR=1
computing='^((Attestation|ChainApplication|ChainMessages|ChainSimulation|CoinCount|ContractEngine|DecidedBlocks|Economy'
computing+='|EnclaveService|Keyring|PublicCryptography|Rules|SecretCryptography|SignedTransactions|StateProofs|StateStore'
computing+='|StrictJSON|TPMQuotes)Tests\.|EnginesTests\.(Consensus|Reactor)SimulationTests/)'

log=$(mktemp)
waits=$(mktemp)
trap 'kill "$computes" 2> /dev/null; rm -f "$log" "$waits"' EXIT
nice -n 5 "$bundle" --testing-library swift-testing --filter "$computing" > "$log" 2>&1 &
computes=$!
"$bundle" --testing-library swift-testing --skip "$computing" 2>&1 | tee "$waits"
waiting=${PIPESTATUS[0]}
wait "$computes"
computed=$?
echo "== tests that only compute"
cat "$log"
# Neither may pass for want of tests.
for run in "$waits" "$log"; do grep -qaE 'Test run with [1-9][0-9]{2,} tests' "$run" || exit 1; done
[ $waiting -eq 0 ] && [ $computed -eq 0 ]
