#define _GNU_SOURCE
#include "fresh_start.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <unistd.h>

#include "confine.h"
#include "report.h"

#define PERSONALITY_QUERY 0xffffffffUL

static bool has_usual_stack(void) {
    struct rlimit stack;
    return getrlimit(RLIMIT_STACK, &stack) == 0 && stack.rlim_cur == STACK_BYTES_MAX;
}

void start_afresh(char **arguments) {
    if (environ[0] == NULL && personality(PERSONALITY_QUERY) == PER_LINUX && has_usual_stack()) {
        return;
    }
    const struct rlimit stack = {STACK_BYTES_MAX, STACK_BYTES_MAX};
    if (setrlimit(RLIMIT_STACK, &stack) != 0 || personality(PER_LINUX) < 0 ||
        personality(PERSONALITY_QUERY) != PER_LINUX) {
        refuse(EXIT_CONFINEMENT, "cannot put right what the host set: %s", strerror(errno));
    }
    char *const nothing[] = {NULL};
    execve("/proc/self/exe", arguments, nothing);
    refuse(EXIT_CONFINEMENT, "cannot start afresh: %s", strerror(errno));
}
