#include "quote.h"

#include <errno.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include "simulated_facts.h"
#include "writer.h"

/* Offsets of a report and of a quote's parts: Intel's "ECDSA Quote Library API", appendix A.4. */
enum {
    HEADER_BYTES = 48,
    REPORT_BYTES = 384,
    SIGNED_BYTES = HEADER_BYTES + REPORT_BYTES,
    SIGNATURE_BYTES = 64,
    PUBLIC_KEY_BYTES = 64,
    AUTHENTICATION_BYTES = 32,
    VERSION = 3,
    KEY_TYPE_ECDSA_P256 = 2,
    CERTIFICATION_PEM_CHAIN = 5,
    ATTRIBUTE_INIT = 0x01,
    ATTRIBUTE_DEBUG = 0x02,
    ATTRIBUTE_MODE64 = 0x04,
    ATTRIBUTE_PROVISION_KEY = 0x10,
    EXTENDED_FEATURES = 0xe7,
};

/* Little-endian. */
static void put_integer(struct writer *writer, uint64_t value, size_t bytes)
{
    uint8_t encoded[8];
    for (size_t i = 0; i < bytes; i++)
        encoded[i] = (uint8_t)(value >> (8 * i));
    put(writer, encoded, bytes);
}

static void put_zeros(struct writer *writer, size_t count)
{
    static const uint8_t zeros[96];
    put(writer, zeros, count);
}

struct report {
    uint8_t measurement[32], signer[32];
    uint64_t attributes;
    uint16_t product, version;
    uint8_t report_data[QUOTE_REPORT_DATA_BYTES];
};

static void put_report(struct writer *writer, const struct report *report)
{
    static const uint8_t processor_version[16] = SIMULATED_COMPONENT_VERSIONS;
    put(writer, processor_version, sizeof processor_version);
    put_zeros(writer, 4 + 28); /* MISCSELECT, reserved */
    put_integer(writer, report->attributes, 8);
    put_integer(writer, EXTENDED_FEATURES, 8);
    put(writer, report->measurement, 32);
    put_zeros(writer, 32);
    put(writer, report->signer, 32);
    put_zeros(writer, 96);
    put_integer(writer, report->product, 2);
    put_integer(writer, report->version, 2);
    put_zeros(writer, 60);
    put(writer, report->report_data, QUOTE_REPORT_DATA_BYTES);
}

/* r || s, as fixed-size numbers. */
int simulated_sign(EVP_PKEY *key, const uint8_t *message, size_t length, uint8_t *signature)
{
    uint8_t der[80];
    size_t der_length = sizeof der;
    const uint8_t *next = der;
    ECDSA_SIG *parsed = NULL;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int signed_ok = context && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
                    EVP_DigestSign(context, der, &der_length, message, length) == 1 &&
                    (parsed = d2i_ECDSA_SIG(NULL, &next, (long)der_length)) &&
                    BN_bn2binpad(ECDSA_SIG_get0_r(parsed), signature, 32) == 32 &&
                    BN_bn2binpad(ECDSA_SIG_get0_s(parsed), signature + 32, 32) == 32;
    ECDSA_SIG_free(parsed);
    EVP_MD_CTX_free(context);
    return signed_ok ? 0 : -EIO;
}

/* x || y. */
static int public_key(EVP_PKEY *key, uint8_t out[PUBLIC_KEY_BYTES])
{
    uint8_t point[1 + PUBLIC_KEY_BYTES];
    size_t length = 0;
    if (EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point, &length) != 1 ||
        length != sizeof point || point[0] != 0x04)
        return -EIO;
    memcpy(out, point + 1, PUBLIC_KEY_BYTES);
    return 0;
}

/* The platform's certificate, its issuer's, the root's, in PEM, and the zero byte that Intel's library leaves behind
   them. */
static int put_certification(struct writer *writer, const struct simulated_platform *platform)
{
    X509 *certificates[] = {platform->certificate, platform->authority, platform->root};
    BIO *bio = BIO_new(BIO_s_mem());
    int written = bio != NULL;
    for (size_t i = 0; written && i < sizeof certificates / sizeof *certificates; i++)
        written = PEM_write_bio_X509(bio, certificates[i]) == 1;
    if (written) {
        char *text;
        size_t length = (size_t)BIO_get_mem_data(bio, &text);
        put_integer(writer, CERTIFICATION_PEM_CHAIN, 2);
        put_integer(writer, length + 1, 4);
        put(writer, text, length);
        put_zeros(writer, 1);
    }
    BIO_free(bio);
    return written ? 0 : -EIO;
}

