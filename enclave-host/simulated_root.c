#define _GNU_SOURCE
#include "simulated_root.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "sgx_extension.h"
#include "simulated_collateral.h"
#include "simulated_facts.h"

#define KEY_FILE_MAX (64 * 1024)
#define DAYS_PER_YEAR 365

/* --- Certificates --- */

static int add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    int added = extension && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

static int add_platform_extension(X509 *certificate)
{
    struct sgx_platform_facts facts = {
        .component_versions = SIMULATED_COMPONENT_VERSIONS,
        .provisioning_version = SIMULATED_PROVISIONING_VERSION,
        .family = SIMULATED_FAMILY,
    };
    uint8_t content[SGX_EXTENSION_MAX];
    if (RAND_bytes(facts.platform_id, sizeof facts.platform_id) != 1 ||
        RAND_bytes(facts.instance_id, sizeof facts.instance_id) != 1)
        return 0;
    size_t length = sgx_extension_encode(&facts, content);
    ASN1_OBJECT *oid = OBJ_txt2obj(SGX_EXTENSION_OID, 1);
    ASN1_OCTET_STRING *octets = ASN1_OCTET_STRING_new();
    X509_EXTENSION *extension = NULL;
    int added = length && oid && octets && ASN1_OCTET_STRING_set(octets, content, (int)length) == 1 &&
                (extension = X509_EXTENSION_create_by_OBJ(NULL, oid, 0, octets)) &&
                X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    ASN1_OCTET_STRING_free(octets);
    ASN1_OBJECT_free(oid);
    return added;
}

static int set_name(X509 *certificate, const char *common_name)
{
    X509_NAME *name = X509_get_subject_name(certificate);
    return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const uint8_t *)common_name, -1, -1, 0) == 1 &&
           X509_NAME_add_entry_by_txt(name, "O", MBSTRING_ASC, (const uint8_t *)"SIMULATION - NOT INTEL", -1, -1, 0) == 1 &&
           X509_NAME_add_entry_by_txt(name, "C", MBSTRING_ASC, (const uint8_t *)"ZZ", -1, -1, 0) == 1;
}

static int set_serial(X509 *certificate)
{
    uint8_t serial[20];
    if (RAND_bytes(serial, sizeof serial) != 1)
        return 0;
    serial[0] = (serial[0] & 0x7f) | 0x40; /* positive, and of the full length */
    BIGNUM *number = BN_bin2bn(serial, sizeof serial, NULL);
    int set = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
    BN_free(number);
    return set;
}

/* What a certificate that is no authority's is for, in place of a path length. */
enum { FOR_PLATFORM = -1, FOR_COLLATERAL = -2 };

/* A certificate for `key`; `issuer` NULL makes it a root. NULL on failure. */
static X509 *issue(
    const char *common_name, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key, int path_length, int years)
{
    char constraints[32];
    const char *usage = "critical,digitalSignature,nonRepudiation";
    snprintf(constraints, sizeof constraints, "critical,CA:FALSE");
    if (path_length >= 0) {
        snprintf(constraints, sizeof constraints, "critical,CA:TRUE,pathlen:%d", path_length);
        usage = "critical,keyCertSign,cRLSign";
    }
    X509 *certificate = X509_new();
    if (!certificate)
        return NULL;
    if (!issuer)
        issuer = certificate;
    int made = X509_set_version(certificate, X509_VERSION_3) == 1 && set_serial(certificate) &&
               set_name(certificate, common_name) &&
               X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1 &&
               X509_gmtime_adj(X509_getm_notBefore(certificate), -24 * 60 * 60) &&
               X509_time_adj_ex(X509_getm_notAfter(certificate), years * DAYS_PER_YEAR, 0, NULL) &&
               X509_set_pubkey(certificate, key) == 1 &&
               add_extension(certificate, issuer, NID_subject_key_identifier, "hash") &&
               add_extension(certificate, issuer, NID_authority_key_identifier, "keyid:always") &&
               add_extension(certificate, issuer, NID_key_usage, usage) &&
               add_extension(certificate, issuer, NID_basic_constraints, constraints) &&
               (path_length != FOR_PLATFORM || add_platform_extension(certificate)) &&
               X509_sign(certificate, issuer_key, EVP_sha256()) > 0;
    if (!made) {
        X509_free(certificate);
        return NULL;
    }
    return certificate;
}

