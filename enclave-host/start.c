#define _GNU_SOURCE
#include "start.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdnoreturn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "confine.h"
#include "lanes.h"
#include "namespaces.h"
#include "report.h"

/// What a child that could not become the enclave writes before it ends. A start that succeeds writes nothing: the
/// pipe's end is closed by exec.
struct start_report {
    char step[64];
    int error;
    bool is_of_namespaces;
};

#define PATH_BYTES 24
#define IMAGE_PATHS_BYTES (IMAGE_FILES_MAX * PATH_BYTES)

/// `folder` is where the process finds its own descriptors: its root folder, in namespaces of its own.
static void append_path(char *list, const char *folder, int descriptor) {
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s%s/%d", *list != 0 ? ":" : "", folder, descriptor);
    strcat(list, path);
}

/// Executes the sealed loader, which maps the sealed libraries and the sealed program by their descriptors.
static void execute(const struct image *image, unsigned query_lanes, bool has_namespaces) {
    const char *folder = has_namespaces ? "" : "/proc/self/fd";
    char libraries[IMAGE_PATHS_BYTES] = "";
    for (size_t i = 1; i < image->count; i++) {
        if (i != image->loader) {
            append_path(libraries, folder, image->files[i].descriptor);
        }
    }
    char program[PATH_BYTES] = "";
    append_path(program, folder, image->files[0].descriptor);
    char lanes[8];
    snprintf(lanes, sizeof lanes, "%u", query_lanes);
    // The loader's own options stand before the program. A name that it does not find among the preloaded libraries it
    // would look for below the library path, which is not a folder, and then on the disk, which Landlock has closed.
    char *const arguments[] = {
        "ld.so",   "--inhibit-cache", "--library-path",   "/dev/null", "--preload",
        libraries, "--argv0",         "cloister-enclave", program,     lanes,
        NULL,
    };
    // Swift's crash handler would start another program, which the enclave may not.
    char *const environment[] = {"SWIFT_BACKTRACE=enable=no", NULL};
    syscall(SYS_execveat, image->files[image->loader].descriptor, "", arguments, environment, AT_EMPTY_PATH);
}

static bool keep_open_across_exec(const struct image *image) {
    for (size_t i = 0; i < image->count; i++) {
        // The loader keeps close-on-exec: it is executed, never opened.
        if (i != image->loader && fcntl(image->files[i].descriptor, F_SETFD, 0) != 0) {
            return false;
        }
    }
    return true;
}

/// Everything between fork and exec. Returns the step that failed.
static const char *become_enclave(
    const struct image *image, const struct start_options *options, const struct handed_descriptors *handed,
    bool has_namespaces) {
    const char *failed = confine_to_launcher();
    if (failed == NULL && !keep_open_across_exec(image)) {
        failed = "keeping the image open";
    }
    if (failed == NULL) {
        failed = confine_descriptors(handed, options->query_lanes, (unsigned)image->count);
    }
    if (failed == NULL) {
        failed = confine_resources();
    }
    if (failed == NULL) {
        failed = confine_privileges(options->is_strict);
    }
    if (failed == NULL) {
        failed = confine_file_system(options->landlock_may_be_missing);
    }
    if (failed == NULL) {
        failed = confine_system_calls(image->files[image->loader].descriptor, options->is_strict);
    }
    if (failed == NULL) {
        execute(image, options->query_lanes, has_namespaces);
        failed = "executing the loader";
    }
    return failed;
}

/// Moves a descriptor above those of the image, so that it collides with nothing the enclave is given.
static int move_up(int descriptor) {
    int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, IMAGE_DESCRIPTOR_FIRST + IMAGE_FILES_MAX);
    close(descriptor);
    if (moved < 0) {
        refuse(EXIT_SYSTEM, "cannot move a descriptor: %s", strerror(errno));
    }
    return moved;
}

