import EnclaveProtocol
import Testing

@testable import EnclaveLink

/// What is counted of what crosses: which message, how often, how large.
extension EnclaveClientSuite {
    @Suite struct BoundaryTrafficTests {
        @Test("each frame is counted once, by direction and by the number that it has in the boundary's messages")
        func counted() throws {
            let traffic = BoundaryTraffic()
            let enclave = try PlayedEnclave()
            try enclave.say(.hello(enclave.hello))
            let lane = try Lane(descriptor: enclave.hostEnd, kind: .execution, traffic: traffic)
            let hello = try ToEnclave.hello(enclave.hello).encoded().count
            #expect(
                traffic.counts == [
                    count(.intoEnclave, 1, frames: 1, bytes: hello), count(.outOfEnclave, 1, frames: 1, bytes: hello),
                ])
            // A question, its answer, then the result; and a refusal.
            try enclave.say(.revertScope(4), .blockEnded([UInt8](repeating: 1, count: 300)), .failure(12))
            _ = try lane.call(.endBlock, answering: NotedQuestions())
            #expect(throws: EnclaveError.self) { try lane.call(.endBlock, answering: nil) }
            let seen = traffic.counts
            func frames(_ direction: BoundaryTraffic.Direction, _ number: Int) -> UInt64 {
                seen.filter { $0.direction == direction && $0.number == number }.reduce(0) { $0 + $1.frames }
            }
            // The numbers are those of proto/boundary/v1.
            #expect(frames(.intoEnclave, 13) == 2 && frames(.intoEnclave, 33) == 1)
            #expect(frames(.outOfEnclave, 33) == 1 && frames(.outOfEnclave, 13) == 1 && frames(.outOfEnclave, 63) == 1)
            #expect(seen.count == 7)
            let ended = seen.first { $0.direction == .outOfEnclave && $0.number == 13 }
            // A length from 256 on, and below 1024.
            #expect(ended?.buckets == [0, 0, 1, 0, 0, 0, 0, 0, 0, 0] && ended?.bytes ?? 0 > 300)
        }

        private func count(
            _ direction: BoundaryTraffic.Direction, _ number: Int, frames: UInt64, bytes: Int
        ) -> BoundaryTraffic.Count {
            var buckets = [UInt64](repeating: 0, count: BoundaryTraffic.bucketBounds.count + 1)
            buckets[BoundaryTraffic.bucket(of: bytes)] = frames
            return .init(direction: direction, number: number, bytes: UInt64(bytes), buckets: buckets)
        }

        @Test("a length is in the bucket whose bound is the first above it, up to the longest frame")
        func buckets() {
            let bounds = BoundaryTraffic.bucketBounds
            #expect(bounds == [64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304])
            let lengths = [0, 1] + bounds.flatMap { [$0 - 1, $0, $0 + 1] } + [BoundaryProtocol.frameBytesMax]
            for length in lengths {
                let expected = bounds.firstIndex { length < $0 } ?? bounds.count
                #expect(BoundaryTraffic.bucket(of: length) == expected, "\(length)")
            }
        }

        @Test("what begins as no message of the boundary does is counted as number 0, and costs nothing else")
        func others() {
            let frames: [([UInt8], Int)] = [
                ([], 0), ([0x0a, 0], 1), ([0x9a, 0x02, 0], 35), ([0xfa, 0x03, 0], 63), ([0x82, 0x04, 0], 0),
                ([0x08, 1], 0), ([0xfa], 0), ([0xfa, 0x83, 0x01], 0), ([0xff], 0),
            ]
            for (frame, number) in frames { #expect(BoundaryTraffic.number(of: frame) == number, "\(frame)") }
            let traffic = BoundaryTraffic()
            for (frame, _) in frames { traffic.count(.outOfEnclave, frame) }
            #expect(traffic.counts.reduce(0) { $0 + $1.frames } == UInt64(frames.count))
        }

        @Test("the kernel's words on a process are read, and what is none is nothing")
        func kernel() {
            let status = """
                Name:\tcloister-enclave
                Threads:\t5
                CapEff:\t0000000000000000
                NoNewPrivs:\t1
                Seccomp:\t2
                Seccomp_filters:\t3
                """
            let read = KernelConfinement(process: 7, status: status)
            #expect(read?.seccompMode == 2 && read?.seccompFilters == 3 && read?.threads == 5)
            #expect(read?.hasNoNewPrivileges == true && read?.capabilities == 0)
            let free = KernelConfinement(
                process: 7, status: "CapEff:\t000001ffffffffff\nNoNewPrivs:\t0\nSeccomp:\t0\nThreads:\t1\n")
            #expect(free?.capabilities == 0x1ff_ffff_ffff && free?.seccompFilters == 0)
            #expect(free?.hasNoNewPrivileges == false)
            for text in ["", "Seccomp:\t2", status.replacing("Threads", with: "Thread")] {
                #expect(KernelConfinement(process: 7, status: text) == nil)
            }
        }
    }
}
