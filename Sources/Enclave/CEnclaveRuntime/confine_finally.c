#define _GNU_SOURCE
#include "confine_finally.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

// The calls of this list have the same names on both machines.
#if defined(__x86_64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the list of system calls is written for x86_64 and aarch64"
#endif

/// What must hold of a call's arguments.
enum rule {
    RULE_ANY,
    RULE_NOT_EXECUTE,            // not-execute: maps nothing executable
    RULE_NOT_WRITE_AND_EXECUTE,  // not-write-and-execute: memory is never both at once
    RULE_OWN_PROCESS,            // own-process: the first argument is its own process id
    RULE_ANSWER_ENOTTY,          // answers-ENOTTY: never made, but answered with "not a terminal"
};

struct row {
    const char *line;
    unsigned number;
    enum rule rule;
};

#define ROW(name) {#name " final", SYS_##name, RULE_ANY}
#define ROW_WITH(name, text, rule) {#name " final " text, SYS_##name, rule}

static const struct row rows[] = {
    ROW(read),
    ROW(write),
    ROW(close),
    ROW(futex),
    ROW_WITH(mmap, "not-execute", RULE_NOT_EXECUTE),
    ROW_WITH(mprotect, "not-write-and-execute", RULE_NOT_WRITE_AND_EXECUTE),
    ROW(munmap),
    ROW(mremap),
    ROW(madvise),
    ROW(brk),
    ROW(mlock),
    ROW(munlock),
    ROW(getrandom),
    ROW(clock_gettime),
    ROW(sched_yield),
    ROW(getrusage),
    ROW(rt_sigaction),
    ROW(rt_sigprocmask),
    ROW(rt_sigreturn),
    ROW(sigaltstack),
    ROW(restart_syscall),
    ROW(getpid),
    ROW(gettid),
    ROW_WITH(tgkill, "own-process", RULE_OWN_PROCESS),
    ROW(exit),
    ROW(exit_group),
    ROW_WITH(ioctl, "answers-ENOTTY", RULE_ANSWER_ENOTTY),
};

#define ROW_COUNT (sizeof rows / sizeof *rows)

/// What stands in the place of the row of the same call in the strict list.
static const struct row strict_mprotect = {"mprotect strict-final not-execute", SYS_mprotect, RULE_NOT_EXECUTE};
#define PROLOGUE_INSTRUCTIONS 4
#define INSTRUCTIONS_PER_ROW_MAX 6
#define ARGUMENT_OFFSET(index) (offsetof(struct seccomp_data, args) + 8 * (index))

/// Writes a row's instructions, each path of which ends with an answer or falls to the next row. Returns their number.
static size_t put_row(struct sock_filter *out, const struct row *row, pid_t own_process) {
    const struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    const struct sock_filter kill = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
    const unsigned write_and_execute = PROT_WRITE | PROT_EXEC;
    size_t count = 1;
    switch (row->rule) {
    case RULE_ANY:
        break;
    case RULE_NOT_EXECUTE:
        out[count++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARGUMENT_OFFSET(2));
        out[count++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1);
        out[count++] = kill;
        break;
    case RULE_NOT_WRITE_AND_EXECUTE:
        out[count++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARGUMENT_OFFSET(2));
        out[count++] = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, write_and_execute);
        out[count++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, write_and_execute, 0, 1);
        out[count++] = kill;
        break;
    case RULE_OWN_PROCESS:
        out[count++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARGUMENT_OFFSET(0));
        out[count++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)own_process, 1, 0);
        out[count++] = kill;
        break;
    case RULE_ANSWER_ENOTTY:
        out[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOTTY);
        break;
    }
    out[count++] = allow;
    out[0] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, row->number, 0, (unsigned char)(count - 1));
    return count;
}

int confine_finally(bool is_strict) {
    struct sock_filter instructions[PROLOGUE_INSTRUCTIONS + ROW_COUNT * INSTRUCTIONS_PER_ROW_MAX + 1] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCHITECTURE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    };
    size_t count = PROLOGUE_INSTRUCTIONS;
    pid_t own_process = getpid();
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const struct row *row = is_strict && rows[i].number == SYS_mprotect ? &strict_mprotect : &rows[i];
        count += put_row(instructions + count, row, own_process);
    }
    instructions[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);

    struct sock_fprog program = {.len = (unsigned short)count, .filter = instructions};
    // TSYNC puts every thread under the filter at once; a positive result is a thread that could not be.
    long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
    return result == 0 ? 0 : result > 0 ? -EAGAIN : -errno;
}

const char *confine_finally_line(size_t index) {
    return index < ROW_COUNT ? rows[index].line : index == ROW_COUNT ? strict_mprotect.line : NULL;
}
