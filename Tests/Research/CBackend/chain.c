#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "backend.h"

// CometBFT 0.38's header, commit and validators as the host shows them, and the rules by which a head moves on
// (Sources/Boundary/DecidedBlocks). Reading is strict: a field twice, out of order or unknown is no header.

#define BLOCK_PROTOCOL 11
#define VALIDATORS_MAX 1024

void sha256(uint8_t hash[HASH_BYTES], const void *bytes, size_t size) { crypto_hash_sha256(hash, bytes, size); }

// ---- the wire

struct field {
    uint32_t number;
    uint32_t type;  // 0 a number, 2 bytes
    uint64_t value;
    slice bytes;
};

static bool read_varint(slice *in, uint64_t *value) {
    *value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
        if (in->size == 0 || (shift == 63 && *in->bytes > 1)) {
            return false;
        }
        uint8_t byte = *in->bytes;
        in->bytes++, in->size--;
        *value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            return byte != 0 || shift == 0;
        }
    }
    return false;
}

/// 1 for a field, 0 at the end, -1 for what is none.
static int next_field(slice *in, struct field *field) {
    if (in->size == 0) {
        return 0;
    }
    uint64_t tag, size;
    if (!read_varint(in, &tag) || tag >> 3 == 0 || tag >> 3 > 64) {
        return -1;
    }
    field->number = (uint32_t)(tag >> 3);
    field->type = tag & 7;
    field->bytes = (slice){NULL, 0};
    if (field->type == 0) {
        return read_varint(in, &field->value) ? 1 : -1;
    }
    if (field->type != 2 || !read_varint(in, &size) || size > in->size) {
        return -1;
    }
    field->bytes = (slice){in->bytes, (size_t)size};
    in->bytes += size, in->size -= size;
    return 1;
}

/// The fields 1 to `last` of a message, each at most once and in order; false for anything else.
static bool read_fields(slice in, struct field *fields, uint32_t last) {
    memset(fields, 0, (last + 1) * sizeof *fields);
    struct field field;
    uint32_t before = 0;
    int found;
    while ((found = next_field(&in, &field)) == 1) {
        if (field.number <= before || field.number > last) {
            return false;
        }
        before = field.number;
        fields[field.number] = field;
    }
    return found == 0;
}

static bool read_hash(const struct field *field, uint8_t hash[HASH_BYTES], bool may_be_empty) {
    if (field->bytes.size == 0 && may_be_empty) {
        crypto_hash_sha256(hash, NULL, 0);  // the root over nothing
        return true;
    }
    if (field->bytes.size != HASH_BYTES) {
        return false;
    }
    memcpy(hash, field->bytes.bytes, HASH_BYTES);
    return true;
}

static bool read_time(slice in, int64_t *seconds, uint32_t *nanoseconds) {
    struct field fields[3];
    if (!read_fields(in, fields, 2) || fields[2].value >= 1000000000) {
        return false;
    }
    *seconds = (int64_t)fields[1].value;
    *nanoseconds = (uint32_t)fields[2].value;
    return true;
}

static size_t put_varint(uint8_t *out, uint64_t value) {
    size_t size = 0;
    for (; value >= 0x80; value >>= 7) {
        out[size++] = (uint8_t)(value | 0x80);
    }
    out[size++] = (uint8_t)value;
    return size;
}

/// A field of bytes, unless there are none.
static size_t put_bytes(uint8_t *out, uint32_t number, slice bytes) {
    if (bytes.size == 0) {
        return 0;
    }
    size_t size = put_varint(out, number << 3 | 2);
    size += put_varint(out + size, bytes.size);
    memcpy(out + size, bytes.bytes, bytes.size);
    return size + bytes.size;
}

static size_t put_number(uint8_t *out, uint32_t number, uint64_t value) {
    if (value == 0) {
        return 0;
    }
    size_t size = put_varint(out, number << 3);
    return size + put_varint(out + size, value);
}

