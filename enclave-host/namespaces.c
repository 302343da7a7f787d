#define _GNU_SOURCE
#include "namespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NAMESPACES (CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP)

pid_t namespaces_fork(bool separate) {
    unsigned long flags = SIGCHLD;
    if (separate) {
        flags |= NAMESPACES | (geteuid() == 0 ? 0 : CLONE_NEWUSER);
    }
    return (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, NULL);
}

const char *namespaces_leave_files(void) {
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) {
        return "keeping its mounts to itself";
    }
    int folder = (int)syscall(SYS_open_tree, AT_FDCWD, "/proc/self/fd", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
    struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV};
    if (folder < 0 || syscall(SYS_mount_setattr, folder, "", AT_EMPTY_PATH, &attributes, sizeof attributes) != 0 ||
        syscall(SYS_move_mount, folder, "", AT_FDCWD, "/proc", MOVE_MOUNT_F_EMPTY_PATH) != 0) {
        return "having a root folder of its own";
    }
    close(folder);
    // The new root over the old one, which is then taken from beneath (pivot_root(2)).
    bool left = chdir("/proc") == 0 && syscall(SYS_pivot_root, ".", ".") == 0 && umount2(".", MNT_DETACH) == 0 &&
                chdir("/") == 0;
    return left ? NULL : "leaving the machine's files";
}
