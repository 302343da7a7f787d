import Foundation
import Glibc
import LauncherKit
import TestSupport
import Testing

@Suite("When one of the three processes ends, all do") struct EndingTests {
    private let temporary: TemporaryFolder
    var folder: URL { temporary.url }
    var state: URL { folder.appendingPathComponent("state") }

    init() throws { temporary = TemporaryFolder() }

    @Test(
        "the real enclave starts, and ends in order when the host closes the control lane",
        arguments: ["jit", "strict"]) func orderlyEnd(confinement: String) throws
    {
        let enclave = try LaunchedEnclave(Programs.enclave, state: state, options: ["--confinement", confinement])
        usleep(300_000)
        #expect(enclave.launcher.exitStatus(waiting: 0.1) == nil, "\(enclave.launcher.said)")
        enclave.closeControlLane()
        #expect(enclave.launcher.exitStatus() == 0, "\(enclave.launcher.said)")
        #expect(enclave.launcher.said.hasSuffix("the enclave ended in order\n"))
    }

    @Test("an enclave that ends with a status is reported") func enclaveEnds() throws {
        let enclave = try LaunchedEnclave(state: state)
        #expect(enclave.tell("end 3") == nil)
        #expect(enclave.launcher.exitStatus() == 75)
        #expect(enclave.launcher.said == "enclave-host: the enclave ended with status 3\n")
    }

    @Test("an enclave that crashes is reported, before and after the final list", arguments: [false, true])
    func enclaveCrashes(finally: Bool) throws {
        let enclave = try LaunchedEnclave(state: state)
        if finally {
            #expect(enclave.tell("prepare") == "2")
            #expect(enclave.tell("confine") == "0")
        }
        #expect(enclave.tell("crash") == nil)
        #expect(enclave.launcher.exitStatus() == 75)
        // Process 1 of a namespace is not ended by its own SIGABRT; abort() then runs what no process may.
        let signal = enclave.hasNamespaces ? "11 (Segmentation fault)" : "6 (Aborted)"
        #expect(enclave.launcher.said.hasSuffix("enclave-host: the enclave was killed by signal \(signal)\n"))
    }

    @Test("an enclave that is killed ends the launcher") func enclaveKilled() throws {
        let enclave = try LaunchedEnclave(state: state)
        kill(try #require(enclave.enclaveProcess()), SIGKILL)
        #expect(enclave.launcher.exitStatus() == 75)
        #expect(enclave.launcher.said == "enclave-host: the enclave was killed by signal 9 (Killed)\n")
        #expect(enclave.tell("facts") == nil)
    }

    @Test("a launcher that is killed ends the enclave") func launcherKilled() throws {
        let enclave = try LaunchedEnclave(state: state)
        let process = try #require(enclave.enclaveProcess())
        enclave.launcher.end(by: SIGKILL)
        #expect(enclave.launcher.exitStatus() == 128 + SIGKILL)
        #expect(isDead(process))
        #expect(enclave.tell("facts") == nil)
    }

    @Test("a terminal or a service manager ends neither: that is for the host to do") func interrupted() throws {
        let enclave = try LaunchedEnclave(state: state)
        let process = try #require(enclave.enclaveProcess())
        for signal in [SIGINT, SIGHUP, SIGTERM] {
            enclave.launcher.end(by: signal)
            kill(process, signal)
        }
        usleep(50_000)
        #expect(enclave.tell("works") == "everything")
        #expect(!isDead(process, waiting: 0.05))
    }

    @Test("a host that dies ends both, even if somebody else still holds the lanes") func hostKilled() throws {
        // A shell plays the host. The test holds the lanes' ends, so no lane is closed by the host's death.
        let enclave = try LaunchedEnclave(state: state, under: ["/bin/sh", "-c", "\"$0\" \"$@\"; exit $?"])
        #expect(enclave.tell("facts") != nil)
        let launcher = try #require(enclave.launcher.children.first)
        let list = try String(contentsOfFile: "/proc/\(launcher)/task/\(launcher)/children", encoding: .utf8)
        let process = try #require(pid_t(list.split(separator: " ").first ?? ""))
        enclave.launcher.end(by: SIGKILL)
        #expect(enclave.launcher.exitStatus() == 128 + SIGKILL)
        #expect(isDead(process))
        #expect(isDead(launcher))
        #expect(
            enclave.launcher.said
                == "enclave-host: the host died\nenclave-host: the enclave was killed by signal 9 (Killed)\n")
    }
}