static size_t put_fixed(uint8_t *out, uint32_t number, uint64_t value) {
    if (value == 0) {
        return 0;
    }
    size_t size = put_varint(out, number << 3 | 1);
    for (int i = 0; i < 8; i++) {
        out[size++] = (uint8_t)(value >> (8 * i));
    }
    return size;
}

static size_t put_message(uint8_t *out, uint32_t number, slice bytes) {
    size_t size = put_varint(out, number << 3 | 2);
    size += put_varint(out + size, bytes.size);
    memcpy(out + size, bytes.bytes, bytes.size);
    return size + bytes.size;
}

// ---- Merkle trees

static void inner(uint8_t out[HASH_BYTES], const uint8_t *left, const uint8_t *right) {
    uint8_t input[1 + 2 * HASH_BYTES] = {1};
    memcpy(input + 1, left, HASH_BYTES);
    memcpy(input + 1 + HASH_BYTES, right, HASH_BYTES);
    sha256(out, input, sizeof input);
}

static void root_of(uint8_t root[HASH_BYTES], const uint8_t (*hashes)[HASH_BYTES], size_t count) {
    if (count == 0) {
        sha256(root, NULL, 0);
    } else if (count == 1) {
        memcpy(root, hashes[0], HASH_BYTES);
    } else {
        size_t split = 1;
        while (split * 2 < count) {
            split *= 2;
        }
        uint8_t left[HASH_BYTES], right[HASH_BYTES];
        root_of(left, hashes, split);
        root_of(right, hashes + split, count - split);
        inner(root, left, right);
    }
}

static void leaf_hash(uint8_t hash[HASH_BYTES], slice leaf) {
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const uint8_t *)"\0", 1);
    crypto_hash_sha256_update(&state, leaf.bytes, leaf.size);
    crypto_hash_sha256_final(&state, hash);
}

void merkle_root(uint8_t root[HASH_BYTES], const slice *leaves, size_t count) {
    uint8_t(*hashes)[HASH_BYTES] = malloc((count + 1) * HASH_BYTES);
    if (hashes == NULL) {
        abort();
    }
    for (size_t i = 0; i < count; i++) {
        leaf_hash(hashes[i], leaves[i]);
    }
    root_of(root, (const uint8_t(*)[HASH_BYTES])hashes, count);
    free(hashes);
}

bool merkle_root_of_hashes(uint8_t root[HASH_BYTES], const ProtobufCBinaryData *list, size_t count) {
    uint8_t(*hashes)[HASH_BYTES] = malloc((count + 1) * HASH_BYTES);
    bool all = hashes != NULL;
    for (size_t i = 0; all && i < count; i++) {
        all = list[i].len == HASH_BYTES;
        if (all) {
            memcpy(hashes[i], list[i].data, HASH_BYTES);
        }
    }
    if (all) {
        root_of(root, (const uint8_t(*)[HASH_BYTES])hashes, count);
    }
    free(hashes);
    return all;
}

bool store_root(uint8_t root[HASH_BYTES], Cloister__Boundary__V1__StoreRoot *const *stores, size_t count) {
    static const size_t most = 64;
    uint8_t leaves[64][2 * HASH_BYTES + 8];
    slice list[64];
    for (size_t i = 0; i < count; i++) {
        ProtobufCBinaryData name = stores[i]->name, value = stores[i]->root;
        if (count > most || name.len == 0 || name.len > 32 || value.len != HASH_BYTES) {
            return false;
        }
        // Ascending by their bytes: the order is part of the hash, and no store stands there twice.
        if (i > 0) {
            ProtobufCBinaryData before = stores[i - 1]->name;
            int order = memcmp(before.data, name.data, before.len < name.len ? before.len : name.len);
            if (order > 0 || (order == 0 && before.len >= name.len)) {
                return false;
            }
        }
        uint8_t *leaf = leaves[i];
        leaf[0] = (uint8_t)name.len;
        memcpy(leaf + 1, name.data, name.len);
        leaf[1 + name.len] = HASH_BYTES;
        sha256(leaf + 2 + name.len, value.data, HASH_BYTES);
        list[i] = (slice){leaf, 2 + name.len + HASH_BYTES};
    }
    merkle_root(root, list, count);
    return count > 0;
}

