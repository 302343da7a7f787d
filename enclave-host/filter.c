#define _GNU_SOURCE
#include "filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

// Debian 12's headers do not name it on every machine; the number is the same on all.
#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif

#if defined(__x86_64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the list of system calls is written for x86_64 and aarch64"
#endif

/// What must hold of a call's arguments; the comment names the form in allowed-syscalls.txt.
enum rule {
    RULE_ANY,                    // (empty)
    RULE_THREAD,                 // thread: exactly the flags of pthread_create
    RULE_READ_ONLY,              // read-only: opens for reading, close-on-exec, nothing else
    RULE_OPEN_DESCRIPTOR,        // open-descriptor: asks about an open descriptor, not about a path
    RULE_NOT_WRITE_AND_EXECUTE,  // not-write-and-execute: memory is never both at once
    RULE_EXECUTE_FILES,          // execute-files: executable is only what comes from a file, and never writable
    RULE_NOT_EXECUTE,            // not-execute: makes nothing executable
    RULE_NAME_OR_UNDUMPABLE,     // name-or-undumpable: names a thread, or asks for or gives up being dumpable
    RULE_OWN_LIMITS_QUERY,       // own-limits-query: reads its own limits and sets none
    RULE_CLOSE_ON_EXEC,          // close-on-exec: the first argument is that flag
    RULE_OWN_PROCESS,            // own-process: the first argument is its own process id
    RULE_LOADER,                 // loader: executes the sealed loader by its descriptor
    RULE_INSTALL_FILTER,         // install-filter: adds a filter
    RULE_ANSWER_ENOENT,          // answers-ENOENT: refused in a way that says "no such file"
    RULE_ANSWER_ENOSYS,          // answers-ENOSYS: refused in a way that makes glibc fall back to an older call
    RULE_ANSWER_ENOTTY,          // answers-ENOTTY: refused in a way that says "not a terminal"
};

static const char *const rule_names[] = {
    [RULE_ANY] = "",
    [RULE_THREAD] = "thread",
    [RULE_READ_ONLY] = "read-only",
    [RULE_OPEN_DESCRIPTOR] = "open-descriptor",
    [RULE_NOT_WRITE_AND_EXECUTE] = "not-write-and-execute",
    [RULE_EXECUTE_FILES] = "execute-files",
    [RULE_NOT_EXECUTE] = "not-execute",
    [RULE_NAME_OR_UNDUMPABLE] = "name-or-undumpable",
    [RULE_OWN_LIMITS_QUERY] = "own-limits-query",
    [RULE_CLOSE_ON_EXEC] = "close-on-exec",
    [RULE_OWN_PROCESS] = "own-process",
    [RULE_LOADER] = "loader",
    [RULE_INSTALL_FILTER] = "install-filter",
    [RULE_ANSWER_ENOENT] = "answers-ENOENT",
    [RULE_ANSWER_ENOSYS] = "answers-ENOSYS",
    [RULE_ANSWER_ENOTTY] = "answers-ENOTTY",
};

struct row {
    const char *name;
    unsigned number;
    enum rule rule;
};

#define ROW(name, rule) {#name, SYS_##name, rule}

static const struct row rows[] = {
    ROW(read, RULE_ANY),
    ROW(write, RULE_ANY),
    ROW(close, RULE_ANY),
    ROW(futex, RULE_ANY),
    ROW(mmap, RULE_NOT_WRITE_AND_EXECUTE),
    ROW(mprotect, RULE_NOT_WRITE_AND_EXECUTE),
    ROW(munmap, RULE_ANY),
    ROW(mremap, RULE_ANY),
    ROW(madvise, RULE_ANY),
    ROW(brk, RULE_ANY),
    ROW(memfd_secret, RULE_CLOSE_ON_EXEC),
    ROW(ftruncate, RULE_ANY),
    ROW(mlock, RULE_ANY),
    ROW(munlock, RULE_ANY),
    ROW(getrandom, RULE_ANY),
    ROW(clock_gettime, RULE_ANY),
    ROW(sched_yield, RULE_ANY),
    ROW(getrusage, RULE_ANY),
    ROW(rt_sigaction, RULE_ANY),
    ROW(rt_sigprocmask, RULE_ANY),
    ROW(rt_sigreturn, RULE_ANY),
    ROW(sigaltstack, RULE_ANY),
    ROW(restart_syscall, RULE_ANY),
    ROW(getpid, RULE_ANY),
    ROW(gettid, RULE_ANY),
    ROW(tgkill, RULE_OWN_PROCESS),
    ROW(exit, RULE_ANY),
    ROW(exit_group, RULE_ANY),
    ROW(execveat, RULE_LOADER),
    ROW(openat, RULE_READ_ONLY),
    ROW(newfstatat, RULE_OPEN_DESCRIPTOR),
    ROW(pread64, RULE_ANY),
#if defined(__x86_64__)
    ROW(access, RULE_ANSWER_ENOENT),
    ROW(arch_prctl, RULE_ANY),
#else
    ROW(faccessat, RULE_ANSWER_ENOENT),
#endif
    ROW(set_tid_address, RULE_ANY),
    ROW(set_robust_list, RULE_ANY),
    ROW(rseq, RULE_ANY),
    ROW(prlimit64, RULE_OWN_LIMITS_QUERY),
    ROW(sched_getaffinity, RULE_ANY),
    ROW(clone, RULE_THREAD),
    ROW(clone3, RULE_ANSWER_ENOSYS),
    ROW(ioctl, RULE_ANSWER_ENOTTY),
    ROW(close_range, RULE_ANY),
    ROW(prctl, RULE_NAME_OR_UNDUMPABLE),
    ROW(seccomp, RULE_INSTALL_FILTER),
};

