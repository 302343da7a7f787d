#define _GNU_SOURCE
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report.h"

static bool is_private(const struct stat *status) {
    return status->st_uid == geteuid() && (status->st_mode & 077) == 0;
}

int state_open(const char *path) {
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        refuse(EXIT_STATE, "cannot create %s: %s", path, strerror(errno));
    }
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat status;
    if (folder < 0 || fstat(folder, &status) != 0) {
        refuse(EXIT_STATE, "cannot open %s as a folder: %s", path, strerror(errno));
    }
    if (!is_private(&status)) {
        refuse(EXIT_STATE, "%s must belong to the launcher's user and be closed to all others (0700)", path);
    }
    return folder;
}

int state_read(int folder, const char *name, uint8_t *bytes, size_t size) {
    int file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY);
    if (file < 0) {
        return -errno;
    }
    struct stat status;
    int result = 0;
    if (fstat(file, &status) != 0) {
        result = -errno;
    } else if (!S_ISREG(status.st_mode) || !is_private(&status) || status.st_size != (off_t)size) {
        result = -EINVAL;
    } else if (pread(file, bytes, size, 0) != (ssize_t)size) {
        result = -EIO;
    }
    close(file);
    return result;
}

int state_create(int folder, const char *name, const uint8_t *bytes, size_t size) {
    // A file without a name until it is complete.
    int file = openat(folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0400);
    if (file < 0) {
        return -errno;
    }
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    int result = 0;
    if (write(file, bytes, size) != (ssize_t)size) {
        result = -EIO;
    } else if (fsync(file) != 0 || linkat(AT_FDCWD, link, folder, name, AT_SYMLINK_FOLLOW) != 0 || fsync(folder) != 0) {
        result = -errno;
    }
    close(file);
    return result;
}
