// enclave-host: measures an enclave's program, confines it, starts the bytes that were measured, and then stays alive
// as the platform that the enclave runs on. README.md beside this file tells the whole.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "filter.h"
#include "fresh_start.h"
#include "image.h"
#include "journal.h"
#include "landlock.h"
#include "lanes.h"
#include "lock.h"
#include "log.h"
#include "manifest.h"
#include "own_user.h"
#include "platform.h"
#include "report.h"
#include "sealing.h"
#include "signals.h"
#include "simulated_root.h"
#include "start.h"
#include "state.h"
#include "watch.h"

struct options {
    const char *enclave;
    const char *state;
    const char *maker;
    const char *manifest;
    unsigned query_lanes;
    bool production;
    bool strict;
    bool measure_only;
    bool root_only;
};

static const char usage[] =
    "usage: enclave-host --enclave PROGRAM --state FOLDER [--query-lanes 1..16] [--profile development|production]\n"
    "                    [--confinement jit|strict] [--manifest FILE]\n"
    "       enclave-host --enclave PROGRAM --measure [--confinement jit|strict]\n"
    "       enclave-host --state FOLDER --root [--maker FOLDER]\n"
    "       enclave-host --syscalls\n";

static noreturn void refuse_usage(void) {
    fputs(usage, stderr);
    exit(EXIT_USAGE);
}

static unsigned read_query_lanes(const char *text) {
    char *end;
    unsigned long value = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != 0 || value < 1 || value > QUERY_LANES_MAX) {
        refuse_usage();
    }
    return (unsigned)value;
}

/// Whether `text` is the second of two words.
static bool read_choice(const char *text, const char *first, const char *second) {
    if (strcmp(text, first) != 0 && strcmp(text, second) != 0) {
        refuse_usage();
    }
    return strcmp(text, second) == 0;
}

static struct options read_options(int count, char **arguments) {
    static const struct option names[] = {
        {"enclave", required_argument, NULL, 'e'}, {"state", required_argument, NULL, 's'},
        {"query-lanes", required_argument, NULL, 'q'}, {"profile", required_argument, NULL, 'p'},
        {"measure", no_argument, NULL, 'm'}, {"root", no_argument, NULL, 'r'},
        {"maker", required_argument, NULL, 'k'}, {"syscalls", no_argument, NULL, 'c'},
        {"confinement", required_argument, NULL, 'f'}, {"manifest", required_argument, NULL, 'i'},
        {NULL, 0, NULL, 0},
    };
    struct options options = {.query_lanes = QUERY_LANES_DEFAULT};
    int option;
    while ((option = getopt_long(count, arguments, "", names, NULL)) != -1) {
        switch (option) {
        case 'e':
            options.enclave = optarg;
            break;
        case 's':
            options.state = optarg;
            break;
        case 'q':
            options.query_lanes = read_query_lanes(optarg);
            break;
        case 'p':
            options.production = read_choice(optarg, "development", "production");
            break;
        case 'f':
            options.strict = read_choice(optarg, "jit", "strict");
            break;
        case 'i':
            options.manifest = optarg;
            break;
        case 'm':
            options.measure_only = true;
            break;
        case 'r':
            options.root_only = true;
            break;
        case 'k':
            options.maker = optarg;
            break;
        case 'c':
            filter_print();
            exit(EXIT_ORDERLY);
        default:
            refuse_usage();
        }
    }
    if (optind != count || (options.enclave == NULL) != options.root_only ||
        (options.state == NULL) != options.measure_only) {
        refuse_usage();
    }
    return options;
}

static bool is_lane(int descriptor) {
    int family = 0, type = 0;
    socklen_t size = sizeof family;
    return getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &family, &size) == 0 && family == AF_UNIX &&
           getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

static void close_inherited(int first) {
    if (close_range((unsigned)first, ~0U, 0) != 0) {
        refuse(EXIT_SYSTEM, "cannot close what was inherited: %s", strerror(errno));
    }
}

/// Insists on standard error and the lanes, and closes what else was inherited: it would live on in the launcher,
/// unseen. Descriptors 0 and 1 may be anything; the enclave does not get them.
static void check_descriptors(unsigned query_lanes) {
    int last = DESCRIPTOR_FIRST_QUERY_LANE + (int)query_lanes - 1;
    if (fcntl(STDERR_FILENO, F_GETFD) < 0) {
        exit(EXIT_DESCRIPTORS);
    }
    for (int lane = DESCRIPTOR_CONTROL_LANE; lane <= last; lane++) {
        if (!is_lane(lane)) {
            refuse(EXIT_DESCRIPTORS, "descriptor %d is not a Unix stream socket", lane);
        }
    }
    if (is_lane(last + 1)) {
        refuse(EXIT_DESCRIPTORS, "there are more lanes than %u for queries", query_lanes);
    }
    close_inherited(last + 1);
    if (access("/proc/self/fd", X_OK) != 0) {
        refuse(EXIT_CONFINEMENT, "/proc is not mounted, and the loader needs it: %s", strerror(errno));
    }
}

