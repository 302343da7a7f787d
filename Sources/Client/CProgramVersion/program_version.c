#include "program_version.h"

// Written by make (docs/packaging/commit.sh); a build without it is of no commit that it could name.
#if __has_include("../../../.tools/commit.h")
#include "../../../.tools/commit.h"
#else
#define CLOISTER_COMMIT ""
#endif

#define CLOISTER_RELEASE "0.1.0"

const char *cloister_release(void) { return CLOISTER_RELEASE; }

const char *cloister_program_version(void) { return CLOISTER_RELEASE CLOISTER_COMMIT; }