static void make_pipe(int ends[2]) {
    if (pipe2(ends, O_CLOEXEC) != 0) {
        refuse(EXIT_SYSTEM, "cannot make a pipe: %s", strerror(errno));
    }
    ends[0] = move_up(ends[0]);
    ends[1] = move_up(ends[1]);
}

/// Waits until the child has executed the loader. Returns false if it could not for want of namespaces alone, which is
/// reported; ends the process with what it told of any other reason.
static bool await_start(pid_t child, int report_end) {
    struct start_report failure = {0};
    ssize_t count;
    do {
        count = read(report_end, &failure, sizeof failure);
    } while (count < 0 && errno == EINTR);
    close(report_end);
    if (count == 0) {
        return true;
    }
    waitpid(child, NULL, 0);
    failure.step[sizeof failure.step - 1] = 0;
    if (!failure.is_of_namespaces) {
        refuse(EXIT_CONFINEMENT, "cannot confine the enclave: %s: %s", failure.step, strerror(failure.error));
    }
    report("no namespaces of its own for the enclave: %s: %s", failure.step, strerror(failure.error));
    return false;
}

/// The child: confines itself and executes, or tells why it cannot.
static noreturn void run_child(
    const struct image *image, const struct start_options *options, const struct handed_descriptors *handed,
    bool has_namespaces) {
    struct start_report failure = {0};
    const char *step = has_namespaces ? namespaces_leave_files() : NULL;
    failure.is_of_namespaces = step != NULL;
    if (step == NULL) {
        step = become_enclave(image, options, handed, has_namespaces);
    }
    failure.error = errno;
    strncpy(failure.step, step, sizeof failure.step - 1);
    // The report has two numbers: its first until the descriptors are arranged, 99 from then on.
    if (write(DESCRIPTOR_START_REPORT, &failure, sizeof failure) < 0 &&
        write(handed->report, &failure, sizeof failure) < 0) {
        _exit(EXIT_SYSTEM);
    }
    _exit(EXIT_CONFINEMENT);
}

/// One attempt. Returns the child's process, or 0 if the kernel gives no namespaces.
static pid_t try_to_start(
    const struct image *image, const struct start_options *options, int log, int platform, bool has_namespaces) {
    int started[2];
    make_pipe(started);
    pid_t child = namespaces_fork(has_namespaces);
    if (child < 0 && !has_namespaces) {
        refuse(EXIT_SYSTEM, "cannot fork: %s", strerror(errno));
    }
    if (child == 0) {
        struct handed_descriptors handed = {log, platform, options->state_lock, started[1]};
        run_child(image, options, &handed, has_namespaces);
    }
    close(started[1]);
    if (child < 0) {
        report("no namespaces of its own for the enclave: %s", strerror(errno));
        close(started[0]);
        return 0;
    }
    return await_start(child, started[0]) ? child : 0;
}

struct enclave start_enclave(const struct image *image, const struct start_options *options) {
    int platform[2], log[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, platform) != 0) {
        refuse(EXIT_SYSTEM, "cannot make the platform lane: %s", strerror(errno));
    }
    platform[0] = move_up(platform[0]);
    platform[1] = move_up(platform[1]);
    make_pipe(log);

    bool has_namespaces = true;
    pid_t child = try_to_start(image, options, log[1], platform[1], true);
    if (child == 0) {
        has_namespaces = false;
        child = try_to_start(image, options, log[1], platform[1], false);
    }
    close(platform[1]);
    close(log[1]);
    for (unsigned i = 0; i < DESCRIPTOR_FIRST_QUERY_LANE - DESCRIPTOR_CONTROL_LANE + options->query_lanes; i++) {
        close(DESCRIPTOR_CONTROL_LANE + (int)i);
    }
    int process_descriptor = (int)syscall(SYS_pidfd_open, child, 0);
    if (process_descriptor < 0) {
        refuse(EXIT_SYSTEM, "cannot watch the enclave: %s", strerror(errno));
    }
    return (struct enclave){child, process_descriptor, platform[0], log[0], has_namespaces};
}
