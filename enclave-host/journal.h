#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "image.h"

// The journal records: how far the enclave has come, kept where the host cannot turn it back.
//
// The enclave stores (height, header hash, count, digest) here before it lets anything out that depends on a fact that
// only the host vouches for. A rerun then accepts a host's journal only if its first `count` facts give the digest.
//
// A record is stored only by who names the one before it. The attack: a clone of the enclave on the same platform
// begins where the first one began, and runs the same block on with other facts while the first goes on; both would go
// forward. So the enclave says which record it believes to be the last, and whoever comes second is refused.
//
// Each measurement has records of its own, as it would have counters of its own on hardware: another program cannot
// move them. There are two: of the blocks that were run, above, and of the votes that were signed. The place of a vote
// is its height and its count; its other bytes are the enclave's own, and within a height they may be others each time.
//
// A record's file has two slots which are written in turns, each with a serial number and a checksum: a write that
// is cut off by a power failure leaves the other slot as it was, and was never answered.

#define JOURNAL_RECORD_BYTES 80

enum journal_result {
    JOURNAL_STORED,
    JOURNAL_REFUSED,  // the record goes back, or the last one is not the one that was named
    JOURNAL_FAILED,   // the disk does
};

enum journal_kind { JOURNAL_OF_BLOCKS, JOURNAL_OF_VOTES };

struct journal {
    enum journal_kind kind;
    int file;
    bool synchronous;                      // wait until the disk has it
    bool has_failed;                       // what the file has is not known to last: nothing more is stored
    uint64_t serial;                       // of the latest slot; 0 when nothing was ever stored
    uint8_t record[JOURNAL_RECORD_BYTES];  // the latest record, zeros when there is none
};

/// Opens or creates the record of `measurement`. Ends the process with EXIT_STATE when the file is damaged.
void journal_open(
    struct journal *journal, enum journal_kind kind, int state_folder, const uint8_t measurement[MEASUREMENT_BYTES],
    bool synchronous);

/// Stores `record` if `last` is the stored one (zeros when there is none) and `record` goes forward from it: a greater
/// height, or the same height with a greater count and, of blocks, the same header hash. The file is read again for it.
enum journal_result journal_write(
    struct journal *journal, const uint8_t last[JOURNAL_RECORD_BYTES], const uint8_t record[JOURNAL_RECORD_BYTES]);
