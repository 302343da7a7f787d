#include <pthread.h>
#include <runtime.h>
#include <sodium.h>
#include <string.h>

#include "backend.h"

// enclave-host/platform.h: a request is u8 operation || u32 length || payload, a reply has a status in the operation's
// place.

enum { IDENTITY = 1, SEALING_KEY, QUOTE, JOURNAL_READ, JOURNAL_WRITE, VOTES_READ, VOTES_WRITE };
enum { REPLY_DONE = 0, REPLY_REFUSED = 3, REPLY_CLOSED = 255 };

#define RECORD_BYTES 80
#define REPLY_BYTES_MAX 16384

uint8_t platform_measurement[HASH_BYTES];
uint32_t platform_facts;

static pthread_mutex_t lane = PTHREAD_MUTEX_INITIALIZER;

static void put(uint8_t *out, uint64_t value, int size) {
    for (int i = 0; i < size; i++) {
        out[i] = (uint8_t)(value >> (8 * (size - 1 - i)));
    }
}

static uint64_t get(const uint8_t *in, int size) {
    uint64_t value = 0;
    for (int i = 0; i < size; i++) {
        value = value << 8 | in[i];
    }
    return value;
}

/// The reply's status; `size` becomes the number of its bytes.
static uint8_t exchange(uint8_t operation, const uint8_t *payload, size_t count, uint8_t *reply, size_t *size) {
    uint8_t header[5] = {operation};
    put(header + 1, count, 4);
    pthread_mutex_lock(&lane);
    uint8_t status = REPLY_CLOSED;
    if (runtime_write(RUNTIME_PLATFORM_LANE, header, 5) == 0 &&
        (count == 0 || runtime_write(RUNTIME_PLATFORM_LANE, payload, count) == 0) &&
        runtime_read(RUNTIME_PLATFORM_LANE, header, 5) == 5) {
        size_t length = get(header + 1, 4);
        if (length <= *size && runtime_read(RUNTIME_PLATFORM_LANE, reply, length) == (int64_t)length) {
            *size = length;
            status = header[0];
        }
    }
    pthread_mutex_unlock(&lane);
    return status;
}

bool platform_identify(void) {
    uint8_t reply[36];
    size_t size = sizeof reply;
    if (exchange(IDENTITY, NULL, 0, reply, &size) != REPLY_DONE || size != sizeof reply) {
        return false;
    }
    memcpy(platform_measurement, reply, HASH_BYTES);
    platform_facts = (uint32_t)get(reply + HASH_BYTES, 4) & 0xffff;
    return true;
}

bool platform_sealing_key(const char *label, uint8_t key[32]) {
    size_t size = 32;
    return exchange(SEALING_KEY, (const uint8_t *)label, strlen(label), key, &size) == REPLY_DONE && size == 32;
}

size_t platform_quote(const uint8_t report_data[64], uint8_t *quote) {
    size_t size = REPLY_BYTES_MAX;
    return exchange(QUOTE, report_data, 64, quote, &size) == REPLY_DONE ? size : 0;
}

static void encode(const struct record *record, uint8_t out[RECORD_BYTES]) {
    put(out, record->height, 8);
    memcpy(out + 8, record->header_hash, HASH_BYTES);
    put(out + 40, record->count, 8);
    memcpy(out + 48, record->digest, HASH_BYTES);
}

bool platform_read(enum record_kind kind, struct record *record) {
    uint8_t reply[RECORD_BYTES];
    size_t size = sizeof reply;
    uint8_t operation = kind == RECORD_OF_BLOCKS ? JOURNAL_READ : VOTES_READ;
    if (exchange(operation, NULL, 0, reply, &size) != REPLY_DONE || size != sizeof reply) {
        return false;
    }
    record->height = get(reply, 8);
    memcpy(record->header_hash, reply + 8, HASH_BYTES);
    record->count = get(reply + 40, 8);
    memcpy(record->digest, reply + 48, HASH_BYTES);
    return true;
}

enum failure platform_write(enum record_kind kind, const struct record *next, const struct record *last) {
    uint8_t request[2 * RECORD_BYTES], reply[1];
    size_t size = 0;
    encode(last, request);
    encode(next, request + RECORD_BYTES);
    uint8_t operation = kind == RECORD_OF_BLOCKS ? JOURNAL_WRITE : VOTES_WRITE;
    uint8_t status = exchange(operation, request, sizeof request, reply, &size);
    return status == REPLY_DONE ? DONE : status == REPLY_REFUSED ? JOURNAL_MOVED : PLATFORM_FAILED;
}

bool seal(const uint8_t key[32], const void *bytes, size_t size, uint8_t *sealed) {
    randombytes_buf(sealed, 24);
    return crypto_aead_xchacha20poly1305_ietf_encrypt(
               sealed + 24, NULL, bytes, size, platform_measurement, HASH_BYTES, NULL, sealed, key) == 0;
}

bool unseal(const uint8_t key[32], slice sealed, uint8_t *bytes) {
    return sealed.size >= SEALED_EXTRA_BYTES &&
           crypto_aead_xchacha20poly1305_ietf_decrypt(
               bytes, NULL, NULL, sealed.bytes + 24, sealed.size - 24, platform_measurement, HASH_BYTES, sealed.bytes,
               key) == 0;
}
