#include <sodium.h>
#include <string.h>

#include "core.h"

// One vote for each place (height, round, step), and none for an earlier one, by the platform's record: its header hash
// holds whose record it is (20), the seconds (8) and nanoseconds (4), its count round and step, its digest the bytes.

#define KEY_BYTES 48  // seed || height (8) || round (4) || step (4)
#define SEALED_KEY_BYTES (KEY_BYTES + SEALED_EXTRA_BYTES)
#define OF_NETWORK ((uint64_t)1 << 62)
#define QUOTE_BYTES_MAX 16384

typedef Cloister__Boundary__V1__EnclaveSignVoteRequest vote_request;

struct place {
    uint64_t height;
    uint64_t round_and_step;  // round << 2 | step
};

static bool is_open, is_moved;
static uint8_t secret[64], public_key[32];

static int compare(struct place left, struct place right) {
    if (left.height != right.height) {
        return left.height < right.height ? -1 : 1;
    }
    return left.round_and_step < right.round_and_step ? -1 : left.round_and_step > right.round_and_step;
}

static void put_big(uint8_t *out, uint64_t value, int size) {
    for (int i = 0; i < size; i++) {
        out[i] = (uint8_t)(value >> (8 * (size - 1 - i)));
    }
}

static uint64_t get_big(const uint8_t *in, int size) {
    uint64_t value = 0;
    for (int i = 0; i < size; i++) {
        value = value << 8 | in[i];
    }
    return value;
}

static struct place place_of(const struct record *record) {
    return (struct place){record->height, record->count & ~OF_NETWORK};
}

/// Whose record it is: of the key, and from its first signature on of the key in one network.
static void owner(uint8_t out[20], const uint8_t key[32], const uint8_t *network) {
    uint8_t input[20 + HASH_BYTES], hash[HASH_BYTES];
    sha256(hash, key, 32);
    if (network != NULL) {
        memcpy(input, hash, 20);
        memcpy(input + 20, network, HASH_BYTES);
        sha256(hash, input, sizeof input);
    }
    memcpy(out, hash, 20);
}

static bool is_none(const struct record *record) {
    static const struct record none;
    return memcmp(record, &none, sizeof none) == 0;
}

static enum failure describe(
    const struct core_ways *ways, struct lane *lane, from_enclave *answer, const uint8_t seed[32],
    ProtobufCBinaryData sealed, struct place place) {
    Cloister__Boundary__V1__EnclaveConsensusKeyResponse *told = lane_alloc(lane, sizeof *told);
    uint8_t *quote = lane_alloc(lane, QUOTE_BYTES_MAX), key[32], pair[64], input[24 + 32], report[64] = {0};
    if (told == NULL || quote == NULL) {
        return OUT_OF_MEMORY;
    }
    cloister__boundary__v1__enclave_consensus_key_response__init(told);
    crypto_sign_seed_keypair(key, pair, seed);
    sodium_memzero(pair, sizeof pair);
    memcpy(input, "cloister/consensus-key/1", 24);
    memcpy(input + 24, key, 32);
    sha256(report, input, sizeof input);
    put_big(report + 32, platform_facts, 4);
    size_t size = ways->quote(report, quote);
    if (size == 0) {
        return PLATFORM_FAILED;
    }
    told->public_key = lane_copy(lane, key, 32);
    told->sealed_key = sealed;
    told->evidence = (ProtobufCBinaryData){size, quote};
    told->height = place.height;
    told->round = (uint32_t)(place.round_and_step >> 2);
    told->step = place.round_and_step & 3;
    answer->body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_CONSENSUS_KEY;
    answer->consensus_key = told;
    return DONE;
}

