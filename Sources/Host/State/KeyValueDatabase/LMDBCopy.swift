import CLMDB

/// A database as a file that can be put somewhere else.
package enum LMDBCopy {
    /// Copies the database in the folder `source` into the folder `target`, which exists and is empty: one state of it,
    /// in as few pages as it takes. Another process may read and write it meanwhile; this one must not have it open.
    package static func copy(from source: String, to target: String) throws(LMDBError) {
        var environment: OpaquePointer?
        try check(mdb_env_create(&environment), "create")
        defer { mdb_env_close(environment) }
        try check(mdb_env_set_maxreaders(environment, LMDBEnvironment.readersMax), "set the number of readers")
        try check(mdb_env_open(environment, source, UInt32(MDB_RDONLY), 0o600), "open \(source)")
        try check(mdb_env_copy2(environment, target, UInt32(MDB_CP_COMPACT)), "copy to \(target)")
    }

    private static func check(_ number: Int32, _ operation: String) throws(LMDBError) {
        guard number == 0 else { throw LMDBError(operation: operation, number: number) }
    }
}
