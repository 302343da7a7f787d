#define _GNU_SOURCE
#include "attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

// Debian 12's headers do not name these.
#define CALL_MEMFD_SECRET 447
#define CALL_CACHESTAT 451

struct attempt {
    const char *name;
    long number;
    const void *arguments[6];
    int refusal;  // 0 stands for EPERM
};

// Their addresses stand for values that are known when the program runs.
static const char parent_process, own_process, scratch_page;

static uint8_t buffer[4096] __attribute__((aligned(4096)));
static const char *const no_strings[] = {NULL};
static const struct rlimit more = {1 << 20, 1 << 20};
static const struct sockaddr_in loopback = {.sin_family = AF_INET, .sin_port = 0x5000, .sin_addr = {0x0100007f}};
static const struct iovec span = {buffer, 16};
static const char text[] = "hostile";

// A message that carries descriptor 2 to whoever holds the lane's other end.
static union {
    char bytes[CMSG_SPACE(sizeof(int))];
    struct cmsghdr header;
} rights = {.header = {.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS}};
static const struct msghdr message = {
    .msg_iov = (struct iovec *)&span,
    .msg_iovlen = 1,
    .msg_control = rights.bytes,
    .msg_controllen = sizeof rights.bytes,
};

#define N(value) ((const void *)(intptr_t)(value))
#define HERE N(AT_FDCWD)
#define THREAD_FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM)