static void protect_own_process(void) {
    // This process holds the fuse key: nobody with its user id may look into it, and no core dump may show it.
    struct rlimit none = {0, 0}, descriptors;
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || setrlimit(RLIMIT_CORE, &none) != 0) {
        refuse(EXIT_SYSTEM, "cannot protect the launcher: %s", strerror(errno));
    }
    rlim_t wanted = IMAGE_DESCRIPTOR_FIRST + 2 * IMAGE_FILES_MAX;
    if (getrlimit(RLIMIT_NOFILE, &descriptors) == 0 && descriptors.rlim_cur < wanted) {
        descriptors.rlim_cur = wanted < descriptors.rlim_max ? wanted : descriptors.rlim_max;
        setrlimit(RLIMIT_NOFILE, &descriptors);
    }
    // A closed standard error must not end the launcher.
    if (!signals_reset() || signal(SIGPIPE, SIG_IGN) == SIG_ERR || clearenv() != 0) {
        refuse(EXIT_SYSTEM, "cannot forget the host's signals and environment: %s", strerror(errno));
    }
    // OPENSSL_CONF and the system's configuration file could load other code.
    if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1) {
        refuse(EXIT_SYSTEM, "cannot initialise libcrypto");
    }
}

/// A pidfd of the host. PR_SET_PDEATHSIG would not do: it fires at the death of the *thread* that forked, and the host
/// may well start the launcher from a thread that does not live as long as the process.
static int open_host_process(void) {
    pid_t host = getppid();
    int descriptor = (int)syscall(SYS_pidfd_open, host, 0);
    if (descriptor < 0 || getppid() != host) {
        refuse(EXIT_SYSTEM, "cannot watch the host: %s", descriptor < 0 ? strerror(errno) : "it is gone");
    }
    return descriptor;
}

static void print_measurement(const struct image *image) {
    for (size_t i = 0; i < MEASUREMENT_BYTES; i++) {
        printf("%02x", image->measurement[i]);
    }
    putchar('\n');
    for (size_t i = 0; i < image->count; i++) {
        const struct image_file *file = &image->files[i];
        printf("%s %zu ", file->name, file->size);
        for (size_t byte = 0; byte < IMAGE_DIGEST_BYTES; byte++) {
            printf("%02x", file->digest[byte]);
        }
        printf(" %s\n", file->path);
    }
}

/// Landlock is what closes the file system until the enclave closes itself for good; production insists on it. So does
/// an installed launcher, since the host chooses the program that runs under its user id.
static uint32_t platform_flags(const struct options *options, bool has_own_user) {
    uint32_t flags = PLATFORM_IS_SIMULATED;
    flags |= options->production ? PLATFORM_IS_PRODUCTION : 0;
    flags |= geteuid() == 0 ? PLATFORM_SEPARATES_USER : 0;
    flags |= has_own_user ? PLATFORM_SEPARATES_LAUNCHER : 0;
    flags |= options->strict ? PLATFORM_FORBIDS_NEW_CODE : 0;
    if (options->production && !has_own_user) {
        refuse(
            EXIT_CONFINEMENT,
            "the profile production needs a launcher with a user of its own, and a host that is not root: else the host "
            "reads the keys; `make install-launcher` installs one (enclave-host/README.md)");
    }
    if (landlock_version() > 0) {
        flags |= PLATFORM_CLOSES_FILE_SYSTEM;
    } else if (options->production || has_own_user) {
        refuse(EXIT_CONFINEMENT, "this kernel has no Landlock, without which this enclave would not be confined");
    } else {
        report("this kernel has no Landlock: until its final list the enclave could read what its user may read");
    }
    return flags;
}

/// An installed launcher may be that of one publisher alone, so that a host cannot have it start programs of its own.
static void refuse_other_publishers(const struct enclave_identity *identity) {
    char wanted[PUBLISHER_DIGITS + 1], own[PUBLISHER_DIGITS + 1] = "";
    if (!own_user_publisher(wanted)) {
        return;
    }
    for (size_t i = 0; i < sizeof identity->publisher; i++) {
        snprintf(own + 2 * i, 3, "%02x", identity->publisher[i]);
    }
    if (strcmp(own, wanted) != 0) {
        refuse(
            EXIT_SIGNATURE, "this launcher starts images of the publisher %.16s alone, and not of %.16s", wanted, own);
    }
}

