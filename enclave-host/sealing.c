#define _GNU_SOURCE
#include "sealing.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "report.h"
#include "state.h"

#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif

#define FUSE_BYTES 32
#define HASH_BYTES 32
#define PAGE_BYTES 4096

static const char fuse_name[] = "fuse-simulated";
static const char salt[] = "cloister/sealing-key/1";
static const char debug_salt[] = "cloister/debug-sealing-key/1";
static const char versioned_salt[] = "cloister/versioned-sealing-key/1";
static const char suffix[] = "-simulated";

/// A page that the kernel itself does not map, where it knows such.
static uint8_t *secret_page(void) {
    int file = (int)syscall(SYS_memfd_secret, O_CLOEXEC);
    if (file < 0) {
        return MAP_FAILED;
    }
    uint8_t *page = ftruncate(file, PAGE_BYTES) == 0
                        ? mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
                        : MAP_FAILED;
    close(file);
    return page;
}

static uint8_t *guarded_page(void) {
    uint8_t *page = secret_page();
    if (page != MAP_FAILED && madvise(page, PAGE_BYTES, MADV_DONTFORK) == 0) {
        return page;
    }
    page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED || mlock(page, PAGE_BYTES) != 0 || madvise(page, PAGE_BYTES, MADV_DONTDUMP) != 0 ||
        madvise(page, PAGE_BYTES, MADV_DONTFORK) != 0) {
        refuse(EXIT_STATE, "cannot guard memory for the fuse key: %s", strerror(errno));
    }
    return page;
}

const uint8_t *sealing_load_fuse(int state_folder) {
    uint8_t *fuse = guarded_page();
    int result = state_read(state_folder, fuse_name, fuse, FUSE_BYTES);
    if (result == -ENOENT) {
        if (getrandom(fuse, FUSE_BYTES, 0) != FUSE_BYTES) {
            refuse(EXIT_STATE, "no randomness for the fuse key: %s", strerror(errno));
        }
        result = state_create(state_folder, fuse_name, fuse, FUSE_BYTES);
        if (result == -EEXIST) {
            // Another launcher's first start was quicker: its key is the machine's.
            result = state_read(state_folder, fuse_name, fuse, FUSE_BYTES);
        }
    }
    if (result != 0) {
        refuse(EXIT_STATE, "cannot use the file %s: %s", fuse_name, strerror(-result));
    }
    if (mprotect(fuse, PAGE_BYTES, PROT_READ) != 0) {
        refuse(EXIT_STATE, "cannot guard the fuse key: %s", strerror(errno));
    }
    return fuse;
}

/// What the info of a key is made of, piece by piece.
struct info {
    uint8_t bytes[2 + 2 + 32 + 32 + 2 + SEALING_LABEL_BYTES_MAX + sizeof suffix];
    size_t size;
};

static void put(struct info *info, const void *bytes, size_t size) {
    memcpy(info->bytes + info->size, bytes, size);
    info->size += size;
}

static void put_number(struct info *info, uint16_t value) {
    put(info, (const uint8_t[]){(uint8_t)(value >> 8), (uint8_t)value}, 2);
}

/// RFC 5869: extract, then the first block of expand, which is all that 32 bytes need. Returns 0, or -1 when libcrypto
/// fails.
static int derive(const uint8_t *fuse, const char *own_salt, struct info *info, uint8_t key[SEALING_KEY_BYTES]) {
    uint8_t extracted[HASH_BYTES];
    put(info, suffix, sizeof suffix - 1);
    put(info, (const uint8_t[]){1}, 1);
    int done = HMAC(EVP_sha256(), own_salt, (int)strlen(own_salt), fuse, FUSE_BYTES, extracted, NULL) != NULL &&
               HMAC(EVP_sha256(), extracted, HASH_BYTES, info->bytes, info->size, key, NULL) != NULL;
    explicit_bzero(extracted, sizeof extracted);
    return done ? 0 : -1;
}

static bool is_label(size_t size) {
    return size > 0 && size <= SEALING_LABEL_BYTES_MAX;
}

int sealing_derive(
    const uint8_t *fuse, const struct enclave_identity *identity, const uint8_t *label, size_t label_size,
    uint8_t key[SEALING_KEY_BYTES]) {
    struct info info = {.size = 0};
    if (!is_label(label_size)) {
        return -1;
    }
    put(&info, identity->measurement, sizeof identity->measurement);
    put(&info, label, label_size);
    return derive(fuse, identity->debug ? debug_salt : salt, &info, key);
}

int sealing_derive_versioned(
    const uint8_t *fuse, const struct enclave_identity *identity, uint8_t policy, uint16_t version,
    const uint8_t *label, size_t label_size, uint8_t key[SEALING_KEY_BYTES]) {
    static const uint8_t nobody[sizeof identity->publisher];
    struct info info = {.size = 0};
    if (policy == 0 || (policy & ~(SEALING_TO_MEASUREMENT | SEALING_TO_PUBLISHER)) != 0 || !is_label(label_size)) {
        return -EINVAL;
    }
    bool is_signed = memcmp(identity->publisher, nobody, sizeof nobody) != 0;
    if (version > identity->security_version || ((policy & SEALING_TO_PUBLISHER) != 0 && !is_signed)) {
        return -EPERM;
    }
    put(&info, (const uint8_t[]){policy, identity->debug ? 1 : 0}, 2);
    put_number(&info, version);
    if ((policy & SEALING_TO_MEASUREMENT) != 0) {
        put(&info, identity->measurement, sizeof identity->measurement);
    }
    if ((policy & SEALING_TO_PUBLISHER) != 0) {
        put(&info, identity->publisher, sizeof identity->publisher);
        put_number(&info, identity->product);
    }
    put(&info, label, label_size);
    return derive(fuse, versioned_salt, &info, key) == 0 ? 0 : -EIO;
}
