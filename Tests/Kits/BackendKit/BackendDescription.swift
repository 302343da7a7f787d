import Foundation

/// A backend that is somebody's program: how it is started and reached, and what is expected of it. It stands in a
/// file, so that a backend needs no line of ours.
package struct BackendDescription: Codable, Equatable, Sendable {
    package static let fileName = "backend.json"
    private static let bytesMax = 65_536

    /// Which of the two seams it stands at.
    package enum Seam: String, Codable, Sendable, CaseIterable {
        /// It is an enclave: `proto/boundary` on lanes, for a host.
        case enclave
        /// It is a machine for one: enclave-host/platform.h on one lane, for an enclave.
        case platform
    }

    package struct Invalid: Error, CustomStringConvertible {
        package var description: String
    }

    package var name: String
    /// A sentence for people.
    package var about: String
    package var seam: Seam
    /// The program and its arguments. `{programs}` is the folder of the programs that were built here, `{folder}` that
    /// of the description, `{state}` the folder of the machine, `{lanes}` how many query lanes there are, and
    /// `{socket}` where it shall listen. Without a command it runs already.
    package var command: [String]
    /// Where it takes its lanes as connections, in their order. Else they are its descriptors 3, 4 and up.
    package var socket: String?
    /// Has a machine that runs already start anew, as after a power cut.
    package var restart: [String]?
    /// The certificate (X.509, DER) in which its evidence ends.
    package var root: String?
    /// Cases that it does not claim to keep, by their names.
    package var lacks: [String]?
    /// Cases that a broken one is known not to keep: it is as expected when these fail, and no others.
    package var fails: [String]?

    package init(
        name: String, about: String, seam: Seam, command: [String], socket: String? = nil, root: String? = nil,
        lacks: [String]? = nil, fails: [String]? = nil
    ) {
        (self.name, self.about, self.seam) = (name, about, seam)
        (self.command, self.socket, self.root) = (command, socket, root)
        (self.lacks, self.fails) = (lacks, fails)
    }

    /// The description in `path`, or in the folder `path`.
    package static func read(_ path: String) throws -> BackendDescription {
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        let file = isFolder.boolValue ? path + "/" + fileName : path
        guard isThere, let data = FileManager.default.contents(atPath: file), data.count <= bytesMax else {
            throw Invalid(description: "\(file): no such file, or a large one")
        }
        do {
            let description = try JSONDecoder().decode(BackendDescription.self, from: data)
            try description.check()
            return description
        } catch let error as DecodingError {
            throw Invalid(description: "\(file): \(error.reason)")
        }
    }

    /// What cannot be right whatever is installed.
    package func check() throws {
        func require(_ holds: Bool, _ text: String) throws {
            if !holds { throw Invalid(description: "\(name.isEmpty ? "it" : name): \(text)") }
        }
        let letters = Set("abcdefghijklmnopqrstuvwxyz0123456789-")
        try require(!name.isEmpty && name.count <= 64 && name.allSatisfy(letters.contains), "a name is a-z, 0-9 and -")
        try require(!command.isEmpty || socket != nil, "neither command nor socket")
        try require(
            seam == .enclave || (socket == nil && !command.isEmpty), "a platform is started, with its lane as 3")
        try require(seam == .platform || root != nil, "no root, in which its evidence ends")
        let known =
            seam == .enclave ? Set(BackendCase.all.map(\.name)) : nil
        for case let list? in [lacks, fails] {
            for each in list where known.map({ !$0.contains(each) }) ?? false {
                throw Invalid(description: "\(name): no case is called \"\(each)\"")
            }
        }
    }
}

extension DecodingError {
    fileprivate var reason: String {
        switch self {
        case .keyNotFound(let key, _): "\(key.stringValue) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            (context.codingPath.map(\.stringValue).joined(separator: ".") + ": " + context.debugDescription)
        @unknown default: "\(self)"
        }
    }
}
