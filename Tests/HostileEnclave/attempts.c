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
    // Files. The first ones have the form that the start list allows: Landlock refuses them, and the root folder, in
    // which there is none.
    {"open-file", SYS_openat, {HERE, "/etc/passwd", N(O_RDONLY | O_CLOEXEC)}},
    {"open-folder", SYS_openat, {HERE, "/", N(O_RDONLY | O_CLOEXEC)}},
    {"open-device", SYS_openat, {HERE, "/dev/urandom", N(O_RDONLY | O_CLOEXEC)}},
    {"open-own-memory-map", SYS_openat, {HERE, "/proc/self/maps", N(O_RDONLY | O_CLOEXEC)}},
    {"open-library", SYS_openat, {HERE, "/lib/x86_64-linux-gnu/libc.so.6", N(O_RDONLY | O_CLOEXEC)}},
    {"open-for-writing", SYS_openat, {HERE, "hostile", N(O_WRONLY | O_CREAT | O_CLOEXEC), N(0600)}},
    {"open-own-memory", SYS_openat, {HERE, "/proc/self/mem", N(O_RDWR | O_CLOEXEC)}},
    {"open-path-only", SYS_openat, {HERE, "/", N(O_PATH | O_CLOEXEC)}},
    {"open-temporary", SYS_openat, {HERE, "/tmp", N(O_TMPFILE | O_RDWR | O_CLOEXEC), N(0600)}},
    {"open-old", SYS_open, {"/etc/passwd", N(O_RDONLY)}},
    {"openat2", SYS_openat2, {HERE, "/etc/passwd", buffer, N(24)}},
    {"open-by-handle", SYS_open_by_handle_at, {N(3), buffer, N(0)}},
    {"creat", SYS_creat, {"hostile", N(0600)}},
    {"unlink", SYS_unlink, {"hostile"}},
    {"rename", SYS_rename, {"hostile", "hostile-2"}},
    {"mkdir", SYS_mkdir, {"hostile-folder", N(0700)}},
    {"symlink", SYS_symlink, {"/etc/passwd", "hostile-link"}},
    {"link", SYS_link, {"/etc/passwd", "hostile-link"}},
    {"chmod", SYS_chmod, {"/tmp", N(0777)}},
    {"fchmod-lane", SYS_fchmod, {N(3), N(0777)}},
    {"truncate", SYS_truncate, {"hostile", N(0)}},
    {"stat-path", SYS_newfstatat, {HERE, "/etc/passwd", buffer, N(0)}},
    {"statx", SYS_statx, {HERE, "/etc/passwd", N(0), N(0), buffer}},
    {"access", SYS_access, {"/etc/passwd", N(R_OK)}},
    {"readlink", SYS_readlink, {"/proc/self/exe", buffer, N(64)}},
    {"getdents", SYS_getdents64, {N(3), buffer, N(64)}},
    {"getcwd", SYS_getcwd, {buffer, N(64)}},
    {"chdir", SYS_chdir, {"/tmp"}},
    {"chroot", SYS_chroot, {"/tmp"}},
    {"setxattr", SYS_setxattr, {"/tmp", "user.x", text, N(1), N(0)}},
    {"inotify", SYS_inotify_init1, {N(0)}},
    {"fanotify", SYS_fanotify_init, {N(0), N(0)}},

    // New descriptors of other kinds, and doing more with the open ones
    {"memfd-create", SYS_memfd_create, {text, N(0)}},
    {"memfd-secret", CALL_MEMFD_SECRET, {N(0)}},
    {"dup", SYS_dup, {N(3)}},
    {"dup2", SYS_dup2, {N(3), N(10)}},
    {"unlock-state", SYS_flock, {N(61), N(LOCK_UN)}},
    {"fcntl-duplicate", SYS_fcntl, {N(3), N(F_DUPFD), N(10)}},
    {"pipe", SYS_pipe2, {buffer, N(0)}},
    {"eventfd", SYS_eventfd2, {N(0), N(0)}},
    {"epoll", SYS_epoll_create1, {N(0)}},
    {"timerfd", SYS_timerfd_create, {N(1), N(0)}},
    {"signalfd", SYS_signalfd4, {N(-1), buffer, N(8), N(0)}},
    {"sendfile", SYS_sendfile, {N(4), N(3), N(0), N(1)}},
    {"splice", SYS_splice, {N(3), N(0), N(4), N(0), N(1), N(0)}},
    {"vmsplice", SYS_vmsplice, {N(3), &span, N(1), N(0)}},
    {"terminal-input", SYS_ioctl, {N(2), N(TIOCSTI), text}},

    // Sockets
    {"socket-inet", SYS_socket, {N(AF_INET), N(SOCK_STREAM), N(0)}},
    {"socket-inet6", SYS_socket, {N(AF_INET6), N(SOCK_DGRAM), N(0)}},
    {"socket-unix", SYS_socket, {N(AF_UNIX), N(SOCK_STREAM), N(0)}},
    {"socket-netlink", SYS_socket, {N(AF_NETLINK), N(SOCK_RAW), N(0)}},
    {"socket-packet", SYS_socket, {N(AF_PACKET), N(SOCK_RAW), N(0)}},
    {"socket-vsock", SYS_socket, {N(AF_VSOCK), N(SOCK_STREAM), N(0)}},
    {"socket-alg", SYS_socket, {N(AF_ALG), N(SOCK_SEQPACKET), N(0)}},
    {"socketpair", SYS_socketpair, {N(AF_UNIX), N(SOCK_STREAM), N(0), buffer}},
    {"connect-lane", SYS_connect, {N(3), &loopback, N(sizeof loopback)}},
    {"listen-on-lane", SYS_listen, {N(3), N(1)}},
    {"accept-on-lane", SYS_accept, {N(3), N(0), N(0)}},
    {"send-descriptor", SYS_sendmsg, {N(3), &message, N(0)}},
    {"receive-descriptor", SYS_recvmsg, {N(3), &message, N(MSG_DONTWAIT)}},
    {"sendto", SYS_sendto, {N(3), text, N(1), N(0), N(0), N(0)}},
    {"setsockopt", SYS_setsockopt, {N(3), N(SOL_SOCKET), N(SO_RCVBUF), buffer, N(4)}},
    {"lane-peer", SYS_getsockopt, {N(3), N(SOL_SOCKET), N(SO_PEERCRED), buffer, buffer + 64}},

    // Other processes
    {"ptrace-parent", SYS_ptrace, {N(PTRACE_SEIZE), &parent_process, N(0), N(0)}},
    {"ptrace-me", SYS_ptrace, {N(PTRACE_TRACEME), N(0), N(0), N(0)}},
    {"read-parent-memory", SYS_process_vm_readv, {&parent_process, &span, N(1), &span, N(1), N(0)}},
    {"write-parent-memory", SYS_process_vm_writev, {&parent_process, &span, N(1), &span, N(1), N(0)}},
    {"kill-parent", SYS_kill, {&parent_process, N(0)}},
    {"kill-everybody", SYS_kill, {N(-1), N(0)}},
    {"tkill-parent", SYS_tkill, {&parent_process, N(0)}},
    {"tgkill-parent", SYS_tgkill, {&parent_process, &parent_process, N(0)}},
    {"queue-signal", SYS_rt_sigqueueinfo, {&parent_process, N(SIGTERM), buffer}},
    {"pidfd-open", SYS_pidfd_open, {&parent_process, N(0)}},
    {"pidfd-getfd", SYS_pidfd_getfd, {N(3), N(3), N(0)}},
    {"kcmp", SYS_kcmp, {&parent_process, &own_process, N(0), N(0), N(0)}},
    {"getppid", SYS_getppid, {NULL}},
    {"wait", SYS_wait4, {N(-1), N(0), N(0), N(0)}},
    {"setpgid-parent", SYS_setpgid, {&parent_process, N(0)}},

    // New processes and programs
    {"fork", SYS_fork, {NULL}},
    {"vfork", SYS_vfork, {NULL}},
    {"clone-process", SYS_clone, {N(SIGCHLD), N(0), N(0), N(0), N(0)}},
    {"clone-thread-in-new-user-namespace", SYS_clone, {N(THREAD_FLAGS | CLONE_NEWUSER), N(0), N(0), N(0), N(0)}},
    {"clone-untraced-process", SYS_clone, {N(CLONE_VM | CLONE_VFORK | SIGCHLD), N(0), N(0), N(0), N(0)}},
    {"clone3", SYS_clone3, {buffer, N(64)}},
    {"execve", SYS_execve, {"/bin/true", no_strings, no_strings}},
    {"execute-lane", SYS_execveat, {N(3), "", no_strings, no_strings, N(AT_EMPTY_PATH)}},
    {"execute-path", SYS_execveat, {HERE, "/bin/true", no_strings, no_strings, N(0)}},
    {"execute-program-again", SYS_execveat, {N(100), "", no_strings, no_strings, N(AT_EMPTY_PATH)}},
    // The one descriptor that the start list lets execute: it was closed by the first execution.
    {"execute-loader-again", SYS_execveat, {N(101), "", no_strings, no_strings, N(AT_EMPTY_PATH)}},

    // Namespaces, mounts, identity, limits
    {"unshare-user", SYS_unshare, {N(CLONE_NEWUSER)}},
    {"unshare-mounts", SYS_unshare, {N(CLONE_NEWNS)}},
    {"setns", SYS_setns, {N(3), N(0)}},
    {"mount", SYS_mount, {"none", "/tmp", "tmpfs", N(0), N(0)}},
    {"unmount", SYS_umount2, {"/proc", N(2)}},
    {"pivot-root", SYS_pivot_root, {"/tmp", "/tmp"}},
    {"fsopen", SYS_fsopen, {"tmpfs", N(0)}},
    {"open-tree", SYS_open_tree, {HERE, "/", N(1)}},
    {"setuid", SYS_setuid, {N(0)}},
    {"setgid", SYS_setgid, {N(0)}},
    {"setgroups", SYS_setgroups, {N(0), N(0)}},
    {"capset", SYS_capset, {buffer, buffer}},
    {"setrlimit", SYS_setrlimit, {N(RLIMIT_CORE), &more}},
    {"raise-own-limit", SYS_prlimit64, {N(0), N(RLIMIT_CORE), &more, N(0)}},
    {"read-limit-of-parent", SYS_prlimit64, {&parent_process, N(RLIMIT_CORE), N(0), buffer}},
    {"become-dumpable", SYS_prctl, {N(PR_SET_DUMPABLE), N(1), N(0), N(0), N(0)}},
    {"allow-tracer", SYS_prctl, {N(PR_SET_PTRACER), N(-1), N(0), N(0), N(0)}},
    {"outlive-launcher", SYS_prctl, {N(PR_SET_PDEATHSIG), N(0), N(0), N(0), N(0)}},
    {"trap-timestamp-counter", SYS_prctl, {N(PR_SET_TSC), N(PR_TSC_SIGSEGV), N(0), N(0), N(0)}},
    {"personality", SYS_personality, {N(0x40000)}},
    {"setpriority", SYS_setpriority, {N(0), N(0), N(-5)}},
    {"scheduler", SYS_sched_setscheduler, {N(0), N(1), buffer}},
    {"seccomp-strict", SYS_seccomp, {N(SECCOMP_SET_MODE_STRICT), N(0), N(0)}},
    {"landlock", SYS_landlock_create_ruleset, {N(0), N(0), N(1)}},

    // The kernel's larger surfaces
    {"io-uring", SYS_io_uring_setup, {N(8), buffer}},
    {"aio", SYS_io_setup, {N(8), buffer}},
    {"bpf", SYS_bpf, {N(0), buffer, N(64)}},
    {"userfaultfd", SYS_userfaultfd, {N(1)}},
    {"perf-event", SYS_perf_event_open, {buffer, N(0), N(-1), N(-1), N(0)}},
    {"keyctl", SYS_keyctl, {N(0), N(-3), N(0)}},
    {"add-key", SYS_add_key, {"user", text, text, N(1), N(-3)}},
    {"request-key", SYS_request_key, {"user", text, N(0), N(-3)}},
    {"shared-memory", SYS_shmget, {N(0), N(4096), N(01600)}},
    {"message-queue", SYS_msgget, {N(0), N(01600)}},
    {"semaphore", SYS_semget, {N(0), N(1), N(01600)}},
    {"posix-queue", SYS_mq_open, {text, N(O_CREAT | O_RDWR), N(0600), N(0)}},
    {"interval-timer", SYS_timer_create, {N(0), N(0), buffer}},
    {"module", SYS_init_module, {buffer, N(1), ""}},
    {"kexec", SYS_kexec_load, {N(0), N(0), N(0), N(0)}},
    {"reboot", SYS_reboot, {N(0), N(0), N(0), N(0)}},
    {"kernel-log", SYS_syslog, {N(3), buffer, N(10)}},
    {"swapon", SYS_swapon, {"hostile", N(0)}},
    {"hostname", SYS_sethostname, {text, N(7)}},
    {"set-clock", SYS_clock_settime, {N(0), buffer}},
    {"io-ports", SYS_iopl, {N(3)}},
    {"segment-table", SYS_modify_ldt, {N(0), buffer, N(16)}},
    {"move-pages", SYS_move_pages, {&parent_process, N(0), N(0), N(0), N(0), N(0)}},
    {"cache-statistics", CALL_CACHESTAT, {N(3), buffer, buffer, N(0)}},
    {"number-of-another-interface", 0x40000000 | SYS_getpid, {NULL}},
    {"number-that-does-not-exist", 9999, {NULL}},

    // More of the same kinds
    {"open-by-magic-link", SYS_openat, {HERE, "/proc/1/root/etc/passwd", N(O_RDONLY | O_CLOEXEC)}},
    {"open-above-root", SYS_openat, {HERE, "../../etc/passwd", N(O_RDONLY | O_CLOEXEC)}},
    {"open-memory-of-launcher", SYS_openat, {HERE, "/proc/1/mem", N(O_RDONLY | O_CLOEXEC)}},
    {"open-state-lock-again", SYS_openat, {HERE, "/61", N(O_RDONLY | O_CLOEXEC)}},
    {"open-kernel-memory", SYS_openat, {HERE, "/proc/kcore", N(O_RDONLY | O_CLOEXEC)}},
    {"mknod", SYS_mknodat, {HERE, "hostile-device", N(0020666), N(0x103)}},
    {"utimes", SYS_utimensat, {HERE, "/tmp", N(0), N(0)}},
    {"name-to-handle", SYS_name_to_handle_at, {HERE, "/", buffer, buffer + 64, N(0)}},
    {"copy-range", SYS_copy_file_range, {N(3), N(0), N(4), N(0), N(1), N(0)}},
    {"allocate", SYS_fallocate, {N(3), N(0), N(0), N(1)}},
    {"write-vector", SYS_writev, {N(4), &span, N(1)}},
    {"read-ahead", SYS_readahead, {N(3), N(0), N(1)}},
    {"statfs", SYS_statfs, {"/", buffer}},
    {"quota", SYS_quotactl, {N(0), N(0), N(0), N(0)}},
    {"accounting", SYS_acct, {"hostile"}},
    {"poll-lanes", SYS_poll, {buffer, N(0), N(0)}},
    {"shut-lane-down", SYS_shutdown, {N(4), N(0)}},
    {"name-of-lane", SYS_getsockname, {N(3), buffer, buffer + 64}},
    {"bind", SYS_bind, {N(3), &loopback, N(sizeof loopback)}},
    {"socket-raw", SYS_socket, {N(AF_INET), N(SOCK_RAW), N(1)}},
    {"socket-bluetooth", SYS_socket, {N(AF_BLUETOOTH), N(SOCK_RAW), N(0)}},
    {"signal-through-pidfd", SYS_pidfd_send_signal, {N(3), N(0), N(0), N(0)}},
    {"advise-on-parent-memory", SYS_process_madvise, {N(3), &span, N(1), N(MADV_COLD), N(0)}},
    {"queue-thread-signal", SYS_rt_tgsigqueueinfo, {&parent_process, &parent_process, N(SIGTERM), buffer}},
    {"migrate-parent-pages", SYS_migrate_pages, {&parent_process, N(1), buffer, buffer}},
    {"session-of-parent", SYS_getsid, {&parent_process}},
    {"priority-of-parent", SYS_getpriority, {N(0), &parent_process}},
    {"affinity-of-parent", SYS_sched_setaffinity, {&parent_process, N(8), buffer}},
    {"unshare-processes", SYS_unshare, {N(CLONE_NEWPID)}},
    {"unshare-network", SYS_unshare, {N(CLONE_NEWNET)}},
    {"move-mount", SYS_move_mount, {HERE, "/", HERE, "/tmp", N(0)}},
    {"mount-attributes", SYS_mount_setattr, {HERE, "/", N(0), buffer, N(32)}},
    {"fsmount", SYS_fsmount, {N(3), N(0), N(0)}},
    {"setresuid", SYS_setresuid, {N(0), N(0), N(0)}},
    {"setresgid", SYS_setresgid, {N(0), N(0), N(0)}},
    {"setfsuid", SYS_setfsuid, {N(0)}},
    {"keep-capabilities", SYS_prctl, {N(PR_SET_KEEPCAPS), N(1), N(0), N(0), N(0)}},
    {"ambient-capability", SYS_prctl, {N(PR_CAP_AMBIENT), N(PR_CAP_AMBIENT_RAISE), N(1), N(0), N(0)}},
    {"become-subreaper", SYS_prctl, {N(PR_SET_CHILD_SUBREAPER), N(1), N(0), N(0), N(0)}},
    {"allow-speculation", SYS_prctl, {N(PR_SET_SPECULATION_CTRL), N(0), N(2), N(0), N(0)}},
    {"move-memory-map", SYS_prctl, {N(PR_SET_MM), N(1), N(0), N(0), N(0)}},
    {"listening-filter", SYS_seccomp, {N(SECCOMP_GET_NOTIF_SIZES), N(0), buffer}},
    {"io-uring-enter", SYS_io_uring_enter, {N(3), N(1), N(0), N(0), N(0)}},
    {"io-uring-register", SYS_io_uring_register, {N(3), N(0), N(0), N(0)}},
    {"bpf-program", SYS_bpf, {N(5), buffer, N(64)}},
    {"module-by-descriptor", SYS_finit_module, {N(3), "", N(0)}},
    {"remove-module", SYS_delete_module, {"hostile", N(0)}},
    {"set-time-of-day", SYS_settimeofday, {buffer, N(0)}},
    {"adjust-clock", SYS_adjtimex, {N(0)}},
    {"nanosleep", SYS_nanosleep, {buffer, N(0)}},
    {"alarm", SYS_alarm, {N(0)}},
    {"io-port-range", SYS_ioperm, {N(0x80), N(1), N(1)}},
    {"system-information", SYS_sysinfo, {buffer}},
    {"name-of-machine", SYS_uname, {buffer}},
    {"memory-policy", SYS_set_mempolicy, {N(0), N(0), N(0)}},
    {"remap-pages", SYS_remap_file_pages, {&scratch_page, N(4096), N(0), N(0), N(0)}},
    {"attach-shared-memory", SYS_shmat, {N(0), N(0), N(0)}},
    {"lock-all-memory", SYS_mlockall, {N(1)}},

    // Memory that is writable and executable at once
    {"map-write-execute",
     SYS_mmap,
     {N(0), N(4096), N(PROT_READ | PROT_WRITE | PROT_EXEC), N(MAP_PRIVATE | MAP_ANONYMOUS), N(-1), N(0)}},
    {"protect-write-execute", SYS_mprotect, {&scratch_page, N(4096), N(PROT_READ | PROT_WRITE | PROT_EXEC)}},
    {"protection-key", SYS_pkey_mprotect, {&scratch_page, N(4096), N(PROT_READ | PROT_WRITE | PROT_EXEC), N(-1)}},
};

