#pragma once

// The descriptors at both ends of a start: what the launcher inherits from the host, and what the enclave is given.

#define DESCRIPTOR_CONTROL_LANE 3
#define DESCRIPTOR_EXECUTION_LANE 4
#define DESCRIPTOR_FIRST_QUERY_LANE 5
#define DESCRIPTOR_PLATFORM_LANE 60
/// The state folder's lock (lock.h): held by the enclave too, for as long as it lives.
#define DESCRIPTOR_STATE_LOCK 61
/// The enclave may have no descriptor from here on.
#define DESCRIPTOR_LIMIT 64
/// The start report (start.h): closed by a start that succeeds.
#define DESCRIPTOR_START_REPORT 99

#define QUERY_LANES_DEFAULT 2
#define QUERY_LANES_MAX 16
