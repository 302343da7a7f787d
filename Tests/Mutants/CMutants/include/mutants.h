// The switch of every mutant. Compiled into a mutated copy of the tree alone (Tests/Mutants/mutants.py).
#pragma once

#include <stdbool.h>

enum { cloister_mutants_max = 1 << 16 };
extern int cloister_mutant_active;
extern unsigned char cloister_mutants_reached[cloister_mutants_max];

/// Whether this mutant is the one that CLOISTER_MUTANT names. That its place was reached is noted.
static inline bool cloister_mutant(int number) {
    cloister_mutants_reached[number] = 1;
    return number == cloister_mutant_active;
}