#define ATTEMPT_COUNT (sizeof attempts / sizeof *attempts)

// x86: mov eax, 42; ret
static const uint8_t code[] = {0xb8, 0x2a, 0x00, 0x00, 0x00, 0xc3};

/// Runs what the page holds; 0 if it did what `code` does.
static int run(const void *page) {
    return ((int (*)(void))(uintptr_t)page)() == 42 ? 0 : EIO;
}

static int map_execute(void) {
    void *page = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? errno : 0;
}

static int run_written_code(void) {
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) {
        return errno;
    }
    memcpy(page, code, sizeof code);
    return mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0 ? run(page) : errno;
}

/// The program's own code, made writable and then executable again.
static int patch_program(void) {
    uint8_t *page = (uint8_t *)((uintptr_t)patch_program & ~(uintptr_t)4095);
    if (mprotect(page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC) != 0) {
        return errno;
    }
    return mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0 ? 0 : errno;
}

/// One page in two places: written in one, executed in the other.
static int run_by_two_mappings(int file) {
    if (file < 0 || ftruncate(file, 4096) != 0) {
        return errno;
    }
    void *writable = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (writable == MAP_FAILED) {
        return errno;
    }
    memcpy(writable, code, sizeof code);
    void *executable = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_SHARED, file, 0);
    return executable == MAP_FAILED ? errno : run(executable);
}

