#!/usr/bin/env bash
# sign.sh PROGRAM [--key FILE] [--product N] [--version N] [--debug] [--confinement jit|strict] [--to FILE]
#                 [--launcher FILE]
# Signs an enclave's image: measures PROGRAM with the launcher beside it and writes the publisher's statement
# (manifest.h) to PROGRAM.manifest, PROGRAM.strict.manifest for the strict confinement, or FILE. Whatever is built anew
# is signed anew. Without --key it signs with the development key, which everybody has and production refuses; a key of
# your own is made by
#
#     openssl genpkey -algorithm ed25519 -out publisher.pem
#
# and its loss or theft is that of your name: whoever has it can sign what has access to all that is sealed to the
# publisher. --version is the security version, to be raised when a hole is mended.
set -euo pipefail
sources=$(dirname "$(realpath "$0")")
[ $# -ge 1 ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 64; }
program=$1
shift
key=$sources/development-publisher.pem product=1 version=1 debug=0 confinement=jit to='' launcher=$(dirname "$program")/enclave-host
while [ $# -gt 0 ]; do
    case $1 in
    --debug) debug=1; shift; continue ;;
    --key | --product | --version | --confinement | --to | --launcher) [ $# -ge 2 ] || exit 64 ;;
    *) echo "sign.sh: $1 is no option" >&2; exit 64 ;;
    esac
    declare "${1#--}=$2"
    shift 2
done
if [ -z "$to" ]; then
    to=$(realpath "$program")
    [ "$confinement" = jit ] || to=$to.$confinement
    to=$to.manifest
fi
measurement=$("$launcher" --enclave "$program" --measure --confinement "$confinement" | head -n 1)
# The hash of the messages, if this is a program that has them.
boundary=$(grep -o -m1 -E '[0-9a-f]{64}' "$sources/../docs/boundary.md")
LC_ALL=C grep -qaP "$(sed 's/../\\x&/g' <<< "$boundary")" "$program" || boundary=$(printf '0%.0s' {1..64})

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
public=$(openssl pkey -in "$key" -pubout -outform DER | tail -c 32 | od -An -v -tx1 | tr -d ' \n')
cat > "$work/statement" << END
cloister image manifest 1
measurement $measurement
boundary $boundary
product $product
version $version
debug $debug
publisher $public
END
openssl pkeyutl -sign -inkey "$key" -rawin -in "$work/statement" -out "$work/signature"
{ cat "$work/statement"; echo "signature $(od -An -v -tx1 "$work/signature" | tr -d ' \n')"; } > "$to.new"
chmod 644 "$to.new"
mv "$to.new" "$to"
