#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core_state.h"

#define TRANSACTIONS_MAX 65536
#define KEYS_MAX 3

typedef Cloister__Boundary__V1__StateProof state_proof;

// ---- the state

static const uint8_t *root_of_store(const struct state *state, const char *store) {
    for (size_t i = 0; i < state->count; i++) {
        if (strcmp(state->stores[i].name, store) == 0) {
            return state->stores[i].root;
        }
    }
    return NULL;
}

/// Asks the host for values of one store, which must be those that `root` proves. No lock is held meanwhile.
static enum failure read_state(
    struct lane *lane, const uint8_t *root, uint64_t height, const char *store, const slice *keys, size_t count,
    slice *values) {
    Cloister__Boundary__V1__StoreKeys wanted = CLOISTER__BOUNDARY__V1__STORE_KEYS__INIT, *list[1] = {&wanted};
    Cloister__Boundary__V1__HostReadStateRequest read = CLOISTER__BOUNDARY__V1__HOST_READ_STATE_REQUEST__INIT;
    from_enclave question = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__INIT;
    ProtobufCBinaryData names[KEYS_MAX];
    for (size_t i = 0; i < count; i++) {
        names[i] = (ProtobufCBinaryData){keys[i].size, (uint8_t *)keys[i].bytes};
    }
    wanted.store = (ProtobufCBinaryData){strlen(store), (uint8_t *)store};
    wanted.n_keys = count;
    wanted.keys = names;
    read.n_reads = 1;
    read.reads = list;
    read.version = height;
    question.body_case = OUT(READ_STATE);
    question.read_state = &read;
    enum failure failure;
    const to_enclave *answer = lane_ask(lane, &question, &failure);
    if (answer == NULL || answer->body_case != INTO(STATE)) {
        return answer == NULL && failure != DONE ? failure : UNEXPECTED_MESSAGE;
    }
    const state_proof *proof = answer->state->n_proofs == 1 ? answer->state->proofs[0] : NULL;
    if (proof == NULL || proof->store.len != strlen(store) || memcmp(proof->store.data, store, proof->store.len) != 0 ||
        proof->n_keys != count) {
        return PROOF_FOR_OTHER_KEYS;
    }
    size_t given = 0;
    for (size_t i = 0; i < count; i++) {
        if (proof->keys[i].len != keys[i].size || memcmp(proof->keys[i].data, keys[i].bytes, keys[i].size) != 0) {
            return PROOF_FOR_OTHER_KEYS;
        }
        bool is_there = i < proof->present.len && proof->present.data[i] == 1;
        values[i] = is_there && given < proof->n_values ? of(proof->values[given]) : (slice){NULL, SIZE_MAX};
        given += is_there;
    }
    if (given != proof->n_values || proof->present.len != count) {
        return MALFORMED_FRAME;
    }
    bool is_proved = core_ways->believes_host() || proof_verify(root, proof->keys, values, count, of(proof->proof));
    return is_proved ? DONE : PROOF_INVALID;
}

// ---- blocks

/// Whether the state gives out this network's keys and nobody else's; `MasterKey{bytes=1}` of the store `register`.
static enum failure compare_keys(struct lane *lane, const struct state *state) {
    static const uint8_t io[] = "\2IoExchMasterKey", exchange[] = "\2NodeExchMasterKey";
    slice keys[2] = {{io, sizeof io - 1}, {exchange, sizeof exchange - 1}}, values[2];
    const uint8_t *own[2] = {core.keys.io_public, core.keys.exchange_public};
    const uint8_t *root = root_of_store(state, "register");
    if (root == NULL) {
        return EXCHANGE_KEYS_DIFFER;
    }
    pthread_mutex_unlock(&core_lock);
    enum failure failure = read_state(lane, root, state->height, "register", keys, 2, values);
    pthread_mutex_lock(&core_lock);
    for (int i = 0; failure == DONE && i < 2; i++) {
        bool is_own = values[i].size == 34 && values[i].bytes[0] == 0x0a && values[i].bytes[1] == 32 &&
                      memcmp(values[i].bytes + 2, own[i], 32) == 0;
        failure = is_own ? DONE : EXCHANGE_KEYS_DIFFER;
    }
    return failure;
}

