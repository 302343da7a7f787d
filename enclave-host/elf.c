#include "elf.h"

#include <elf.h>
#include <stdbool.h>
#include <string.h>

#if defined(__x86_64__)
#define OWN_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define OWN_MACHINE EM_AARCH64
#endif

struct file {
    const uint8_t *bytes;
    size_t size;
    const Elf64_Phdr *segments;
    size_t segment_count;
};

static bool range_is_inside(const struct file *file, uint64_t offset, uint64_t length) {
    return offset <= file->size && length <= file->size - offset;
}

/// The file offset of `length` bytes that are mapped at `address`, or false when no segment's file part holds them all.
static bool find_offset(const struct file *file, uint64_t address, uint64_t length, uint64_t *offset) {
    for (size_t i = 0; i < file->segment_count; i++) {
        const Elf64_Phdr *segment = &file->segments[i];
        if (segment->p_type != PT_LOAD || address < segment->p_vaddr) {
            continue;
        }
        uint64_t distance = address - segment->p_vaddr;
        if (distance <= segment->p_filesz && length <= segment->p_filesz - distance &&
            range_is_inside(file, segment->p_offset, segment->p_filesz)) {
            *offset = segment->p_offset + distance;
            return true;
        }
    }
    return false;
}

/// The string that starts at `offset`, or NULL when it does not end before `end`.
static const char *string_at(const struct file *file, uint64_t offset, uint64_t end) {
    if (end > file->size || offset >= end || memchr(file->bytes + offset, 0, end - offset) == NULL) {
        return NULL;
    }
    return (const char *)file->bytes + offset;
}

static const char *read_dynamic_section(const struct file *file, const Elf64_Phdr *segment, struct elf_facts *facts) {
    if (!range_is_inside(file, segment->p_offset, segment->p_filesz) || segment->p_offset % sizeof(uint64_t) != 0) {
        return "its dynamic section lies outside the file";
    }
    const Elf64_Dyn *entries = (const Elf64_Dyn *)(file->bytes + segment->p_offset);
    size_t count = segment->p_filesz / sizeof *entries;
    uint64_t strings_address = 0, strings_size = 0, strings = 0;
    for (size_t i = 0; i < count && entries[i].d_tag != DT_NULL; i++) {
        if (entries[i].d_tag == DT_STRTAB) {
            strings_address = entries[i].d_un.d_ptr;
        } else if (entries[i].d_tag == DT_STRSZ) {
            strings_size = entries[i].d_un.d_val;
        }
    }
    if (!find_offset(file, strings_address, strings_size, &strings)) {
        return "its string table lies outside the file";
    }
    uint64_t strings_end = strings + strings_size;
    const char *rpath = NULL;
    for (size_t i = 0; i < count && entries[i].d_tag != DT_NULL; i++) {
        uint64_t value = entries[i].d_un.d_val;
        const char *text = value < strings_size ? string_at(file, strings + value, strings_end) : NULL;
        switch (entries[i].d_tag) {
        case DT_NEEDED:
            if (text == NULL || facts->needed_count == ELF_NEEDED_MAX) {
                return "its list of needed libraries is damaged or too long";
            }
            facts->needed[facts->needed_count++] = text;
            break;
        case DT_SONAME:
            facts->soname = text;
            break;
        case DT_RUNPATH:
            facts->search_path = text;
            break;
        case DT_RPATH:
            rpath = text;
            break;
        case DT_AUDIT:
        case DT_DEPAUDIT:
        case DT_FILTER:
        case DT_AUXILIARY:
        case DT_CONFIG:
            return "it names files to load other than its needed libraries";
        default:
            break;
        }
    }
    if (facts->search_path == NULL) {
        facts->search_path = rpath;
    }
    return NULL;
}

const char *elf_read(const uint8_t *bytes, size_t size, struct elf_facts *facts) {
    memset(facts, 0, sizeof *facts);
    struct file file = {.bytes = bytes, .size = size};
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)bytes;
    if (size < sizeof *header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
        header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB ||
        header->e_machine != OWN_MACHINE || header->e_type != ET_DYN) {
        return "it is not a position-independent ELF file for this machine";
    }
    if (header->e_phentsize != sizeof(Elf64_Phdr) || header->e_phoff % sizeof(uint64_t) != 0 ||
        !range_is_inside(&file, header->e_phoff, (uint64_t)header->e_phnum * sizeof(Elf64_Phdr))) {
        return "its program headers lie outside the file";
    }
    file.segments = (const Elf64_Phdr *)(bytes + header->e_phoff);
    file.segment_count = header->e_phnum;
    for (size_t i = 0; i < file.segment_count; i++) {
        const Elf64_Phdr *segment = &file.segments[i];
        if (segment->p_type == PT_INTERP) {
            if (!range_is_inside(&file, segment->p_offset, segment->p_filesz)) {
                return "its loader's name lies outside the file";
            }
            facts->interpreter = string_at(&file, segment->p_offset, segment->p_offset + segment->p_filesz);
        } else if (segment->p_type == PT_DYNAMIC) {
            const char *reason = read_dynamic_section(&file, segment, facts);
            if (reason != NULL) {
                return reason;
            }
        }
    }
    return NULL;
}
