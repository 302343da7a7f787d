#define _GNU_SOURCE
#include "simulated_collateral.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "simulated_facts.h"
#include "writer.h"

enum {
    SECONDS_PER_DAY = 24 * 60 * 60,
    LIST_DAYS = 30,
    EVALUATION_NUMBER = 17,
    SIGNATURE_BYTES = 64,
    TEXT_MAX = 2048,
    COMPONENTS = 16,
};

/* A field of bytes in protobuf's wire format. Lengths here have at most 14 bits. */
static void put_field(struct writer *writer, uint8_t number, const void *bytes, size_t count)
{
    uint8_t opening[3] = {(uint8_t)(number << 3 | 2), (uint8_t)count, 0};
    size_t length = 2;
    if (count >= 0x80) {
        opening[1] = (uint8_t)(count | 0x80);
        opening[2] = (uint8_t)(count >> 7);
        length = 3;
    }
    if (count >= 0x4000)
        writer->overflow = 1;
    put(writer, opening, length);
    put(writer, bytes, count);
}

static void put_text(struct writer *writer, const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof text)
        writer->overflow = 1;
    else
        put(writer, text, (size_t)length);
}

static void put_hex(struct writer *writer, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put_text(writer, "%02X", bytes[i]);
}

/* --- Lists of revoked certificates --- */

/* Whose list it is, and which: there is only one, so that its number does not grow. */
static int add_list_extensions(X509_CRL *list, X509 *issuer)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, NULL, NULL, list, 0);
    X509_EXTENSION *key = X509V3_EXT_conf_nid(NULL, &context, NID_authority_key_identifier, "keyid:always");
    ASN1_INTEGER *number = ASN1_INTEGER_new();
    int added = key && X509_CRL_add_ext(list, key, -1) == 1 && number && ASN1_INTEGER_set(number, 1) == 1 &&
                X509_CRL_add1_ext_i2d(list, NID_crl_number, number, 0, 0) == 1;
    ASN1_INTEGER_free(number);
    X509_EXTENSION_free(key);
    return added;
}

/* The list of `issuer`, with nothing in it. */
static int put_list(struct writer *writer, uint8_t number, X509 *issuer, EVP_PKEY *key, time_t now)
{
    ASN1_TIME *from = ASN1_TIME_adj(NULL, now, -1, 0), *to = ASN1_TIME_adj(NULL, now, LIST_DAYS, 0);
    X509_CRL *list = X509_CRL_new();
    uint8_t *der = NULL;
    int made = from && to && list && X509_CRL_set_version(list, X509_CRL_VERSION_2) == 1 &&
               X509_CRL_set_issuer_name(list, X509_get_subject_name(issuer)) == 1 &&
               X509_CRL_set1_lastUpdate(list, from) == 1 && X509_CRL_set1_nextUpdate(list, to) == 1 &&
               add_list_extensions(list, issuer) && X509_CRL_sign(list, key, EVP_sha256()) > 0;
    int length = made ? i2d_X509_CRL(list, &der) : 0;
    if (length > 0)
        put_field(writer, number, der, (size_t)length);
    OPENSSL_free(der);
    X509_CRL_free(list);
    ASN1_TIME_free(from);
    ASN1_TIME_free(to);
    return length > 0 ? 0 : -EIO;
}

/* --- Signed texts --- */

static void put_dates(struct writer *text, time_t now)
{
    char from[32], to[32];
    struct tm parts;
    time_t issued = now - SECONDS_PER_DAY, next = now + LIST_DAYS * SECONDS_PER_DAY;
    strftime(from, sizeof from, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&issued, &parts));
    strftime(to, sizeof to, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&next, &parts));
    put_text(text, "\"issueDate\":\"%s\",\"nextUpdate\":\"%s\",", from, to);
    put_text(text, "\"tcbEvaluationDataNumber\":%d,", EVALUATION_NUMBER);
}

