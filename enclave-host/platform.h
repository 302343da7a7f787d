#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "identity.h"
#include "journal.h"
#include "simulated_root.h"

// The platform lane: what the enclave may ask of the machine it runs on. The host never holds either end.
//
// A request is  u8 operation || u32 length || payload, a reply is  u8 status || u32 length || payload, integers
// big-endian; one request at a time, in order. Sources/Enclave/EnclavePlatform is the other end.
//
//     1 IDENTITY       (nothing)              -> measurement (32) || u32 flags
//     2 SEALING KEY    label (1 to 64)        -> key (32); see sealing.h
//     3 QUOTE          report data (64)       -> an SGX DCAP quote for the identity taken at the start; see quote.h
//     4 JOURNAL READ   (nothing)              -> record (80), zeros when there is none; see journal.h
//     5 JOURNAL WRITE  the last record (80) || record (80)
//                                             -> (nothing), once it is stored; refused when another one was the last
//     6 VOTES READ     as 4, the record of the votes that were signed
//     7 VOTES WRITE    as 5, of the same
//     8 VERSIONED KEY  policy (1) || security version (2) || label (1 to 64)
//                                             -> key (32); refused for a later version than its own, and for a
//                                                publisher's key when nobody signed it; see sealing.h
//     9 VERSION        (nothing)              -> u16: the security version that the publisher signed, 0 for nobody's
//
// A reply whose status is not 0 has no payload. A length that no operation has ends the enclave: its own code never
// sends one, so whoever did is no longer its own code.

enum platform_operation {
    PLATFORM_IDENTITY = 1,
    PLATFORM_SEALING_KEY = 2,
    PLATFORM_QUOTE = 3,
    PLATFORM_JOURNAL_READ = 4,
    PLATFORM_JOURNAL_WRITE = 5,
    PLATFORM_VOTES_READ = 6,
    PLATFORM_VOTES_WRITE = 7,
    PLATFORM_VERSIONED_KEY = 8,
    PLATFORM_VERSION = 9,
};

enum platform_status {
    PLATFORM_DONE = 0,
    PLATFORM_MALFORMED = 1,    // no such operation, or not its length of payload
    PLATFORM_UNSUPPORTED = 2,  // this platform has no such thing
    PLATFORM_REFUSED = 3,      // a journal record that goes back, or follows one that is not the last; another's key
    PLATFORM_FAILED = 4,       // the platform's disk or libcrypto failed
};

/// IDENTITY's flags.
enum platform_flag {
    PLATFORM_IS_SIMULATED = 1 << 0,
    PLATFORM_IS_PRODUCTION = 1 << 1,        // the profile: the journal waits for the disk, the log is withheld
    PLATFORM_CLOSES_FILE_SYSTEM = 1 << 2,   // Landlock is in force
    PLATFORM_SEPARATES_USER = 1 << 3,       // the enclave has a user id that neither host nor launcher has
    PLATFORM_SEPARATES_LAUNCHER = 1 << 4,   // the launcher has a user id that the host neither has nor can have
    PLATFORM_FORBIDS_NEW_CODE = 1 << 5,     // the strict list: memory that was written never becomes executable
    PLATFORM_SEPARATES_NAMESPACES = 1 << 6, // the enclave has namespaces of its own, and a root folder (namespaces.h)
};

#define PLATFORM_HEADER_BYTES 5
#define PLATFORM_REQUEST_BYTES_MAX (2 * JOURNAL_RECORD_BYTES)
#define PLATFORM_REPLY_BYTES_MAX 16384

struct platform {
    int lane;
    uint32_t flags;
    struct enclave_identity identity;
    const uint8_t *fuse;
    const struct simulated_platform *quotes;
    struct journal journal;
    struct journal votes;
    uint8_t request[PLATFORM_HEADER_BYTES + PLATFORM_REQUEST_BYTES_MAX];
    size_t received;
};

enum platform_result {
    PLATFORM_GOES_ON,
    PLATFORM_LANE_CLOSED,
    PLATFORM_VIOLATED,  // the enclave must be ended
};

/// Takes what the lane has to offer without waiting for more, and answers a request that is complete.
enum platform_result platform_serve(struct platform *platform);
