#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Bytes put one behind the other into a buffer; what has no room leaves it as it is, and says so at the end.
struct writer {
    uint8_t *out;
    size_t capacity, length;
    int overflow;
};

static inline void put(struct writer *writer, const void *bytes, size_t count)
{
    if (writer->overflow || count > writer->capacity - writer->length) {
        writer->overflow = 1;
        return;
    }
    memcpy(writer->out + writer->length, bytes, count);
    writer->length += count;
}
