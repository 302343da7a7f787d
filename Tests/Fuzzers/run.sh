#!/usr/bin/env bash
# Fuzzes every decoder that faces the host, a peer or a client, for SECONDS in all (default 60), and says how often each
# ran. Ends with an error at the first crash; the input that crashed is kept beside the corpus.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
export CLOISTER_ZONES=trusted CLOISTER_FUZZ=1 SWIFT_BACKTRACE=enable=no
# Below a contract's frames every allocation's stack is new to the sanitizer, which would keep them all.
export ASAN_OPTIONS=malloc_context_size=0:quarantine_size_mb=64
echo "building the fuzz programs"
swift build --scratch-path .build-fuzz --product cloister-fuzz > "${TMPDIR:-/tmp}/cloister-fuzz-build.log" 2>&1 \
    || { grep -A4 "error:" "${TMPDIR:-/tmp}/cloister-fuzz-build.log"; exit 1; }
program=.build-fuzz/debug/cloister-fuzz
mapfile -t decoders < <("$program" || true)
each=$((seconds / ${#decoders[@]} + 1))
work=.build-fuzz/corpus
python3 - Tests/Fuzzers/seeds.txt .build-fuzz/seeds << 'END'
import base64, pathlib, sys
for number, line in enumerate(open(sys.argv[1])):
    if line.startswith("#"): continue
    decoder, seed = line.split()
    folder = pathlib.Path(sys.argv[2], decoder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / str(number)).write_bytes(base64.b64decode(seed, validate=True))
END
for decoder in "${decoders[@]}"; do
    # A decoder without seeds would be fuzzed from nothing: every one must have some.
    mkdir -p "$work/$decoder"
    log="$work/$decoder.log"
    if ! "$program" "$decoder" "$work/$decoder" ".build-fuzz/seeds/$decoder" -max_total_time="$each" -max_len=65536 \
        -rss_limit_mb=3000 -timeout=20 -artifact_prefix="$work/$decoder-" -print_final_stats=1 -verbosity=1 > "$log" 2>&1; then
        echo "$decoder: FAILED, see $log"
        tail -30 "$log"
        exit 1
    fi
    echo "$decoder: $(grep -oE 'stat::number_of_executed_units: *[0-9]+' "$log" | grep -oE '[0-9]+$') executions, no crash"
done
