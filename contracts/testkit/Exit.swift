// What the test kit needs of the C library; processes have a file of their own (TestProcess.swift).
import Glibc

func exitProcess(_ status: Int32) -> Never { exit(status) }

func environmentVariable(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    return String(cString: value)
}

/// For people; standard output may belong to the engine.
func say(_ text: String) {
    var line = text
    line.append("\n")
    line.withUTF8 { bytes in
        _ = write(EngineLink.isPresent ? STDERR_FILENO : STDOUT_FILENO, bytes.baseAddress, bytes.count)
    }
}

/// One line of standard input; `nil` at its end.
func readInput() -> String? { readLine() }

/// One line to standard output.
func writeOutput(_ line: String) {
    var rest = Array((line + "\n").utf8)[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        guard count > 0 else { exit(1) }
        rest = rest.dropFirst(count)
    }
}
