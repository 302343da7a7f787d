// libsodium (libsodium-dev): X25519, Ed25519, guarded memory, random.
#include <sodium.h>

#include "secret_memory.h"