static const struct attempt attempts[] = {
    // Files. The first ones have the form that the start list allows: Landlock refuses them.
    {"open-file", SYS_openat, {HERE, "/etc/passwd", N(O_RDONLY | O_CLOEXEC)}, EACCES},
    {"open-folder", SYS_openat, {HERE, "/", N(O_RDONLY | O_CLOEXEC)}, EACCES},
    {"open-device", SYS_openat, {HERE, "/dev/urandom", N(O_RDONLY | O_CLOEXEC)}, EACCES},
    {"open-own-memory-map", SYS_openat, {HERE, "/proc/self/maps", N(O_RDONLY | O_CLOEXEC)}, EACCES},
    {"open-library", SYS_openat, {HERE, "/lib/x86_64-linux-gnu/libc.so.6", N(O_RDONLY | O_CLOEXEC)}, EACCES},
    {"open-for-writing", SYS_openat, {HERE, "/tmp/hostile", N(O_WRONLY | O_CREAT | O_CLOEXEC), N(0600)}, 0},
    {"open-own-memory", SYS_openat, {HERE, "/proc/self/mem", N(O_RDWR | O_CLOEXEC)}, 0},
    {"open-path-only", SYS_openat, {HERE, "/", N(O_PATH | O_CLOEXEC)}, 0},
    {"open-temporary", SYS_openat, {HERE, "/tmp", N(O_TMPFILE | O_RDWR | O_CLOEXEC), N(0600)}, 0},
    {"open-old", SYS_open, {"/etc/passwd", N(O_RDONLY)}, 0},
    {"openat2", SYS_openat2, {HERE, "/etc/passwd", buffer, N(24)}, 0},
    {"open-by-handle", SYS_open_by_handle_at, {N(3), buffer, N(0)}, 0},
    {"creat", SYS_creat, {"/tmp/hostile", N(0600)}, 0},
    {"unlink", SYS_unlink, {"/tmp/hostile"}, 0},
    {"rename", SYS_rename, {"/tmp/hostile", "/tmp/hostile-2"}, 0},
    {"mkdir", SYS_mkdir, {"/tmp/hostile-folder", N(0700)}, 0},
    {"symlink", SYS_symlink, {"/etc/passwd", "/tmp/hostile-link"}, 0},
    {"link", SYS_link, {"/etc/passwd", "/tmp/hostile-link"}, 0},
    {"chmod", SYS_chmod, {"/tmp", N(0777)}, 0},
    {"fchmod-lane", SYS_fchmod, {N(3), N(0777)}, 0},
    {"truncate", SYS_truncate, {"/tmp/hostile", N(0)}, 0},
    {"stat-path", SYS_newfstatat, {HERE, "/etc/passwd", buffer, N(0)}, 0},
    {"statx", SYS_statx, {HERE, "/etc/passwd", N(0), N(0), buffer}, 0},
    {"access", SYS_access, {"/etc/passwd", N(R_OK)}, ENOENT},
    {"readlink", SYS_readlink, {"/proc/self/exe", buffer, N(64)}, 0},
    {"getdents", SYS_getdents64, {N(3), buffer, N(64)}, 0},
    {"getcwd", SYS_getcwd, {buffer, N(64)}, 0},
    {"chdir", SYS_chdir, {"/tmp"}, 0},
    {"chroot", SYS_chroot, {"/tmp"}, 0},
    {"setxattr", SYS_setxattr, {"/tmp", "user.x", text, N(1), N(0)}, 0},
    {"inotify", SYS_inotify_init1, {N(0)}, 0},
    {"fanotify", SYS_fanotify_init, {N(0), N(0)}, 0},

    // New descriptors of other kinds, and doing more with the open ones
    {"memfd-create", SYS_memfd_create, {text, N(0)}, 0},
    {"memfd-secret", CALL_MEMFD_SECRET, {N(0)}, 0},
    {"dup", SYS_dup, {N(3)}, 0},
    {"dup2", SYS_dup2, {N(3), N(10)}, 0},
    {"unlock-state", SYS_flock, {N(61), N(LOCK_UN)}, 0},
    {"fcntl-duplicate", SYS_fcntl, {N(3), N(F_DUPFD), N(10)}, 0},
    {"pipe", SYS_pipe2, {buffer, N(0)}, 0},
    {"eventfd", SYS_eventfd2, {N(0), N(0)}, 0},
    {"epoll", SYS_epoll_create1, {N(0)}, 0},
    {"timerfd", SYS_timerfd_create, {N(1), N(0)}, 0},
    {"signalfd", SYS_signalfd4, {N(-1), buffer, N(8), N(0)}, 0},
    {"sendfile", SYS_sendfile, {N(4), N(3), N(0), N(1)}, 0},
    {"splice", SYS_splice, {N(3), N(0), N(4), N(0), N(1), N(0)}, 0},
    {"vmsplice", SYS_vmsplice, {N(3), &span, N(1), N(0)}, 0},
    {"terminal-input", SYS_ioctl, {N(2), N(TIOCSTI), text}, ENOTTY},

    // Sockets
    {"socket-inet", SYS_socket, {N(AF_INET), N(SOCK_STREAM), N(0)}, 0},
    {"socket-inet6", SYS_socket, {N(AF_INET6), N(SOCK_DGRAM), N(0)}, 0},
    {"socket-unix", SYS_socket, {N(AF_UNIX), N(SOCK_STREAM), N(0)}, 0},
    {"socket-netlink", SYS_socket, {N(AF_NETLINK), N(SOCK_RAW), N(0)}, 0},
    {"socket-packet", SYS_socket, {N(AF_PACKET), N(SOCK_RAW), N(0)}, 0},
    {"socket-vsock", SYS_socket, {N(AF_VSOCK), N(SOCK_STREAM), N(0)}, 0},
    {"socket-alg", SYS_socket, {N(AF_ALG), N(SOCK_SEQPACKET), N(0)}, 0},
    {"socketpair", SYS_socketpair, {N(AF_UNIX), N(SOCK_STREAM), N(0), buffer}, 0},
    {"connect-lane", SYS_connect, {N(3), &loopback, N(sizeof loopback)}, 0},
    {"listen-on-lane", SYS_listen, {N(3), N(1)}, 0},
    {"accept-on-lane", SYS_accept, {N(3), N(0), N(0)}, 0},
    {"send-descriptor", SYS_sendmsg, {N(3), &message, N(0)}, 0},
    {"receive-descriptor", SYS_recvmsg, {N(3), &message, N(MSG_DONTWAIT)}, 0},
    {"sendto", SYS_sendto, {N(3), text, N(1), N(0), N(0), N(0)}, 0},
    {"setsockopt", SYS_setsockopt, {N(3), N(SOL_SOCKET), N(SO_RCVBUF), buffer, N(4)}, 0},
    {"lane-peer", SYS_getsockopt, {N(3), N(SOL_SOCKET), N(SO_PEERCRED), buffer, buffer + 64}, 0},

    // Other processes
    {"ptrace-parent", SYS_ptrace, {N(PTRACE_SEIZE), &parent_process, N(0), N(0)}, 0},
    {"ptrace-me", SYS_ptrace, {N(PTRACE_TRACEME), N(0), N(0), N(0)}, 0},
    {"read-parent-memory", SYS_process_vm_readv, {&parent_process, &span, N(1), &span, N(1), N(0)}, 0},
    {"write-parent-memory", SYS_process_vm_writev, {&parent_process, &span, N(1), &span, N(1), N(0)}, 0},
    {"kill-parent", SYS_kill, {&parent_process, N(0)}, 0},
    {"kill-everybody", SYS_kill, {N(-1), N(0)}, 0},
    {"tkill-parent", SYS_tkill, {&parent_process, N(0)}, 0},
    {"tgkill-parent", SYS_tgkill, {&parent_process, &parent_process, N(0)}, 0},
    {"queue-signal", SYS_rt_sigqueueinfo, {&parent_process, N(SIGTERM), buffer}, 0},
    {"pidfd-open", SYS_pidfd_open, {&parent_process, N(0)}, 0},
    {"pidfd-getfd", SYS_pidfd_getfd, {N(3), N(3), N(0)}, 0},
    {"kcmp", SYS_kcmp, {&parent_process, &own_process, N(0), N(0), N(0)}, 0},
    {"getppid", SYS_getppid, {NULL}, 0},
    {"wait", SYS_wait4, {N(-1), N(0), N(0), N(0)}, 0},
    {"setpgid-parent", SYS_setpgid, {&parent_process, N(0)}, 0},

    // New processes and programs
    {"fork", SYS_fork, {NULL}, 0},
    {"vfork", SYS_vfork, {NULL}, 0},
    {"clone-process", SYS_clone, {N(SIGCHLD), N(0), N(0), N(0), N(0)}, 0},
    {"clone-thread-in-new-user-namespace", SYS_clone, {N(THREAD_FLAGS | CLONE_NEWUSER), N(0), N(0), N(0), N(0)}, 0},
    {"clone-untraced-process", SYS_clone, {N(CLONE_VM | CLONE_VFORK | SIGCHLD), N(0), N(0), N(0), N(0)}, 0},
    {"clone3", SYS_clone3, {buffer, N(64)}, ENOSYS},
    {"execve", SYS_execve, {"/bin/true", no_strings, no_strings}, 0},
    {"execute-lane", SYS_execveat, {N(3), "", no_strings, no_strings, N(AT_EMPTY_PATH)}, 0},
    {"execute-path", SYS_execveat, {HERE, "/bin/true", no_strings, no_strings, N(0)}, 0},
    {"execute-program-again", SYS_execveat, {N(100), "", no_strings, no_strings, N(AT_EMPTY_PATH)}, 0},
    // The one descriptor that the start list lets execute: it was closed by the first execution.
    {"execute-loader-again", SYS_execveat, {N(101), "", no_strings, no_strings, N(AT_EMPTY_PATH)}, EBADF},

    // Namespaces, mounts, identity, limits
    {"unshare-user", SYS_unshare, {N(CLONE_NEWUSER)}, 0},
    {"unshare-mounts", SYS_unshare, {N(CLONE_NEWNS)}, 0},
    {"setns", SYS_setns, {N(3), N(0)}, 0},
    {"mount", SYS_mount, {"none", "/tmp", "tmpfs", N(0), N(0)}, 0},
    {"unmount", SYS_umount2, {"/proc", N(2)}, 0},
    {"pivot-root", SYS_pivot_root, {"/tmp", "/tmp"}, 0},
    {"fsopen", SYS_fsopen, {"tmpfs", N(0)}, 0},
    {"open-tree", SYS_open_tree, {HERE, "/", N(1)}, 0},
    {"setuid", SYS_setuid, {N(0)}, 0},
    {"setgid", SYS_setgid, {N(0)}, 0},
    {"setgroups", SYS_setgroups, {N(0), N(0)}, 0},
    {"capset", SYS_capset, {buffer, buffer}, 0},
    {"setrlimit", SYS_setrlimit, {N(RLIMIT_CORE), &more}, 0},
    {"raise-own-limit", SYS_prlimit64, {N(0), N(RLIMIT_CORE), &more, N(0)}, 0},
    {"read-limit-of-parent", SYS_prlimit64, {&parent_process, N(RLIMIT_CORE), N(0), buffer}, 0},
    {"become-dumpable", SYS_prctl, {N(PR_SET_DUMPABLE), N(1), N(0), N(0), N(0)}, 0},
    {"allow-tracer", SYS_prctl, {N(PR_SET_PTRACER), N(-1), N(0), N(0), N(0)}, 0},
    {"outlive-launcher", SYS_prctl, {N(PR_SET_PDEATHSIG), N(0), N(0), N(0), N(0)}, 0},
    {"trap-timestamp-counter", SYS_prctl, {N(PR_SET_TSC), N(PR_TSC_SIGSEGV), N(0), N(0), N(0)}, 0},
    {"personality", SYS_personality, {N(0x40000)}, 0},
    {"setpriority", SYS_setpriority, {N(0), N(0), N(-5)}, 0},
    {"scheduler", SYS_sched_setscheduler, {N(0), N(1), buffer}, 0},
    {"seccomp-strict", SYS_seccomp, {N(SECCOMP_SET_MODE_STRICT), N(0), N(0)}, 0},
    {"landlock", SYS_landlock_create_ruleset, {N(0), N(0), N(1)}, 0},

    // The kernel's larger surfaces
    {"io-uring", SYS_io_uring_setup, {N(8), buffer}, 0},
    {"aio", SYS_io_setup, {N(8), buffer}, 0},
    {"bpf", SYS_bpf, {N(0), buffer, N(64)}, 0},
    {"userfaultfd", SYS_userfaultfd, {N(1)}, 0},
    {"perf-event", SYS_perf_event_open, {buffer, N(0), N(-1), N(-1), N(0)}, 0},
    {"keyctl", SYS_keyctl, {N(0), N(-3), N(0)}, 0},
    {"add-key", SYS_add_key, {"user", text, text, N(1), N(-3)}, 0},
    {"request-key", SYS_request_key, {"user", text, N(0), N(-3)}, 0},
    {"shared-memory", SYS_shmget, {N(0), N(4096), N(01600)}, 0},
    {"message-queue", SYS_msgget, {N(0), N(01600)}, 0},
    {"semaphore", SYS_semget, {N(0), N(1), N(01600)}, 0},
    {"posix-queue", SYS_mq_open, {text, N(O_CREAT | O_RDWR), N(0600), N(0)}, 0},
    {"interval-timer", SYS_timer_create, {N(0), N(0), buffer}, 0},
    {"module", SYS_init_module, {buffer, N(1), ""}, 0},
    {"kexec", SYS_kexec_load, {N(0), N(0), N(0), N(0)}, 0},
    {"reboot", SYS_reboot, {N(0), N(0), N(0), N(0)}, 0},
    {"kernel-log", SYS_syslog, {N(3), buffer, N(10)}, 0},
    {"swapon", SYS_swapon, {"/tmp/hostile", N(0)}, 0},
    {"hostname", SYS_sethostname, {text, N(7)}, 0},
    {"set-clock", SYS_clock_settime, {N(0), buffer}, 0},
    {"io-ports", SYS_iopl, {N(3)}, 0},
    {"segment-table", SYS_modify_ldt, {N(0), buffer, N(16)}, 0},
    {"move-pages", SYS_move_pages, {&parent_process, N(0), N(0), N(0), N(0), N(0)}, 0},
    {"cache-statistics", CALL_CACHESTAT, {N(3), buffer, buffer, N(0)}, 0},
    {"number-of-another-interface", 0x40000000 | SYS_getpid, {NULL}, 0},
    {"number-that-does-not-exist", 9999, {NULL}, 0},

    // Memory that is writable and executable at once
    {"map-write-execute",
     SYS_mmap,
     {N(0), N(4096), N(PROT_READ | PROT_WRITE | PROT_EXEC), N(MAP_PRIVATE | MAP_ANONYMOUS), N(-1), N(0)},
     0},
    {"protect-write-execute", SYS_mprotect, {&scratch_page, N(4096), N(PROT_READ | PROT_WRITE | PROT_EXEC)}, 0},
    {"protection-key", SYS_pkey_mprotect, {&scratch_page, N(4096), N(PROT_READ | PROT_WRITE | PROT_EXEC), N(-1)}, 0},
};