static int run_from_memory_file(void) {
    return run_by_two_mappings((int)syscall(SYS_memfd_create, "hostile", 0));
}

static int run_from_secret_memory(void) {
    return run_by_two_mappings((int)syscall(CALL_MEMFD_SECRET, O_CLOEXEC));
}

/// The image itself, through the descriptors that are open at the start.
static int overwrite_image(void) {
    return write(100, code, sizeof code) == sizeof code ? 0 : errno;
}

static int map_image_writable(void) {
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, 100, 0);
    return page == MAP_FAILED ? errno : 0;
}

static int unseal_image(void) {
    return fcntl(100, F_ADD_SEALS, 0) == 0 ? 0 : errno;
}

/// Beyond the limit of files, and of descriptors.
static int write_large_file(void) {
    int file = (int)syscall(CALL_MEMFD_SECRET, O_CLOEXEC);
    return file < 0 || ftruncate(file, (off_t)64 << 20) != 0 ? errno : 0;
}

static int have_many_descriptors(void) {
    int files[256], count = 0, error = 0;
    while (error == 0 && count < 256) {
        files[count] = (int)syscall(CALL_MEMFD_SECRET, O_CLOEXEC);
        error = files[count] < 0 ? errno : 0;
        count += error == 0 ? 1 : 0;
    }
    while (count > 0) {
        close(files[--count]);
    }
    return error;
}