/* The one level there is: that of every simulated machine. */
static void put_platform_text(struct writer *text, time_t now)
{
    static const uint8_t family[] = SIMULATED_FAMILY, components[COMPONENTS] = SIMULATED_COMPONENT_VERSIONS;
    put_text(text, "{\"id\":\"SGX\",\"version\":3,");
    put_dates(text, now);
    put_text(text, "\"fmspc\":\"");
    put_hex(text, family, sizeof family);
    put_text(text, "\",\"pceId\":\"0000\",\"tcbType\":0,\"tcbLevels\":[{\"tcb\":{\"sgxtcbcomponents\":[");
    for (int i = 0; i < COMPONENTS; i++)
        put_text(text, "%s{\"svn\":%d}", i ? "," : "", components[i]);
    put_text(text, "],\"pcesvn\":%d},", SIMULATED_PROVISIONING_VERSION);
    put_text(text, "\"tcbDate\":\"2024-03-13T00:00:00Z\",\"tcbStatus\":\"UpToDate\"}]}");
}

static void put_quoting_enclave_text(struct writer *text, time_t now)
{
    uint8_t signer[SHA256_DIGEST_LENGTH];
    SHA256((const uint8_t *)SIMULATED_QUOTING_ENCLAVE_SIGNER, strlen(SIMULATED_QUOTING_ENCLAVE_SIGNER), signer);
    put_text(text, "{\"id\":\"QE\",\"version\":2,");
    put_dates(text, now);
    put_text(text, "\"miscselect\":\"00000000\",\"miscselectMask\":\"FFFFFFFF\",");
    put_text(text, "\"attributes\":\"11000000000000000000000000000000\",");
    put_text(text, "\"attributesMask\":\"FBFFFFFFFFFFFFFF0000000000000000\",\"mrsigner\":\"");
    put_hex(text, signer, sizeof signer);
    put_text(text, "\",\"isvprodid\":1,\"tcbLevels\":[{\"tcb\":{\"isvsvn\":%d},", SIMULATED_QUOTING_ENCLAVE_VERSION);
    put_text(text, "\"tcbDate\":\"2024-03-13T00:00:00Z\",\"tcbStatus\":\"UpToDate\"}]}");
}

/* The text, the signature over it, the signer's certificate. */
static int put_signed(
    struct writer *writer, uint8_t number, void (*put_content)(struct writer *, time_t), time_t now, EVP_PKEY *key,
    X509 *certificate)
{
    uint8_t text[TEXT_MAX], message[TEXT_MAX + SIMULATED_CERTIFICATE_MAX + 128];
    uint8_t signature[SIGNATURE_BYTES], *der = NULL;
    struct writer content = {.out = text, .capacity = sizeof text};
    struct writer field = {.out = message, .capacity = sizeof message};
    put_content(&content, now);
    int length = i2d_X509(certificate, &der);
    int status = content.overflow || length <= 0 ? -EIO : simulated_sign(key, text, content.length, signature);
    if (!status) {
        put_field(&field, 1, text, content.length);
        put_field(&field, 2, signature, sizeof signature);
        put_field(&field, 3, der, (size_t)length);
        put_field(writer, number, message, field.length);
    }
    OPENSSL_free(der);
    return status || field.overflow ? -EIO : 0;
}

int simulated_collateral_encode(
    const struct simulated_platform *platform, uint8_t out[SIMULATED_COLLATERAL_MAX], size_t *out_len)
{
    struct writer writer = {.out = out, .capacity = SIMULATED_COLLATERAL_MAX};
    time_t now = time(NULL);
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = key ? simulated_signer_issue(platform, key) : NULL;
    int status = certificate ? 0 : -EIO;
    if (!status)
        status = put_list(&writer, 1, platform->root, platform->root_key, now);
    if (!status)
        status = put_list(&writer, 2, platform->authority, platform->authority_key, now);
    if (!status)
        status = put_signed(&writer, 3, put_platform_text, now, key, certificate);
    if (!status)
        status = put_signed(&writer, 4, put_quoting_enclave_text, now, key, certificate);
    X509_free(certificate);
    EVP_PKEY_free(key);
    *out_len = writer.length;
    return status || writer.overflow ? -EIO : 0;
}
