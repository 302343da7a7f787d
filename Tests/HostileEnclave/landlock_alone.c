#include "../../enclave-host/landlock.c"