// ---- headers

static bool read_header(slice in, struct header *header) {
    enum { FIELDS = 14 };
    struct field fields[FIELDS + 1], version[3], last[3];
    uint8_t unused[HASH_BYTES];
    memset(header, 0, sizeof *header);
    if (in.size > 4096 || !read_fields(in, fields, FIELDS) || !read_fields(fields[1].bytes, version, 2) ||
        fields[2].bytes.size > HEADER_CHAIN_ID_MAX || !read_fields(fields[5].bytes, last, 2) ||
        !read_time(fields[4].bytes, &header->seconds, &header->nanoseconds) || (int64_t)fields[3].value < 0 ||
        !read_hash(&fields[6], unused, true) || !read_hash(&fields[13], unused, true) ||
        !read_hash(&fields[7], header->data_hash, true) || !read_hash(&fields[8], header->validators_hash, false) ||
        !read_hash(&fields[9], header->next_validators_hash, false) || fields[10].bytes.size != HASH_BYTES ||
        fields[11].bytes.size > HASH_BYTES || !read_hash(&fields[12], header->results_hash, true) ||
        fields[14].bytes.size != 20) {
        return false;
    }
    header->block_version = version[1].value;
    header->chain_id_size = fields[2].bytes.size;
    memcpy(header->chain_id, fields[2].bytes.bytes, header->chain_id_size);
    header->height = fields[3].value;
    header->follows = last[1].bytes.size == HASH_BYTES;
    if (header->follows) {
        memcpy(header->last, last[1].bytes.bytes, HASH_BYTES);
    }
    header->app_hash_size = fields[11].bytes.size;
    memcpy(header->app_hash, fields[11].bytes.bytes, header->app_hash_size);
    // Its fourteen fields, each in a wrapper of its own but for those that are messages.
    uint8_t wrapped[FIELDS + 1][2 + 4 + 96];
    slice leaves[FIELDS];
    for (uint32_t i = 1; i <= FIELDS; i++) {
        bool is_message = i == 1 || i == 4 || i == 5;
        size_t size = i == 3 ? put_number(wrapped[i], 1, fields[3].value) : 0;
        if (!is_message && i != 3) {
            size = put_bytes(wrapped[i], 1, fields[i].bytes);
        }
        leaves[i - 1] = is_message ? fields[i].bytes : (slice){wrapped[i], size};
    }
    merkle_root(header->hash, leaves, FIELDS);
    return true;
}

struct validator {
    uint8_t key[32];
    uint64_t power;
    uint8_t hashed[64];
    size_t hashed_size;
};

static bool read_validators(slice in, struct validator *validators, size_t *count, uint8_t hash[HASH_BYTES]) {
    struct field field, parts[5], key[2];
    slice leaves[VALIDATORS_MAX];
    int found;
    *count = 0;
    while ((found = next_field(&in, &field)) == 1) {
        if (field.type != 2 || field.number > 2) {
            return false;
        }
        if (!read_fields(field.bytes, parts, 4) || !read_fields(parts[2].bytes, key, 1) || key[1].bytes.size != 32 ||
            parts[3].value == 0 || parts[3].value > INT64_MAX / 8 || *count == VALIDATORS_MAX) {
            return false;
        }
        if (field.number == 2) {
            continue;  // who proposes
        }
        struct validator *validator = &validators[(*count)++];
        memcpy(validator->key, key[1].bytes.bytes, 32);
        validator->power = parts[3].value;
        size_t size = put_message(validator->hashed, 1, parts[2].bytes);
        validator->hashed_size = size + put_number(validator->hashed + size, 2, validator->power);
        for (size_t i = 0; i + 1 < *count; i++) {
            if (memcmp(validators[i].key, validator->key, 32) == 0) {
                return false;
            }
        }
    }
    for (size_t i = 0; i < *count; i++) {
        leaves[i] = (slice){validators[i].hashed, validators[i].hashed_size};
    }
    merkle_root(hash, leaves, *count);
    return found == 0 && *count > 0;
}

