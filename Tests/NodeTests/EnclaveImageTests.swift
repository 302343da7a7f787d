import Testing

@testable import Node

@Suite("What an enclave was measured with") struct EnclaveImageTests {
    private func text(_ files: [(String, Character, String)]) -> String {
        String(repeating: "a", count: 64) + "\n"
            + files.map { "\($0) 1 \(String(repeating: $1, count: 96)) \($2)\n" }.joined()
    }

    private func image(_ files: [(String, Character, String)]) throws -> EnclaveImage {
        try #require(EnclaveImage(text(files)))
    }

    @Test("the file that changed is named, the program first") func changes() throws {
        let old = try image([
            ("entry", "1", "/x/cloister-enclave"), ("libc.so.6", "2", "/lib/libc.so.6"),
            ("libcrypto.so.3", "3", "/lib/libcrypto.so.3"), ("libold.so", "4", "/lib/libold.so"),
        ])
        let now = try image([
            ("entry", "9", "/a folder/cloister-enclave"), ("libc.so.6", "2", "/other/libc.so.6"),
            ("libcrypto.so.3", "8", "/lib/libcrypto.so.3"), ("libnew.so", "4", "/lib/libnew.so"),
        ])
        #expect(
            old.changes(to: now) == [
                "the enclave's program changed", "libcrypto.so.3 changed", "libnew.so is new",
                "libold.so is no longer part of it",
            ])
        #expect(old.changes(to: old).isEmpty)
    }

    @Test("what the launcher does not print is no image") func malformed() {
        for text in ["", "abc\n", text([("entry", "1", "/x")]) + "libc.so.6 12\n"] {
            #expect(EnclaveImage(text) == nil)
        }
    }

    @Test("a bundle is noticed only if everything but the program comes from it") func bundled() throws {
        let program = ("entry", Character("1"), "/x/cloister-enclave")
        let library = ("libc.so.6", Character("2"), "/x/enclave-bundle/libc.so.6")
        #expect(try image([program, library]).isBundled)
        #expect(try !image([program, library, ("libm.so.6", "3", "/lib/libm.so.6")]).isBundled)
    }
}
