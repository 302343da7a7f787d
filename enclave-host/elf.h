#pragma once

#include <stddef.h>
#include <stdint.h>

// What the dynamic loader will ask of an ELF file, read from the file's own bytes.
//
// The bytes are the operator's and may be anything, so every offset is checked against the size before it is followed.
// Files whose headers make the loader look for files by other means than DT_NEEDED are refused, since those would be
// neither measured nor sealed.

#define ELF_NEEDED_MAX 64

struct elf_facts {
    const char *interpreter;             // PT_INTERP, or NULL
    const char *soname;                  // DT_SONAME, or NULL
    const char *search_path;             // DT_RUNPATH, else DT_RPATH, else NULL
    const char *needed[ELF_NEEDED_MAX];  // DT_NEEDED in file order
    size_t needed_count;
};

/// Fills `facts` with pointers into `bytes`. Returns NULL, or the reason why the file is refused.
const char *elf_read(const uint8_t *bytes, size_t size, struct elf_facts *facts);