static const struct {
    const char *name;
    int (*body)(void);
} schemes[] = {
    {"map-anonymous-execute", map_execute},
    {"run-written-code", run_written_code},
    {"patch-own-program", patch_program},
    {"run-from-memory-file", run_from_memory_file},
    {"run-from-secret-memory", run_from_secret_memory},
    {"overwrite-image", overwrite_image},
    {"map-image-writable", map_image_writable},
    {"unseal-image", unseal_image},
    {"make-large-file", write_large_file},
    {"have-many-descriptors", have_many_descriptors},
};

#define SCHEME_COUNT (sizeof schemes / sizeof *schemes)

static pid_t parent;

void attempts_know_parent(pid_t process) {
    parent = process;
}

static long argument(const void *value) {
    if (value == &parent_process) {
        // The enclave may not ask, and is process 1 for itself; any number does here, since the call itself must be
        // refused.
        return parent != 0 ? parent : 4242;
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
    for (size_t i = 0; i < SCHEME_COUNT; i++) {
        if (strcmp(schemes[i].name, name) == 0) {
            return schemes[i].body();
        }
    }
    return -1;
}

const char *attempt_name(size_t index) {
    if (index < ATTEMPT_COUNT) {
        return attempts[index].name;
    }
    return index < ATTEMPT_COUNT + SCHEME_COUNT ? schemes[index - ATTEMPT_COUNT].name : NULL;
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
