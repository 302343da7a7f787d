#!/usr/bin/env bash
# packaging_test.sh FROM: installs the programs that were built in FROM below a folder, runs the client's archive in a root
# that has nothing else but the C library and /proc, then installs a Debian package in a machine of its own (this one's files under a layer that is thrown away) where the toolchain is not, and looks at what a
# user of either meets: upgrade, removal and purge among them. As root; elsewhere the second part is left out, by name.
set -euo pipefail
from=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
packaging=$(realpath "$here/../../docs/packaging")
work=$(mktemp -d)
# Beside FROM: the enclaves find their engine by its place.
built=$(mktemp -d "$from.packaging.XXXXXX")
trap 'rm -rf "$work" "$built"' EXIT
fail() { echo "packaging: $*" >&2; exit 1; }

# What is built for tests is not signed; here it is, as `make release` signs, in a copy.
cp -a "$from"/{cloister,cloister-node,cloister-contract,enclave-host,cloister-enclave,cloister-enclave-development} \
    "$built/"
"$packaging/../../enclave-host/bundle.sh" "$built"
sign() { for product in 1:cloister-enclave 2:cloister-enclave-development; do
    "$packaging/../../enclave-host/sign.sh" "$built/${product#*:}" --product "${product%:*}" "$@"
done; }
sign

# ---- below a folder
root=$work/root
"$packaging/install.sh" "$built" /usr/local "$root"
[ -x "$root/usr/local/bin/cloister" ] || fail "no link to the client"
for program in cloister cloister-node; do
    grep -q "$program" <("$root/usr/local/bin/$program" --help) || fail "$program does not start through its link"
    bash -n "$root/usr/local/share/bash-completion/completions/$program" || fail "bash cannot read its completions"
    page=$root/usr/local/share/man/man1/$program.1
    # Every verb that the program has, as its page says it.
    "$root/usr/local/bin/$program" --experimental-dump-help | python3 -c '
import json, sys
page = open(sys.argv[1]).read().replace("\\-", "-")
def verbs(command, path):
    for verb in command.get("subcommands", []):
        if verb["commandName"] != "help" and verb.get("shouldDisplay", True):
            words = path + [verb["commandName"]]
            assert " ".join(words) in page, " ".join(words) + " is not in the page"
            verbs(verb, words)
command = json.load(sys.stdin)["command"]
verbs(command, [command["commandName"]])' "$page" || fail "the manual page of $program lacks a verb"
    if command -v groff > /dev/null; then
        [ -z "$(groff -man -ww -W break -Tutf8 "$page" 2>&1 > /dev/null)" ] || fail "groff complains of the page of $program"
    fi
done
"$packaging/uninstall.sh" /usr/local "$root"
left=$(find "$root" -type f -o -type l)
[ -z "$left" ] || fail "an uninstalled tree still has: $left"
echo "packaging: below a folder: installed, started, completions and pages read, removed without a rest"

# ---- as an archive
archive=$("$packaging/archive.sh" "$built" 0.1.0 "$work")
cell=$work/cell
mkdir "$cell"
tar -xzf "$archive" -C "$cell"
client=cloister-0.1.0-linux-$(uname -m)
for part in README LICENSE NOTICE share/{man/man1/cloister.1,bash-completion/completions/cloister,zsh/site-functions/_cloister}; do
    [ -s "$cell/$client/$part" ] || fail "the archive has no $part"
done
bash -n "$cell/$client/share/bash-completion/completions/cloister" || fail "bash cannot read the archive's completions"
! find "$cell" -type f -name 'libc.so*' | grep . || fail "the C library is in the archive"
if [ "$(id -u)" = 0 ]; then
    # Of this machine nothing but the C library, which the README names, and its loader.
    grep -q 'glibc 2\.[0-9]* or later' "$cell/$client/README" || fail "the README does not say which C library"
    for library in $(LD_LIBRARY_PATH= ldd "$cell/$client/bin/cloister" | sed -n 's/^[^/]*\(\/[^ ]*\) (0x.*/\1/p'); do
        case $library in
        "$cell"/*) ;;
        */libc.so.* | */libm.so.* | */libdl.so.* | */libpthread.so.* | */librt.so.* | */libresolv.so.* | */ld-linux*)
            mkdir -p "$cell$(dirname "$library")"
            cp -L "$library" "$cell$library" ;;
        *) fail "the archive's client takes $library from this machine" ;;
        esac
    done
    mkdir "$cell/proc"
    inside() {
        unshare --mount /bin/sh -c 'mount --make-rprivate / && mount --rbind /proc "$0/proc" && exec chroot "$0" "$@"' \
            "$cell" "/$client/bin/cloister" "$@"
    }
    [[ $(inside --version) == 0.* ]] || fail "the archive's client does not start in an empty root"
    grep -q 'USAGE: cloister' <(inside --help) || fail "it does not help in an empty root"
    inside keys add me --home /keys > "$work/made" 2>&1 || { cat "$work/made"; fail "it makes no key in an empty root"; }
    [[ $(inside keys show me -a --home /keys) == secret1* ]] || fail "it does not find its key again"
    ! inside status --node http://127.0.0.1:1 > "$work/said" 2>&1 || fail "it is answered by nobody"
    grep -q 'cloister: ' "$work/said" || { cat "$work/said"; fail "it does not say that nobody answers"; }
    echo "packaging: as an archive: unpacked and run in a root with the C library and /proc alone"
