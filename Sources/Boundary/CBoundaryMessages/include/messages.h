#pragma once
// The boundary's messages over protobuf-c, with memory and limits bounded before anything is believed.
//
// The peer chose the bytes. boundary_unpack_* allocate only from an arena with a hard limit, refuse what exceeds the
// limits declared in proto/boundary/v1, and give back a tree that lives as long as the arena.

#include <stddef.h>
#include <stdint.h>

#include <boundary/v1/boundary.pb-c.h>
#include <boundary_limits.h>

typedef struct boundary_arena boundary_arena;

// An arena that hands out at most `limit` bytes in all. NULL when there is no memory.
boundary_arena *boundary_arena_new(size_t limit);
// 16-byte aligned and zeroed; NULL beyond the limit. Lives until the arena is deleted.
void *boundary_arena_alloc(boundary_arena *arena, size_t size);
void boundary_arena_delete(boundary_arena *arena);

// NULL for bytes that are no such message, or one beyond its limits.
const Cloister__Boundary__V1__ToEnclave *boundary_unpack_to_enclave(
    boundary_arena *arena, size_t size, const uint8_t *bytes);
const Cloister__Boundary__V1__FromEnclave *boundary_unpack_from_enclave(
    boundary_arena *arena, size_t size, const uint8_t *bytes);
// What a sealed output holds: no frame.
const Cloister__Boundary__V1__TransactionOutput *boundary_unpack_transaction_output(
    boundary_arena *arena, size_t size, const uint8_t *bytes);

// Whether a message (of ours, before it is sent) keeps the declared limits.
int boundary_within_limits(const ProtobufCMessage *message);