#define ROW_COUNT (sizeof rows / sizeof *rows)

/// What stands in the place of the rows of the same calls in the strict list.
static const struct row strict_rows[] = {
    ROW(mmap, RULE_EXECUTE_FILES),
    ROW(mprotect, RULE_NOT_EXECUTE),
};

#define STRICT_ROW_COUNT (sizeof strict_rows / sizeof *strict_rows)

#define DEADLY(name) {#name, SYS_##name}

/// What nobody probes for: other processes, other programs, other privileges, and the kernel's larger surfaces. Whoever
/// asks is not our code.
static const struct {
    const char *name;
    unsigned number;
} deadly[] = {
    DEADLY(ptrace), DEADLY(process_vm_readv), DEADLY(process_vm_writev), DEADLY(process_madvise), DEADLY(kcmp),
    DEADLY(pidfd_open), DEADLY(pidfd_getfd), DEADLY(pidfd_send_signal), DEADLY(kill), DEADLY(tkill),
    DEADLY(rt_sigqueueinfo), DEADLY(rt_tgsigqueueinfo), DEADLY(move_pages), DEADLY(migrate_pages), DEADLY(execve),
    DEADLY(unshare), DEADLY(setns), DEADLY(mount), DEADLY(umount2), DEADLY(pivot_root), DEADLY(chroot), DEADLY(fsopen),
    DEADLY(fsmount), DEADLY(open_tree), DEADLY(move_mount), DEADLY(mount_setattr), DEADLY(open_by_handle_at),
    DEADLY(name_to_handle_at), DEADLY(capset), DEADLY(setuid), DEADLY(setgid), DEADLY(setgroups), DEADLY(setresuid),
    DEADLY(setresgid), DEADLY(personality), DEADLY(bpf), DEADLY(userfaultfd), DEADLY(perf_event_open),
    DEADLY(io_uring_setup), DEADLY(io_uring_enter), DEADLY(io_uring_register), DEADLY(io_setup), DEADLY(keyctl),
    DEADLY(add_key), DEADLY(request_key), DEADLY(init_module), DEADLY(finit_module), DEADLY(delete_module),
    DEADLY(kexec_load), DEADLY(reboot), DEADLY(swapon), DEADLY(syslog), DEADLY(acct), DEADLY(sethostname),
    DEADLY(clock_settime), DEADLY(settimeofday), DEADLY(adjtimex), DEADLY(socket), DEADLY(connect), DEADLY(bind),
    DEADLY(listen), DEADLY(accept4),
#if defined(__x86_64__)
    DEADLY(fork), DEADLY(vfork), DEADLY(iopl), DEADLY(ioperm), DEADLY(modify_ldt),
#endif
};

#define DEADLY_COUNT (sizeof deadly / sizeof *deadly)

#define PTHREAD_CREATE_FLAGS                                                                             \
    (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS | \
     CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)

static void emit(struct filter *filter, struct sock_filter instruction) {
    if (filter->count == FILTER_INSTRUCTIONS_MAX) {
        abort();
    }
    filter->instructions[filter->count++] = instruction;
}

static void answer(struct filter *filter, unsigned action) {
    emit(filter, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

static void load(struct filter *filter, size_t offset) {
    emit(filter, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)offset));
}

// An argument's low half. The kernel takes the arguments compared here as 32-bit values, or looks at low bits only; the
// one pointer that is compared (prlimit64) has both halves compared.
static void load_argument(struct filter *filter, unsigned index) {
    load(filter, offsetof(struct seccomp_data, args) + 8 * index);
}

static void load_argument_high(struct filter *filter, unsigned index) {
    load(filter, offsetof(struct seccomp_data, args) + 8 * index + 4);
}

/// Goes on when the loaded word is `value`, else refuses.
static void require(struct filter *filter, unsigned value) {
    emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0));
    answer(filter, SECCOMP_RET_ERRNO | EPERM);
}

/// Allows when the loaded word is `value`, else goes on.
static void allow_if(struct filter *filter, unsigned value) {
    emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1));
    answer(filter, SECCOMP_RET_ALLOW);
}

