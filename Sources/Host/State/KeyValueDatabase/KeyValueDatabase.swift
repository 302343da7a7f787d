/// The one wrapper of LMDB: tables in a memory-mapped file, many readers on whole commits, one writer.
///
/// Bytes that a reader gets live until its closure returns; whoever keeps them copies them. What LMDB refuses is an
/// `LMDBError`. The module never interprets keys or values. Callers open a folder once.
