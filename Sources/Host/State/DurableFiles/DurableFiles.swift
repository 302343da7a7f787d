/// Files that must be whole and on disk before the next thing happens.
///
/// Callers name places in the node's own folder, which nobody else writes. After a crash there is the old content or
/// the new, never part of it. Nothing here knows what a file is for.
