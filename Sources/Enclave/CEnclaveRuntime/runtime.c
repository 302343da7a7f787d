#define _GNU_SOURCE
#include "runtime.h"

#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sodium.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

// The loader hands the arguments to constructors. Swift's own CommandLine would look for them in /proc.
static const char *query_lanes_argument;

__attribute__((constructor)) static void remember_argument(int count, char **arguments) {
    query_lanes_argument = count == 2 ? arguments[1] : NULL;
}

/// The number that the argument is, or -EINVAL.
static int read_query_lanes(void) {
    const char *text = query_lanes_argument;
    if (text == NULL || *text == 0) {
        return -EINVAL;
    }
    int value = 0;
    for (; *text != 0; text++) {
        if (*text < '0' || *text > '9') {
            return -EINVAL;
        }
        value = 10 * value + (*text - '0');
        if (value > RUNTIME_QUERY_LANES_MAX) {
            return -EINVAL;
        }
    }
    return value;
}

static int close_image(int query_lanes) {
    unsigned lanes_end = (unsigned)(RUNTIME_FIRST_QUERY_LANE + query_lanes);
    bool closed = close_range(lanes_end, RUNTIME_PLATFORM_LANE - 1, 0) == 0 &&
                  close_range(RUNTIME_STATE_LOCK + 1, ~0U, 0) == 0;
    return closed ? 0 : -errno;
}

/// Keeps malloc from opening files, which kills the enclave once it is confined: to know whether it may shrink a
/// thread's heap (/proc/sys/vm/overcommit_memory), it would ask when a large buffer is freed; to know how many heaps it
/// may have (/sys/devices/system/cpu/online), when a ninth thread wants one. So no heap shrinks, and each thread may
/// have one.
static bool keep_allocator_from_files(void) {
    return mallopt(M_TRIM_THRESHOLD, INT_MAX) == 1 && mallopt(M_ARENA_MAX, RUNTIME_QUERY_LANES_MAX + 4) == 1;
}

int runtime_prepare(void) {
    if (!keep_allocator_from_files()) {
        return -ENOSYS;
    }
    int query_lanes = read_query_lanes();
    int closed = query_lanes < 0 ? query_lanes : close_image(query_lanes);
    if (closed != 0) {
        return closed;
    }
    // The launcher had an unreadable file executed, so this holds already unless the system sets fs.suid_dumpable to 1.
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0) {
        return -EPERM;
    }
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    if (sigaction(SIGPIPE, &ignore, NULL) != 0) {
        return -errno;
    }
    uint8_t random[32];
    if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1 || sodium_init() < 0 ||
        RAND_bytes(random, sizeof random) != 1 || RAND_priv_bytes(random, sizeof random) != 1) {
        return -ENOSYS;
    }
    sodium_memzero(random, sizeof random);
    return query_lanes;
}

struct thread_start {
    void (*body)(void *argument);
    void *argument;
    sem_t runs;
};

static void *run_thread(void *argument) {
    struct thread_start *start = argument;
    void (*body)(void *) = start->body;
    void *body_argument = start->argument;
    sem_post(&start->runs);  // the last use: the starter goes on and `start` is gone
    body(body_argument);
    return NULL;
}

static int set_attributes(pthread_attr_t *attributes) {
    int error = pthread_attr_setstacksize(attributes, RUNTIME_LANE_STACK_BYTES);
    return error != 0 ? error : pthread_attr_setdetachstate(attributes, PTHREAD_CREATE_DETACHED);
}

int runtime_start_thread(void (*body)(void *argument), void *argument) {
    struct thread_start start = {.body = body, .argument = argument};
    if (sem_init(&start.runs, 0, 0) != 0) {
        return -errno;
    }
    pthread_attr_t attributes;
    pthread_t thread;
    int error = pthread_attr_init(&attributes);
    if (error == 0) {
        error = set_attributes(&attributes);
        if (error == 0) {
            error = pthread_create(&thread, &attributes, run_thread, &start);
        }
        pthread_attr_destroy(&attributes);
    }
    while (error == 0 && sem_wait(&start.runs) != 0) {
    }
    sem_destroy(&start.runs);
    return -error;
}

int64_t runtime_read(int descriptor, void *bytes, size_t size) {
    size_t done = 0;
    while (done < size) {
        ssize_t count = read(descriptor, (uint8_t *)bytes + done, size - done);
        if (count == 0) {
            break;
        }
        if (count < 0 && errno != EINTR) {
            return -errno;
        }
        done += count > 0 ? (size_t)count : 0;
    }
    return (int64_t)done;
}

int runtime_write(int descriptor, const void *bytes, size_t size) {
    size_t done = 0;
    while (done < size) {
        ssize_t count = write(descriptor, (const uint8_t *)bytes + done, size - done);
        if (count < 0 && errno != EINTR) {
            return -errno;
        }
        done += count > 0 ? (size_t)count : 0;
    }
    return 0;
}

void runtime_close(int descriptor) {
    close(descriptor);
}

int64_t runtime_resident_bytes_max(void) {
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (int64_t)usage.ru_maxrss * 1024 : -errno;
}

_Noreturn void runtime_end(int status) {
    _exit(status);
}
