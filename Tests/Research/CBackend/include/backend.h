#pragma once

// What an enclave in C needs besides what it decides: frames over the generated messages of proto/boundary, the lane to
// its platform (enclave-host/platform.h), a light client, and proofs of the state. docs/backends.md tells how to begin.
//
// It is for research: it follows blocks and proves what it reads, and runs no contract.

#include <messages.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HASH_BYTES 32
#define HEADER_CHAIN_ID_MAX 50

typedef Cloister__Boundary__V1__ToEnclave to_enclave;
typedef Cloister__Boundary__V1__FromEnclave from_enclave;

/// Bytes of somebody else.
typedef struct {
    const uint8_t *bytes;
    size_t size;
} slice;

/// EnclaveProtocol/Failure.swift: the numbers that are used here.
enum failure {
    DONE = 0,
    MALFORMED_FRAME = 101,
    FRAME_TOO_LONG = 102,
    UNEXPECTED_MESSAGE = 103,
    WRONG_VERSION = 104,
    WRONG_LANE = 105,
    OUT_OF_MEMORY = 106,
    ALREADY_OPEN = 201,
    NOT_OPEN = 202,
    SEALED_RECORD_REFUSED = 203,
    IDENTITY_REFUSED = 204,
    PLATFORM_FAILED = 205,
    STOPPED = 207,
    HEADER_MALFORMED = 301,
    HEADER_WRONG_CHAIN = 302,
    HEADER_WRONG_HEIGHT = 303,
    HEADER_NOT_LINKED = 304,
    HEADER_WRONG_VALIDATORS = 305,
    HEADER_TIME_NOT_LATER = 306,
    HEADER_NOT_COMMITTED = 307,
    SECOND_HEADER = 308,
    TRANSACTIONS_NOT_IN_HEADER = 309,
    STORE_ROOTS_NOT_IN_HEADER = 310,
    RESULTS_NOT_IN_HEADER = 311,
    HEIGHT_BEHIND_JOURNAL = 315,
    EXCHANGE_KEYS_DIFFER = 316,
    JOURNAL_MOVED = 317,
    RESULT_NOT_PROVED = 318,
    HISTORY_MISSING = 319,
    NO_BLOCK_BEGUN = 401,
    BLOCK_NOT_ENDED = 402,
    CHUNK_OUT_OF_ORDER = 403,
    TRANSACTION_MISSING = 404,
    TRANSACTION_NOT_DRIVEN = 406,
    TRANSACTION_MALFORMED = 501,
    PROOF_INVALID = 601,
    PROOF_FOR_OTHER_KEYS = 602,
    NOT_ANNOUNCED = 701,
    QUERY_MALFORMED = 702,
    CONSENSUS_KEY_MISSING = 801,
    CONSENSUS_KEY_EXISTS = 802,
    CONSENSUS_KEY_REFUSED = 803,
    VOTE_MALFORMED = 804,
    VOTE_REGRESSION = 805,
    VOTE_CONFLICT = 806,
    VOTES_MOVED = 807,
    VOTE_TOO_FAR = 808,
};

// ---- lanes (lane.c)

struct lane {
    int descriptor;
    Cloister__Boundary__V1__LaneKind kind;
    /// Of all that crossed (EnclaveProtocol/Transcript.swift).
    uint8_t transcript[HASH_BYTES];
    /// The message that is worked on, and what was made for its answer.
    boundary_arena *arena;
};

/// Answers a call into `answer`, whose parts live in the lane's arena or longer, or says the number of its refusal.
typedef enum failure (*lane_handler)(struct lane *lane, const to_enclave *call, from_enclave *answer);

/// Says hello and answers calls until the host closes the lane or breaks its rules.
void lane_serve(int descriptor, Cloister__Boundary__V1__LaneKind kind, lane_handler handler);
/// Puts a question to the host; the one legal answer. NULL if another one came, or none.
const to_enclave *lane_ask(struct lane *lane, const from_enclave *question, enum failure *failure);
/// Zeroed memory until the call is answered; NULL beyond the lane's limit.
void *lane_alloc(struct lane *lane, size_t size);
ProtobufCBinaryData lane_copy(struct lane *lane, const void *bytes, size_t size);