/* Signature, key, the quoting enclave's report that binds the key, its signature, certificates. */
static int put_signature_data(struct writer *writer, const struct simulated_platform *platform)
{
    uint8_t signature[SIGNATURE_BYTES], bound[PUBLIC_KEY_BYTES + AUTHENTICATION_BYTES];
    int status = simulated_sign(platform->attestation_key, writer->out, SIGNED_BYTES, signature);
    if (!status)
        status = public_key(platform->attestation_key, bound);
    if (status)
        return status;
    for (size_t i = 0; i < AUTHENTICATION_BYTES; i++)
        bound[PUBLIC_KEY_BYTES + i] = (uint8_t)i;

    struct report quoting_enclave = {
        .attributes = ATTRIBUTE_INIT | ATTRIBUTE_MODE64 | ATTRIBUTE_PROVISION_KEY,
        .product = 1,
        .version = SIMULATED_QUOTING_ENCLAVE_VERSION,
    };
    SHA256((const uint8_t *)SIMULATED_QUOTING_ENCLAVE_NAME, strlen(SIMULATED_QUOTING_ENCLAVE_NAME),
           quoting_enclave.measurement);
    SHA256((const uint8_t *)SIMULATED_QUOTING_ENCLAVE_SIGNER, strlen(SIMULATED_QUOTING_ENCLAVE_SIGNER),
           quoting_enclave.signer);
    SHA256(bound, sizeof bound, quoting_enclave.report_data);

    put(writer, signature, SIGNATURE_BYTES);
    put(writer, bound, PUBLIC_KEY_BYTES);
    put_report(writer, &quoting_enclave);
    if (writer->overflow)
        return -ENOBUFS;
    status = simulated_sign(
        platform->platform_key, writer->out + writer->length - REPORT_BYTES, REPORT_BYTES, signature);
    if (status)
        return status;
    put(writer, signature, SIGNATURE_BYTES);
    put_integer(writer, AUTHENTICATION_BYTES, 2);
    put(writer, bound + PUBLIC_KEY_BYTES, AUTHENTICATION_BYTES);
    return put_certification(writer, platform);
}

int quote_create(
    const struct simulated_platform *platform, const struct enclave_identity *identity,
    const uint8_t report_data[QUOTE_REPORT_DATA_BYTES], uint8_t *out, size_t capacity, size_t *out_len)
{
    static const uint8_t vendor[16] = {
        0x93, 0x9a, 0x72, 0x33, 0xf7, 0x9c, 0x4c, 0xa9, 0x94, 0x0a, 0x0d, 0xb3, 0x95, 0x7f, 0x06, 0x07};
    struct writer writer = {.out = out, .capacity = capacity};
    struct report report = {
        .attributes = ATTRIBUTE_INIT | ATTRIBUTE_MODE64 | (identity->debug ? ATTRIBUTE_DEBUG : 0),
        .product = identity->product,
        .version = identity->security_version,
    };

    memcpy(report.measurement, identity->measurement, QUOTE_MEASUREMENT_BYTES);
    memcpy(report.signer, identity->publisher, sizeof report.signer);
    memcpy(report.report_data, report_data, QUOTE_REPORT_DATA_BYTES);

    put_integer(&writer, VERSION, 2);
    put_integer(&writer, KEY_TYPE_ECDSA_P256, 2);
    put_zeros(&writer, 4);
    put_integer(&writer, SIMULATED_QUOTING_ENCLAVE_VERSION, 2);
    put_integer(&writer, SIMULATED_PROVISIONING_VERSION, 2);
    put(&writer, vendor, sizeof vendor);
    put(&writer, SIMULATED_USER_DATA, strlen(SIMULATED_USER_DATA));
    put_report(&writer, &report);
    put_zeros(&writer, 4); /* the length of what follows, written at the end */
    if (writer.overflow)
        return -ENOBUFS;

    int status = put_signature_data(&writer, platform);
    if (status)
        return status;
    if (writer.overflow)
        return -ENOBUFS;
    struct writer length = {.out = out + SIGNED_BYTES, .capacity = 4};
    put_integer(&length, writer.length - SIGNED_BYTES - 4, 4);
    *out_len = writer.length;
    return 0;
}
