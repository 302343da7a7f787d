/// Answers the host.
