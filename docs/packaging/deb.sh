#!/usr/bin/env bash
# deb.sh FROM VERSION TO [COMPRESSION]: a Debian package of the programs that were built and signed in FROM, in the folder
# TO. Its launcher has a user of its own, as the profile production wants it; that profile takes images only that were
# signed with a key other than the development key (`make deb KEY=publisher.pem`).
#
# An upgrade brings other enclaves: a chain that was begun with the ones before opens with those alone. So the programs
# before are kept beside the new ones until somebody removes them (docs/operations.md, A new build of the enclave).
set -euo pipefail
from=$1 version=$2 to=$3 compression=${4:-xz}
here=$(dirname "$(realpath "$0")")
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
chmod 755 "$stage"
libexec=$stage/usr/libexec/cloister

"$here/install.sh" "$from" /usr "$stage"
"$here/../systemd/install-units.sh" /usr "$stage" > /dev/null
install -d "$stage/usr/lib/systemd"
mv "$stage/etc/systemd/system" "$stage/usr/lib/systemd/system"
rmdir "$stage/etc/systemd" "$stage/etc"
gzip -9n "$stage"/usr/share/man/man1/*.1
mv "$stage/usr/share/doc/cloister/LICENSE" "$stage/usr/share/doc/cloister/copyright"
# As install-launcher compiles it: hardened, since it is to have another user's rights.
"$here/../../enclave-host/compile.sh" "$libexec/enclave-host"
sed -n 's/^publisher //p' "$from/cloister-enclave.manifest" | tr -d '\n' | sed 's/../\\x&/g' | xargs -0 printf %b \
    | sha256sum | cut -d' ' -f1 > "$libexec/publisher"
ln -s /var/lib/cloister-enclave "$libexec/state"

# The system's libraries, by the packages that bring them here.
depends=$(ldd "$from/cloister" "$from/cloister-node" "$from/cloister-contract" \
    | sed -n 's/.*=> \(\/\(usr\/\)\?lib\/.*\) (0x.*/\1/p' | sort -u | while read -r library; do
        dpkg -S "$library" 2> /dev/null || dpkg -S "/usr$library" 2> /dev/null || dpkg -S "${library#/usr}"
    done | cut -d: -f1 | sort -u | sed 's/$/, /' | tr -d '\n')
install -d "$stage/DEBIAN"
cat > "$stage/DEBIAN/control" << END
Package: cloister
Version: $version
Architecture: $(dpkg --print-architecture)
Maintainer: The Cloister developers <cloister@localhost>
Depends: ${depends}passwd
Section: net
Priority: optional
Installed-Size: $(du -sk --exclude=DEBIAN "$stage" | cut -f1)
Description: confidential smart-contract network
 A node whose enclave process alone holds keys and runs contract calls on
 encrypted input, state and output, and the command for accounts, contracts
 and audits. The trusted execution environment is simulated.
END
cat > "$stage/DEBIAN/postinst" << 'END'
#!/bin/sh
set -e
[ "$1" = configure ] || exit 0
to=/usr/libexec/cloister
id cloister > /dev/null 2>&1 \
    || useradd --system --home-dir /var/lib/cloister --shell /usr/sbin/nologin cloister
id cloister-enclave > /dev/null 2>&1 \
    || useradd --system --no-create-home --home-dir /var/lib/cloister-enclave --shell /usr/sbin/nologin cloister-enclave
install -d -m 700 -o cloister -g cloister /var/lib/cloister
install -d -m 700 -o cloister-enclave -g root /var/lib/cloister-enclave
# Set-user-id only once it has its owner; dpkg keeps both at an upgrade.
dpkg-statoverride --list $to/enclave-host > /dev/null \
    || dpkg-statoverride --update --add cloister-enclave root 4755 $to/enclave-host
if [ -d /run/systemd/system ]; then systemctl daemon-reload || true; fi
END
cat > "$stage/DEBIAN/preinst" << 'END'
#!/bin/sh
set -e
# What a chain was begun with is needed for as long as the chain is.
to=/usr/libexec/cloister
if [ "$1" = upgrade ] && [ -e $to/cloister-enclave ]; then
    kept=/var/lib/cloister-before/$2
    mkdir -p $kept
    cp -a $to/cloister-enclave* $to/enclave-bundle $kept/
fi
END
cat > "$stage/DEBIAN/postrm" << 'END'
#!/bin/sh
set -e
case $1 in
remove | purge)
    dpkg-statoverride --list /usr/libexec/cloister/enclave-host > /dev/null \
        && dpkg-statoverride --remove /usr/libexec/cloister/enclave-host || true
    if [ -d /run/systemd/system ]; then systemctl daemon-reload || true; fi
    ;;
esac
# Nodes' folders and what the launcher seals with are somebody's keys: not even a purge takes them.
if [ "$1" = purge ]; then
    for folder in /var/lib/cloister /var/lib/cloister-enclave /var/lib/cloister-before; do
        [ ! -e $folder ] || echo "cloister: $folder holds keys or what opens them, and was left"
    done
fi
END
chmod 755 "$stage"/DEBIAN/{preinst,postinst,postrm}
mkdir -p "$to"
file=$to/cloister_${version}_$(dpkg --print-architecture).deb
dpkg-deb --root-owner-group "-Z$compression" --build "$stage" "$file" > /dev/null
echo "$file"
