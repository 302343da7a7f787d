#include <confine_finally.h>
#include <runtime.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "core_state.h"

#define QUOTE_BYTES_MAX 16384

const struct core_ways *core_ways;
pthread_mutex_t core_lock = PTHREAD_MUTEX_INITIALIZER;
struct core core;

enum failure core_require_open(void) { return core.is_stopped ? STOPPED : core.identity == NULL ? NOT_OPEN : DONE; }

enum failure core_stop(enum failure failure) {
    core.is_stopped = true;
    return failure;
}

// ---- opening

/// What no chain can be (EnclaveService/ChainIdentity+Check.swift), or not on this machine.
static bool is_identity(const chain_identity *identity) {
    bool is_development = identity->profile == CLOISTER__BOUNDARY__V1__CHAIN_IDENTITY__PROFILE__DEVELOPMENT;
    for (size_t i = 0; i < identity->n_attestation_roots; i++) {
        const Cloister__Boundary__V1__AttestationRoot *root = identity->attestation_roots[i];
        if (root->spki_sha256.len != HASH_BYTES ||
            root->kind != CLOISTER__BOUNDARY__V1__ATTESTATION_ROOT__KIND__SIMULATED) {
            return false;
        }
    }
    // Keys of this enclave are for ever.
    return is_development && identity->epoch_blocks == 0 && identity->epoch_grace_blocks == 0 &&
           (identity->lease_answers == 0) == (identity->lease_seconds == 0) &&
           identity->chain_id.len >= 1 && identity->chain_id.len <= HEADER_CHAIN_ID_MAX &&
           identity->initial_height >= 1 && identity->initial_height <= INT64_MAX / 2 &&
           identity->initial_validators_hash.len == HASH_BYTES && identity->genesis_nanoseconds < 1000000000;
}

static void derive(const char *label, uint8_t private_key[32], uint8_t public_key[32]) {
    crypto_generichash(private_key, 32, (const uint8_t *)label, strlen(label), core.seed, sizeof core.seed);
    crypto_scalarmult_base(public_key, private_key);
}

static enum failure take_identity(const uint8_t *bytes, size_t size) {
    core.identity = cloister__boundary__v1__chain_identity__unpack(NULL, size, bytes);
    if (core.identity == NULL) {
        return OUT_OF_MEMORY;
    }
    memcpy(core.identity_bytes, bytes, size);
    core.identity_size = size;
    derive("io", core.keys.io_private, core.keys.io_public);
    derive("exchange", core.keys.exchange_private, core.keys.exchange_public);
    if (core.identity->lease_answers > 0) {
        core_ways->nonce(&core.keys, core.nonce);
    }
    return DONE;
}

/// identity's size (4) || identity || seed || head, sealed.
ProtobufCBinaryData core_sealed_record(struct lane *lane) {
    uint8_t key[32], content[4 + IDENTITY_BYTES_MAX + 32 + sizeof core.head];
    uint32_t size = (uint32_t)core.identity_size;
    size_t total = 4 + size + 32 + sizeof core.head;
    uint8_t *sealed = lane_alloc(lane, total + SEALED_EXTRA_BYTES);
    memcpy(content, &size, 4);
    memcpy(content + 4, core.identity_bytes, size);
    memcpy(content + 4 + size, core.seed, 32);
    memcpy(content + 4 + size + 32, &core.head, sizeof core.head);
    bool is_sealed = sealed != NULL && platform_sealing_key("record", key) && seal(key, content, total, sealed);
    sodium_memzero(content, sizeof content);
    sodium_memzero(key, sizeof key);
    return (ProtobufCBinaryData){is_sealed ? total + SEALED_EXTRA_BYTES : 0, sealed};
}

static enum failure open_record(slice sealed) {
    uint8_t key[32], content[4 + IDENTITY_BYTES_MAX + 32 + sizeof core.head];
    uint32_t size;
    if (sealed.size > sizeof content + SEALED_EXTRA_BYTES || sealed.size < 4 + 32 + sizeof core.head ||
        !platform_sealing_key("record", key) || !unseal(key, sealed, content)) {
        return SEALED_RECORD_REFUSED;
    }
    memcpy(&size, content, 4);
    memcpy(core.seed, content + 4 + size, 32);
    memcpy(&core.head, content + 4 + size + 32, sizeof core.head);
    enum failure failure = take_identity(content + 4, size);
    sodium_memzero(content, sizeof content);
    return failure;
}

