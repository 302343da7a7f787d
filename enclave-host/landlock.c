#define _GNU_SOURCE
#include "landlock.h"

#include <errno.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

// Debian 12's headers stop at version 3, so the numbers of the kernel's own linux/landlock.h stand here.
#define CREATE_RULESET_VERSION 1U
#define NETWORK_BIND_AND_CONNECT_TCP 3U
#define SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS 3U

struct ruleset_attributes {
    uint64_t file_system;
    uint64_t network;  // from version 4 on
    uint64_t scoped;   // from version 6 on
};

int landlock_version(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);
    return version > 0 ? (int)version : 0;
}

/// Every access right to files that `version` can refuse.
static uint64_t file_system_rights(int version) {
    if (version >= 5) {
        return 0xffff;  // ioctl on devices
    }
    if (version >= 3) {
        return 0x7fff;  // truncation
    }
    return version >= 2 ? 0x3fff : 0x1fff;
}

int landlock_close_everything(void) {
    int version = landlock_version();
    if (version == 0) {
        return -EOPNOTSUPP;
    }
    struct ruleset_attributes attributes = {
        .file_system = file_system_rights(version),
        .network = version >= 4 ? NETWORK_BIND_AND_CONNECT_TCP : 0,
        .scoped = version >= 6 ? SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS : 0,
    };
    size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, size, 0);
    if (ruleset < 0) {
        return -errno;
    }
    int result = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0 ? 0 : -errno;
    close(ruleset);
    return result;
}
