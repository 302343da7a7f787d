// libsecp256k1 (libsecp256k1-dev): ECDSA over secp256k1, with recovery.
#include <secp256k1.h>
#include <secp256k1_recovery.h>
