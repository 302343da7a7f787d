#!/usr/bin/env bash
# uninstall.sh PREFIX [ROOT]: removes what install.sh installed, and nothing else: no node's folder, no launcher's state
# and no publisher's key, which chains cannot be opened without.
set -euo pipefail
prefix=$1 root=${2:-}
to=$root$prefix/libexec/cloister
rm -f "$root$prefix"/bin/{cloister,cloister-node} "$root$prefix"/share/man/man1/{cloister,cloister-node}.1 \
    "$root$prefix"/share/bash-completion/completions/{cloister,cloister-node} \
    "$root$prefix"/share/zsh/site-functions/{_cloister,_cloister-node} \
    "$root$prefix"/share/fish/vendor_completions.d/{cloister,cloister-node}.fish
rm -rf "$root$prefix/share/doc/cloister" "$to/enclave-bundle"
rm -f "$to"/{cloister,cloister-node,cloister-contract,enclave-host,cloister-enclave,cloister-enclave-development} \
    "$to"/*.manifest "$to"/*.so "$to"/*.so.*
if [ -d "$to" ] && ! rmdir "$to" 2> /dev/null; then echo "left in $to: $(ls -A "$to" | tr '\n' ' ')"; fi
