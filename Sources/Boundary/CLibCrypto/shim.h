// libcrypto (libssl-dev): SHA-2, HMAC, AES, RIPEMD-160, X.509, P-256.
//
// SHA256_Init and its kin count as deprecated since 3.0 in favour of EVP, which takes a lock, looks an algorithm up and
// allocates: four to eight times the time of hashing one node of a tree. They run the same code of the same library,
// and are what the header's next line keeps in sight.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
