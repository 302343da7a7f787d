#if PACKAGE_TESTS
    import Testing

    /// A contract's tests as those of a Swift package: for editors, and for `swift test`. One after the other, since
    /// all have the one double of the enclave.
    @Suite("contract", .serialized)
    struct PackageTests {
        @Test(arguments: contractTests.indices)
        func contractTest(_ index: Int) throws {
            let test = contractTests[index]
            let chain = TestChain()
            try test.body(chain)
            for failure in chain.failures { Issue.record("\(test.name): \(failure)") }
        }
    }
#endif