else
    echo "packaging: the archive is not run in an empty root, since this is not root"
fi

# ---- as a package
[ "$(id -u)" = 0 ] || { echo "packaging: the package is not tried, since this is not root"; exit 0; }
first=$("$packaging/deb.sh" "$built" 0.1.0 "$work" none)
sign --version 2
second=$("$packaging/deb.sh" "$built" 0.1.1 "$work" none)
[[ $(dpkg-deb --field "$first" Depends) == *libsodium23,* ]] || fail "the package names no libsodium23"

cat > "$work/story" << 'END'
set -euo pipefail
fail() { echo "packaging: $*" >&2; exit 1; }
to=/usr/libexec/cloister
dpkg -i "$1" > /tmp/out 2>&1 || { cat /tmp/out; fail "the package does not install"; }
[ ! -e /opt/swift/usr ] || fail "the toolchain is still there"
[[ $(cloister --version) == 0.* ]] || fail "the client does not start without the toolchain"
cloister-node --help > /dev/null || fail "the node does not start without the toolchain"
[ "$(stat -c '%U %a' $to/enclave-host)" = "cloister-enclave 4755" ] || fail "the launcher has no user of its own"
[ "$(stat -c '%U %a' /var/lib/cloister-enclave)" = "cloister-enclave 700" ] || fail "its state is not its alone"
[ "$(stat -c '%U %a' /var/lib/cloister)" = "cloister 700" ] || fail "the nodes' folder is not theirs alone"
! grep -q '@PREFIX@' /usr/lib/systemd/system/cloister-node@.service || fail "a unit has no path"
[ -x "$(sed -n 's/^ExecStart=\([^ ]*\).*/\1/p' /usr/lib/systemd/system/cloister-node@.service)" ] || fail "the unit starts nothing"
$to/enclave-host --enclave $to/cloister-enclave --measure > /tmp/before
# The libraries that count are those of the package.
tail -n +4 /tmp/before | grep -v " $to/enclave-bundle/" | grep . && fail "something is measured from elsewhere"
echo kept > /var/lib/cloister-enclave/key
dpkg -i "$2" > /tmp/out 2>&1 || { cat /tmp/out; fail "the upgrade does not install"; }
grep -q '^version 1$' /var/lib/cloister-before/0.1.0/cloister-enclave.manifest || fail "the enclave before is not kept"
grep -q '^version 2$' $to/cloister-enclave.manifest || fail "the new enclave's statement is not there"
[ "$(stat -c '%U %a' $to/enclave-host)" = "cloister-enclave 4755" ] || fail "the upgrade took the launcher's user"
dpkg -r cloister > /tmp/out 2>&1 || { cat /tmp/out; fail "the package cannot be removed"; }
[ ! -e /usr/bin/cloister ] && [ ! -e $to/enclave-host ] || fail "the programs are still there"
dpkg -P cloister > /tmp/out 2>&1 || { cat /tmp/out; fail "the package cannot be purged"; }
[ "$(cat /var/lib/cloister-enclave/key)" = kept ] || fail "a purge took a key"
grep -q 'holds keys' /tmp/out || fail "what was left is not said"
END
cat > "$work/machine" << 'END'
set -euo pipefail
mount --make-rprivate /
mount -t tmpfs layer "$1/layer"
mkdir "$1"/layer/{upper,work,all}
mount -t overlay machine -o "lowerdir=/,upperdir=$1/layer/upper,workdir=$1/layer/work" "$1/layer/all"
cd "$1/layer/all"
mount -t tmpfs none opt
mount --rbind /proc proc
mount --rbind /dev dev
mount -t tmpfs none tmp
mkdir tmp/packages
cp "$1"/*.deb "$1/story" tmp/packages/
exec chroot . /bin/bash /tmp/packages/story "/tmp/packages/$2" "/tmp/packages/$3"
END
mkdir "$work/layer"
PATH=/usr/sbin:/usr/bin:/sbin:/bin unshare --mount bash "$work/machine" "$work" "$(basename "$first")" "$(basename "$second")"
echo "packaging: as a package: installed without the toolchain, upgraded, removed, purged; keys were left"
