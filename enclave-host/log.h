#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What the enclave writes to its standard error.
//
// The text comes from inside, so it could carry a secret out. In the development profile it is passed on line by line,
// prefixed, printable characters only, and no more than a budget a minute; in production only its length is told.

#define LOG_LINE_BYTES_MAX 240

struct enclave_log {
    int source;
    bool withheld;
    char line[LOG_LINE_BYTES_MAX];
    size_t length;
    size_t budget;         // bytes that may still be passed on in this minute
    int64_t minute;
    uint64_t bytes_total;
};

void log_open(struct enclave_log *log, int source, bool withheld);

/// Reads once. Returns false when the enclave's end is closed.
bool log_forward(struct enclave_log *log);

/// Reads what is left after the enclave's death, passes on an unfinished line, and tells what was withheld.
void log_finish(struct enclave_log *log);
