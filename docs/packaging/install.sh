#!/usr/bin/env bash
# install.sh FROM PREFIX [ROOT]: installs the programs that were built in FROM below PREFIX, with what they need of
# Swift's libraries, completions for three shells, manual pages and the page for operators. ROOT is a folder to install
# below, for packages and tests.
#
# Node, client, launcher and enclaves stand together in libexec/cloister, since the launcher measures what is beside it;
# bin has links. The launcher has the user of who starts it, which is enough for the profile development; with a user of
# its own it is installed by `make install-launcher`, or by the Debian package.
set -euo pipefail
from=$1 prefix=$2 root=${3:-}
here=$(dirname "$(realpath "$0")")
to=$root$prefix/libexec/cloister
install -d "$to/enclave-bundle" "$root$prefix"/{bin,share/man/man1,share/doc/cloister} \
    "$root$prefix"/share/{bash-completion/completions,zsh/site-functions,fish/vendor_completions.d}

for program in cloister cloister-node cloister-contract enclave-host cloister-enclave cloister-enclave-development; do
    # Not over the file that runs, if one does.
    install -m 755 "$from/$program" "$to/$program.new"
    mv "$to/$program.new" "$to/$program"
done
for manifest in "$from"/cloister-enclave*.manifest; do
    [ ! -e "$manifest" ] || install -m 644 "$manifest" "$to/"
done
for library in "$from"/enclave-bundle/*; do
    [ ! -e "$library" ] || install -m 755 "$library" "$to/enclave-bundle/"
done

# What the toolchain brought and no package of the system does: the programs look for it beside themselves.
for program in cloister cloister-node cloister-contract; do
    ldd "$from/$program" | sed -n 's/.*=> \(.*\/swift\/.*\) (0x.*/\1/p'
done | sort -u | while read -r library; do install -m 644 "$library" "$to/"; done

for program in cloister cloister-node; do
    ln -sfn "../libexec/cloister/$program" "$root$prefix/bin/$program"
    run=$from/$program
    "$run" --generate-completion-script bash > "$root$prefix/share/bash-completion/completions/$program"
    "$run" --generate-completion-script zsh > "$root$prefix/share/zsh/site-functions/_$program"
    "$run" --generate-completion-script fish > "$root$prefix/share/fish/vendor_completions.d/$program.fish"
    "$run" --experimental-dump-help | python3 "$here/manual.py" > "$root$prefix/share/man/man1/$program.1"
done
install -m 644 "$here"/../{operations.md,../LICENSE,../NOTICE} "$root$prefix/share/doc/cloister/"
[ -n "$root" ] || echo "installed below $prefix; cloister --help, man cloister, $prefix/share/doc/cloister/operations.md"
