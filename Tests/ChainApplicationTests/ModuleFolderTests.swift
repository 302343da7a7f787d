import EnclaveProtocol
import Foundation
import TestSupport
import Testing

@testable import HostAnswers

@Suite("Compiled modules that the enclave sealed")
struct ModuleFolderTests {
    private func module(_ code: UInt8, _ sealed: [UInt8], waiting: UInt32 = 0) -> TakenModule {
        var module = TakenModule()
        module.codeHash = [UInt8](repeating: code, count: 32)
        module.sealed = sealed
        module.waiting = waiting
        return module
    }

    @Test("what was kept is there under its code, and the newest takes the place of the oldest")
    func keeping() throws {
        let temporary = TemporaryFolder()
        let folder = try ModuleFolder(temporary.path("modules"), bytesMax: 10)
        folder.keep(module(1, [1, 2, 3, 4, 5, 6]))
        #expect(folder.module(of: module(1, []).codeHash) == [1, 2, 3, 4, 5, 6])
        #expect(folder.module(of: module(2, []).codeHash).isEmpty)
        usleep(20_000)
        folder.keep(module(2, [7, 8, 9, 10, 11]))
        #expect(folder.module(of: module(1, []).codeHash).isEmpty)
        #expect(folder.module(of: module(2, []).codeHash) == [7, 8, 9, 10, 11])
        // No file is named after what is no code hash.
        var nameless = module(3, [1])
        nameless.codeHash = []
        folder.keep(nameless)
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path("modules")).count == 1)
    }

    @Test("a module that the enclave begins late, and finishes later, is fetched")
    func collecting() throws {
        let temporary = TemporaryFolder()
        let folder = try ModuleFolder(temporary.path("modules"))
        folder.noteCompilation()
        var answers = [
            TakenModule(), TakenModule(), TakenModule.busy, TakenModule.busy, module(4, [1, 2]),
        ]
        folder.collect {
            if answers.count == 1 { folder.stop() }
            return answers.removeFirst()
        }
        #expect(answers.isEmpty)
        #expect(folder.module(of: module(4, []).codeHash) == [1, 2])
    }
}

extension TakenModule {
    fileprivate static var busy: TakenModule {
        var module = TakenModule()
        module.waiting = 1
        return module
    }
}
