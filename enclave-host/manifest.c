#define _GNU_SOURCE
#include "manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_BYTES 32
#define SIGNATURE_BYTES 64

/// The public key of development-publisher.pem.
static const uint8_t development_key[KEY_BYTES] = {
    0x25, 0x21, 0x97, 0xe1, 0xff, 0xe1, 0xfe, 0x84, 0x61, 0x05, 0xd8, 0xbd, 0xbf, 0xcd, 0xed, 0x6d,
    0x32, 0x6f, 0x84, 0x07, 0x90, 0x2c, 0x9d, 0x32, 0x07, 0x7e, 0x2e, 0x9b, 0xb8, 0x22, 0xf7, 0xe6,
};

struct manifest {
    char measurement[65], boundary[65], publisher[65], signature[129];
    unsigned product, version, debug;
};

/// Returns how many bytes the file has, which are then in `text` with a zero behind them; -errno otherwise.
static ssize_t read_text(const char *path, char text[MANIFEST_BYTES_MAX + 1]) {
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (file < 0) {
        return -errno;
    }
    struct stat status;
    bool is_file = fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size <= MANIFEST_BYTES_MAX;
    ssize_t count = is_file ? read(file, text, MANIFEST_BYTES_MAX) : -1;
    close(file);
    text[count > 0 ? count : 0] = 0;
    return count < 0 ? -EINVAL : count;
}

/// The part that is signed, as this statement is written. Returns its length.
static size_t write_statement(const struct manifest *manifest, char text[MANIFEST_BYTES_MAX]) {
    int length = snprintf(
        text, MANIFEST_BYTES_MAX,
        "cloister image manifest 1\nmeasurement %s\nboundary %s\nproduct %u\nversion %u\ndebug %u\npublisher %s\n",
        manifest->measurement, manifest->boundary, manifest->product, manifest->version, manifest->debug,
        manifest->publisher);
    return length > 0 && length < MANIFEST_BYTES_MAX ? (size_t)length : 0;
}

/// Whether `text` has the one form of a manifest; `statement` is then what was signed.
static bool parse(const char *text, size_t size, struct manifest *manifest, char *statement, size_t *statement_size) {
    int fields = sscanf(
        text,
        "cloister image manifest 1\nmeasurement %64[0-9a-f]\nboundary %64[0-9a-f]\nproduct %u\nversion %u\ndebug %u\n"
        "publisher %64[0-9a-f]\nsignature %128[0-9a-f]\n",
        manifest->measurement, manifest->boundary, &manifest->product, &manifest->version, &manifest->debug,
        manifest->publisher, manifest->signature);
    if (fields != 7 || strlen(manifest->measurement) != 64 || strlen(manifest->boundary) != 64 ||
        strlen(manifest->publisher) != 64 || strlen(manifest->signature) != 128 || manifest->product > UINT16_MAX ||
        manifest->version > SECURITY_VERSION_MAX || manifest->debug > 1) {
        return false;
    }
    *statement_size = write_statement(manifest, statement);
    char again[2 * MANIFEST_BYTES_MAX];
    int length = snprintf(again, sizeof again, "%ssignature %s\n", statement, manifest->signature);
    return length >= 0 && (size_t)length == size && memcmp(again, text, size) == 0;
}

/// Of digits that `parse` has seen.
static void decode(const char *digits, uint8_t *bytes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        unsigned value = 0;
        sscanf(digits + 2 * i, "%2x", &value);
        bytes[i] = (uint8_t)value;
    }
}

static bool is_signed(
    const uint8_t key[KEY_BYTES], const uint8_t signature[SIGNATURE_BYTES], const char *statement, size_t size) {
    EVP_PKEY *public = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, KEY_BYTES);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool valid = public != NULL && context != NULL && EVP_DigestVerifyInit(context, NULL, NULL, NULL, public) == 1 &&
                 EVP_DigestVerify(context, signature, SIGNATURE_BYTES, (const uint8_t *)statement, size) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(public);
    return valid;
}

/// A program that has messages has their hash, which it exchanges with its host. One that states zeros has none.
static bool has_boundary(const uint8_t boundary[32], const uint8_t *program, size_t size) {
    static const uint8_t none[32];
    return memcmp(boundary, none, sizeof none) == 0 || memmem(program, size, boundary, 32) != NULL;
}

enum manifest_result manifest_read(
    const char *path, const uint8_t *program, size_t program_size, struct enclave_identity *identity) {
    char text[MANIFEST_BYTES_MAX + 1], statement[MANIFEST_BYTES_MAX];
    struct manifest manifest = {0};
    size_t statement_size = 0;
    ssize_t size = read_text(path, text);
    if (size == -ENOENT) {
        return MANIFEST_MISSING;
    }
    if (size <= 0 || !parse(text, (size_t)size, &manifest, statement, &statement_size)) {
        return MANIFEST_UNREADABLE;
    }
    uint8_t measurement[32], boundary[32], key[KEY_BYTES], signature[SIGNATURE_BYTES], publisher[32];
    decode(manifest.measurement, measurement, sizeof measurement);
    decode(manifest.boundary, boundary, sizeof boundary);
    decode(manifest.publisher, key, sizeof key);
    decode(manifest.signature, signature, sizeof signature);
    if (!is_signed(key, signature, statement, statement_size) ||
        EVP_Digest(key, sizeof key, publisher, NULL, EVP_sha256(), NULL) != 1) {
        return MANIFEST_FORGED;
    }
    if (memcmp(measurement, identity->measurement, sizeof measurement) != 0) {
        return MANIFEST_OF_ANOTHER;
    }
    if (!has_boundary(boundary, program, program_size)) {
        return MANIFEST_UNSPOKEN;
    }
    memcpy(identity->publisher, publisher, sizeof publisher);
    identity->product = (uint16_t)manifest.product;
    identity->security_version = (uint16_t)manifest.version;
    identity->debug = manifest.debug == 1;
    return MANIFEST_ACCEPTED;
}

const char *manifest_reason(enum manifest_result result) {
    switch (result) {
    case MANIFEST_ACCEPTED:
        return "it is signed";
    case MANIFEST_MISSING:
        return "nobody signed it: there is no manifest";
    case MANIFEST_UNREADABLE:
        return "the manifest does not have the form of one";
    case MANIFEST_OF_ANOTHER:
        return "the manifest is of another image, library or confinement: it was built anew or altered";
    case MANIFEST_FORGED:
        return "the manifest is not signed by the publisher that it names";
    case MANIFEST_UNSPOKEN:
        return "the manifest states messages that the program does not have";
    }
    return "the manifest cannot be used";
}

bool manifest_is_of_development(const struct enclave_identity *identity) {
    uint8_t publisher[32];
    return EVP_Digest(development_key, sizeof development_key, publisher, NULL, EVP_sha256(), NULL) == 1 &&
           memcmp(publisher, identity->publisher, sizeof publisher) == 0;
}