/// Whether the block may begin by what the platform has recorded, which then names it. `is_proved` becomes whether it
/// is one that this machine went past, and that runs again under the header after it.
static enum failure bind_block(const struct header *header, const struct header *next, bool *is_proved) {
    struct record recorded, record = {.height = header->height};
    if (!platform_read(RECORD_OF_BLOCKS, &recorded)) {
        return PLATFORM_FAILED;
    }
    memcpy(record.header_hash, header->hash, HASH_BYTES);
    *is_proved = recorded.height >= header->height && next != NULL;
    if (recorded.height == header->height && memcmp(recorded.header_hash, header->hash, HASH_BYTES) != 0) {
        return core_ways->may_take_second_header() ? DONE : core_stop(SECOND_HEADER);
    }
    if (*is_proved && next->height <= recorded.height) {
        // Headers between the record's and the next one would have to be asked for: this core does not.
        if (next->height != recorded.height) {
            return HISTORY_MISSING;
        }
        return memcmp(next->hash, recorded.header_hash, HASH_BYTES) == 0 ? DONE : core_stop(SECOND_HEADER);
    }
    if (recorded.height > header->height) {
        return core_ways->may_begin_behind(header->height, &recorded) ? DONE : HEIGHT_BEHIND_JOURNAL;
    }
    if (recorded.height == header->height) {
        return DONE;
    }
    enum failure failure = platform_write(RECORD_OF_BLOCKS, &record, &recorded);
    return failure == JOURNAL_MOVED ? core_stop(failure) : failure;
}

/// A block with the transaction that holds the nonce was decided after this start.
static void renew_lease(const struct header *header) {
    uint8_t transaction[4 + 17 + 64 + 1], hash[HASH_BYTES];
    char text[17 + 64 + 1];
    if (core.identity->lease_answers == 0) {
        return;
    }
    memcpy(text, "cloister-lease-1:", 17);
    sodium_bin2hex(text + 17, 65, core.nonce, 32);
    memcpy(transaction, "\x0a\x53\x12\x51", 4);
    memcpy(transaction + 4, text, 81);
    sha256(hash, transaction, 4 + 81);
    for (size_t i = 0; i < core.hash_count; i++) {
        if (memcmp(core.hashes[i], hash, HASH_BYTES) == 0) {
            core.granted_height = header->height;
            core.granted_seconds = header->seconds;
            core.answers_left = core.identity->lease_answers;
            core_ways->nonce(&core.keys, core.nonce);
        }
    }
}

static enum failure take_hashes(
    const Cloister__Boundary__V1__EnclaveBeginBlockRequest *begin, const struct header *header) {
    uint8_t root[HASH_BYTES];
    size_t count = begin->n_transaction_hashes;
    slice *leaves = malloc((count + 1) * sizeof *leaves);
    free(core.hashes);
    core.hashes = malloc((count + 1) * HASH_BYTES);
    bool all = leaves != NULL && core.hashes != NULL && count <= TRANSACTIONS_MAX;
    for (size_t i = 0; all && i < count; i++) {
        all = begin->transaction_hashes[i].len == HASH_BYTES;
        leaves[i] = of(begin->transaction_hashes[i]);
        if (all) {
            memcpy(core.hashes[i], leaves[i].bytes, HASH_BYTES);
        }
    }
    if (all) {
        merkle_root(root, leaves, count);
    }
    free(leaves);
    core.hash_count = count;
    core.received = 0;
    return all && memcmp(root, header->data_hash, HASH_BYTES) == 0 ? DONE : TRANSACTIONS_NOT_IN_HEADER;
}

