#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static bool can_read_file(pid_t target, const char *name) {
    char path[64], byte;
    snprintf(path, sizeof path, "/proc/%d/%s", target, name);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    return file >= 0 && read(file, &byte, 1) == 1;
}

static bool can_open(pid_t target, const char *name) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", target, name);
    return open(path, O_PATH | O_CLOEXEC) >= 0;
}

static bool can_read_memory(pid_t target) {
    // Without leave the kernel answers EPERM before it looks at the address; with leave this page is not there.
    char byte;
    struct iovec here = {&byte, 1}, there = {(void *)4096, 1};
    process_vm_readv(target, &here, 1, &there, 1, 0);
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", target);
    return open(path, O_RDWR | O_CLOEXEC) >= 0;
}

static bool can_take_descriptor(pid_t target) {
    int process = (int)syscall(SYS_pidfd_open, target, 0);
    return process >= 0 && (syscall(SYS_pidfd_getfd, process, 2, 0) >= 0 || syscall(SYS_pidfd_getfd, process, 3, 0) >= 0);
}

static bool can_trace(pid_t target) {
    bool traced = ptrace(PTRACE_SEIZE, target, 0, 0) == 0;
    return traced;
}

static int tell(const char *what, bool succeeded) {
    if (succeeded) {
        printf("%s\n", what);
    }
    return succeeded ? 1 : 0;
}

int attack(pid_t target) {
    return tell("reads its memory map", can_read_file(target, "maps")) +
           tell("reads its environment", can_read_file(target, "environ")) +
           tell("opens its root folder", can_open(target, "root/")) +
           tell("opens its program", can_open(target, "exe")) +
           tell("opens its descriptor", can_open(target, "fd/2")) +
           tell("opens its memory", can_read_memory(target)) +
           tell("takes its descriptor", can_take_descriptor(target)) + tell("traces it", can_trace(target));
}
