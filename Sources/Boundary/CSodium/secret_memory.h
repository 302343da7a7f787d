#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

// Memory that the kernel itself does not map (memfd_secret, Linux 5.14): what reads the memory of other processes, a
// debugger, /proc/PID/mem or a bug that leaks pages of the kernel, finds nothing there. It is never swapped nor dumped.
// Thin functions without state; a kernel without it, or a limit of locked memory below the size, gives NULL.

#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif

static inline size_t secret_memory_page_bytes(void) {
    return (size_t)sysconf(_SC_PAGESIZE);
}

/// `count` spans of `pages` pages each, zeroed, with a page that nobody may touch before, between and after them.
/// Returns the first span; the next ones follow at a distance of `pages` + 1 pages.
static inline void *_Nullable secret_memory_map(size_t count, size_t pages) {
    size_t page = secret_memory_page_bytes();
    size_t size = (count * (pages + 1) + 1) * page;
    // O_CLOEXEC, whose header would bring `struct stat` along: Swift must find that in the C library's module alone.
    int file = (int)syscall(SYS_memfd_secret, 02000000);
    if (file < 0) {
        return NULL;
    }
    uint8_t *start = ftruncate(file, (off_t)size) == 0
                         ? (uint8_t *)mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
                         : (uint8_t *)MAP_FAILED;
    close(file);
    if (start == (uint8_t *)MAP_FAILED) {
        return NULL;
    }
    for (size_t guard = 0; guard <= count; guard++) {
        if (mprotect(start + guard * (pages + 1) * page, page, PROT_NONE) != 0) {
            munmap(start, size);
            return NULL;
        }
    }
    return start + page;
}

/// Gives back what `secret_memory_map` returned for the same numbers.
static inline void secret_memory_unmap(void *_Nonnull first, size_t count, size_t pages) {
    size_t page = secret_memory_page_bytes();
    munmap((uint8_t *)first - page, (count * (pages + 1) + 1) * page);
}
