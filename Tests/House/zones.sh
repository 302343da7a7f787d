#!/usr/bin/env bash
# Shows that the manifest refuses what the zones forbid: each line adds one illegal edge to a copy and expects the message;
# zone_matrix.py then compares every pair of zones.
set -euo pipefail
cd "$(dirname "$0")/../.."
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
failures=0
try() { # what is wrong with it, sed expression, expected message
    # The whole file is one line to the expression: how the manifest is laid out does not matter.
    sed -z -E "$2" Package.swift > "$copy/Package.swift"
    cmp -s Package.swift "$copy/Package.swift" && { echo "not applied: $1"; failures=1; return; }
    if output=$(swift package --package-path "$copy" dump-package 2>&1); then
        echo "ACCEPTED: $1"
        failures=1
    elif [[ $output == *"$3"* ]]; then
        echo "refused: $3"
    else
        echo "refused with another message: $1"
        echo "$output" | tail -3
        failures=1
    fi
}
edge() { # what is wrong with it, module, its zone, module that it may not use, zone of that
    try "$1" "s/(\"$2\",[^)]*uses: \[)/\1\"$4\", /" "trust boundary: $2 ($3) may not use $4 ($5)"
}
pure() { # what is wrong with it, module, module that it may not use
    try "$1" "s/(\"$2\",[^)]*uses: \[)/\1\"$3\", /" "purity: $2 may not use $3"
}
edge "the host reads keys" StateStore state SecretCryptography secrets
edge "the host reads the keyring" Mempool chain Keyring enclave
edge "the node runs contracts itself" Node node ContractEngine enclave
try "the boundary uses the host" 's/boundary\("StrictJSON"\)/boundary("StrictJSON", uses: ["StateStore"])/' \
    'trust boundary: StrictJSON (boundary) may not use StateStore (state)'
edge "the enclave uses the client" Keyring enclave WalletClient client
edge "the state knows the rules" StateStore state Bank rules
edge "the rules know the database" Bank rules StateStore state
edge "the rules know the enclave's link" Bank rules EnclaveLink chain
edge "the chain knows its engine" ChainApplication chain EmbeddedEngine engines
edge "the chain knows who asks" HostAnswers chain API interfaces
edge "an engine knows the application behind the interface" EmbeddedEngine engines ChainApplication chain
edge "an engine talks to the enclave" EmbeddedEngine engines EnclaveLink chain
edge "an interface reads the database" API interfaces StateStore state
edge "an interface knows the application" API interfaces ChainApplication chain
edge "an interface knows the engine" API interfaces EmbeddedEngine engines
edge "a library knows the node" ChainApplication chain Node node
edge "a client links the host" WalletClient client ChainFormats state
try "what holds keys runs contracts" 's/("Keyring",[^)]*uses: \[)/\1"ContractEngine", /' \
    "custody: Keyring may not use ContractEngine"
pure "the algorithm of consensus writes to disk" ConsensusCore DurableFiles
pure "formats are read from a database" ChainFormats KeyValueDatabase
try "the rules use a package" 's/("Bank",[^)]*), isPure/\1, packages: [package("Logging", "swift-log")], isPure/' \
    'purity: Bank may not use a package from outside'
# And every pair of zones at once.
Tests/House/zone_matrix.py || failures=1
exit $failures
