import ChainApplication
import PublicCryptography
import Registration
import Testing

/// Enclave programs that a chain approves at one height and no more at another, as all its nodes are told.
@Suite("Approvals of enclave programs") struct ApprovalTests {
    private typealias Approvals = RegistrationModule.Approvals

    private func program(_ number: Int) -> Hash32 { SHA256.hash([UInt8(number)]) }

    private func approved(_ chain: TestChain) throws -> [Hash32] {
        try RegistrationModule.approvedPrograms(in: chain.application.state(at: UInt64(chain.height)))
    }

    @Test("a program is approved from its block on until its end, and a node that was told otherwise does not start")
    func ends() throws {
        let told: [UInt64: Approvals] = [
            2: Approvals(added: [program(1)]), 3: Approvals(added: [program(2)]),
            4: Approvals(added: [program(3)], ended: [program(1)]),
        ]
        let chain = try TestChain { $0.approvals = told }
        var seen: [[Int]] = []
        for _ in 0..<4 {
            try chain.run([])
            let approved = try approved(chain)
            seen.append((1...3).filter { approved.contains(program($0)) })
        }
        #expect(seen == [[], [1], [1, 2], [2, 3]])
        try chain.restart()
        let wrong: [([UInt64: Approvals], Hash32, UInt64)] = [
            ([2: Approvals(added: [program(1)])], program(1), 2),
            ([4: Approvals(ended: [program(2)])], program(2), 4),
            ([4: Approvals(added: [program(4)])], program(4), 4),
        ]
        for (approvals, measurement, height) in wrong {
            #expect(throws: ApprovalRefusal(measurement: measurement, height: height, committedHeight: 4)) {
                try chain.restart { $0.approvals = approvals }
            }
        }
        try chain.restart { $0.approvals = told }
        try chain.run([])
    }

    @Test("one more than a chain can approve is refused before the block that would end all nodes comes")
    func many() throws {
        let most = RegistrationModule.approvedProgramsMax
        let full = Approvals(added: (0..<most).map(program))
        let chain = try TestChain { $0.approvals = [2: full] }
        try chain.run([])
        // Counted with what is still to come, and once that is in the state.
        let one = Approvals(added: [program(most)])
        for _ in 0..<2 {
            #expect(throws: TooManyApprovals(height: 9, count: most + 1)) {
                try chain.restart { $0.approvals = [2: full, 9: one] }
            }
            try chain.restart { $0.approvals = [2: full] }
            try chain.run([])
        }
        #expect(try approved(chain).count == most)
        // What is approved already takes no place, and what ends makes one.
        try chain.restart {
            $0.approvals = [
                2: full, 4: Approvals(added: [program(0)]),
                5: Approvals(added: [program(most)], ended: [program(1)]),
            ]
        }
        for _ in 0..<2 { try chain.run([]) }
        let last = try approved(chain)
        #expect(last.count == most && last.contains(program(most)))
        // A chain that has not begun: what genesis approves counts, too.
        #expect(throws: TooManyApprovals(height: 2, count: most + 1)) {
            _ = try TestChain {
                $0.approvals = [2: Approvals(added: (0...most).map(program))]
            }
        }
    }
}