/* Below the root that is there, or below a new one. */
static int make_platform(struct simulated_platform *platform)
{
    if (!platform->root_key)
        platform->root_key = EVP_EC_gen("P-256");
    platform->authority_key = EVP_EC_gen("P-256");
    platform->platform_key = EVP_EC_gen("P-256");
    platform->attestation_key = EVP_EC_gen("P-256");
    if (!platform->root_key || !platform->authority_key || !platform->platform_key || !platform->attestation_key)
        return -EIO;
    if (!platform->root)
        platform->root = issue("Simulated SGX Root CA", platform->root_key, NULL, platform->root_key, 1, 20);
    if (!platform->root)
        return -EIO;
    platform->authority = issue(
        "Simulated SGX PCK Platform CA", platform->authority_key, platform->root, platform->root_key, 0, 15);
    if (!platform->authority)
        return -EIO;
    platform->certificate = issue(
        "Simulated SGX PCK Certificate", platform->platform_key, platform->authority, platform->authority_key,
        FOR_PLATFORM, 7);
    return platform->certificate ? 0 : -EIO;
}

X509 *simulated_signer_issue(const struct simulated_platform *platform, EVP_PKEY *key)
{
    return issue("Simulated SGX TCB Signing", key, platform->root, platform->root_key, FOR_COLLATERAL, 7);
}

/* --- The key file: four keys, then three certificates, in the order of the struct --- */

static int refuse_password(char *buffer, int size, int writing, void *context)
{
    (void)buffer, (void)size, (void)writing, (void)context;
    return -1;
}

static int decode_platform(const uint8_t *text, size_t length, struct simulated_platform *platform)
{
    EVP_PKEY **keys[] = {
        &platform->root_key, &platform->authority_key, &platform->platform_key, &platform->attestation_key};
    X509 **certificates[] = {&platform->root, &platform->authority, &platform->certificate};
    BIO *bio = BIO_new_mem_buf(text, (int)length);
    if (!bio)
        return -ENOMEM;
    int complete = 1;
    for (size_t i = 0; complete && i < sizeof keys / sizeof *keys; i++)
        complete = (*keys[i] = PEM_read_bio_PrivateKey(bio, NULL, refuse_password, NULL)) != NULL;
    for (size_t i = 0; complete && i < sizeof certificates / sizeof *certificates; i++)
        complete = (*certificates[i] = PEM_read_bio_X509(bio, NULL, refuse_password, NULL)) != NULL &&
                   X509_check_private_key(*certificates[i], *keys[i]) == 1;
    BIO_free(bio);
    ERR_clear_error();
    return complete ? 0 : -EBADMSG;
}

static int encode_platform(const struct simulated_platform *platform, BIO *bio)
{
    EVP_PKEY *keys[] = {
        platform->root_key, platform->authority_key, platform->platform_key, platform->attestation_key};
    X509 *certificates[] = {platform->root, platform->authority, platform->certificate};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (PEM_write_bio_PrivateKey(bio, keys[i], NULL, NULL, 0, NULL, NULL) != 1)
            return -EIO;
    for (size_t i = 0; i < sizeof certificates / sizeof *certificates; i++)
        if (PEM_write_bio_X509(bio, certificates[i]) != 1)
            return -EIO;
    return 0;
}

/* --- Files --- */

static int write_all(int file, const uint8_t *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(file, bytes, length);
        if (written < 0) {
            if (errno == EINTR)
                continue;
            return -errno;
        }
        bytes += written;
        length -= (size_t)written;
    }
    return 0;
}

