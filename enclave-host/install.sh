#!/usr/bin/env bash
# install.sh FROM TO STATE USER [KEY]: installs the programs that were built in FROM to TO, with the launcher set-user-id
# to USER, which is made if it is missing and which nobody logs in as; the state goes to STATE. As root.
#
# The enclaves are signed with the publisher's key KEY; without one, with a key of this machine's administrator, which is
# made at the first time and which only root reads.
#
# The launcher is compiled anew, from the sources beside this file (compile.sh).
set -euo pipefail
from=$1 to=$2 state=$3 user=$4 key=${5:-$2/publisher.pem}
sources=$(dirname "$(realpath "$0")")
[ "$(id -u)" = 0 ] || { echo "install.sh: only root can install a set-user-id program" >&2; exit 77; }
id "$user" > /dev/null 2>&1 || useradd --system --no-create-home --home-dir "$state" --shell /usr/sbin/nologin "$user"

install -d -m 755 "$to"
for program in cloister-node cloister cloister-enclave cloister-enclave-development; do
    [ -e "$from/$program" ] && install -m 755 "$from/$program" "$to/$program"
done
install -d -m 755 "$to/enclave-bundle"
install -m 755 "$from"/enclave-bundle/* "$to/enclave-bundle/"

launcher=$(mktemp)
trap 'rm -f "$launcher"' EXIT
"$sources/compile.sh" "$launcher"
# Set-user-id only once it has its owner.
install -m 700 -o "$user" -g root "$launcher" "$to/enclave-host.new"
chmod 4755 "$to/enclave-host.new"
mv "$to/enclave-host.new" "$to/enclave-host"

install -d -m 700 -o "$user" -g root "$state"
ln -sfn "$state" "$to/state"

[ -e "$key" ] || (umask 077 && openssl genpkey -algorithm ed25519 -out "$key")
product=0
for program in cloister-enclave cloister-enclave-development; do
    product=$((product + 1))
    [ -e "$to/$program" ] || continue
    for confinement in jit strict; do
        "$sources/sign.sh" "$to/$program" --key "$key" --product "$product" --confinement "$confinement"
    done
done

# The launcher starts nobody else's images.
openssl pkey -in "$key" -pubout -outform DER | tail -c 32 | sha256sum | cut -d' ' -f1 > "$to/publisher.new"
chmod 644 "$to/publisher.new"
mv "$to/publisher.new" "$to/publisher"

case $(findmnt -n -o OPTIONS --target "$to") in
*nosuid*) echo "install.sh: $to is mounted nosuid: the launcher will have no user of its own there" >&2; exit 78 ;;
esac
echo "installed to $to; the launcher is $user's, its state is in $state"
echo "an upgrade of the system does not change what is measured (enclave-bundle); installing another build does, and a"
echo "chain that was begun with this one opens with this one alone: keep it"