static enum failure describe(struct lane *lane, from_enclave *answer, ProtobufCBinaryData record) {
    Cloister__Boundary__V1__EnclaveOpenResponse *told = lane_alloc(lane, sizeof *told);
    uint8_t *quote = lane_alloc(lane, QUOTE_BYTES_MAX), input[23 + 3 * HASH_BYTES], report[64] = {0};
    if (told == NULL || quote == NULL || record.len == 0) {
        return OUT_OF_MEMORY;
    }
    cloister__boundary__v1__enclave_open_response__init(told);
    memcpy(input, "cloister/network-keys/2", 23);
    sha256(input + 23, core.identity_bytes, core.identity_size);
    memcpy(input + 23 + HASH_BYTES, core.keys.io_public, 32);
    memcpy(input + 23 + 2 * HASH_BYTES, core.keys.exchange_public, 32);
    sha256(report, input, sizeof input);
    for (int i = 0; i < 4; i++) {
        report[32 + i] = (uint8_t)(platform_facts >> (24 - 8 * i));
    }
    size_t size = core_ways->quote(report, quote);
    told->io_public_key = lane_copy(lane, core.keys.io_public, 32);
    told->seed_exchange_public_key = lane_copy(lane, core.keys.exchange_public, 32);
    told->measurement = lane_copy(lane, platform_measurement, HASH_BYTES);
    told->evidence = (ProtobufCBinaryData){size, quote};
    told->sealed_record = record;
    told->head_height = core.head.height;
    if (core.head.height > 0) {
        told->head_hash = lane_copy(lane, core.head.hash, HASH_BYTES);
    }
    answer->body_case = OUT(OPENED);
    answer->opened = told;
    return size > 0 ? DONE : PLATFORM_FAILED;
}

static enum failure open_network(struct lane *lane, const to_enclave *call, from_enclave *answer) {
    if (core.identity != NULL) {
        return ALREADY_OPEN;
    }
    if (call->body_case == INTO(UNSEAL)) {
        enum failure failure = open_record(of(call->unseal->sealed_record));
        return failure != DONE ? failure : describe(lane, answer, call->unseal->sealed_record);
    }
    const chain_identity *identity = call->bootstrap->identity;
    if (identity == NULL) {
        return MALFORMED_FRAME;
    }
    uint8_t bytes[IDENTITY_BYTES_MAX];
    size_t size = cloister__boundary__v1__chain_identity__get_packed_size(identity);
    if (!is_identity(identity) || size > sizeof bytes) {
        return IDENTITY_REFUSED;
    }
    cloister__boundary__v1__chain_identity__pack(identity, bytes);
    randombytes_buf(core.seed, sizeof core.seed);
    enum failure failure = take_identity(bytes, size);
    return failure != DONE ? failure : describe(lane, answer, core_sealed_record(lane));
}

static enum failure tell_lease(struct lane *lane, from_enclave *answer) {
    Cloister__Boundary__V1__EnclaveLeaseResponse *told = lane_alloc(lane, sizeof *told);
    cloister__boundary__v1__enclave_lease_response__init(told);
    if (core.identity->lease_answers > 0) {
        told->nonce = lane_copy(lane, core.nonce, sizeof core.nonce);
    }
    told->granted_height = core.granted_height;
    told->granted_seconds = core.granted_seconds;
    told->answers_left = core.answers_left;
    answer->body_case = OUT(LEASE_TOLD);
    answer->lease_told = told;
    return DONE;
}

