#include <pthread.h>
#include <runtime.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "backend.h"

#define FRAME_BYTES_MAX (16u << 20)
#define ARENA_BYTES_MAX (96u << 20)
#define PROTOCOL_VERSION 1

/// t' = SHA-256(t || direction || SHA-256(body)); 1 is into the enclave, 2 out of it.
static void hear(struct lane *lane, uint8_t direction, const uint8_t *body, size_t size) {
    uint8_t input[2 * HASH_BYTES + 1];
    memcpy(input, lane->transcript, HASH_BYTES);
    input[HASH_BYTES] = direction;
    sha256(input + HASH_BYTES + 1, body, size);
    sha256(lane->transcript, input, sizeof input);
}

static bool send_message(struct lane *lane, const from_enclave *message) {
    size_t size = cloister__boundary__v1__from_enclave__get_packed_size(message);
    uint8_t *frame = size <= FRAME_BYTES_MAX ? malloc(4 + size) : NULL;
    if (frame == NULL || !boundary_within_limits(&message->base)) {
        free(frame);
        return false;
    }
    for (int i = 0; i < 4; i++) {
        frame[i] = (uint8_t)(size >> (24 - 8 * i));
    }
    cloister__boundary__v1__from_enclave__pack(message, frame + 4);
    bool sent = runtime_write(lane->descriptor, frame, 4 + size) == 0;
    hear(lane, 2, frame + 4, size);
    free(frame);
    return sent;
}

/// The next message, in the lane's arena. NULL with a number for what is none, and with DONE at the lane's end.
static const to_enclave *receive(struct lane *lane, enum failure *failure) {
    uint8_t prefix[4];
    *failure = DONE;
    if (runtime_read(lane->descriptor, prefix, 4) != 4) {
        return NULL;
    }
    size_t size = (size_t)prefix[0] << 24 | (size_t)prefix[1] << 16 | (size_t)prefix[2] << 8 | prefix[3];
    if (size > FRAME_BYTES_MAX) {
        *failure = FRAME_TOO_LONG;
        return NULL;
    }
    uint8_t *body = malloc(size + 1);
    if (body == NULL) {
        *failure = OUT_OF_MEMORY;
        return NULL;
    }
    const to_enclave *message = NULL;
    if (runtime_read(lane->descriptor, body, size) == (int64_t)size) {
        hear(lane, 1, body, size);
        message = boundary_unpack_to_enclave(lane->arena, size, body);
        if (message == NULL || message->body_case == CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY__NOT_SET) {
            message = NULL;
            *failure = MALFORMED_FRAME;
        }
    }
    // It may have held a key.
    sodium_memzero(body, size);
    free(body);
    return message;
}

static bool refuse(struct lane *lane, enum failure failure) {
    Cloister__Boundary__V1__Failure number = CLOISTER__BOUNDARY__V1__FAILURE__INIT;
    number.number = failure;
    from_enclave message = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__INIT;
    message.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_FAILURE;
    message.failure = &number;
    return send_message(lane, &message) && failure >= 200;
}

static enum failure greet(struct lane *lane, const to_enclave *call, from_enclave *answer) {
    if (call->body_case != CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_HELLO) {
        return UNEXPECTED_MESSAGE;
    }
    const Cloister__Boundary__V1__Hello *hello = call->hello;
    if (hello->version != PROTOCOL_VERSION || hello->manifest_hash.len != HASH_BYTES ||
        memcmp(hello->manifest_hash.data, boundary_manifest_hash, HASH_BYTES) != 0) {
        return WRONG_VERSION;
    }
    if (hello->lane != lane->kind) {
        return WRONG_LANE;
    }
    answer->body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_HELLO;
    answer->hello = call->hello;
    return DONE;
}

void lane_serve(int descriptor, Cloister__Boundary__V1__LaneKind kind, lane_handler handler) {
    struct lane lane = {.descriptor = descriptor, .kind = kind};
    lane_handler next = greet;
    for (bool goes_on = true; goes_on;) {
        lane.arena = boundary_arena_new(ARENA_BYTES_MAX);
        enum failure failure = OUT_OF_MEMORY;
        const to_enclave *call = lane.arena != NULL ? receive(&lane, &failure) : NULL;
        from_enclave answer = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__INIT;
        if (call != NULL) {
            failure = next(&lane, call, &answer);
        }
        if (call == NULL && failure == DONE) {
            goes_on = false;
        } else if (failure != DONE) {
            goes_on = refuse(&lane, failure) && next == handler;
        } else {
            goes_on = send_message(&lane, &answer);
            next = handler;
        }
        if (lane.arena != NULL) {
            boundary_arena_delete(lane.arena);
        }
    }
    runtime_close(descriptor);
}

const to_enclave *lane_ask(struct lane *lane, const from_enclave *question, enum failure *failure) {
    *failure = UNEXPECTED_MESSAGE;
    return send_message(lane, question) ? receive(lane, failure) : NULL;
}

void *lane_alloc(struct lane *lane, size_t size) { return boundary_arena_alloc(lane->arena, size > 0 ? size : 1); }

ProtobufCBinaryData lane_copy(struct lane *lane, const void *bytes, size_t size) {
    uint8_t *copy = lane_alloc(lane, size);
    if (copy == NULL) {
        return (ProtobufCBinaryData){0, NULL};
    }
    memcpy(copy, bytes, size);
    return (ProtobufCBinaryData){size, copy};
}
