// The host as the adversary: everything that docs/claims.md says of the enclave, tried from the outside.
//
// A four-validator network decides blocks with keys that the host does not have (`FourValidatorChain`). The host is
// played by the test (`PlayedHost`): honest by default, and dishonest in one place at a time. The enclave is the real
// program, started and confined by the real launcher (`EnclaveProcess`); whatever crosses a lane goes through a tap,
// so that a test can look for what should not be there.

import EnclaveLink
import EnclaveProtocol
import Foundation
import PublicCryptography
import TestSupport
import Testing

/// One test at a time: each has an enclave of its own to start.
@Suite("A hostile host", .serialized) enum HostileHostSuite {}

/// What the enclave said to a call that must fail.
func refusal(_ body: () throws -> some Any) -> Failure? {
    do {
        _ = try body()
        return nil
    } catch EnclaveError.refused(let failure) {
        return failure
    } catch {
        Issue.record("neither an answer nor a refusal: \(error)")
        return nil
    }
}

/// The repository's example contract, as `make contracts` builds it.
enum CounterContract {
    static let code = Repository.contract("counter")
    static let codeHash = SHA256.hash(code)
}

/// The contract that does what it is told.
enum PuppetContract {
    static let code = Repository.contract("puppet")
    static let codeHash = SHA256.hash(code)
}

/// A contract of version 0.10 that cannot be migrated to.
enum ProbeContract {
    static let code = Repository.contract("ledger-probe")
    static let codeHash = SHA256.hash(code)
}
