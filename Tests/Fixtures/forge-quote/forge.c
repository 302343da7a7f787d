/*
 * forge-quote: mints quotes with the launcher's own code and, for tests, quotes that the launcher would never make.
 *
 *   forge-quote STATE_DIR OUT_FILE MEASUREMENT_HEX REPORT_DATA_HEX [OFFSET HEX]...
 *
 * Bytes given by OFFSET and HEX are put into the finished quote; then the quoting enclave's report and the quote are
 * signed again with the platform's real keys, so that only the one thing the test changed is wrong.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "quote.h"

enum { SIGNED_BYTES = 432, SIGNATURE_AT = 436, REPORT_AT = 564, REPORT_BYTES = 384, REPORT_SIGNATURE_AT = 948 };

static size_t decode_hex(const char *text, uint8_t *out, size_t capacity)
{
    size_t length = strlen(text) / 2;
    if (length > capacity || strlen(text) % 2)
        exit(64);
    for (size_t i = 0; i < length; i++) {
        unsigned value;
        if (sscanf(text + 2 * i, "%2x", &value) != 1)
            exit(64);
        out[i] = (uint8_t)value;
    }
    return length;
}

static void sign(EVP_PKEY *key, const uint8_t *message, size_t length, uint8_t *signature)
{
    uint8_t der[80];
    size_t der_length = sizeof der;
    const uint8_t *next = der;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) != 1 ||
        EVP_DigestSign(context, der, &der_length, message, length) != 1)
        exit(70);
    ECDSA_SIG *parsed = d2i_ECDSA_SIG(NULL, &next, (long)der_length);
    BN_bn2binpad(ECDSA_SIG_get0_r(parsed), signature, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(parsed), signature + 32, 32);
    ECDSA_SIG_free(parsed);
    EVP_MD_CTX_free(context);
}

int main(int argc, char **argv)
{
    struct enclave_identity identity = {.product = 1, .security_version = 1};
    uint8_t report_data[QUOTE_REPORT_DATA_BYTES], quote[QUOTE_MAX];
    struct simulated_platform *platform;
    size_t length;
    if (argc < 5 || argc % 2 == 0 ||
        decode_hex(argv[3], identity.measurement, sizeof identity.measurement) != sizeof identity.measurement ||
        decode_hex(argv[4], report_data, sizeof report_data) != sizeof report_data)
        return 64;
    int status = simulated_platform_open(argv[1], NULL, &platform);
    if (status)
        return -status;
    SHA256((const uint8_t *)"sim-signer", 10, identity.publisher);
    status = quote_create(platform, &identity, report_data, quote, sizeof quote, &length);
    if (status)
        return -status;
    for (int i = 5; i < argc; i += 2) {
        size_t offset = strtoul(argv[i], NULL, 10);
        if (offset >= length)
            return 64;
        decode_hex(argv[i + 1], quote + offset, length - offset);
    }
    if (argc > 5) {
        sign(platform->platform_key, quote + REPORT_AT, REPORT_BYTES, quote + REPORT_SIGNATURE_AT);
        sign(platform->attestation_key, quote, SIGNED_BYTES, quote + SIGNATURE_AT);
    }
    simulated_platform_close(platform);
    FILE *out = fopen(argv[2], "wb");
    if (!out || fwrite(quote, 1, length, out) != length || fclose(out))
        return 74;
    return 0;
}