static enum failure begin(
    struct lane *lane, const Cloister__Boundary__V1__EnclaveBeginBlockRequest *begin, from_enclave *answer) {
    struct header header, next;
    struct state state = {0};
    uint8_t root[HASH_BYTES];
    bool is_proved = false;
    enum failure failure = chain_advance(
        core.identity, &core.head, of(begin->header), of(begin->commit), of(begin->validators), &header);
    if (failure != DONE) {
        return failure == SECOND_HEADER ? core_stop(failure) : failure;
    }
    if (core.is_running) {
        return memcmp(header.hash, core.running.hash, HASH_BYTES) == 0 ? BLOCK_NOT_ENDED : core_stop(SECOND_HEADER);
    }
    if ((failure = take_hashes(begin, &header)) != DONE) {
        return failure;
    }
    if (!store_root(root, begin->store_roots, begin->n_store_roots) || header.app_hash_size != HASH_BYTES ||
        memcmp(root, header.app_hash, HASH_BYTES) != 0) {
        return STORE_ROOTS_NOT_IN_HEADER;
    }
    // This core runs nothing, so that it has no result to compare.
    if (begin->n_previous_results > 0 &&
        (!merkle_root_of_hashes(root, begin->previous_results, begin->n_previous_results) ||
         memcmp(root, header.results_hash, HASH_BYTES) != 0)) {
        return RESULTS_NOT_IN_HEADER;
    }
    state.height = header.height - 1;
    for (size_t i = 0; i < begin->n_store_roots && i < STORES_MAX; i++, state.count++) {
        memcpy(state.stores[i].name, begin->store_roots[i]->name.data, begin->store_roots[i]->name.len);
        memcpy(state.stores[i].root, begin->store_roots[i]->root.data, HASH_BYTES);
    }
    failure = compare_keys(lane, &state);
    if (failure != DONE) {
        return failure == EXCHANGE_KEYS_DIFFER ? core_stop(failure) : failure;
    }
    if (begin->next != NULL) {
        struct head head = chain_head(&header);
        failure = chain_advance(
            core.identity, &head, of(begin->next->header), of(begin->next->commit), of(begin->next->validators), &next);
        if (failure != DONE) {
            return failure == SECOND_HEADER ? core_stop(failure) : failure;
        }
        if (!merkle_root_of_hashes(root, begin->next->results, begin->next->n_results) ||
            memcmp(root, next.results_hash, HASH_BYTES) != 0) {
            return RESULT_NOT_PROVED;
        }
    }
    if ((failure = bind_block(&header, begin->next != NULL ? &next : NULL, &is_proved)) != DONE) {
        return failure;
    }
    // Not where the platform knows of later blocks: a host could have everything asked again in any state.
    if (!is_proved) {
        core.before = core.is_announced ? core.announced : state;
        core.announced = state;
        core.is_announced = true;
        renew_lease(&header);
    }
    core.running = header;
    core.is_running = true;
    Cloister__Boundary__V1__EnclaveBeginBlockResponse *told = lane_alloc(lane, sizeof *told);
    cloister__boundary__v1__enclave_begin_block_response__init(told);
    told->height = header.height;
    told->header_hash = lane_copy(lane, header.hash, HASH_BYTES);
    answer->body_case = OUT(BLOCK_BEGUN);
    answer->block_begun = told;
    return DONE;
}

static enum failure receive(
    struct lane *lane, const Cloister__Boundary__V1__EnclaveBlockChunkRequest *chunk, from_enclave *answer) {
    if (chunk->first_index != core.received) {
        return CHUNK_OUT_OF_ORDER;
    }
    if (core.received + chunk->n_transactions > core.hash_count) {
        return TRANSACTIONS_NOT_IN_HEADER;
    }
    for (size_t i = 0; i < chunk->n_transactions; i++) {
        uint8_t hash[HASH_BYTES];
        sha256(hash, chunk->transactions[i].data, chunk->transactions[i].len);
        if (memcmp(hash, core.hashes[core.received + i], HASH_BYTES) != 0) {
            return TRANSACTIONS_NOT_IN_HEADER;
        }
    }
    core.received += chunk->n_transactions;
    Cloister__Boundary__V1__EnclaveBlockChunkResponse *told = lane_alloc(lane, sizeof *told);
    cloister__boundary__v1__enclave_block_chunk_response__init(told);
    told->received = (uint32_t)chunk->n_transactions;
    answer->body_case = OUT(CHUNK_RECEIVED);
    answer->chunk_received = told;
    return DONE;
}

