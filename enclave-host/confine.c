#define _GNU_SOURCE
#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "filter.h"
#include "image.h"
#include "landlock.h"
#include "lanes.h"
#include "signals.h"

// Debian 12's headers do not name these.
#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#define PR_MDWE_REFUSE_EXEC_GAIN 1
#endif

#define CAPABILITIES_MAX 63
#define FILE_BYTES_MAX ((rlim_t)1 << 20)
#define LOCKED_BYTES_WANTED ((rlim_t)64 << 20)

static bool die_with_launcher(void) {
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0;
}

/// Whether the launcher did not die before its death was asked for: nobody else holds its end of the platform lane.
/// (Its number would say nothing in namespaces of one's own.)
static bool launcher_lives(void) {
    struct pollfd lane = {.fd = DESCRIPTOR_PLATFORM_LANE, .events = POLLHUP};
    int count = poll(&lane, 1, 0);
    errno = count < 0 ? errno : ESRCH;
    return count == 0;
}

const char *confine_to_launcher(void) {
    if (!die_with_launcher()) {
        return "dying with the launcher";
    }
    if (!signals_reset()) {
        return "resetting signals";
    }
    umask(077);
    return setsid() >= 0 && chdir("/") == 0 ? NULL : "leaving the session";
}

/// Closes the descriptors from `first` to `last`, none when there are none between.
static bool close_between(unsigned first, unsigned last) {
    return first > last || close_range(first, last, 0) == 0;
}

const char *confine_descriptors(
    const struct handed_descriptors *handed, unsigned query_lanes, unsigned image_files) {
    const char *step = "arranging the descriptors";
    // The sources lie outside the targets: the launcher moved them above the image's descriptors.
    if (dup2(handed->log, STDERR_FILENO) < 0 || dup2(handed->platform, DESCRIPTOR_PLATFORM_LANE) < 0 ||
        dup2(handed->lock, DESCRIPTOR_STATE_LOCK) < 0 ||
        dup3(handed->report, DESCRIPTOR_START_REPORT, O_CLOEXEC) < 0) {
        return step;
    }
    unsigned image_end = IMAGE_DESCRIPTOR_FIRST + image_files;
    bool closed = close_between(0, 1) &&
                  close_between(DESCRIPTOR_FIRST_QUERY_LANE + query_lanes, DESCRIPTOR_PLATFORM_LANE - 1) &&
                  close_between(DESCRIPTOR_STATE_LOCK + 1, DESCRIPTOR_START_REPORT - 1) &&
                  close_between(image_end, ~0U);
    return closed ? NULL : step;
}

static bool limit(__rlimit_resource_t resource, rlim_t value) {
    struct rlimit both = {value, value};
    return setrlimit(resource, &both) == 0;
}

/// Guarded memory is locked memory: as much of it as the launcher may give, for a launcher that may raise the limit
/// more.
static bool limit_locked_memory(void) {
    struct rlimit inherited;
    if (getrlimit(RLIMIT_MEMLOCK, &inherited) != 0) {
        return false;
    }
    return (inherited.rlim_max < LOCKED_BYTES_WANTED && limit(RLIMIT_MEMLOCK, LOCKED_BYTES_WANTED)) ||
           limit(RLIMIT_MEMLOCK, inherited.rlim_max);
}

const char *confine_resources(void) {
    bool limited = limit(RLIMIT_CORE, 0) && limit(RLIMIT_NOFILE, DESCRIPTOR_LIMIT) &&
                   limit(RLIMIT_FSIZE, FILE_BYTES_MAX) && limit(RLIMIT_MSGQUEUE, 0) && limit(RLIMIT_RTPRIO, 0) &&
                   limit(RLIMIT_NICE, 0) && limit_locked_memory();
    if (!limited) {
        return "setting resource limits";
    }
    if (!limit(RLIMIT_STACK, STACK_BYTES_MAX) || !limit(RLIMIT_DATA, RLIM_INFINITY) ||
        !limit(RLIMIT_AS, RLIM_INFINITY) || !limit(RLIMIT_CPU, RLIM_INFINITY)) {
        return "lifting the host's limits of memory and time";
    }
    return personality(PER_LINUX) >= 0 && personality(0xffffffffUL) == PER_LINUX ? NULL : "having random addresses";
}

/// Nothing that is executed could have one either. Only who may can do this; nobody else could gain one, by
/// no_new_privs.
static void empty_bounding_set(void) {
    for (int capability = 0; capability <= CAPABILITIES_MAX; capability++) {
        prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    }
}

const char *confine_privileges(bool is_strict) {
    empty_bounding_set();
    if (geteuid() == 0) {
        if (setgroups(0, NULL) != 0 || setresgid(CONFINED_USER, CONFINED_USER, CONFINED_USER) != 0 ||
            setresuid(CONFINED_USER, CONFINED_USER, CONFINED_USER) != 0) {
            return "taking a user id of its own";
        }
        // A change of user id cancels the request.
        if (!die_with_launcher()) {
            return "dying with the launcher";
        }
    }
    if (!launcher_lives()) {
        return "dying with the launcher";
    }
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct nothing[2] = {0};
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    if (syscall(SYS_capset, &header, nothing) != 0) {
        return "giving up capabilities";
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return "renouncing new privileges";
    }
    // The kernel may be older than this; the list of system calls says the same.
    if (is_strict && prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) != 0 && errno != EINVAL) {
        return "renouncing new code";
    }
    // For the time until exec; from then on the unreadable loader keeps the process undumpable (image.c).
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 ? NULL : "becoming undumpable";
}

const char *confine_file_system(bool may_be_missing) {
    int result = landlock_close_everything();
    if (result == 0 || (result == -EOPNOTSUPP && may_be_missing)) {
        return NULL;
    }
    errno = -result;
    return "closing the file system with Landlock";
}

const char *confine_system_calls(int loader_descriptor, bool is_strict) {
    static struct filter filter;
    filter_build(&filter, getpid(), loader_descriptor, is_strict);
    struct sock_fprog program = {.len = (unsigned short)filter.count, .filter = filter.instructions};
    bool installed = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
    return installed ? NULL : "installing the list of system calls";
}
