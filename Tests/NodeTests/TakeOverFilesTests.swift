import DurableFiles
import Foundation
import TestSupport
import Testing

@testable import Node

/// What the folder of an upgrade says of itself, wherever a run of it was cut off.
@Suite("The folder of a take-over") struct TakeOverFilesTests {
    private let folder = TemporaryFolder("take-over-files")
    private let first = String(repeating: "1", count: 64)
    private let second = String(repeating: "2", count: 64)

    private func home() throws -> NodeHome {
        let home = NodeHome(folder.path("home"))
        try FileManager.default.createDirectory(
            atPath: home.folder + "/data", withIntermediateDirectories: true)
        return home
    }

    @Test("another program's upgrade begins anew, unless the key may be gone to the one before")
    func otherProgram() throws {
        let files = TakeOverFiles(try home())
        for handed in [nil, files.handingOverPath, files.handedKeyPath] {
            try files.begin(for: first)
            try DurableFile.replace(files.registrationKeyPath, with: Array("aa\n".utf8))
            try files.setReady(first, at: 7)
            let ready = try #require(try files.ready)
            #expect(ready.measurement == first && ready.height == 7)
            // The same program goes on.
            try files.begin(for: first)
            #expect(try files.registrationKey == [0xaa])
            guard let handed else {
                try files.begin(for: second)
                #expect(try files.registrationKey == nil)
                #expect(try files.ready == nil)
                continue
            }
            // An answer that was never seen is as good as one.
            try DurableFile.replace(handed, with: [])
            #expect(try files.mayBeHandedOver)
            #expect(throws: NodeFault.self) { try files.begin(for: second) }
            #expect(try files.registrationKey == [0xaa])
            try files.end()
        }
    }

    @Test("an upgrade that ended is gone at once, and what a cut-off end has left disturbs no other")
    func ends() throws {
        let home = try home()
        let files = TakeOverFiles(home)
        try files.begin(for: first)
        try DurableFile.replace(files.handedKeyPath, with: [1])
        try files.end()
        #expect(!FileManager.default.fileExists(atPath: home.takeOver))
        // As a kill between the two steps leaves it.
        try files.begin(for: first)
        try FileManager.default.createDirectory(
            atPath: home.takeOver + ".done/handed-key", withIntermediateDirectories: true)
        try files.sweep()
        try files.begin(for: second)
        try files.end()
        #expect(try FileManager.default.contentsOfDirectory(atPath: home.folder + "/data").isEmpty)
    }

    @Test("a key comes back to the program that had it last, and to none that had another since")
    func comesBack() throws {
        let keys = HandedKeys(try home())
        #expect(try !keys.had([1], first))
        for _ in 0..<2 { try keys.add([1], first) }
        func had() throws -> [Bool] {
            try [([1], first), ([2], first), ([1], second)].map { try keys.had($0.0, $0.1) }
        }
        #expect(try had() == [true, false, false])
        try keys.add([1], second)
        try keys.add([2], first)
        #expect(try had() == [false, true, true])
    }
}
