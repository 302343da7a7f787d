// explicit_bzero
#define _DEFAULT_SOURCE 1
#include "messages.h"

#include <stdlib.h>
#include <string.h>

// ---- arena: a list of blocks, freed together

struct block {
    struct block *next;
    size_t used, size;
    _Alignas(16) uint8_t bytes[];
};

struct boundary_arena {
    struct block *blocks;
    size_t left;
};

enum { BLOCK_BYTES = 64 * 1024, ALIGNMENT = 16 };

boundary_arena *boundary_arena_new(size_t limit) {
    boundary_arena *arena = calloc(1, sizeof *arena);
    if (arena) {
        arena->left = limit;
    }
    return arena;
}

void *boundary_arena_alloc(boundary_arena *arena, size_t size) {
    if (size > SIZE_MAX - ALIGNMENT) {
        return NULL;
    }
    size_t rounded = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (rounded > arena->left) {
        return NULL;
    }
    struct block *block = arena->blocks;
    if (!block || block->size - block->used < rounded) {
        size_t capacity = rounded > BLOCK_BYTES ? rounded : BLOCK_BYTES;
        block = calloc(1, sizeof *block + capacity);
        if (!block) {
            return NULL;
        }
        block->size = capacity;
        block->next = arena->blocks;
        arena->blocks = block;
    }
    void *result = block->bytes + block->used;
    block->used += rounded;
    arena->left -= rounded;
    return result;
}

void boundary_arena_delete(boundary_arena *arena) {
    if (!arena) {
        return;
    }
    struct block *block = arena->blocks;
    while (block) {
        struct block *next = block->next;
        // Of a frame that may have held a key.
        explicit_bzero(block->bytes, block->used);
        free(block);
        block = next;
    }
    free(arena);
}

static void *allocate(void *arena, size_t size) { return boundary_arena_alloc(arena, size); }

// protobuf-c frees what it gives up on; the arena frees everything at its end.
static void release(void *arena, void *pointer) {
    (void)arena;
    (void)pointer;
}

// ---- limits

static const struct boundary_field_limit *limits_of(const ProtobufCMessageDescriptor *descriptor) {
    for (const struct boundary_message_limit *row = boundary_message_limits; row->descriptor; row++) {
        if (row->descriptor == descriptor) {
            return row->fields;
        }
    }
    return NULL;
}

// One value of a field: bytes and strings against their maximum, messages from inside.
static int value_within(
    const ProtobufCFieldDescriptor *field, const struct boundary_field_limit *limit, const void *member) {
    switch (field->type) {
    case PROTOBUF_C_TYPE_BYTES:
        return ((const ProtobufCBinaryData *)member)->len <= limit->max_bytes;
    case PROTOBUF_C_TYPE_STRING: {
        const char *text = *(const char *const *)member;
        return !text || strlen(text) <= limit->max_bytes;
    }
    case PROTOBUF_C_TYPE_MESSAGE: {
        const ProtobufCMessage *message = *(const ProtobufCMessage *const *)member;
        return !message || boundary_within_limits(message);
    }
    default:
        return 1;
    }
}

static size_t element_size(ProtobufCType type) {
    switch (type) {
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof(ProtobufCBinaryData);
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    default:
        return 0;
    }
}

// Recursion is as deep as the schema, which has no recursive type.
int boundary_within_limits(const ProtobufCMessage *message) {
    const ProtobufCMessageDescriptor *descriptor = message->descriptor;
    const struct boundary_field_limit *limits = limits_of(descriptor);
    if (!limits) {
        return descriptor->n_fields == 0;
    }
    // Only fields that the schema names may be there: an unknown one would cross undeclared.
    if (message->n_unknown_fields > 0) {
        return 0;
    }
    for (unsigned index = 0; index < descriptor->n_fields; index++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[index];
        const uint8_t *member = (const uint8_t *)message + field->offset;
        if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
            uint32_t chosen = *(const uint32_t *)((const uint8_t *)message + field->quantifier_offset);
            if (chosen != field->id) {
                continue;
            }
        }
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            size_t count = *(const size_t *)((const uint8_t *)message + field->quantifier_offset);
            if (count > limits[index].max_count) {
                return 0;
            }
            const uint8_t *elements = *(const uint8_t *const *)member;
            size_t size = element_size(field->type);
            for (size_t element = 0; size && element < count; element++) {
                if (!value_within(field, &limits[index], elements + element * size)) {
                    return 0;
                }
            }
        } else if (!value_within(field, &limits[index], member)) {
            return 0;
        }
    }
    return 1;
}

static const ProtobufCMessage *unpack(
    boundary_arena *arena, const ProtobufCMessageDescriptor *descriptor, size_t size, const uint8_t *bytes) {
    ProtobufCAllocator allocator = {.alloc = allocate, .free = release, .allocator_data = arena};
    const ProtobufCMessage *message = protobuf_c_message_unpack(descriptor, &allocator, size, bytes);
    return message && boundary_within_limits(message) ? message : NULL;
}

const Cloister__Boundary__V1__ToEnclave *boundary_unpack_to_enclave(
    boundary_arena *arena, size_t size, const uint8_t *bytes) {
    return (const Cloister__Boundary__V1__ToEnclave *)unpack(
        arena, &cloister__boundary__v1__to_enclave__descriptor, size, bytes);
}

const Cloister__Boundary__V1__FromEnclave *boundary_unpack_from_enclave(
    boundary_arena *arena, size_t size, const uint8_t *bytes) {
    return (const Cloister__Boundary__V1__FromEnclave *)unpack(
        arena, &cloister__boundary__v1__from_enclave__descriptor, size, bytes);
}

const Cloister__Boundary__V1__TransactionOutput *boundary_unpack_transaction_output(
    boundary_arena *arena, size_t size, const uint8_t *bytes) {
    return (const Cloister__Boundary__V1__TransactionOutput *)unpack(
        arena, &cloister__boundary__v1__transaction_output__descriptor, size, bytes);
}
