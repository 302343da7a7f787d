import DurableFiles
import PeerWire

/// Where other nodes are said to be.
///
/// Bounded, and each peer may fill only a part of it: who invents a thousand addresses crowds out nobody else's,
/// whatever keys it comes with. Addresses count by the part of the Internet where they lie, and so does who tells of
/// them.
package struct AddressBook: Sendable {
    static let countMax = 1000
    static let byteCountMax = 1 << 20
    static let perSourceMax = 100
    /// Of one part of the Internet (CometBFT: the 64 places of a bucket).
    static let perGroupMax = 64
    /// An address that was never reached goes after so many attempts.
    static let attemptsMax = 5

    private struct Entry {
        let place: ListenAddress
        let group: AddressGroup?
        let source: String
        var attempts = 0
        var wasReached = false
        var notBefore: UInt64 = 0

        init(place: ListenAddress, source: String, attempts: Int = 0, wasReached: Bool = false) {
            (self.place, group, self.source) = (place, AddressGroup(host: place.host), source)
            (self.attempts, self.wasReached) = (attempts, wasReached)
        }
    }

    private var entries: [String: Entry] = [:]

    package init() {}

    /// What was kept; nothing of a file that is none, or is larger than a book can be.
    package init(path: String) {
        guard let bytes = try? DurableFile.read(path), bytes.count <= AddressBook.byteCountMax else { return }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n").prefix(AddressBook.countMax) {
            let words = line.split(separator: " ")
            guard words.count == 4, let address = PeerAddress(String(words[0])), address.place.port > 0,
                let attempts = Int(words[3]), (0...AddressBook.attemptsMax).contains(attempts)
            else { continue }
            entries[address.id] = Entry(
                place: address.place, source: String(words[1]), attempts: attempts, wasReached: words[2] == "reached")
        }
    }

    /// A line for each: where, who said so, whether it was reached, and how often it was tried since.
    package func write(_ path: String) throws {
        // In the order of names: the same book is the same file.
        let lines = entries.sorted { $0.key < $1.key }.map { id, entry in
            "\(PeerAddress(id: id, place: entry.place)) \(entry.source) \(entry.wasReached ? "reached" : "told") "
                + "\(min(entry.attempts, AddressBook.attemptsMax))\n"
        }
        try DurableFile.replace(path, with: Array(lines.joined().utf8))
    }

    package var count: Int { entries.count }

    /// What a peer says of a node; nothing that is known better is replaced. `host` is where the peer was reached.
    package mutating func add(_ address: PeerAddress, from id: String, at host: String) {
        guard entries[address.id] == nil, address.place.port > 0 else { return }
        // In a network of one's own there are no parts, and nobody from elsewhere.
        let source = AddressGroup(host: host)?.description ?? id
        guard entries.values.reduce(0, { $0 + ($1.source == source ? 1 : 0) }) < AddressBook.perSourceMax else {
            return
        }
        if let group = AddressGroup(host: address.place.host) {
            let others = entries.values.reduce(0) { $0 + ($1.group == group ? 1 : 0) }
            guard others < AddressBook.perGroupMax else { return }
        }
        if entries.count >= AddressBook.countMax {
            guard
                let worst = entries.filter({ !$0.value.wasReached }).max(by: { $0.value.attempts < $1.value.attempts })
            else { return }
            entries[worst.key] = nil
        }
        entries[address.id] = Entry(place: address.place, source: source)
    }

    package mutating func markReached(_ id: String) {
        entries[id]?.wasReached = true
        entries[id]?.attempts = 0
    }

    package mutating func remove(_ id: String) { entries[id] = nil }

    /// At most `count` that may be tried now; each is tried later the next time.
    package mutating func toDial(
        _ count: Int, except connected: Set<String>, now: UInt64, againNanoseconds: UInt64 = 30_000_000_000
    ) -> [PeerAddress] {
        var chosen: [PeerAddress] = []
        for id in entries.keys.shuffled() where chosen.count < count && !connected.contains(id) {
            guard let entry = entries[id], entry.notBefore <= now else { continue }
            guard entry.wasReached || entry.attempts < AddressBook.attemptsMax else {
                entries[id] = nil
                continue
            }
            entries[id]?.attempts += 1
            entries[id]?.notBefore = now + againNanoseconds << UInt64(min(entry.attempts, 6))
            chosen.append(PeerAddress(id: id, place: entry.place))
        }
        return chosen
    }

    /// Some of those that were reached, to be told to others.
    package func told(_ count: Int) -> [PeerAddress] {
        entries.filter(\.value.wasReached).shuffled().prefix(count).map {
            PeerAddress(id: $0.key, place: $0.value.place)
        }
    }
}
