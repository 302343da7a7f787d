// research-core: an enclave in C that keeps what it can of the seam's promises; docs/backends.md says which it cannot.
#include <core.h>

int main(void) { return core_run(&core_honest); }
