#define _GNU_SOURCE
#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "report.h"

#define ATTEMPTS_MAX 300
#define PAUSE_NANOSECONDS 10000000

/// Whether `file` is still the one that the folder shows: a lock on a file that was taken away keeps nobody out.
static bool is_in(int folder, const char *name, int file) {
    struct stat own, shown;
    return fstat(file, &own) == 0 && fstatat(folder, name, &shown, AT_SYMLINK_NOFOLLOW) == 0 &&
           own.st_dev == shown.st_dev && own.st_ino == shown.st_ino;
}

static bool lock(int file) {
    for (int attempt = 0; flock(file, LOCK_EX | LOCK_NB) != 0; attempt++) {
        if ((errno != EWOULDBLOCK && errno != EINTR) || attempt == ATTEMPTS_MAX) {
            return false;
        }
        nanosleep(&(struct timespec){.tv_nsec = PAUSE_NANOSECONDS}, NULL);
    }
    return true;
}

static int lock_named(int folder, const char *name) {
    int opened = openat(folder, name, O_RDONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, 0400);
    int file = opened < 0 ? -1 : fcntl(opened, F_DUPFD_CLOEXEC, IMAGE_DESCRIPTOR_FIRST + IMAGE_FILES_MAX);
    if (file < 0) {
        refuse(EXIT_STATE, "cannot open the state folder's lock: %s", strerror(errno));
    }
    close(opened);
    if (!lock(file)) {
        if (errno == EWOULDBLOCK) {
            refuse(EXIT_LOCKED, "another launcher uses this state folder; one machine runs one enclave of a chain");
        }
        refuse(EXIT_STATE, "cannot lock the state folder: %s", strerror(errno));
    }
    if (!is_in(folder, name, file)) {
        refuse(EXIT_STATE, "the state folder's lock was exchanged while it was taken");
    }
    return file;
}

int lock_state_begin(int folder) { return lock_named(folder, "lock"); }

void lock_state_end(int lock) { close(lock); }

int lock_enclave(int folder, const uint8_t measurement[MEASUREMENT_BYTES]) {
    char name[sizeof "lock-" + 2 * MEASUREMENT_BYTES] = "lock-";
    for (size_t i = 0; i < MEASUREMENT_BYTES; i++) {
        snprintf(name + strlen(name), 3, "%02x", measurement[i]);
    }
    return lock_named(folder, name);
}