struct commit {
    uint64_t height, round;
    slice block_id, block_hash;
    slice slots[VALIDATORS_MAX];
    size_t count;
};

static bool read_commit(slice in, struct commit *commit) {
    struct field field, parts[5];
    memset(commit, 0, sizeof *commit);
    int found;
    while ((found = next_field(&in, &field)) == 1) {
        if (field.number == 1 && field.type == 0) {
            commit->height = field.value;
        } else if (field.number == 2 && field.type == 0) {
            commit->round = field.value;
        } else if (field.number == 3 && field.type == 2 && read_fields(field.bytes, parts, 2)) {
            commit->block_id = field.bytes;
            commit->block_hash = parts[1].bytes;
        } else if (field.number == 4 && field.type == 2 && commit->count < VALIDATORS_MAX) {
            // A slot is whole: flag, address, time and signature.
            if (!read_fields(field.bytes, parts, 4) || parts[1].value < 1 || parts[1].value > 3 ||
                (parts[1].value != 1 && (parts[2].bytes.size != 20 || parts[4].bytes.size == 0))) {
                return false;
            }
            commit->slots[commit->count++] = field.bytes;
        } else {
            return false;
        }
    }
    return found == 0;
}

static bool is_signed(const struct commit *commit, slice slot, const uint8_t key[32], const struct header *header) {
    struct field parts[5];
    uint8_t address[HASH_BYTES], bytes[512], message[520];
    read_fields(slot, parts, 4);
    sha256(address, key, 32);
    if (parts[1].value != 2 || parts[4].bytes.size != 64 || commit->block_id.size > 128 || parts[3].bytes.size > 32 ||
        memcmp(parts[2].bytes.bytes, address, 20) != 0) {
        return false;
    }
    size_t size = put_number(bytes, 1, 2);
    size += put_fixed(bytes + size, 2, commit->height);
    size += put_fixed(bytes + size, 3, commit->round);
    size += put_message(bytes + size, 4, commit->block_id);
    size += put_message(bytes + size, 5, parts[3].bytes);
    size += put_bytes(bytes + size, 6, (slice){header->chain_id, header->chain_id_size});
    size_t prefix = put_varint(message, size);
    memcpy(message + prefix, bytes, size);
    return crypto_sign_verify_detached(parts[4].bytes.bytes, message, prefix + size, key) == 0;
}

/// That two thirds of the set with this hash signed the header.
static enum failure check_signed(
    const struct header *header, const uint8_t expected[HASH_BYTES], const struct commit *commit,
    const struct validator *validators, size_t count, const uint8_t set_hash[HASH_BYTES]) {
    if (header->block_version != BLOCK_PROTOCOL) {
        return HEADER_MALFORMED;
    }
    if (memcmp(header->validators_hash, expected, HASH_BYTES) != 0 || memcmp(set_hash, expected, HASH_BYTES) != 0) {
        return HEADER_WRONG_VALIDATORS;
    }
    if (commit->height != header->height || commit->block_hash.size != HASH_BYTES ||
        memcmp(commit->block_hash.bytes, header->hash, HASH_BYTES) != 0 || commit->count != count) {
        return HEADER_NOT_COMMITTED;
    }
    uint64_t total = 0, signed_power = 0;
    for (size_t i = 0; i < count; i++) {
        total += validators[i].power;
        signed_power += is_signed(commit, commit->slots[i], validators[i].key, header) ? validators[i].power : 0;
    }
    return signed_power >= total / 3 * 2 + total % 3 * 2 / 3 + 1 ? DONE : HEADER_NOT_COMMITTED;
}

