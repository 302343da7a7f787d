/// A list that grows and shrinks at both ends, with each element by its place: all of it takes a fixed number of reads
/// and writes, at any length. `AppendList` is one in JSON that grows at its end alone.
///
/// What a host sees: every change at an end writes the ends and one element, which side it was and how many there are
/// show in which entry that is (each has a number of its own for the life of the list). `element` and `replace` touch
/// the ends and that element: a host learns that it is the one of an earlier call. A page reads its elements in order.
struct Deque<Element: BinaryCoded>: Sendable {
    private let path: StorePath
    private let multiple: Int

    init(_ name: StaticString, paddedTo multiple: Int = 1) { self.init(StorePath(name), multiple) }
    private init(_ path: StorePath, _ multiple: Int) { (self.path, self.multiple) = (path, multiple) }

    /// Another list of the same name for each suffix, as one an account.
    func of(_ suffix: Text) -> Deque { Deque(path.of(suffix), multiple) }

    func count() throws(ContractError) -> UInt32 { try ends().count }

    /// Refused if there are 2^32 - 1 elements.
    func append(_ element: Element) throws(ContractError) {
        var ends = try ends()
        try ends.grow(path)
        path.write(element, to: entry(ends, ends.count - 1), multiple: multiple)
        save(ends)
    }

    func prepend(_ element: Element) throws(ContractError) {
        var ends = try ends()
        try ends.grow(path)
        ends.first &-= 1
        path.write(element, to: entry(ends, 0), multiple: multiple)
        save(ends)
    }

    /// `nil` from an empty list.
    @discardableResult
    func removeLast() throws(ContractError) -> Element? {
        var ends = try ends()
        guard ends.count > 0 else { return nil }
        let element = try element(ends, ends.count - 1)
        Host.remove(entry(ends, ends.count - 1))
        ends.count -= 1
        save(ends)
        return element
    }

    /// `nil` from an empty list.
    @discardableResult
    func removeFirst() throws(ContractError) -> Element? {
        var ends = try ends()
        guard ends.count > 0 else { return nil }
        let element = try element(ends, 0)
        Host.remove(entry(ends, 0))
        ends.first &+= 1
        ends.count -= 1
        save(ends)
        return element
    }

    /// Counted from 0 at the front.
    func element(_ index: UInt32) throws(ContractError) -> Element { try element(try ends(holding: index), index) }

    func replace(_ index: UInt32, with element: Element) throws(ContractError) {
        path.write(element, to: entry(try ends(holding: index), index), multiple: multiple)
    }

    /// Elements `page * size` and following from the front, `size` of them or as many as there are; 256 at most.
    func page(_ page: UInt32, size: UInt32) throws(ContractError) -> [Element] {
        let ends = try ends()
        var elements: [Element] = []
        for index in StorePath.places(page: page, size: size, of: ends.count) {
            elements.append(try element(ends, index))
        }
        return elements
    }

    /// The same from the back: the newest first where elements are appended.
    func newest(page: UInt32, size: UInt32) throws(ContractError) -> [Element] {
        let ends = try ends()
        var elements: [Element] = []
        for index in StorePath.places(page: page, size: size, of: ends.count) {
            elements.append(try element(ends, ends.count - 1 - index))
        }
        return elements
    }

    // MARK: - Entries

    private func ends() throws(ContractError) -> DequeEnds {
        try path.read(DequeEnds.self, path.entry(.dequeEnds)) ?? DequeEnds(first: 0, count: 0)
    }

    private func ends(holding index: UInt32) throws(ContractError) -> DequeEnds {
        let ends = try ends()
        guard index < ends.count else { throw ContractError(.absent, "no such element") }
        return ends
    }

    private func save(_ ends: DequeEnds) { path.write(ends, to: path.entry(.dequeEnds), multiple: 1) }

    private func element(_ ends: DequeEnds, _ index: UInt32) throws(ContractError) -> Element {
        guard let element = try path.read(Element.self, entry(ends, index)) else { throw path.disorder }
        return element
    }

    private func entry(_ ends: DequeEnds, _ index: UInt32) -> [UInt8] {
        path.entry(.dequeElement, ends.first &+ index)
    }
}

/// The number of the first element, and how many there are. Numbers go round at 2^32, and fewer elements than that
/// have different ones.
private struct DequeEnds: BinaryCoded {
    var first: UInt32
    var count: UInt32

    init(first: UInt32, count: UInt32) { (self.first, self.count) = (first, count) }

    mutating func grow(_ path: StorePath) throws(ContractError) {
        guard count < UInt32.max else { throw ContractError(.overflow, Text(stringLiteral: path.name) + " is full") }
        count += 1
    }

    init(from reader: inout BinaryReader) throws(BinaryError) {
        first = try UInt32(from: &reader)
        count = try UInt32(from: &reader)
    }

    func write(to bytes: inout [UInt8]) {
        first.write(to: &bytes)
        count.write(to: &bytes)
    }
}
