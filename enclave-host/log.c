#define _GNU_SOURCE
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "report.h"

#define BYTES_A_MINUTE_MAX ((size_t)256 << 10)

static int64_t current_minute(void) {
    struct timespec now;
    return clock_gettime(CLOCK_MONOTONIC, &now) == 0 ? now.tv_sec / 60 : 0;
}

void log_open(struct enclave_log *log, int source, bool withheld) {
    *log = (struct enclave_log){.source = source, .withheld = withheld, .budget = BYTES_A_MINUTE_MAX};
    log->minute = current_minute();
    fcntl(source, F_SETFL, O_NONBLOCK);
}

static void pass_on_line(struct enclave_log *log) {
    size_t length = log->length;
    log->length = 0;
    if (log->withheld || length == 0) {
        return;
    }
    int64_t minute = current_minute();
    if (minute != log->minute) {
        log->minute = minute;
        log->budget = BYTES_A_MINUTE_MAX;
    }
    if (log->budget < length) {
        if (log->budget > 0) {
            report("the enclave's log is muted until the next minute");
            log->budget = 0;
        }
        return;
    }
    log->budget -= length;
    report("enclave says: %.*s", (int)length, log->line);
}

bool log_forward(struct enclave_log *log) {
    char bytes[4096];
    ssize_t count = read(log->source, bytes, sizeof bytes);
    if (count < 0) {
        return errno == EAGAIN || errno == EINTR;
    }
    for (ssize_t i = 0; i < count; i++) {
        if (bytes[i] == '\n' || log->length == LOG_LINE_BYTES_MAX) {
            pass_on_line(log);
        }
        if (bytes[i] != '\n') {
            log->line[log->length++] = bytes[i] >= ' ' && bytes[i] <= '~' ? bytes[i] : '?';
        }
    }
    log->bytes_total += (uint64_t)count;
    return count > 0;
}

void log_finish(struct enclave_log *log) {
    // At most what the pipe holds: its writers are dead.
    for (int i = 0; i < 64; i++) {
        uint64_t before = log->bytes_total;
        if (!log_forward(log) || log->bytes_total == before) {
            break;
        }
    }
    pass_on_line(log);
    if (log->withheld && log->bytes_total > 0) {
        report("%llu bytes of the enclave's log were withheld", (unsigned long long)log->bytes_total);
    }
}