enum failure chain_advance(
    const Cloister__Boundary__V1__ChainIdentity *identity, const struct head *head, slice bytes, slice commit_bytes,
    slice validator_bytes, struct header *header) {
    struct shown {
        struct commit commit;
        struct validator validators[VALIDATORS_MAX];
    } *shown = malloc(sizeof *shown);
    size_t count = 0;
    uint8_t set_hash[HASH_BYTES];
    enum failure failure = HEADER_MALFORMED;
    if (shown != NULL && read_header(bytes, header) && read_commit(commit_bytes, &shown->commit) &&
        read_validators(validator_bytes, shown->validators, &count, set_hash)) {
        bool is_first = head->height == 0;
        const uint8_t *expected = is_first ? identity->initial_validators_hash.data : head->next_validators_hash;
        bool is_same_height = !is_first && header->height == head->height;
        if (is_same_height) {
            expected = head->validators_hash;
        }
        enum failure is_signed = check_signed(header, expected, &shown->commit, shown->validators, count, set_hash);
        bool is_later = is_first
                            ? header->seconds == identity->genesis_seconds &&
                                  header->nanoseconds == identity->genesis_nanoseconds
                            : header->seconds > head->seconds ||
                                  (header->seconds == head->seconds && header->nanoseconds > head->nanoseconds);
        bool is_linked =
            is_first ? !header->follows : header->follows && memcmp(header->last, head->hash, HASH_BYTES) == 0;
        uint64_t height = is_first ? identity->initial_height : head->height + 1;
        if (header->chain_id_size != identity->chain_id.len ||
            memcmp(header->chain_id, identity->chain_id.data, header->chain_id_size) != 0) {
            failure = HEADER_WRONG_CHAIN;
        } else if (is_same_height && memcmp(header->hash, head->hash, HASH_BYTES) != 0) {
            // What nobody signed proves nothing.
            failure = is_signed == DONE ? SECOND_HEADER : is_signed;
        } else if (header->height != height) {
            failure = HEADER_WRONG_HEIGHT;
        } else if (!is_linked) {
            failure = is_first ? HEADER_NOT_LINKED : is_signed == DONE ? SECOND_HEADER : is_signed;
        } else {
            failure = is_later ? is_signed : HEADER_TIME_NOT_LATER;
        }
    }
    free(shown);
    return failure;
}

struct head chain_head(const struct header *header) {
    struct head head = {.height = header->height, .seconds = header->seconds, .nanoseconds = header->nanoseconds};
    memcpy(head.hash, header->hash, HASH_BYTES);
    memcpy(head.validators_hash, header->validators_hash, HASH_BYTES);
    memcpy(head.next_validators_hash, header->next_validators_hash, HASH_BYTES);
    return head;
}

size_t sign_bytes(
    uint8_t out[512], const Cloister__Boundary__V1__EnclaveSignVoteRequest *vote, int64_t seconds, uint32_t nanoseconds,
    slice chain_id) {
    uint8_t bytes[480], parts[64], block[128], time[32];
    bool is_proposal = vote->kind == CLOISTER__BOUNDARY__V1__SIGNED_KIND__PROPOSAL;
    size_t parts_size = put_number(parts, 1, vote->parts_total);
    parts_size += put_bytes(parts + parts_size, 2, (slice){vote->parts_hash.data, vote->parts_hash.len});
    size_t block_size = put_bytes(block, 1, (slice){vote->block_hash.data, vote->block_hash.len});
    block_size += put_message(block + block_size, 2, (slice){parts, parts_size});
    size_t time_size = put_number(time, 1, (uint64_t)seconds);
    time_size += put_number(time + time_size, 2, nanoseconds);
    uint32_t next = 4;
    size_t size = put_number(bytes, 1, vote->kind);
    size += put_fixed(bytes + size, 2, vote->height);
    size += put_fixed(bytes + size, 3, vote->round);
    if (is_proposal) {
        size += put_number(bytes + size, next++, (uint64_t)vote->lock_round);
    }
    if (vote->block_hash.len > 0) {
        size += put_message(bytes + size, next, (slice){block, block_size});
    }
    size += put_message(bytes + size, next + 1, (slice){time, time_size});
    size += put_bytes(bytes + size, next + 2, chain_id);
    size_t prefix = put_varint(out, size);
    memcpy(out + prefix, bytes, size);
    return prefix + size;
}
