#include "report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void write_line(const char *format, va_list arguments) {
    char line[512] = "enclave-host: ";
    size_t prefix = strlen(line);
    int wanted = vsnprintf(line + prefix, sizeof line - prefix - 1, format, arguments);
    if (wanted < 0) {
        return;
    }
    size_t length = strlen(line);
    line[length] = '\n';
    // Nobody can be told that the log is gone.
    if (write(STDERR_FILENO, line, length + 1) < 0) {
        return;
    }
}

void report(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    write_line(format, arguments);
    va_end(arguments);
}

noreturn void refuse(enum host_exit code, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    write_line(format, arguments);
    va_end(arguments);
    exit(code);
}