#define ATTEMPT_COUNT (sizeof attempts / sizeof *attempts)

static long argument(const void *value) {
    static pid_t parent;
    if (value == &parent_process) {
        // The enclave may not ask; an attacker would guess. Its own number less one is the launcher more often than
        // not, and any number does here, since the call itself must be refused.
        parent = parent != 0 ? parent : getpid() - 1;
        return parent;
    }
    if (value == &own_process) {
        return getpid();
    }
    return (long)(value == &scratch_page ? buffer : value);
}

int attempt(const char *name) {
    for (size_t i = 0; i < ATTEMPT_COUNT; i++) {
        if (strcmp(attempts[i].name, name) != 0) {
            continue;
        }
        const void *const *a = attempts[i].arguments;
        pid_t self = getpid();
        long result = syscall(
            attempts[i].number, argument(a[0]), argument(a[1]), argument(a[2]), argument(a[3]), argument(a[4]),
            argument(a[5]));
        int error = result < 0 ? errno : 0;
        if (getpid() != self) {
            _exit(0);
        }
        return error;
    }
    return -1;
}

const char *attempt_name(size_t index) {
    return index < ATTEMPT_COUNT ? attempts[index].name : NULL;
}

int attempt_refusal(size_t index) {
    int refusal = index < ATTEMPT_COUNT ? attempts[index].refusal : 0;
    return refusal != 0 ? refusal : EPERM;
}

