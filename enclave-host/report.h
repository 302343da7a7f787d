#pragma once

#include <stdnoreturn.h>

// What the launcher says, and how it ends.
//
// Every ending has a number with a fixed meaning and one line on standard error that gives the reason. Nothing the
// enclave says decides a number: a failed start is reported by the launcher's own code over a pipe of its own
// (start.h).

enum host_exit {
    EXIT_ORDERLY = 0,          // the host closed the control lane and the enclave ended with status 0
    EXIT_USAGE = 64,           // the command line is wrong
    EXIT_DESCRIPTORS = 65,     // the inherited descriptors are not exactly the promised ones
    EXIT_STATE = 66,           // the state directory, the fuse key or the journal cannot be used
    EXIT_IMAGE = 67,           // the enclave's program or a library cannot be read, sealed or measured
    EXIT_CONFINEMENT = 68,     // this kernel or this user cannot confine the enclave as the profile demands
    EXIT_SYSTEM = 69,          // the kernel refused something that has nothing to do with confinement
    EXIT_LOCKED = 70,          // another launcher uses the state folder
    EXIT_SIGNATURE = 71,       // the image is not what its publisher signed, or not signed as the profile demands
    EXIT_ENCLAVE_ENDED = 75,   // the enclave died, or spoke out of turn on the platform lane and was killed
    EXIT_HOST_ENDED = 76,      // the process that started the launcher died; the enclave was killed
};

/// Writes `enclave-host: ` and the formatted line, at most 512 bytes, in one write.
void report(const char *format, ...) __attribute__((format(printf, 1, 2)));

/// Reports and ends the process. Only for use before the enclave runs.
noreturn void refuse(enum host_exit code, const char *format, ...) __attribute__((format(printf, 2, 3)));