/// What the image's publisher says of it. In development an image that nobody signed may start, as nobody's.
static struct enclave_identity identify(const struct image *image, const struct options *options) {
    struct enclave_identity identity = {0};
    memcpy(identity.measurement, image->measurement, sizeof identity.measurement);
    char beside[PATH_MAX + 16];
    snprintf(beside, sizeof beside, "%s%s.manifest", image->files[0].path, options->strict ? ".strict" : "");
    const struct image_file *program = &image->files[0];
    enum manifest_result result = manifest_read(
        options->manifest != NULL ? options->manifest : beside, program->bytes, program->size, &identity);
    if (result == MANIFEST_MISSING && !options->production && options->manifest == NULL) {
        return identity;
    }
    if (result != MANIFEST_ACCEPTED) {
        refuse(EXIT_SIGNATURE, "%s: %s; enclave-host/sign.sh signs it", program->path, manifest_reason(result));
    }
    if (options->production && (identity.debug || manifest_is_of_development(&identity))) {
        refuse(
            EXIT_SIGNATURE, "the profile production starts no %s",
            identity.debug ? "debug image" : "image that is signed with the development key, which everybody has");
    }
    return identity;
}

static struct simulated_platform *open_quoting_keys(const char *state, const char *maker) {
    struct simulated_platform *quotes = NULL;
    int result = simulated_platform_open(state, maker, &quotes);
    if (result != 0) {
        refuse(EXIT_STATE, "cannot use the simulated platform's keys: %s", strerror(-result));
    }
    return quotes;
}

/// The certificate that a chain's genesis names, for a host that cannot read the state folder.
static int print_root(const char *state, const char *maker) {
    uint8_t certificate[SIMULATED_CERTIFICATE_MAX];
    size_t size = 0;
    struct simulated_platform *quotes = open_quoting_keys(state, maker);
    if (simulated_platform_root_der(quotes, certificate, sizeof certificate, &size) != 0 ||
        write(STDOUT_FILENO, certificate, size) != (ssize_t)size) {
        refuse(EXIT_STATE, "cannot print the root certificate");
    }
    return EXIT_ORDERLY;
}

int main(int count, char **arguments) {
    static struct image image;
    static struct platform platform;
    static struct enclave_log log;

    bool has_own_user = own_user_become();
    // The kernel has done it for a program that is set-user-id.
    if (!has_own_user) {
        start_afresh(arguments);
    }
    umask(077);
    struct options options = read_options(count, arguments);
    // A launcher with a user of its own reads no folder that somebody else names.
    if (options.maker != NULL && (!options.root_only || has_own_user)) {
        refuse_usage();
    }
    if (has_own_user && options.state != NULL) {
        options.state = own_user_state(options.state);
    }
    if (options.measure_only || options.root_only) {
        close_inherited(STDERR_FILENO + 1);
    } else {
        check_descriptors(options.query_lanes);
    }
    protect_own_process();
    if (options.measure_only) {
        image_load(&image, options.enclave, options.strict);
        print_measurement(&image);
        return EXIT_ORDERLY;
    }
    int host = open_host_process();
    uint32_t flags = options.root_only ? 0 : platform_flags(&options, has_own_user);
    int state = state_open(options.state);
    if (options.root_only) {
        return print_root(options.state, options.maker);
    }
    image_load(&image, options.enclave, options.strict);
    platform.identity = identify(&image, &options);
    if (has_own_user) {
        refuse_other_publishers(&platform.identity);
    }
    int keys = lock_state_begin(state);
    const uint8_t *fuse = sealing_load_fuse(state);
    struct simulated_platform *quotes = open_quoting_keys(options.state, NULL);
    lock_state_end(keys);
    int lock = lock_enclave(state, image.measurement);
    journal_open(&platform.journal, JOURNAL_OF_BLOCKS, state, image.measurement, options.production);
    journal_open(&platform.votes, JOURNAL_OF_VOTES, state, image.measurement, options.production);

    struct start_options start = {
        .query_lanes = options.query_lanes,
        .landlock_may_be_missing = !options.production && !has_own_user,
        .is_strict = options.strict,
        .state_lock = lock,
    };
    struct enclave enclave = start_enclave(&image, &start);
    platform.lane = enclave.platform_lane;
    platform.flags = flags | (enclave.has_namespaces ? PLATFORM_SEPARATES_NAMESPACES : 0);
    platform.fuse = fuse;
    platform.quotes = quotes;
    log_open(&log, enclave.log, options.production);
    return watch(&enclave, host, &platform, &log);
}