/// Under the lock: nothing is asked of the host here.
static enum failure control(struct lane *lane, const to_enclave *call, from_enclave *answer) {
    Cloister__Boundary__V1__EnclaveHealthResponse *health = lane_alloc(lane, sizeof *health);
    Cloister__Boundary__V1__EnclaveTakeModuleResponse *taken = lane_alloc(lane, sizeof *taken);
    Cloister__Boundary__V1__EnclaveAbandonQueryResponse *abandoned = lane_alloc(lane, sizeof *abandoned);
    uint8_t module[64], network[HASH_BYTES];
    enum failure open = core_require_open();
    switch (call->body_case) {
    case INTO(BOOTSTRAP):
    case INTO(UNSEAL):
        return open_network(lane, call, answer);
    case INTO(HEALTH):
        cloister__boundary__v1__enclave_health_response__init(health);
        health->head_height = core.head.height;
        health->resident_bytes = (uint64_t)runtime_resident_bytes_max();
        health->transcript = lane_copy(lane, lane->transcript, HASH_BYTES);
        answer->body_case = OUT(HEALTH);
        answer->health = health;
        return DONE;
    case INTO(LEASE):
        return open != DONE ? open : tell_lease(lane, answer);
    case INTO(TAKE_MODULE):
        cloister__boundary__v1__enclave_take_module_response__init(taken);
        taken->sealed = lane_copy(lane, module, core_ways->module(&core.keys, module));
        answer->body_case = OUT(MODULE_TAKEN);
        answer->module_taken = taken;
        return DONE;
    case INTO(ABANDON_QUERY):
        // A query here ends with the host's next answer anyhow.
        cloister__boundary__v1__enclave_abandon_query_response__init(abandoned);
        answer->body_case = OUT(QUERY_ABANDONED);
        answer->query_abandoned = abandoned;
        return DONE;
    default:
        if (open == STOPPED) {
            return open;
        }
        sha256(network, core.identity_bytes, core.identity_size);
        return votes_handle(
            core_ways, lane, call, answer, open == DONE ? of(core.identity->chain_id) : (slice){NULL, 0},
            open != DONE ? 0 : core.head.height > 0 ? core.head.height + 1 : core.identity->initial_height, network);
    }
}

static enum failure locked_control(struct lane *lane, const to_enclave *call, from_enclave *answer) {
    pthread_mutex_lock(&core_lock);
    enum failure failure = control(lane, call, answer);
    pthread_mutex_unlock(&core_lock);
    return failure;
}

// ---- the program

static bool never_behind(uint64_t height, const struct record *recorded) {
    (void)height, (void)recorded;
    return false;
}

static bool never_again(const struct record *last) {
    (void)last;
    return false;
}

static bool never(void) { return false; }

static void random_nonce(const struct core_keys *keys, uint8_t nonce[32]) {
    (void)keys;
    randombytes_buf(nonce, 32);
}

static size_t no_module(const struct core_keys *keys, uint8_t *module) {
    (void)keys, (void)module;
    return 0;
}

const struct core_ways core_honest = {
    .quote = platform_quote,
    .may_begin_behind = never_behind,
    .may_sign_again = never_again,
    .may_take_second_header = never,
    .nonce = random_nonce,
    .proves_by_older_state = never,
    .believes_host = never,
    .module = no_module,
};

static void serve_execution(void *argument) {
    (void)argument;
    lane_serve(RUNTIME_EXECUTION_LANE, CLOISTER__BOUNDARY__V1__LANE_KIND__EXECUTION, core_execution);
}

static void serve_query(void *argument) {
    lane_serve((int)(intptr_t)argument, CLOISTER__BOUNDARY__V1__LANE_KIND__QUERY, core_query);
}

int core_run(const struct core_ways *ways) {
    int query_lanes = runtime_prepare();
    core_ways = ways;
    if (query_lanes < 0 || !platform_identify() || runtime_start_thread(serve_execution, NULL) != 0) {
        return 10;
    }
    for (int i = 0; i < query_lanes; i++) {
        if (runtime_start_thread(serve_query, (void *)(intptr_t)(RUNTIME_FIRST_QUERY_LANE + i)) != 0) {
            return 11;
        }
    }
    if (confine_finally(platform_facts & 1 << 5) != 0) {
        return 12;
    }
    lane_serve(RUNTIME_CONTROL_LANE, CLOISTER__BOUNDARY__V1__LANE_KIND__CONTROL, locked_control);
    runtime_end(0);
}