// ---- the platform (platform.c)

struct record {
    uint64_t height;
    uint8_t header_hash[HASH_BYTES];
    uint64_t count;
    uint8_t digest[HASH_BYTES];
};

enum record_kind { RECORD_OF_BLOCKS, RECORD_OF_VOTES };

extern uint8_t platform_measurement[HASH_BYTES];
extern uint32_t platform_facts;

bool platform_identify(void);
bool platform_sealing_key(const char *label, uint8_t key[32]);
/// At most 16384 bytes; their number, or 0.
size_t platform_quote(const uint8_t report_data[64], uint8_t *quote);
bool platform_read(enum record_kind kind, struct record *record);
/// 0, JOURNAL_MOVED if another one was the last, or PLATFORM_FAILED.
enum failure platform_write(enum record_kind kind, const struct record *next, const struct record *last);

/// Seals with a key of the platform: nonce (24), then XChaCha20-Poly1305 with the measurement as associated data.
#define SEALED_EXTRA_BYTES 40
bool seal(const uint8_t key[32], const void *bytes, size_t size, uint8_t *sealed);
bool unseal(const uint8_t key[32], slice sealed, uint8_t *bytes);

// ---- the chain (chain.c)

struct header {
    uint64_t block_version;
    uint8_t chain_id[HEADER_CHAIN_ID_MAX];
    size_t chain_id_size;
    uint64_t height;
    int64_t seconds;
    uint32_t nanoseconds;
    bool follows;  // another header, whose hash is `last`
    uint8_t last[HASH_BYTES];
    uint8_t data_hash[HASH_BYTES];
    uint8_t validators_hash[HASH_BYTES];
    uint8_t next_validators_hash[HASH_BYTES];
    uint8_t results_hash[HASH_BYTES];
    uint8_t app_hash[HASH_BYTES];
    size_t app_hash_size;
    uint8_t hash[HASH_BYTES];
};

/// Where the chain stands; height zero before its first header.
struct head {
    uint64_t height;
    uint8_t hash[HASH_BYTES];
    int64_t seconds;
    uint32_t nanoseconds;
    uint8_t validators_hash[HASH_BYTES];
    uint8_t next_validators_hash[HASH_BYTES];
};

/// The header that two thirds of the right validators signed as the next one after `head`, or why it is not.
enum failure chain_advance(
    const Cloister__Boundary__V1__ChainIdentity *identity, const struct head *head, slice header, slice commit,
    slice validators, struct header *verified);
struct head chain_head(const struct header *header);

void sha256(uint8_t hash[HASH_BYTES], const void *bytes, size_t size);
/// CometBFT's Merkle root over byte strings, or over the hashes of leaves.
void merkle_root(uint8_t root[HASH_BYTES], const slice *leaves, size_t count);
bool merkle_root_of_hashes(uint8_t root[HASH_BYTES], const ProtobufCBinaryData *hashes, size_t count);
/// The root over all stores (StateProofs/StoreCommitment.swift); false for roots that are none.
bool store_root(uint8_t root[HASH_BYTES], Cloister__Boundary__V1__StoreRoot *const *stores, size_t count);

/// The bytes that a vote or proposal (32) signs; their number.
size_t sign_bytes(
    uint8_t out[512], const Cloister__Boundary__V1__EnclaveSignVoteRequest *vote, int64_t seconds, uint32_t nanoseconds,
    slice chain_id);

/// Whether the tree with `root` has exactly these values (StateProofs/MultiProof.swift): a size of SIZE_MAX is an
/// absent one.
bool proof_verify(
    const uint8_t root[HASH_BYTES], const ProtobufCBinaryData *keys, const slice *values, size_t count, slice proof);