/* Reads at most `capacity` bytes; more is -EFBIG. */
static int read_all(int file, uint8_t *bytes, size_t capacity, size_t *length)
{
    for (*length = 0;;) {
        ssize_t got = read(file, bytes + *length, capacity - *length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -errno;
        if (got == 0)
            return 0;
        *length += (size_t)got;
        if (*length == capacity)
            return -EFBIG;
    }
}

/*
 * Makes `name` appear complete or not at all. With `keep_existing` an existing file stays, and that is -EEXIST;
 * otherwise it is replaced.
 */
static int publish_file(
    int directory, const char *name, mode_t mode, const uint8_t *bytes, size_t length, int keep_existing)
{
    uint64_t unique;
    char temporary[NAME_MAX + 1];
    if (RAND_bytes((uint8_t *)&unique, sizeof unique) != 1)
        return -EIO;
    snprintf(temporary, sizeof temporary, ".%s.%016llx", name, (unsigned long long)unique);
    int file = openat(directory, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0400);
    if (file < 0)
        return -errno;
    int status = write_all(file, bytes, length);
    if (!status && (fchmod(file, mode) || fsync(file)))
        status = -errno;
    close(file);
    if (!status && (keep_existing ? linkat(directory, temporary, directory, name, 0)
                                  : renameat(directory, temporary, directory, name)))
        status = -errno;
    if (status || keep_existing)
        unlinkat(directory, temporary, 0);
    if (!status && fsync(directory))
        status = -errno;
    return status;
}

static int load_platform(int directory, struct simulated_platform *platform)
{
    struct stat facts;
    int file = openat(directory, SIMULATED_PLATFORM_FILE, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return -errno;
    uint8_t *text = NULL;
    size_t length = 0;
    int status = 0;
    if (fstat(file, &facts))
        status = -errno;
    else if (!S_ISREG(facts.st_mode) || facts.st_uid != geteuid() || (facts.st_mode & 077))
        status = -EPERM;
    else if (!(text = malloc(KEY_FILE_MAX)))
        status = -ENOMEM;
    else
        status = read_all(file, text, KEY_FILE_MAX, &length);
    if (!status)
        status = decode_platform(text, length, platform);
    if (text)
        OPENSSL_cleanse(text, length);
    free(text);
    close(file);
    return status;
}

/* Takes over the root of the platform in `maker_dir`, of which this one is to be another product. */
static int take_root(const char *maker_dir, struct simulated_platform *platform)
{
    struct simulated_platform *maker = calloc(1, sizeof *maker);
    int directory = open(maker_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int status = directory < 0 ? -errno : maker ? load_platform(directory, maker) : -ENOMEM;
    if (!status) {
        platform->root_key = maker->root_key, maker->root_key = NULL;
        platform->root = maker->root, maker->root = NULL;
    }
    simulated_platform_close(maker);
    if (directory >= 0)
        close(directory);
    return status;
}

static int create_platform(int directory, const char *maker_dir)
{
    struct simulated_platform fresh = {0};
    BIO *bio = BIO_new(BIO_s_secmem());
    int status = bio ? 0 : -ENOMEM;
    if (!status && maker_dir)
        status = take_root(maker_dir, &fresh);
    if (!status)
        status = make_platform(&fresh);
    if (!status)
        status = encode_platform(&fresh, bio);
    if (!status) {
        char *text;
        long length = BIO_get_mem_data(bio, &text);
        status = publish_file(directory, SIMULATED_PLATFORM_FILE, 0400, (const uint8_t *)text, (size_t)length, 1);
        /* Another launcher was first: its platform is the one. */
        if (status == -EEXIST)
            status = 0;
    }
    BIO_free(bio);
    EVP_PKEY *keys[] = {fresh.root_key, fresh.authority_key, fresh.platform_key, fresh.attestation_key};
    X509 *certificates[] = {fresh.root, fresh.authority, fresh.certificate};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        EVP_PKEY_free(keys[i]);
    for (size_t i = 0; i < sizeof certificates / sizeof *certificates; i++)
        X509_free(certificates[i]);
    return status;
}

static int publish_root(int directory, const struct simulated_platform *platform)
{
    uint8_t der[SIMULATED_CERTIFICATE_MAX], published[SIMULATED_CERTIFICATE_MAX];
    size_t length = 0, published_length = 0;
    int status = simulated_platform_root_der(platform, der, sizeof der, &length);
    if (status)
        return status;
    int file = openat(directory, SIMULATED_ROOT_FILE, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file >= 0) {
        int same = !read_all(file, published, sizeof published, &published_length) && published_length == length &&
                   memcmp(published, der, length) == 0;
        close(file);
        if (same)
            return 0;
    }
    return publish_file(directory, SIMULATED_ROOT_FILE, 0444, der, length, 0);
}

static int publish_collateral(int directory, const struct simulated_platform *platform)
{
    uint8_t encoded[SIMULATED_COLLATERAL_MAX];
    size_t length = 0;
    int status = simulated_collateral_encode(platform, encoded, &length);
    return status ? status : publish_file(directory, SIMULATED_COLLATERAL_FILE, 0444, encoded, length, 0);
}

/* --- The interface --- */

int simulated_platform_open(const char *state_dir, const char *maker_dir, struct simulated_platform **platform)
{
    *platform = NULL;
    if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1)
        return -EIO;
    struct simulated_platform *opened = calloc(1, sizeof *opened);
    if (!opened)
        return -ENOMEM;
    int directory = open(state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int status = directory < 0 ? -errno : load_platform(directory, opened);
    if (status == -ENOENT && directory >= 0) {
        status = create_platform(directory, maker_dir);
        if (!status)
            status = load_platform(directory, opened);
    }
    if (!status)
        status = publish_root(directory, opened);
    if (!status)
        status = publish_collateral(directory, opened);
    if (directory >= 0)
        close(directory);
    if (status) {
        simulated_platform_close(opened);
        return status;
    }
    *platform = opened;
    return 0;
}

void simulated_platform_close(struct simulated_platform *platform)
{
    if (!platform)
        return;
    EVP_PKEY_free(platform->root_key);
    EVP_PKEY_free(platform->authority_key);
    EVP_PKEY_free(platform->platform_key);
    EVP_PKEY_free(platform->attestation_key);
    X509_free(platform->root);
    X509_free(platform->authority);
    X509_free(platform->certificate);
    free(platform);
}

int simulated_platform_root_der(
    const struct simulated_platform *platform, uint8_t *out, size_t capacity, size_t *out_len)
{
    int length = i2d_X509(platform->root, NULL);
    if (length <= 0)
        return -EIO;
    if ((size_t)length > capacity)
        return -ENOBUFS;
    *out_len = (size_t)i2d_X509(platform->root, &out);
    return 0;
}
