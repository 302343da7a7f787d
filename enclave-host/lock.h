#pragma once

// One launcher at a time plays the machine that a state folder is.
//
// The attack: a host starts a second launcher on the same folder, by this path or another. It has the same fuse key and
// the same journal, so its enclave opens the same record; and it runs a decided block on with another story, to see
// what comes of it, while the first one goes on. So the folder is locked before anything in it is read.
//
// The lock is a file's (flock), which belongs to the open file and not to a path or a process. The enclave is given the
// same open file, so the lock ends only when both are dead: a launcher that is killed leaves no enclave that runs on
// beside its successor, however slowly the kernel takes it down. Through the file itself nothing can be read or done.

/// Locks the folder and returns a descriptor that lies above the image's. A launcher that was just killed may still be
/// dying, so it waits for some seconds; then ends the process with EXIT_LOCKED.
int lock_state(int folder);
