#define _GNU_SOURCE
#include "image.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <linux/memfd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "elf.h"
#include "measure.h"
#include "report.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif
#ifndef F_SEAL_EXEC
#define F_SEAL_EXEC 0x0020
#endif

#define FILE_BYTES_MAX ((off_t)512 << 20)
#define SEAL_ATTEMPTS_MAX 40
#define SEAL_PAUSE_NANOSECONDS 50000000

/// Where the loader looks when a search path does not give the library.
static const char *const system_directories[] = {
#if defined(__aarch64__)
    "/lib/aarch64-linux-gnu", "/usr/lib/aarch64-linux-gnu",
#else
    "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu",
#endif
    "/lib64", "/usr/lib64", "/lib", "/usr/lib",
};

static const char bundle_name[] = "enclave-bundle";

static int create_memory_file(void) {
    int descriptor = memfd_create("enclave-image", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
    if (descriptor < 0 && errno == EINVAL) {
        // Kernels before 6.3 do not know MFD_EXEC and always allow execution.
        descriptor = memfd_create("enclave-image", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    }
    return descriptor;
}

static int add_seals(int descriptor) {
    int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
    if (fcntl(descriptor, F_ADD_SEALS, seals | F_SEAL_EXEC) == 0) {
        return 0;
    }
    return errno == EINVAL ? fcntl(descriptor, F_ADD_SEALS, seals) : -1;
}

/// Nobody else has the file, but the kernel itself may hold a page of it for a while (to move it, for one): it then
/// waits for a tenth of a second or two and refuses with EBUSY (mm/memfd.c, memfd_wait_for_pins). That was seen on busy
/// machines, once in some thousand starts. With the pauses here it has about ten seconds.
static int seal(int descriptor) {
    for (int attempt = 0; add_seals(descriptor) != 0; attempt++) {
        if (errno != EBUSY || attempt == SEAL_ATTEMPTS_MAX) {
            return -1;
        }
        nanosleep(&(struct timespec){.tv_nsec = SEAL_PAUSE_NANOSECONDS}, NULL);
    }
    return 0;
}

/// Copies the file at `file->path` into a sealed memory file with permissions `mode`, and maps and hashes the copy.
static void seal_file(struct image_file *file, int wanted_descriptor, mode_t mode) {
    int source = open(file->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    struct stat status;
    if (source < 0 || fstat(source, &status) != 0) {
        refuse(EXIT_IMAGE, "cannot read %s: %s", file->path, strerror(errno));
    }
    if (!S_ISREG(status.st_mode) || status.st_size <= 0 || status.st_size > FILE_BYTES_MAX) {
        refuse(EXIT_IMAGE, "%s is not a file of 1 byte to 512 MiB", file->path);
    }
    int copy = create_memory_file();
    if (copy < 0) {
        refuse(EXIT_IMAGE, "cannot create a memory file: %s", strerror(errno));
    }
    for (off_t copied = 0; copied < status.st_size;) {
        ssize_t count = sendfile(copy, source, NULL, (size_t)(status.st_size - copied));
        if (count <= 0) {
            refuse(EXIT_IMAGE, "cannot copy %s: %s", file->path, count == 0 ? "it shrank" : strerror(errno));
        }
        copied += count;
    }
    close(source);
    if (fchmod(copy, mode) != 0 || seal(copy) != 0) {
        refuse(EXIT_IMAGE, "cannot seal the copy of %s: %s", file->path, strerror(errno));
    }
    file->descriptor = fcntl(copy, F_DUPFD_CLOEXEC, wanted_descriptor);
    close(copy);
    if (file->descriptor != wanted_descriptor) {
        refuse(EXIT_IMAGE, "descriptor %d for %s is not free", wanted_descriptor, file->name);
    }
    file->size = (size_t)status.st_size;
    file->bytes = mmap(NULL, file->size, PROT_READ, MAP_PRIVATE, file->descriptor, 0);
    if (file->bytes == MAP_FAILED) {
        refuse(EXIT_IMAGE, "cannot map the copy of %s: %s", file->path, strerror(errno));
    }
    if (measure_bytes(file->bytes, file->size, file->digest) != 0) {
        refuse(EXIT_IMAGE, "cannot hash %s", file->path);
    }
}

/// Whether a readable file called `name` is in one directory of a search path, in which `$ORIGIN` stands for `origin`.
static bool find_in_search_path(const char *search_path, const char *origin, const char *name, char path[PATH_MAX]) {
    for (const char *entry = search_path; entry != NULL && *entry != 0;) {
        size_t length = strcspn(entry, ":");
        size_t skipped = 0;
        if (strncmp(entry, "$ORIGIN", 7) == 0) {
            skipped = 7;
        } else if (strncmp(entry, "${ORIGIN}", 9) == 0) {
            skipped = 9;
        }
        int written = snprintf(
            path, PATH_MAX, "%s%.*s/%s", skipped > 0 ? origin : "", (int)(length - skipped), entry + skipped, name);
        // A relative entry would depend on the folder in which the host happens to run.
        if (written > 0 && written < PATH_MAX && path[0] == '/' && access(path, R_OK) == 0) {
            return true;
        }
        entry += length;
        entry += *entry == ':' ? 1 : 0;
    }
    return false;
}

static bool find_library(const char *search_path, const char *origin, const char *name, char path[PATH_MAX]) {
    if (find_in_search_path(search_path, origin, name, path)) {
        return true;
    }
    for (size_t i = 0; i < sizeof system_directories / sizeof *system_directories; i++) {
        if (find_in_search_path(system_directories[i], origin, name, path)) {
            return true;
        }
    }
    return false;
}

/// The bundle beside the program at `path`; an empty text when there is none.
static void find_bundle(const char *path, char bundle[PATH_MAX]) {
    char folder[PATH_MAX];
    strcpy(folder, path);
    struct stat status;
    int written = snprintf(bundle, PATH_MAX, "%s/%s", dirname(folder), bundle_name);
    if (written < 0 || written >= PATH_MAX || stat(bundle, &status) != 0 || !S_ISDIR(status.st_mode)) {
        bundle[0] = 0;
    }
}

/// Whether there is a bundle to take `name` from. One that lacks a file is refused: the system's would take its place
/// unnoticed.
static bool find_in_bundle(const struct image *image, const char *name, char path[PATH_MAX]) {
    if (image->bundle[0] == 0) {
        return false;
    }
    if (!find_in_search_path(image->bundle, "", name, path)) {
        refuse(EXIT_IMAGE, "%s lacks %s: the program was built anew; `make bundle` makes it again", image->bundle, name);
    }
    return true;
}

static struct image_file *find_file(struct image *image, const char *name) {
    for (size_t i = 1; i < image->count; i++) {
        if (strcmp(image->files[i].name, name) == 0) {
            return &image->files[i];
        }
    }
    return NULL;
}

/// The next free place, with the name filled in.
static struct image_file *add_file(struct image *image, const char *name) {
    if (image->count == IMAGE_FILES_MAX || strlen(name) >= IMAGE_NAME_BYTES_MAX || strlen(name) == 0) {
        refuse(EXIT_IMAGE, "the image has more than %d files, or a file's name is too long", IMAGE_FILES_MAX);
    }
    struct image_file *file = &image->files[image->count++];
    strcpy(file->name, name);
    return file;
}

static void add_loader(struct image *image, const char *interpreter) {
    if (interpreter == NULL || interpreter[0] != '/' || strlen(interpreter) >= PATH_MAX) {
        refuse(EXIT_IMAGE, "%s names no dynamic loader", image->files[0].path);
    }
    image->loader = image->count;
    struct image_file *file = add_file(image, strrchr(interpreter, '/') + 1);
    if (!find_in_bundle(image, file->name, file->path)) {
        strcpy(file->path, interpreter);
    }
    // Executable but not readable: a process that executes such a file is not dumpable from its first instruction on,
    // so nobody with its user id can read its memory (Linux, would_dump).
    seal_file(file, IMAGE_DESCRIPTOR_FIRST + (int)image->loader, 0111);
}

static void add_library(struct image *image, const struct elf_facts *user, const char *user_path, const char *name) {
    if (strchr(name, '/') != NULL) {
        refuse(EXIT_IMAGE, "%s needs %s by a path, not by a name", user_path, name);
    }
    if (find_file(image, name) != NULL) {
        return;
    }
    char folder[PATH_MAX];
    strcpy(folder, user_path);
    size_t index = image->count;
    struct image_file *file = add_file(image, name);
    if (!find_in_bundle(image, name, file->path)
        && !find_library(user->search_path, dirname(folder), name, file->path)) {
        refuse(EXIT_IMAGE, "%s needs %s, which is nowhere to be found", user_path, name);
    }
    seal_file(file, IMAGE_DESCRIPTOR_FIRST + (int)index, 0444);
    struct elf_facts facts;
    const char *reason = elf_read(file->bytes, file->size, &facts);
    if (reason != NULL) {
        refuse(EXIT_IMAGE, "%s: %s", file->path, reason);
    }
    if (facts.soname == NULL || strcmp(facts.soname, name) != 0) {
        refuse(EXIT_IMAGE, "%s does not carry the DT_SONAME %s by which it is needed", file->path, name);
    }
}

void image_load(struct image *image, const char *path, bool is_strict) {
    memset(image, 0, sizeof *image);
    struct image_file *program = add_file(image, "entry");
    if (realpath(path, program->path) == NULL) {
        refuse(EXIT_IMAGE, "cannot read %s: %s", path, strerror(errno));
    }
    find_bundle(program->path, image->bundle);
    seal_file(program, IMAGE_DESCRIPTOR_FIRST, 0444);
    // Files are appended while the loop runs: a breadth-first walk, and thus the order in which symbols are looked up.
    for (size_t i = 0; i < image->count; i++) {
        const struct image_file *file = &image->files[i];
        struct elf_facts facts;
        const char *reason = elf_read(file->bytes, file->size, &facts);
        if (reason != NULL) {
            refuse(EXIT_IMAGE, "%s: %s", file->path, reason);
        }
        if (i == 0) {
            add_loader(image, facts.interpreter);
        }
        for (size_t needed = 0; needed < facts.needed_count; needed++) {
            add_library(image, &facts, file->path, facts.needed[needed]);
        }
    }
    if (measure_image(image, is_strict) != 0) {
        refuse(EXIT_IMAGE, "cannot hash the image");
    }
}
