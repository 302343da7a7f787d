// Which build a program is: what `--version` says. Both are texts without an end.
#ifndef CLOISTER_PROGRAM_VERSION_H
#define CLOISTER_PROGRAM_VERSION_H

/// The release, as in "0.1.0".
const char *cloister_release(void);

/// The release, and of a program that make built in a checkout the last commit that changed a source, as in
/// "0.1.0 (1f9a0c22d3e4)"; "changed" stands behind the commit where sources differed from it.
const char *cloister_program_version(void);

#endif
