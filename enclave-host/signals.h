#pragma once

#include <stdbool.h>

/// Forgets what the host did to its signals, which a child inherits: all have their default effect again and none is
/// blocked. Except for interrupt, hang-up and termination, which a terminal or a service manager sends to the host and
/// its children alike: they are ignored, since it is for the host to end the enclave, by closing the control lane.
bool signals_reset(void);
