#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

// Without leave the kernel answers EPERM before it looks at an address; with leave this page is not there.
#define NOWHERE ((void *)4096)

static int open_of(pid_t target, const char *name, int flags) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", target, name);
    return open(path, flags | O_CLOEXEC);
}

static bool can_read(pid_t target, const char *name) {
    char byte;
    int file = open_of(target, name, O_RDONLY);
    return file >= 0 && read(file, &byte, 1) == 1;
}

static bool can_follow(pid_t target, const char *name) {
    return open_of(target, name, O_PATH) >= 0;
}

static bool can_write(pid_t target, const char *name) {
    return open_of(target, name, O_WRONLY) >= 0;
}

static bool reads_map(pid_t target) {
    return can_read(target, "maps");
}

static bool reads_detailed_map(pid_t target) {
    return can_read(target, "smaps");
}

static bool reads_environment(pid_t target) {
    return can_read(target, "environ");
}

static bool reads_start(pid_t target) {
    return can_read(target, "auxv");
}

static bool reads_call(pid_t target) {
    return can_read(target, "syscall");
}

static bool reads_personality(pid_t target) {
    return can_read(target, "personality");
}

static bool reads_transfers(pid_t target) {
    return can_read(target, "io");
}

static bool opens_page_table(pid_t target) {
    return open_of(target, "pagemap", O_RDONLY) >= 0;
}

static bool opens_memory(pid_t target) {
    return open_of(target, "mem", O_RDWR) >= 0;
}

static bool opens_memory_of_thread(pid_t target) {
    char name[32];
    snprintf(name, sizeof name, "task/%d/mem", target);
    return open_of(target, name, O_RDONLY) >= 0;
}

static bool opens_root(pid_t target) {
    return can_follow(target, "root/");
}

static bool opens_folder(pid_t target) {
    return can_follow(target, "cwd/");
}

static bool opens_program(pid_t target) {
    return can_follow(target, "exe");
}

static bool opens_descriptor(pid_t target) {
    return can_follow(target, "fd/2");
}

static bool lists_descriptors(pid_t target) {
    return open_of(target, "fd", O_RDONLY | O_DIRECTORY) >= 0;
}

static bool opens_mapped_files(pid_t target) {
    return open_of(target, "map_files", O_RDONLY | O_DIRECTORY) >= 0;
}

static bool opens_namespace(pid_t target) {
    return can_follow(target, "ns/mnt") && open_of(target, "ns/mnt", O_RDONLY) >= 0;
}

static bool maps_users(pid_t target) {
    return can_write(target, "uid_map");
}

static bool forgets_pages(pid_t target) {
    return can_write(target, "clear_refs");
}

static bool chooses_for_killer(pid_t target) {
    return can_write(target, "oom_score_adj");
}

static bool chooses_dumped_memory(pid_t target) {
    return can_write(target, "coredump_filter");
}

/// The answer is about leave unless the call got as far as to look at the memory.
static bool was_let(long result) {
    return result >= 0 || (errno != EPERM && errno != EACCES);
}

static bool reads_memory(pid_t target) {
    char byte;
    struct iovec here = {&byte, 1}, there = {NOWHERE, 1};
    return was_let(process_vm_readv(target, &here, 1, &there, 1, 0));
}

static bool writes_memory(pid_t target) {
    char byte = 0;
    struct iovec here = {&byte, 1}, there = {NOWHERE, 1};
    return was_let(process_vm_writev(target, &here, 1, &there, 1, 0));
}

static bool moves_pages(pid_t target) {
    void *page = NOWHERE;
    int status = 0;
    return was_let(syscall(SYS_move_pages, target, 1, &page, NULL, &status, 0));
}

static bool compares_memory(pid_t target) {
    return syscall(SYS_kcmp, getpid(), target, KCMP_VM, 0, 0) >= 0;
}

static bool takes_descriptor(pid_t target) {
    int process = (int)syscall(SYS_pidfd_open, target, 0);
    return process >= 0 &&
           (syscall(SYS_pidfd_getfd, process, 2, 0) >= 0 || syscall(SYS_pidfd_getfd, process, 3, 0) >= 0);
}

/// Into all of its namespaces, as its creator.
static bool enters_namespaces(pid_t target) {
    int process = (int)syscall(SYS_pidfd_open, target, 0);
    pid_t child = fork();
    if (child == 0) {
        // An ordinary process has the attacker's own namespaces: EINVAL or success, but not for want of leave.
        _exit(was_let(setns(process, CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET)) ? 1 : 0);
    }
    int status = 0;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

static bool gets_robust_list(pid_t target) {
    void *head = NULL;
    size_t size = 0;
    return syscall(SYS_get_robust_list, target, &head, &size) == 0;
}

/// In a process of its own, which lets go of the target when it ends.
static bool traces_by(int request, pid_t target) {
    pid_t child = fork();
    if (child == 0) {
        _exit(ptrace(request, target, 0, 0) == 0 ? 1 : 0);
    }
    int status = 0;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

static bool traces(pid_t target) {
    return traces_by(PTRACE_SEIZE, target);
}

static bool attaches(pid_t target) {
    return traces_by(PTRACE_ATTACH, target);
}

static const struct {
    const char *name;
    bool (*succeeds)(pid_t target);
} attacks[] = {
    {"reads its memory map", reads_map},
    {"reads its detailed memory map", reads_detailed_map},
    {"reads its environment", reads_environment},
    {"reads where it was loaded", reads_start},
    {"reads the call that it makes", reads_call},
    {"reads its personality", reads_personality},
    {"reads how much it transferred", reads_transfers},
    {"opens its page table", opens_page_table},
    {"opens its memory", opens_memory},
    {"opens its memory by its thread", opens_memory_of_thread},
    {"opens its root folder", opens_root},
    {"opens its working folder", opens_folder},
    {"opens its program", opens_program},
    {"opens its descriptor", opens_descriptor},
    {"lists its descriptors", lists_descriptors},
    {"opens its mapped files", opens_mapped_files},
    {"opens its namespace", opens_namespace},
    {"maps users into its namespace", maps_users},
    {"makes its pages unreferenced", forgets_pages},
    {"chooses it for the killer of processes", chooses_for_killer},
    {"chooses what a dump would hold", chooses_dumped_memory},
    {"reads its memory", reads_memory},
    {"writes its memory", writes_memory},
    {"moves its pages", moves_pages},
    {"compares its memory", compares_memory},
    {"takes its descriptor", takes_descriptor},
    {"enters its namespaces", enters_namespaces},
    {"finds its locks", gets_robust_list},
    {"traces it", traces},
    {"attaches to it", attaches},
};

int attack(pid_t target) {
    int successes = 0;
    for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
        bool succeeded = attacks[i].succeeds(target);
        printf("%s: %s\n", attacks[i].name, succeeded ? "yes" : "no");
        successes += succeeded ? 1 : 0;
    }
    return successes;
}

int trace(char **command) {
    char *const environment[] = {NULL};
    pid_t child = fork();
    if (child == 0) {
        ptrace(PTRACE_TRACEME, 0, 0, 0);
        execve(command[0], command, environment);
        _exit(127);
    }
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) == child && WIFSTOPPED(status)) {
        ptrace(PTRACE_CONT, child, 0, WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status));
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}