static const char *try_memory(void) {
    char *block = malloc(64 << 20);
    if (block == NULL) {
        return "64 MiB of memory";
    }
    memset(block, 1, 64 << 20);
    free(block);
    size_t reservation = (size_t)4 << 30;
    char *reserved = mmap(NULL, reservation, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (reserved == MAP_FAILED || mprotect(reserved, 4096, PROT_READ | PROT_WRITE) != 0) {
        return "a reservation of 4 GiB";
    }
    // x86: mov eax, 42; ret
    memcpy(reserved, "\xb8\x2a\x00\x00\x00\xc3", 6);
    if (mprotect(reserved, 4096, PROT_READ | PROT_EXEC) != 0 || ((int (*)(void))(uintptr_t)reserved)() != 42) {
        return "compiled code";
    }
    if (mlock(buffer, sizeof buffer) != 0 || munlock(buffer, sizeof buffer) != 0) {
        return "locked memory";
    }
    return munmap(reserved, reservation) == 0 ? NULL : "giving memory back";
}

const char *find_what_is_broken(void) {
    struct timespec now;
    struct rusage usage;
    uint8_t random[32];
    stack_t stack = {.ss_sp = malloc(65536), .ss_size = 65536};
    const char *broken = try_memory();
    if (broken != NULL) {
        return broken;
    }
    if (stack.ss_sp == NULL || sigaltstack(&stack, NULL) != 0) {
        return "a stack for signals";
    }
    if (syscall(SYS_getrandom, random, sizeof random, 0) != sizeof random) {
        return "randomness";
    }
    if (syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now) != 0 || getrusage(RUSAGE_SELF, &usage) != 0) {
        return "time and resident memory";
    }
    return NULL;
}
