#!/usr/bin/env bash
# compile.sh TO: the launcher from the sources beside this file, position-independent and hardened, as it is installed
# with a user of its own.
set -euo pipefail
clang -std=c17 -O2 -Wall -Wextra -Werror -fstack-protector-strong -D_FORTIFY_SOURCE=2 -static-pie -fuse-ld=lld \
    -o "$1" "$(dirname "$(realpath "$0")")"/*.c -lcrypto
