#pragma once

// What the lanes of the core share, under one lock that is never held while the host is asked.

#include <core.h>
#include <pthread.h>

#define IDENTITY_BYTES_MAX 4096
#define STORES_MAX 64
#define INTO(name) CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_##name
#define OUT(name) CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_##name

typedef Cloister__Boundary__V1__ChainIdentity chain_identity;
typedef Cloister__Boundary__V1__EnclaveBeginBlockRequest begin_request;

/// The roots of the stores that a header has proved.
struct state {
    uint64_t height;
    size_t count;
    struct {
        char name[33];
        uint8_t root[HASH_BYTES];
    } stores[STORES_MAX];
};

struct core {
    chain_identity *identity;
    uint8_t identity_bytes[IDENTITY_BYTES_MAX];
    size_t identity_size;
    uint8_t seed[32];
    struct core_keys keys;
    struct head head;
    bool is_stopped, is_announced;
    struct state announced, before;
    // A lease: what stands in no verified block yet, and what the last one that did is worth.
    uint8_t nonce[32];
    uint64_t granted_height;
    int64_t granted_seconds;
    uint32_t answers_left;
    // The block that runs.
    bool is_running;
    struct header running;
    uint8_t (*hashes)[HASH_BYTES];
    size_t hash_count, received;
};

extern const struct core_ways *core_ways;
extern pthread_mutex_t core_lock;
extern struct core core;

static inline slice of(ProtobufCBinaryData data) { return (slice){data.data, data.len}; }

enum failure core_require_open(void);
/// Two thirds signed what cannot both be true: nothing more is answered.
enum failure core_stop(enum failure failure);

/// What the host keeps of the network for the next start.
ProtobufCBinaryData core_sealed_record(struct lane *lane);

enum failure core_execution(struct lane *lane, const to_enclave *call, from_enclave *answer);
enum failure core_query(struct lane *lane, const to_enclave *call, from_enclave *answer);
