/// Accounts whose coins become their own with time: the messages that make them.
///
/// Records, their arithmetic and their genesis are those of accounts (`LedgerRecords`, `Auth`), what may be sent is
/// Bank's business. Never changes an account that exists.
