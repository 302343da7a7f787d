// LMDB (liblmdb-dev): the memory-mapped store below the ledger.
#include <lmdb.h>
