#define _GNU_SOURCE
#include "measure.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

static const char tag[] = "cloister/enclave-image/1";
static const char strict_tag[] = "cloister/strict-image/1";

int measure_bytes(const uint8_t *bytes, size_t size, uint8_t digest[IMAGE_DIGEST_BYTES]) {
    return EVP_Digest(bytes, size, digest, NULL, EVP_sha384(), NULL) == 1 ? 0 : -1;
}

static int compare_names(const void *left, const void *right) {
    const struct image_file *const *first = left, *const *second = right;
    return strcmp((*first)->name, (*second)->name);
}

static void put_big_endian(uint8_t *bytes, uint64_t value, size_t width) {
    for (size_t i = 0; i < width; i++) {
        bytes[i] = (uint8_t)(value >> (8 * (width - 1 - i)));
    }
}

static int add_integer(EVP_MD_CTX *hash, uint64_t value, size_t width) {
    uint8_t bytes[8];
    put_big_endian(bytes, value, width);
    return EVP_DigestUpdate(hash, bytes, width);
}

static int add_file(EVP_MD_CTX *hash, const struct image_file *file) {
    size_t length = strlen(file->name);
    return add_integer(hash, length, 2) && EVP_DigestUpdate(hash, file->name, length) &&
           add_integer(hash, file->size, 8) && EVP_DigestUpdate(hash, file->digest, IMAGE_DIGEST_BYTES);
}

int measure_image(struct image *image, bool is_strict) {
    const char *own_tag = is_strict ? strict_tag : tag;
    const struct image_file *sorted[IMAGE_FILES_MAX];
    for (size_t i = 0; i < image->count; i++) {
        sorted[i] = &image->files[i];
    }
    qsort(sorted + 1, image->count - 1, sizeof *sorted, compare_names);

    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    int done = hash != NULL && EVP_DigestInit_ex(hash, EVP_sha256(), NULL) &&
               EVP_DigestUpdate(hash, own_tag, strlen(own_tag)) && add_integer(hash, image->count, 4);
    for (size_t i = 0; i < image->count; i++) {
        done = done && add_file(hash, sorted[i]);
    }
    done = done && EVP_DigestFinal_ex(hash, image->measurement, NULL);
    EVP_MD_CTX_free(hash);
    return done ? 0 : -1;
}
