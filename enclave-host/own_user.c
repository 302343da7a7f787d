#define _GNU_SOURCE
#include "own_user.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report.h"

#define NAME_BYTES_MAX 64

/// Who started the launcher.
static uid_t host_user;

bool own_user_become(void) {
    uid_t own = geteuid();
    gid_t group = getegid();
    host_user = getuid();
    bool is_separate = getauxval(AT_SECURE) != 0 && own != host_user && own != 0 && host_user != 0;
    if (setresgid(group, group, group) != 0 || setresuid(own, own, own) != 0) {
        refuse(EXIT_CONFINEMENT, "cannot become the launcher's own user: %s", strerror(errno));
    }
    return is_separate;
}

static bool is_name(const char *text) {
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return length > 0 && length <= NAME_BYTES_MAX && text[length] == 0;
}

const char *own_user_state(const char *name) {
    static char path[PATH_MAX];
    if (!is_name(name)) {
        refuse(EXIT_USAGE, "an installed launcher takes a name for --state: small letters, digits and hyphens, up to 64");
    }
    // The kernel's own answer: where the program lies that runs, not what the host calls it.
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    char *end = length > 0 ? memrchr(path, '/', (size_t)length) : NULL;
    size_t room = end != NULL ? (size_t)(path + sizeof path - end) : 0;
    if (end == NULL || (size_t)snprintf(end, room, "/state") >= room) {
        refuse(EXIT_STATE, "cannot find where the launcher is installed");
    }
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode) || (status.st_mode & 022) != 0 ||
        (status.st_uid != 0 && status.st_uid != geteuid())) {
        refuse(EXIT_STATE, "%s is not a folder that only the launcher's user may write", path);
    }
    size_t used = strlen(path);
    if ((size_t)snprintf(path + used, sizeof path - used, "/%u-%s", host_user, name) >= sizeof path - used) {
        refuse(EXIT_STATE, "cannot find where the launcher is installed");
    }
    return path;
}
