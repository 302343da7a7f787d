// hostile-enclave: an enclave that tries to get out, for the launcher's tests. It is started like the real one and does
// what it is told on the control lane, a line at a time:
//
//     facts              what it finds of its arguments, environment, user and descriptors
//     prepare            runtime_prepare
//     confine [strict]   confine_finally
//     attempts           the names of all attempts
//     try NAME           makes an attempt; answers with the errno, 0 when it succeeded
//     works              what must go on working
//     platform HEX       writes bytes to the platform lane and reads one reply
//     thread             starts a thread
//     say TEXT, flood    writes to standard error: a line, or a mebibyte
//     crash, end N       dies by a signal, ends with a status
//
// Run by hand as `hostile-enclave attack PID` it is the attacker outside, and `hostile-enclave layer NAME` makes all
// attempts under one layer of the confinement alone; `hostile-enclave trace PROGRAM ARGUMENTS` starts a program as a
// tracer does.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attack.h"
#include "attempts.h"
#include "confine_finally.h"
#include "layers.h"
#include "runtime.h"

#define LINE_BYTES_MAX 4096
#define DESCRIPTORS_SEARCHED 1024

static void answer(const char *format, ...) {
    static char line[65536];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line - 1, format, arguments);
    va_end(arguments);
    line[length] = '\n';
    runtime_write(RUNTIME_CONTROL_LANE, line, (size_t)length + 1);
}

static bool read_line(char line[LINE_BYTES_MAX]) {
    for (size_t i = 0; i < LINE_BYTES_MAX; i++) {
        if (runtime_read(RUNTIME_CONTROL_LANE, line + i, 1) != 1) {
            return false;
        }
        if (line[i] == '\n') {
            line[i] = 0;
            return true;
        }
    }
    return false;
}

static void tell_facts(int count, char **arguments, char **environment) {
    char facts[4096];
    size_t used = (size_t)snprintf(
        facts, sizeof facts, "dumpable=%d arguments=", prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
    for (int i = 0; i < count; i++) {
        used += (size_t)snprintf(facts + used, sizeof facts - used, "%s%s", i > 0 ? "," : "", arguments[i]);
    }
    used += (size_t)snprintf(facts + used, sizeof facts - used, " environment=");
    for (char **entry = environment; *entry != NULL; entry++) {
        used += (size_t)snprintf(facts + used, sizeof facts - used, "%s%s", entry != environment ? "," : "", *entry);
    }
    used += (size_t)snprintf(facts + used, sizeof facts - used, " descriptors=");
    bool first = true;
    for (int i = 0; i < DESCRIPTORS_SEARCHED; i++) {
        struct stat status;
        if (fstatat(i, "", &status, AT_EMPTY_PATH) == 0) {
            used += (size_t)snprintf(facts + used, sizeof facts - used, "%s%d", first ? "" : ",", i);
            first = false;
        }
    }
    answer("%s", facts);
}

static void tell_attempts(void) {
    static char names[16384];
    size_t used = 0;
    for (size_t i = 0; attempt_name(i) != NULL; i++) {
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", i > 0 ? " " : "", attempt_name(i));
    }
    answer("%s", names);
}

static void exchange_with_platform(const char *hexadecimal) {
    uint8_t bytes[LINE_BYTES_MAX / 2], reply[32768];
    size_t count = strlen(hexadecimal) / 2;
    for (size_t i = 0; i < count; i++) {
        char digits[3] = {hexadecimal[2 * i], hexadecimal[2 * i + 1], 0};
        bytes[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
    runtime_write(RUNTIME_PLATFORM_LANE, bytes, count);
    if (runtime_read(RUNTIME_PLATFORM_LANE, reply, 5) != 5) {
        answer("closed");
        return;
    }
    size_t size = (size_t)reply[1] << 24 | (size_t)reply[2] << 16 | (size_t)reply[3] << 8 | reply[4];
    if (size > sizeof reply - 5 || runtime_read(RUNTIME_PLATFORM_LANE, reply + 5, size) != (int64_t)size) {
        answer("cut");
        return;
    }
    static char text[2 * sizeof reply + 1];
    for (size_t i = 0; i < size + 5; i++) {
        snprintf(text + 2 * i, 3, "%02x", reply[i]);
    }
    answer("%s", text);
}

static void do_nothing(void *argument) {
    (void)argument;
}

static void flood(void) {
    static char line[1024];
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\n';
    for (int i = 0; i < 1024; i++) {
        runtime_write(STDERR_FILENO, line, sizeof line);
    }
}

static void obey(const char *command, int count, char **arguments, char **environment) {
    const char *space = strchr(command, ' ');
    const char *rest = space != NULL ? space + 1 : "";
    if (strcmp(command, "facts") == 0) {
        tell_facts(count, arguments, environment);
    } else if (strcmp(command, "prepare") == 0) {
        answer("%d", runtime_prepare());
    } else if (strcmp(command, "confine") == 0 || strcmp(command, "confine strict") == 0) {
        answer("%d", confine_finally(*rest != 0));
    } else if (strcmp(command, "attempts") == 0) {
        tell_attempts();
    } else if (strncmp(command, "try ", 4) == 0) {
        answer("%d", attempt(rest));
    } else if (strcmp(command, "works") == 0) {
        const char *broken = find_what_is_broken();
        answer("%s", broken != NULL ? broken : "everything");
    } else if (strncmp(command, "platform ", 9) == 0) {
        exchange_with_platform(rest);
    } else if (strcmp(command, "thread") == 0) {
        answer("%d", runtime_start_thread(do_nothing, NULL));
    } else if (strncmp(command, "say ", 4) == 0) {
        runtime_write(STDERR_FILENO, rest, strlen(rest));
        runtime_write(STDERR_FILENO, "\n", 1);
        answer("said");
    } else if (strcmp(command, "flood") == 0) {
        flood();
        answer("said");
    } else if (strcmp(command, "crash") == 0) {
        abort();
    } else if (strncmp(command, "end ", 4) == 0) {
        runtime_end(atoi(rest));
    } else {
        answer("unknown");
    }
}

int main(int count, char **arguments, char **environment) {
    if (count == 3 && strcmp(arguments[1], "attack") == 0) {
        return attack(atoi(arguments[2]));
    }
    if (count >= 3 && strcmp(arguments[1], "trace") == 0) {
        return trace(arguments + 2);
    }
    if (count == 3 && strcmp(arguments[1], "layer") == 0) {
        return layers_try(arguments[2]);
    }
    char line[LINE_BYTES_MAX];
    while (read_line(line)) {
        obey(line, count, arguments, environment);
    }
    return 0;
}
