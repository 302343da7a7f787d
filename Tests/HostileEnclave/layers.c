#define _GNU_SOURCE
#include "layers.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../enclave-host/filter.h"
#include "../../enclave-host/landlock.h"
#include "../../enclave-host/namespaces.h"
#include "attempts.h"
#include "confine_finally.h"

#define ORDINARY_USER 65532
/// What a child ends with when it could not be put under the layer.
#define NOT_APPLIED 255

static bool is_known(const char *name) {
    static const char *const names[] = {
        "plain", "start", "strict-start", "final", "strict-final", "landlock", "namespaces"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static bool give_up_privileges(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct nothing[2] = {0};
    return syscall(SYS_capset, &header, nothing) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

/// A user without privileges, whose processes may look into each other.
static bool become_ordinary(void) {
    if (close_range(3, ~0U, 0) != 0) {
        return false;
    }
    if (geteuid() != 0) {
        return true;
    }
    // Shared memory and queues that nobody removes go with the last of its processes.
    return unshare(CLONE_NEWIPC) == 0 && setgroups(0, NULL) == 0 &&
           setresgid(ORDINARY_USER, ORDINARY_USER, ORDINARY_USER) == 0 &&
           setresuid(ORDINARY_USER, ORDINARY_USER, ORDINARY_USER) == 0 && prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0;
}

/// What the attempts leave behind, before the next one.
static void clean_up(void) {
    unlink("hostile");
    unlink("hostile-2");
    unlink("hostile-link");
    rmdir("hostile-folder");
    syscall(SYS_mq_unlink, "hostile");
}

/// A program of 32-bit statements that the kernel takes over.
static bool install(bool is_strict) {
    static struct filter filter;
    filter_build(&filter, getpid(), 101, is_strict);
    struct sock_fprog program = {.len = (unsigned short)filter.count, .filter = filter.instructions};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

/// The namespaces are those of the process that makes the attempts' processes.
static bool apply(const char *name) {
    if (strcmp(name, "plain") == 0 || strcmp(name, "namespaces") == 0) {
        return true;
    }
    if (strcmp(name, "landlock") == 0) {
        return landlock_close_everything() == 0;
    }
    bool is_strict = strncmp(name, "strict-", 7) == 0;
    return strstr(name, "start") != NULL ? install(is_strict) : confine_finally(is_strict) == 0;
}

/// Lanes and a program, under the numbers that they have in the enclave.
static bool have_descriptors(void) {
    // Not there without files.
    int file = open("/bin/true", O_RDONLY | O_CLOEXEC);
    int lanes[2];
    return (file < 0 || (dup2(file, 100) == 100 && close(file) == 0)) &&
           socketpair(AF_UNIX, SOCK_STREAM, 0, lanes) == 0 && dup2(lanes[0], 203) == 203 &&
           dup2(lanes[1], 204) == 204 && dup2(203, 3) == 3 && dup2(204, 4) == 4;
}

static void try_alone(const char *layer, const char *name) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        // What waits for ever is ended; nothing here should.
        alarm(20);
        if (!have_descriptors() || !apply(layer)) {
            _exit(NOT_APPLIED);
        }
        _exit(attempt(name));
    }
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (child < 0 || (WIFEXITED(status) && WEXITSTATUS(status) == NOT_APPLIED)) {
        printf("%s not-applied\n", name);
    } else if (WIFSIGNALED(status)) {
        // Of what it did, not of having tried: a second process on one stack, or a list of four calls.
        printf(WTERMSIG(status) == SIGSYS ? "%s killed\n" : "%s ok\n", name);
    } else if (WEXITSTATUS(status) == EXFULL) {
        printf("%s listed\n", name);
    } else {
        printf("%s %s\n", name, WEXITSTATUS(status) == 0 ? "ok" : strerrorname_np(WEXITSTATUS(status)));
    }
}

static int try_all(const char *layer) {
    if (!give_up_privileges()) {
        return 1;
    }
    for (size_t i = 0; attempt_name(i) != NULL; i++) {
        try_alone(layer, attempt_name(i));
        clean_up();
    }
    return fflush(stdout) == 0 ? 0 : 1;
}

static int try_layer(const char *name) {
    if (!become_ordinary()) {
        return 1;
    }
    attempts_know_parent(getpid());
    if (strcmp(name, "namespaces") != 0) {
        return try_all(name);
    }
    pid_t child = namespaces_fork(true);
    if (child == 0) {
        _exit(namespaces_leave_files() == NULL ? try_all(name) : 1);
    }
    int status = 0;
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int layers_try(const char *name) {
    char folder[] = "/tmp/hostile-XXXXXX";
    if (!is_known(name) || mkdtemp(folder) == NULL || chmod(folder, 0777) != 0 || chdir(folder) != 0) {
        return 1;
    }
    pid_t child = fork();
    if (child == 0) {
        _exit(try_layer(name));
    }
    int status = 0;
    bool ended = child > 0 && waitpid(child, &status, 0) == child;
    rmdir(folder);
    return ended && WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
