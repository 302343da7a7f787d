/// The network's secrets.
