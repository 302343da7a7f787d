#!/usr/bin/env bash
# install-units.sh PREFIX [ROOT]: installs the units beside this file for programs in PREFIX/libexec/cloister, makes the
# user that nodes run as, and starts nothing. As root; ROOT is a folder to install below, for packages and tests.
set -euo pipefail
prefix=$1 root=${2:-}
units=$(dirname "$(realpath "$0")")
if [ -z "$root" ]; then
    [ "$(id -u)" = 0 ] || { echo "install-units.sh: only root can install units" >&2; exit 77; }
    id cloister > /dev/null 2>&1 || useradd --system --home-dir /var/lib/cloister --shell /usr/sbin/nologin cloister
    install -d -m 700 -o cloister -g cloister /var/lib/cloister
fi
install -d "$root/etc/systemd/system" "$root$prefix/share/doc/cloister"
for unit in "$units"/*.service "$units"/*.timer; do
    sed "s|@PREFIX@|$prefix|g" "$unit" > "$root/etc/systemd/system/$(basename "$unit")"
done
install -m 644 "$units/../operations.md" "$root$prefix/share/doc/cloister/"
[ -n "$root" ] || { ! command -v systemctl > /dev/null || systemctl daemon-reload || true; }
echo "installed; a node in /var/lib/cloister/NAME is run by: systemctl enable --now cloister-node@NAME"
echo "and backed up by: systemctl enable --now cloister-backup@NAME.timer"
