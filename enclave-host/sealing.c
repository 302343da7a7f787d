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

int sealing_derive(
    const uint8_t *fuse, const struct enclave_identity *identity, const uint8_t *label, size_t label_size,
    uint8_t key[SEALING_KEY_BYTES]) {
    if (label_size == 0 || label_size > SEALING_LABEL_BYTES_MAX) {
        return -1;
    }
    // RFC 5869: extract, then the first block of expand, which is all that 32 bytes need.
    uint8_t extracted[HASH_BYTES];
    const char *own_salt = identity->debug ? debug_salt : salt;
    uint8_t block[sizeof identity->measurement + SEALING_LABEL_BYTES_MAX + sizeof suffix];
    size_t size = 0;
    memcpy(block, identity->measurement, sizeof identity->measurement);
    size += sizeof identity->measurement;
    memcpy(block + size, label, label_size);
    size += label_size;
    memcpy(block + size, suffix, sizeof suffix - 1);
    size += sizeof suffix - 1;
    block[size++] = 1;
    int done = HMAC(EVP_sha256(), own_salt, (int)strlen(own_salt), fuse, FUSE_BYTES, extracted, NULL) != NULL &&
               HMAC(EVP_sha256(), extracted, HASH_BYTES, block, size, key, NULL) != NULL;
    explicit_bzero(extracted, sizeof extracted);
    return done ? 0 : -1;
}
