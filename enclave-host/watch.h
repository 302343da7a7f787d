#pragma once

#include "log.h"
#include "platform.h"
#include "report.h"
#include "start.h"

// One thread, one poll: the enclave's process, the host's process, the platform lane and the enclave's log.

/// Serves until the enclave or the host is dead, and makes sure that the enclave is. `host_descriptor` is a pidfd of the
/// process that started the launcher. Returns the number to exit with, after reporting the reason.
enum host_exit watch(
    const struct enclave *enclave, int host_descriptor, struct platform *platform, struct enclave_log *log);