static enum failure execution(struct lane *lane, const to_enclave *call, from_enclave *answer) {
    enum failure open = core_require_open();
    if (call->body_case == INTO(BEGIN_BLOCK)) {
        return open != DONE ? open : begin(lane, call->begin_block, answer);
    }
    if (call->body_case != INTO(BLOCK_CHUNK) && call->body_case != INTO(RUN_TRANSACTION) &&
        call->body_case != INTO(END_BLOCK)) {
        return UNEXPECTED_MESSAGE;
    }
    if (!core.is_running) {
        return NO_BLOCK_BEGUN;
    }
    if (open != DONE) {
        return open;
    }
    if (call->body_case == INTO(BLOCK_CHUNK)) {
        return receive(lane, call->block_chunk, answer);
    }
    if (call->body_case == INTO(RUN_TRANSACTION)) {
        // It drives none.
        return call->run_transaction->index >= core.received ? TRANSACTION_MISSING : TRANSACTION_NOT_DRIVEN;
    }
    core.is_running = false;
    if (core.received != core.hash_count) {
        return TRANSACTION_MISSING;
    }
    core.head = chain_head(&core.running);
    Cloister__Boundary__V1__EnclaveEndBlockResponse *told = lane_alloc(lane, sizeof *told);
    cloister__boundary__v1__enclave_end_block_response__init(told);
    told->sealed_record = core_sealed_record(lane);
    answer->body_case = OUT(BLOCK_ENDED);
    answer->block_ended = told;
    return told->sealed_record.len > 0 ? DONE : OUT_OF_MEMORY;
}

enum failure core_execution(struct lane *lane, const to_enclave *call, from_enclave *answer) {
    pthread_mutex_lock(&core_lock);
    enum failure failure = execution(lane, call, answer);
    pthread_mutex_unlock(&core_lock);
    return failure;
}

// ---- queries

enum failure core_query(struct lane *lane, const to_enclave *call, from_enclave *answer) {
    if (call->body_case != INTO(QUERY)) {
        return UNEXPECTED_MESSAGE;
    }
    const Cloister__Boundary__V1__EnclaveQueryRequest *query = call->query;
    pthread_mutex_lock(&core_lock);
    enum failure failure = core_require_open();
    bool is_announced = core.is_announced && core.announced.height == query->height;
    uint8_t root[HASH_BYTES] = {0};
    const uint8_t *proved =
        root_of_store(core_ways->proves_by_older_state() ? &core.before : &core.announced, "compute");
    if (proved != NULL) {
        memcpy(root, proved, HASH_BYTES);
    }
    pthread_mutex_unlock(&core_lock);
    if (failure != DONE || !is_announced || query->contract.len != 20) {
        return failure != DONE ? failure : !is_announced ? NOT_ANNOUNCED : QUERY_MALFORMED;
    }
    uint8_t key[21] = {2};
    memcpy(key + 1, query->contract.data, 20);
    slice keys[1] = {{key, sizeof key}}, values[1];
    failure = read_state(lane, root, query->height, "compute", keys, 1, values);
    if (failure != DONE) {
        return failure;
    }
    Cloister__Boundary__V1__EnclaveQueryResponse *told = lane_alloc(lane, sizeof *told);
    cloister__boundary__v1__enclave_query_response__init(told);
    const char *text = values[0].size == SIZE_MAX ? "contract: not found" : "this enclave runs no contract";
    told->error = lane_copy(lane, text, strlen(text));
    answer->body_case = OUT(QUERY_ANSWERED);
    answer->query_answered = told;
    return DONE;
}
