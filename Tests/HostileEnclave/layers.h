#pragma once

// The layers of the confinement, each without the others: what does each attempt come to under one of them alone?
//
// So it is known of every refusal that it is the confinement's doing, and which layer's. The layers are the launcher's
// and the enclave's own code; only the start list's refusals have another number here (filter_alone.c).

/// Makes every attempt in a process of its own, as an ordinary user, under the layer called `name`: plain (none),
/// start, strict-start, final, strict-final, landlock or namespaces. Writes a line for each: its name, then `ok`, the
/// errno, `listed` for a refusal of the start list, or `killed`. Returns 0, or 1 when there is no such layer or the
/// kernel refused it.
int layers_try(const char *name);
