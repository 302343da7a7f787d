#include "CFuzzer.h"

// libFuzzer's own main refers to this function. Ours is used instead, but the linker wants it.
int LLVMFuzzerTestOneInput(const unsigned char *data, __SIZE_TYPE__ size);
int LLVMFuzzerTestOneInput(const unsigned char *data, __SIZE_TYPE__ size) {
    (void)data;
    (void)size;
    return 0;
}
