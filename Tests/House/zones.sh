#!/usr/bin/env bash
# Shows that the manifest refuses what the zones forbid: each line adds one illegal edge to a copy and expects the message.
set -euo pipefail
cd "$(dirname "$0")/../.."
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
failures=0
try() { # description, sed expression, expected message
    # The whole file is one line to the expression: how the manifest is laid out does not matter.
    sed -z "$2" Package.swift > "$copy/Package.swift"
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
try "the host reads keys" 's/host(\n* *"Ledger", uses: \[/host("Ledger", uses: ["SecretCryptography", /' \
    'trust boundary: Ledger (host) may not use SecretCryptography (secrets)'
try "the host reads the keyring" 's/host(\n* *"Mempool", uses: \[/host("Mempool", uses: ["Keyring", /' \
    'trust boundary: Mempool (host) may not use Keyring (enclave)'
try "the boundary uses the host" 's/boundary("StrictJSON")/boundary("StrictJSON", uses: ["Ledger"])/' \
    'trust boundary: StrictJSON (boundary) may not use Ledger (host)'
try "the enclave uses the client" 's/enclave(\n* *"Keyring", uses: \[/enclave("Keyring", uses: ["WalletClient", /' \
    'trust boundary: Keyring (enclave) may not use WalletClient (client)'
exit $failures
