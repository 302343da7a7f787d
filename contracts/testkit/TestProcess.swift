import Glibc

/// This program once more, for tests that a trap may end.
enum TestProcess {
    /// Where a test process says a byte about each test: 1 if it passed, 0 if not.
    private static let descriptor: Int32 = 3

    static func tell(_ result: UInt8) {
        var result = result
        _ = write(descriptor, &result, 1)
    }

    /// What a process with these arguments said, and whether it came to its end.
    static func run(_ arguments: [String]) -> (results: [UInt8], hasEnded: Bool) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { fail("pipe") }
        // Out of the way of what the process is given, and not given to it themselves.
        let (receiving, sending) = (fcntl(ends[0], F_DUPFD_CLOEXEC, 10), fcntl(ends[1], F_DUPFD_CLOEXEC, 10))
        guard receiving >= 0, sending >= 0 else { fail("pipe") }
        for end in ends { close(end) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, sending, descriptor)
        defer { posix_spawn_file_actions_destroy(&actions) }

        var words = ([CommandLine.arguments[0]] + arguments).map { strdup($0) } + [nil]
        // Where it trapped, in a few lines; whoever set it otherwise has his way.
        let setting = strdup("SWIFT_BACKTRACE=enable=yes,color=no,limit=20,threads=crashed,registers=none,images=none")
        var environment: [UnsafeMutablePointer<CChar>?] = [setting]
        var variable = environ
        while let entry = variable.pointee {
            if String(cString: entry).hasPrefix("SWIFT_BACKTRACE=") { environment.removeFirst() }
            environment.append(entry)
            variable += 1
        }
        environment.append(nil)
        defer {
            for word in words { free(word) }
            free(setting)
        }

        var process: pid_t = 0
        guard posix_spawn(&process, "/proc/self/exe", &actions, nil, &words, &environment) == 0 else { fail("spawn") }
        close(sending)
        var results: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 256)
        while true {
            let count = read(receiving, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { break }
            results += buffer[..<count]
        }
        close(receiving)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return (results, status == 0)
    }

    private static func fail(_ what: String) -> Never {
        say("cannot start the tests: \(what), error \(errno)")
        exitProcess(1)
    }
}