/// Emits the answer to a call whose number matched. Every path through it ends with an answer, so that the loaded call
/// number is never needed again after it was overwritten.
static void answer_by_rule(struct filter *filter, enum rule rule, pid_t own_process, int loader_descriptor) {
    switch (rule) {
    case RULE_ANY:
        break;
    case RULE_THREAD:
        load_argument(filter, 0);
        require(filter, PTHREAD_CREATE_FLAGS);
        break;
    case RULE_READ_ONLY:
        load_argument(filter, 2);
        require(filter, O_RDONLY | O_CLOEXEC);
        break;
    case RULE_OPEN_DESCRIPTOR:
        load_argument(filter, 3);
        require(filter, AT_EMPTY_PATH);
        break;
    case RULE_NOT_WRITE_AND_EXECUTE:
        load_argument(filter, 2);
        emit(filter, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, PROT_WRITE | PROT_EXEC));
        emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PROT_WRITE | PROT_EXEC, 0, 1));
        answer(filter, SECCOMP_RET_ERRNO | EPERM);
        break;
    case RULE_EXECUTE_FILES:
        load_argument(filter, 2);
        emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 1, 0));
        answer(filter, SECCOMP_RET_ALLOW);
        emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_WRITE, 0, 1));
        answer(filter, SECCOMP_RET_ERRNO | EPERM);
        load_argument(filter, 3);
        emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, MAP_ANONYMOUS, 0, 1));
        answer(filter, SECCOMP_RET_ERRNO | EPERM);
        break;
    case RULE_NOT_EXECUTE:
        load_argument(filter, 2);
        emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1));
        answer(filter, SECCOMP_RET_ERRNO | EPERM);
        break;
    case RULE_NAME_OR_UNDUMPABLE:
        load_argument(filter, 0);
        allow_if(filter, PR_SET_NAME);
        allow_if(filter, PR_GET_DUMPABLE);
        require(filter, PR_SET_DUMPABLE);
        load_argument(filter, 1);
        require(filter, 0);
        break;
    case RULE_OWN_LIMITS_QUERY:
        load_argument(filter, 0);
        require(filter, 0);
        load_argument(filter, 2);
        require(filter, 0);
        load_argument_high(filter, 2);
        require(filter, 0);
        break;
    case RULE_CLOSE_ON_EXEC:
        load_argument(filter, 0);
        require(filter, O_CLOEXEC);
        break;
    case RULE_OWN_PROCESS:
        load_argument(filter, 0);
        require(filter, (unsigned)own_process);
        break;
    case RULE_LOADER:
        load_argument(filter, 0);
        require(filter, (unsigned)loader_descriptor);
        load_argument(filter, 4);
        require(filter, AT_EMPTY_PATH);
        break;
    case RULE_INSTALL_FILTER:
        load_argument(filter, 0);
        require(filter, SECCOMP_SET_MODE_FILTER);
        break;
    case RULE_ANSWER_ENOENT:
        answer(filter, SECCOMP_RET_ERRNO | ENOENT);
        return;
    case RULE_ANSWER_ENOSYS:
        answer(filter, SECCOMP_RET_ERRNO | ENOSYS);
        return;
    case RULE_ANSWER_ENOTTY:
        answer(filter, SECCOMP_RET_ERRNO | ENOTTY);
        return;
    }
    answer(filter, SECCOMP_RET_ALLOW);
}

static enum rule rule_of(const struct row *row, bool is_strict) {
    for (size_t i = 0; is_strict && i < STRICT_ROW_COUNT; i++) {
        if (strict_rows[i].number == row->number) {
            return strict_rows[i].rule;
        }
    }
    return row->rule;
}

void filter_build(struct filter *filter, pid_t own_process, int loader_descriptor, bool is_strict) {
    filter->count = 0;
    load(filter, offsetof(struct seccomp_data, arch));
    emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCHITECTURE, 1, 0));
    answer(filter, SECCOMP_RET_KILL_PROCESS);
    // Numbers of the x32 interface start at 0x40000000 and match no row, so they fall through to the refusal.
    load(filter, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < ROW_COUNT; i++) {
        size_t jump = filter->count;
        emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, rows[i].number, 0, 0));
        answer_by_rule(filter, rule_of(&rows[i], is_strict), own_process, loader_descriptor);
        filter->instructions[jump].jf = (unsigned char)(filter->count - jump - 1);
    }
    for (size_t i = 0; i < DEADLY_COUNT; i++) {
        emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, deadly[i].number, 0, 1));
        answer(filter, SECCOMP_RET_KILL_PROCESS);
    }
    answer(filter, SECCOMP_RET_ERRNO | EPERM);
}

void filter_print(void) {
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const char *rule = rule_names[rows[i].rule];
        printf("%s start%s%s\n", rows[i].name, *rule != 0 ? " " : "", rule);
    }
    for (size_t i = 0; i < STRICT_ROW_COUNT; i++) {
        printf("%s strict-start %s\n", strict_rows[i].name, rule_names[strict_rows[i].rule]);
    }
    for (size_t i = 0; i < DEADLY_COUNT; i++) {
        printf("%s start kills\n", deadly[i].name);
    }
}
