#include "sgx_extension.h"

#include <string.h>

enum {
    DER_BOOLEAN = 0x01, DER_INTEGER = 0x02, DER_OCTETS = 0x04, DER_OID = 0x06, DER_ENUMERATED = 0x0a,
    DER_SEQUENCE = 0x30,
};

/* Filled from its end towards its beginning, so that every length is known when it is written. */
struct backwards {
    uint8_t bytes[SGX_EXTENSION_MAX];
    size_t start;
    int overflow;
};

static void put(struct backwards *der, const uint8_t *bytes, size_t count)
{
    if (der->overflow || count > der->start) {
        der->overflow = 1;
        return;
    }
    der->start -= count;
    memcpy(der->bytes + der->start, bytes, count);
}

/* Puts tag and length before everything written since `end`. Contents here are shorter than 64 KiB. */
static void close_element(struct backwards *der, uint8_t tag, size_t end)
{
    size_t length = end - der->start;
    uint8_t opening[4] = {tag};
    size_t count = 2;
    if (length < 0x80) {
        opening[1] = (uint8_t)length;
    } else if (length < 0x100) {
        opening[1] = 0x81;
        opening[2] = (uint8_t)length;
        count = 3;
    } else {
        opening[1] = 0x82;
        opening[2] = (uint8_t)(length >> 8);
        opening[3] = (uint8_t)length;
        count = 4;
    }
    put(der, opening, count);
}

/* 1.2.840.113741.1.13.1, then one or two numbers below 128. */
static void put_oid(struct backwards *der, int group, int item)
{
    uint8_t oid[11] = {0x2a, 0x86, 0x48, 0x86, 0xf8, 0x4d, 0x01, 0x0d, 0x01, (uint8_t)group, (uint8_t)item};
    size_t end = der->start;
    put(der, oid, item ? 11 : 10);
    close_element(der, DER_OID, end);
}

/* SEQUENCE { oid, value } around a value that was written since `end`. */
static void close_pair(struct backwards *der, int group, int item, size_t end)
{
    put_oid(der, group, item);
    close_element(der, DER_SEQUENCE, end);
}

static void put_pair(struct backwards *der, int group, int item, uint8_t tag, const uint8_t *value, size_t count)
{
    size_t end = der->start;
    put(der, value, count);
    close_element(der, tag, end);
    close_pair(der, group, item, end);
}

static void put_version(struct backwards *der, int group, int item, uint8_t version)
{
    /* An INTEGER is signed: from 128 on it needs a zero in front. */
    uint8_t value[2] = {0, version};
    if (version >= 0x80)
        put_pair(der, group, item, DER_INTEGER, value, 2);
    else
        put_pair(der, group, item, DER_INTEGER, value + 1, 1);
}

size_t sgx_extension_encode(const struct sgx_platform_facts *facts, uint8_t out[SGX_EXTENSION_MAX])
{
    static const uint8_t no = 0x00, scalable = 0x01;
    struct backwards der = {.start = SGX_EXTENSION_MAX};

    for (int flag = 3; flag >= 1; flag--) /* dynamic platform, cached keys, simultaneous threads */
        put_pair(&der, 7, flag, DER_BOOLEAN, &no, 1);
    close_element(&der, DER_SEQUENCE, SGX_EXTENSION_MAX);
    close_pair(&der, 7, 0, SGX_EXTENSION_MAX);
    put_pair(&der, 6, 0, DER_OCTETS, facts->instance_id, sizeof facts->instance_id);
    put_pair(&der, 5, 0, DER_ENUMERATED, &scalable, 1);
    put_pair(&der, 4, 0, DER_OCTETS, facts->family, sizeof facts->family);
    put_pair(&der, 3, 0, DER_OCTETS, facts->provisioning_id, sizeof facts->provisioning_id);

    size_t end = der.start;
    put_pair(&der, 2, 18, DER_OCTETS, facts->component_versions, SGX_COMPONENTS);
    put_version(&der, 2, 17, facts->provisioning_version);
    for (int component = SGX_COMPONENTS; component >= 1; component--)
        put_version(&der, 2, component, facts->component_versions[component - 1]);
    close_element(&der, DER_SEQUENCE, end);
    close_pair(&der, 2, 0, end);

    put_pair(&der, 1, 0, DER_OCTETS, facts->platform_id, sizeof facts->platform_id);
    close_element(&der, DER_SEQUENCE, SGX_EXTENSION_MAX);
    if (der.overflow)
        return 0;
    size_t length = SGX_EXTENSION_MAX - der.start;
    memcpy(out, der.bytes + der.start, length);
    return length;
}
