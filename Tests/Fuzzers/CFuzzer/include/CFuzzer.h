#pragma once
// libFuzzer's driver (compiler-rt): runs `callback` on inputs until its arguments tell it to stop.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const unsigned char *data, __SIZE_TYPE__ size));
