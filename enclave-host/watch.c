#define _GNU_SOURCE
#include "watch.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>

/// Reaps the enclave and tells how it ended.
static enum host_exit report_ending(pid_t enclave) {
    int status = 0;
    while (waitpid(enclave, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status)) {
        int number = WTERMSIG(status);
        report("the enclave was killed by signal %d (%s)%s", number, strsignal(number),
               number == SIGSYS ? ": it made a system call outside its final list" : "");
        return EXIT_ENCLAVE_ENDED;
    }
    if (WEXITSTATUS(status) != 0) {
        report("the enclave ended with status %d", WEXITSTATUS(status));
        return EXIT_ENCLAVE_ENDED;
    }
    report("the enclave ended in order");
    return EXIT_ORDERLY;
}

enum host_exit watch(
    const struct enclave *enclave, int host_descriptor, struct platform *platform, struct enclave_log *log) {
    enum { HOST, PLATFORM, LOG, ENCLAVE, WATCHED };
    struct pollfd watched[WATCHED] = {
        [HOST] = {.fd = host_descriptor, .events = POLLIN},
        [PLATFORM] = {.fd = platform->lane, .events = POLLIN},
        [LOG] = {.fd = enclave->log, .events = POLLIN},
        [ENCLAVE] = {.fd = enclave->process_descriptor, .events = POLLIN},
    };
    bool host_died = false, violated = false;
    for (;;) {
        if (poll(watched, WATCHED, -1) < 0 && errno != EINTR) {
            report("cannot watch the enclave any more: %s", strerror(errno));
            kill(enclave->process, SIGKILL);
            break;
        }
        if (watched[ENCLAVE].revents != 0) {
            break;
        }
        if (watched[HOST].revents != 0) {
            host_died = true;
            report("the host died");
            kill(enclave->process, SIGKILL);
            break;
        }
        if (watched[PLATFORM].revents != 0) {
            switch (platform_serve(platform)) {
            case PLATFORM_GOES_ON:
                break;
            case PLATFORM_LANE_CLOSED:
                watched[PLATFORM].fd = -1;
                break;
            case PLATFORM_VIOLATED:
                violated = true;
                report("the enclave spoke out of turn on the platform lane");
                kill(enclave->process, SIGKILL);
                watched[PLATFORM].fd = -1;
                break;
            }
        }
        if (watched[LOG].revents != 0 && !log_forward(log)) {
            watched[LOG].fd = -1;
        }
    }
    log_finish(log);
    enum host_exit ending = report_ending(enclave->process);
    if (host_died) {
        return EXIT_HOST_ENDED;
    }
    return violated ? EXIT_ENCLAVE_ENDED : ending;
}
