/// Mempool.