static enum failure make(
    const struct core_ways *ways, struct lane *lane, from_enclave *answer,
    const Cloister__Boundary__V1__EnclaveImportConsensusKeyRequest *imported) {
    struct record record;
    uint8_t content[KEY_BYTES], key[32];
    if (!platform_read(RECORD_OF_VOTES, &record) || !platform_sealing_key("consensus-key", key)) {
        return PLATFORM_FAILED;
    }
    if (is_open || !is_none(&record)) {
        return CONSENSUS_KEY_EXISTS;
    }
    struct place place = {0, 0};
    randombytes_buf(content, 32);
    if (imported != NULL) {
        if (imported->private_key.len != 32 || imported->step > 3 || imported->round > INT32_MAX ||
            imported->height > INT64_MAX) {
            return VOTE_MALFORMED;
        }
        memcpy(content, imported->private_key.data, 32);
        sodium_memzero(imported->private_key.data, 32);
        place = (struct place){imported->height, (uint64_t)imported->round << 2 | imported->step};
    }
    put_big(content + 32, place.height, 8);
    put_big(content + 40, place.round_and_step, 8);
    uint8_t *sealed = lane_alloc(lane, SEALED_KEY_BYTES);
    enum failure failure = OUT_OF_MEMORY;
    if (sealed != NULL && seal(key, content, KEY_BYTES, sealed)) {
        failure = describe(ways, lane, answer, content, (ProtobufCBinaryData){SEALED_KEY_BYTES, sealed}, place);
    }
    sodium_memzero(content, sizeof content);
    sodium_memzero(key, sizeof key);
    return failure;
}

static enum failure open_key(
    const struct core_ways *ways, struct lane *lane, from_enclave *answer, ProtobufCBinaryData sealed,
    const uint8_t *network) {
    struct record record;
    uint8_t content[KEY_BYTES], key[32], key_owner[20], network_owner[20];
    if (is_open) {
        return ALREADY_OPEN;
    }
    if (!platform_read(RECORD_OF_VOTES, &record) || !platform_sealing_key("consensus-key", key)) {
        return PLATFORM_FAILED;
    }
    if (sealed.len != SEALED_KEY_BYTES || !unseal(key, (slice){sealed.data, sealed.len}, content)) {
        return CONSENSUS_KEY_REFUSED;
    }
    crypto_sign_seed_keypair(public_key, secret, content);
    owner(key_owner, public_key, NULL);
    owner(network_owner, public_key, network);
    bool is_of_network = record.count & OF_NETWORK;
    bool is_own = is_none(&record) || memcmp(record.header_hash, key_owner, 20) == 0 ||
                  (network != NULL ? memcmp(record.header_hash, network_owner, 20) == 0 : is_of_network);
    if (!is_own) {
        return CONSENSUS_KEY_REFUSED;
    }
    struct place place = {get_big(content + 32, 8), get_big(content + 40, 8)};
    if (is_none(&record) || compare(place, place_of(&record)) > 0) {
        // What was signed elsewhere counts.
        struct record next = {.height = place.height, .count = place.round_and_step | (record.count & OF_NETWORK)};
        memcpy(next.header_hash, is_of_network ? record.header_hash : key_owner, 20);
        put_big(next.header_hash + 20, (uint64_t)-62135596800, 8);
        enum failure failure = platform_write(RECORD_OF_VOTES, &next, &record);
        if (failure != DONE) {
            return failure == JOURNAL_MOVED ? VOTES_MOVED : failure;
        }
        record = next;
    }
    is_open = true;
    return describe(ways, lane, answer, content, sealed, place_of(&record));
}

static bool is_vote(const vote_request *vote) {
    bool is_proposal = vote->kind == CLOISTER__BOUNDARY__V1__SIGNED_KIND__PROPOSAL, is_nil = vote->block_hash.len == 0;
    bool has_block = vote->block_hash.len == 32 && vote->parts_hash.len == 32 && vote->parts_total > 0;
    return vote->height >= 1 && vote->height <= INT64_MAX && vote->round <= INT32_MAX &&
           vote->nanoseconds < 1000000000 && vote->seconds >= -62135596800 && vote->seconds <= 253402300799 &&
           vote->kind != CLOISTER__BOUNDARY__V1__SIGNED_KIND__SIGNED_KIND_UNSET &&
           (is_nil ? vote->parts_hash.len == 0 && vote->parts_total == 0 && !is_proposal : has_block) &&
           (is_proposal ? vote->lock_round >= -1 && vote->lock_round < (int64_t)vote->round : vote->lock_round == 0);
}

