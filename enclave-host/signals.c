#define _GNU_SOURCE
#include "signals.h"

#include <signal.h>
#include <stddef.h>

static bool is_for_the_host(int number) {
    return number == SIGINT || number == SIGHUP || number == SIGTERM;
}

bool signals_reset(void) {
    for (int number = 1; number < NSIG; number++) {
        struct sigaction action = {.sa_handler = is_for_the_host(number) ? SIG_IGN : SIG_DFL};
        sigaction(number, &action, NULL);  // fails for those that cannot be changed, which need no change
    }
    sigset_t none;
    sigemptyset(&none);
    return sigprocmask(SIG_SETMASK, &none, NULL) == 0;
}
