#include "../../enclave-host/namespaces.c"
