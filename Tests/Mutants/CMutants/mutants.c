#include <mutants.h>
#include <stdio.h>
#include <stdlib.h>

int cloister_mutant_active = -1;
unsigned char cloister_mutants_reached[cloister_mutants_max];

/// Writes the numbers of the places that this process has come by.
static void write_reached(void) {
    FILE *file = fopen(getenv("CLOISTER_MUTANTS_REACHED"), "w");
    if (file == NULL) { return; }
    for (int number = 0; number < cloister_mutants_max; number++) {
        if (cloister_mutants_reached[number]) { fprintf(file, "%d\n", number); }
    }
    fclose(file);
}

__attribute__((constructor)) static void begin(void) {
    const char *number = getenv("CLOISTER_MUTANT");
    if (number != NULL) { cloister_mutant_active = atoi(number); }
    if (getenv("CLOISTER_MUTANTS_REACHED") != NULL) { atexit(write_reached); }
}
