#!/usr/bin/env bash
# archive.sh FROM VERSION TO: the client that was built in FROM as an archive in the folder TO, with all libraries that it
# needs but the C library's own, completions, manual page and licences: for machines on which nothing of ours or of Swift's
# is installed. It runs from wherever it is unpacked; the archive's README says what it asks of the machine.
set -euo pipefail
from=$1 version=$2 to=$3
here=$(dirname "$(realpath "$0")")
arch=$(uname -m)
name=cloister-$version-linux-$arch
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
chmod 755 "$stage"
root=$stage/$name
install -d "$root"/{bin,lib,share/man/man1,share/bash-completion/completions,share/zsh/site-functions} \
    "$root"/share/fish/vendor_completions.d

# Not these: the C library and its loader belong together, and to the machine.
is_of_libc() { [[ $1 =~ ^(ld-linux.*|lib(c|m|dl|pthread|rt|resolv|util|anl)\.so\.[0-9]+)$ ]]; }

install -m 755 "$from/cloister" "$root/bin/cloister"
strip --strip-all "$root/bin/cloister"
! ldd "$from/cloister" | grep 'not found' || { echo "archive: a library is missing" >&2; exit 1; }
ldd "$from/cloister" | sed -n 's/.*=> \(\/.*\) (0x.*/\1/p' | while read -r library; do
    file=$(basename "$library")
    is_of_libc "$file" && continue
    install -m 644 "$(realpath "$library")" "$root/lib/$file"
    patchelf --set-rpath '$ORIGIN' "$root/lib/$file"
done
patchelf --set-rpath '$ORIGIN/../lib' "$root/bin/cloister"

"$from/cloister" --generate-completion-script bash > "$root/share/bash-completion/completions/cloister"
"$from/cloister" --generate-completion-script zsh > "$root/share/zsh/site-functions/_cloister"
"$from/cloister" --generate-completion-script fish > "$root/share/fish/vendor_completions.d/cloister.fish"
"$from/cloister" --experimental-dump-help | python3 "$here/manual.py" > "$root/share/man/man1/cloister.1"
install -m 644 "$here"/../../{LICENSE,NOTICE} "$root/"
needed=$(cat "$root/bin/cloister" "$root"/lib/* | grep -aoE 'GLIBC_2\.[0-9]+' | sort -uV | tail -1)
cat > "$root/README" << END
cloister $("$from/cloister" --version)

The client of Cloister networks: bin/cloister, from wherever this folder stands. It needs
  Linux on $arch, with the C library glibc ${needed#GLIBC_} or later;
  /proc, by which it finds its libraries;
  /etc/resolv.conf to find nodes by name;
  certificates in /etc/ssl/certs for nodes with https.
All other libraries are in lib/, under the licences of those who made them: Swift's (Apache 2.0), OpenSSL's libcrypto
(Apache 2.0), libsodium (ISC), libsecp256k1 (MIT), zlib (zlib), libstdc++ and libgcc (GPL 3 with the runtime exception).

share/ has completions for bash, zsh and fish, and the manual page: man share/man/man1/cloister.1. Tools for contracts
need the whole of Cloister and are not in here. On this machine, try: bin/cloister keys add me
END
mkdir -p "$to"
file=$to/$name.tar.gz
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime='2020-01-01 00:00Z' -C "$stage" -cf - "$name" | gzip -n > "$file"
echo "$file"
