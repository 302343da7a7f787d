// The start list as it is, but for its refusals: they have a number of their own, so as to be told from the kernel's.
#define _GNU_SOURCE
#include <errno.h>
#undef EPERM
#define EPERM EXFULL
#include "../../enclave-host/filter.c"
