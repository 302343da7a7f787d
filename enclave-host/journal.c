#define _GNU_SOURCE
#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report.h"

// A record: u64 height || 32 bytes header hash || u64 count || 32 bytes digest, integers big-endian.
#define HEADER_HASH_OFFSET 8
#define HEADER_HASH_BYTES 32
#define COUNT_OFFSET 40

#define CHECKSUM_BYTES 32
#define SLOT_DISTANCE 512  // a sector each, so that writing one cannot damage the other

struct slot {
    uint8_t serial[8];
    uint8_t record[JOURNAL_RECORD_BYTES];
    uint8_t checksum[CHECKSUM_BYTES];  // SHA-256 of the two above
};

_Static_assert(sizeof(struct slot) == 8 + JOURNAL_RECORD_BYTES + CHECKSUM_BYTES, "a slot has no padding");

static uint64_t big_endian(const uint8_t *bytes) {
    uint64_t value = 0;
    for (size_t i = 0; i < 8; i++) {
        value = value << 8 | bytes[i];
    }
    return value;
}

static void put_big_endian(uint8_t *bytes, uint64_t value) {
    for (size_t i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(value >> (8 * (7 - i)));
    }
}

static bool checksum(const struct slot *slot, uint8_t digest[CHECKSUM_BYTES]) {
    return EVP_Digest(slot, offsetof(struct slot, checksum), digest, NULL, EVP_sha256(), NULL) == 1;
}

static off_t slot_offset(uint64_t serial) {
    return (off_t)(serial % 2) * SLOT_DISTANCE;
}

static bool is_empty(const struct slot *slot) {
    static const struct slot nothing;
    return memcmp(slot, &nothing, sizeof nothing) == 0;
}

/// Takes over the slot at place `place` if it is sound and later than what is known. Returns whether it is damaged.
static bool read_slot(struct journal *journal, uint64_t place) {
    struct slot slot = {0};
    if (pread(journal->file, &slot, sizeof slot, slot_offset(place)) < 0) {
        return true;
    }
    if (is_empty(&slot)) {
        return false;
    }
    uint8_t digest[CHECKSUM_BYTES];
    uint64_t serial = big_endian(slot.serial);
    if (!checksum(&slot, digest) || memcmp(digest, slot.checksum, CHECKSUM_BYTES) != 0 || serial % 2 != place) {
        return true;
    }
    if (serial > journal->serial) {
        journal->serial = serial;
        memcpy(journal->record, slot.record, JOURNAL_RECORD_BYTES);
    }
    return false;
}

/// Takes over the later of the two slots. Returns false when what was stored last cannot be told.
static bool read_slots(struct journal *journal) {
    bool damaged[2] = {read_slot(journal, 0), read_slot(journal, 1)};
    // One damaged slot is a write that was cut off before it was answered. Two are not, and starting from nothing would
    // be the very step back that the record is there to prevent. The first record goes to slot 1.
    return !(damaged[0] && damaged[1]) && !(damaged[0] && journal->serial == 0);
}

void journal_open(
    struct journal *journal, enum journal_kind kind, int state_folder, const uint8_t measurement[MEASUREMENT_BYTES],
    bool synchronous) {
    char name[16 + 2 * MEASUREMENT_BYTES];
    strcpy(name, kind == JOURNAL_OF_BLOCKS ? "journal-" : "votes-");
    for (size_t i = 0; i < MEASUREMENT_BYTES; i++) {
        snprintf(name + strlen(name), 3, "%02x", measurement[i]);
    }
    memset(journal, 0, sizeof *journal);
    journal->kind = kind;
    journal->synchronous = synchronous;
    journal->file = openat(state_folder, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, 0600);
    struct stat status;
    if (journal->file < 0 || fstat(journal->file, &status) != 0 || !S_ISREG(status.st_mode)) {
        refuse(EXIT_STATE, "cannot open the journal record: %s", strerror(errno));
    }
    // What a process wrote that died before it was answered may be in the page cache alone. It is read below, so it is
    // made durable first: else power that fails later would bring back the record before it.
    if (synchronous && (fdatasync(journal->file) != 0 || fsync(state_folder) != 0)) {
        refuse(EXIT_STATE, "cannot make the journal record durable: %s", strerror(errno));
    }
    if (!read_slots(journal)) {
        refuse(EXIT_STATE, "the journal record %s is damaged", name);
    }
}

static bool goes_forward(const struct journal *journal, const uint8_t *record) {
    if (journal->serial == 0) {
        return true;
    }
    const uint8_t *stored = journal->record;
    uint64_t stored_height = big_endian(stored), height = big_endian(record);
    if (height != stored_height) {
        return height > stored_height;
    }
    bool same_header = memcmp(stored + HEADER_HASH_OFFSET, record + HEADER_HASH_OFFSET, HEADER_HASH_BYTES) == 0;
    return (same_header || journal->kind == JOURNAL_OF_VOTES) &&
           big_endian(record + COUNT_OFFSET) > big_endian(stored + COUNT_OFFSET);
}

enum journal_result journal_write(
    struct journal *journal, const uint8_t last[JOURNAL_RECORD_BYTES], const uint8_t record[JOURNAL_RECORD_BYTES]) {
    if (journal->has_failed || !read_slots(journal)) {
        return JOURNAL_FAILED;
    }
    if (memcmp(journal->record, last, JOURNAL_RECORD_BYTES) != 0 || !goes_forward(journal, record)) {
        return JOURNAL_REFUSED;
    }
    struct slot slot;
    uint64_t serial = journal->serial + 1;
    put_big_endian(slot.serial, serial);
    memcpy(slot.record, record, JOURNAL_RECORD_BYTES);
    if (!checksum(&slot, slot.checksum) ||
        pwrite(journal->file, &slot, sizeof slot, slot_offset(serial)) != (ssize_t)sizeof slot ||
        (journal->synchronous && fdatasync(journal->file) != 0)) {
        journal->has_failed = true;
        return JOURNAL_FAILED;
    }
    journal->serial = serial;
    memcpy(journal->record, record, JOURNAL_RECORD_BYTES);
    return JOURNAL_STORED;
}
