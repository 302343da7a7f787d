// zlib (zlib1g-dev): answers that clients ask to have compressed.
#include <zlib.h>
