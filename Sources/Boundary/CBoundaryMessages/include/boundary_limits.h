#pragma once
// The limits that proto/boundary/v1 declares, as tables that the decoder walks.

#include <boundary/v1/boundary.pb-c.h>

struct boundary_field_limit {
    uint32_t number;
    uint32_t max_bytes;  // 0: not a string or bytes field
    uint32_t max_count;  // 0: not repeated
};

// One row a message that has fields, in the order of their numbers; ends with a null descriptor.
struct boundary_message_limit {
    const ProtobufCMessageDescriptor *descriptor;
    const struct boundary_field_limit *fields;
};

extern const struct boundary_message_limit boundary_message_limits[];
extern const uint8_t boundary_manifest_hash[32];