static enum failure sign(
    const struct core_ways *ways, struct lane *lane, from_enclave *answer, const vote_request *vote, slice chain_id,
    uint64_t next_height, const uint8_t *network) {
    struct record record;
    uint8_t bytes[512], digest[HASH_BYTES], key_owner[20], network_owner[20];
    if (vote->height > next_height) {
        return VOTE_TOO_FAR;
    }
    if (!is_open) {
        return CONSENSUS_KEY_MISSING;
    }
    if (!is_vote(vote)) {
        return VOTE_MALFORMED;
    }
    if (!platform_read(RECORD_OF_VOTES, &record)) {
        return PLATFORM_FAILED;
    }
    owner(key_owner, public_key, NULL);
    owner(network_owner, public_key, network);
    if (is_moved ||
        (memcmp(record.header_hash, network_owner, 20) != 0 && memcmp(record.header_hash, key_owner, 20) != 0)) {
        return VOTES_MOVED;
    }
    uint64_t step = vote->kind == CLOISTER__BOUNDARY__V1__SIGNED_KIND__PROPOSAL ? 1
                    : vote->kind == CLOISTER__BOUNDARY__V1__SIGNED_KIND__PREVOTE ? 2 : 3;
    struct place place = {vote->height, (uint64_t)vote->round << 2 | step};
    int order = compare(place, place_of(&record));
    bool again = order <= 0 && ways->may_sign_again(&record);
    int64_t seconds = vote->seconds;
    uint32_t nanoseconds = vote->nanoseconds;
    if (order < 0 && !again) {
        return VOTE_REGRESSION;
    }
    if (order == 0 && !again) {
        // The same vote with another time gets the first one's.
        seconds = (int64_t)get_big(record.header_hash + 20, 8);
        nanoseconds = (uint32_t)get_big(record.header_hash + 28, 4);
    }
    size_t size = sign_bytes(bytes, vote, seconds, nanoseconds, chain_id);
    sha256(digest, bytes, size);
    if (order == 0 && !again && memcmp(digest, record.digest, HASH_BYTES) != 0) {
        return VOTE_CONFLICT;
    }
    if (order > 0) {
        struct record next = {.height = place.height, .count = place.round_and_step | OF_NETWORK};
        memcpy(next.header_hash, network_owner, 20);
        put_big(next.header_hash + 20, (uint64_t)seconds, 8);
        put_big(next.header_hash + 28, nanoseconds, 4);
        memcpy(next.digest, digest, HASH_BYTES);
        enum failure failure = platform_write(RECORD_OF_VOTES, &next, &record);
        if (failure != DONE) {
            is_moved = failure == JOURNAL_MOVED;
            return is_moved ? VOTES_MOVED : failure;
        }
    }
    Cloister__Boundary__V1__EnclaveSignVoteResponse *told = lane_alloc(lane, sizeof *told);
    if (told == NULL) {
        return OUT_OF_MEMORY;
    }
    cloister__boundary__v1__enclave_sign_vote_response__init(told);
    uint8_t signature[64];
    crypto_sign_detached(signature, NULL, bytes, size, secret);
    told->signature = lane_copy(lane, signature, sizeof signature);
    told->seconds = seconds;
    told->nanoseconds = nanoseconds;
    answer->body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_VOTE_SIGNED;
    answer->vote_signed = told;
    return DONE;
}

enum failure votes_handle(
    const struct core_ways *ways, struct lane *lane, const to_enclave *call, from_enclave *answer, slice chain_id,
    uint64_t next_height, const uint8_t network[HASH_BYTES]) {
    switch (call->body_case) {
    case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_MAKE_CONSENSUS_KEY:
        return make(ways, lane, answer, NULL);
    case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_IMPORT_CONSENSUS_KEY:
        return make(ways, lane, answer, call->import_consensus_key);
    case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_OPEN_CONSENSUS_KEY:
        return open_key(
            ways, lane, answer, call->open_consensus_key->sealed_key, next_height > 0 ? network : NULL);
    case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_SIGN_VOTE:
        if (next_height == 0) {
            return NOT_OPEN;
        }
        return sign(ways, lane, answer, call->sign_vote, chain_id, next_height, network);
    default:
        return UNEXPECTED_MESSAGE;
    }
}
