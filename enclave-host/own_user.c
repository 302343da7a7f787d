#define _GNU_SOURCE
#include "own_user.h"

#include <errno.h>
#include <fcntl.h>
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

/// Writes where `name` beside the launcher's own program is. Returns whether it fits.
static bool find_beside(const char *name, char path[PATH_MAX]) {
    // The kernel's own answer: where the program lies that runs, not what the host calls it.
    ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);
    char *end = length > 0 ? memrchr(path, '/', (size_t)length) : NULL;
    size_t room = end != NULL ? (size_t)(path + PATH_MAX - end) : 0;
    return end != NULL && (size_t)snprintf(end, room, "/%s", name) < room;
}

static bool is_own(const struct stat *status) {
    return (status->st_mode & 022) == 0 && (status->st_uid == 0 || status->st_uid == geteuid());
}

bool own_user_publisher(char digits[PUBLISHER_DIGITS + 1]) {
    char path[PATH_MAX], text[PUBLISHER_DIGITS + 1] = "";
    if (!find_beside("publisher", path)) {
        refuse(EXIT_STATE, "cannot find where the launcher is installed");
    }
    int file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY);
    if (file < 0 && errno == ENOENT) {
        return false;
    }
    struct stat status;
    bool is_right = file >= 0 && fstat(file, &status) == 0 && S_ISREG(status.st_mode) && is_own(&status) &&
                    status.st_size == PUBLISHER_DIGITS + 1 && read(file, text, sizeof text) == sizeof text &&
                    strspn(text, "0123456789abcdef") == PUBLISHER_DIGITS && text[PUBLISHER_DIGITS] == '\n';
    if (!is_right) {
        refuse(EXIT_STATE, "%s is not a publisher's name that only the launcher's user may write", path);
    }
    close(file);
    memcpy(digits, text, PUBLISHER_DIGITS);
    digits[PUBLISHER_DIGITS] = 0;
    return true;
}

const char *own_user_state(const char *name) {
    static char path[PATH_MAX];
    if (!is_name(name)) {
        refuse(EXIT_USAGE, "an installed launcher takes a name for --state: small letters, digits and hyphens, up to 64");
    }
    if (!find_beside("state", path)) {
        refuse(EXIT_STATE, "cannot find where the launcher is installed");
    }
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode) || !is_own(&status)) {
        refuse(EXIT_STATE, "%s is not a folder that only the launcher's user may write", path);
    }
    size_t used = strlen(path);
    if ((size_t)snprintf(path + used, sizeof path - used, "/%u-%s", host_user, name) >= sizeof path - used) {
        refuse(EXIT_STATE, "cannot find where the launcher is installed");
    }
    return path;
}
