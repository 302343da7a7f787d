import Foundation
import Glibc
import WalletClient

/// Questions to the user: at the terminal without showing what is typed, or, for programs, lines of standard input.
enum Prompt {
    static let passphrase: Keystore.Passphrase = { isNew in try passphrase("of the keyring", isNew: isNew) }

    /// `what` it is of. One that is new is asked for twice at a terminal.
    static func passphrase(_ what: String, isNew: Bool) throws -> String {
        guard isatty(STDIN_FILENO) == 1 else {
            guard let line = readLine(), !line.isEmpty else {
                throw ClientError(.invalidInput, "the passphrase \(what) is read from standard input, which was empty")
            }
            return line
        }
        let first = try hidden("\(isNew ? "New passphrase" : "Passphrase") \(what): ")
        if isNew {
            guard try hidden("Once more: ") == first else {
                throw ClientError(.invalidInput, "the two passphrases are not the same")
            }
        }
        return first
    }

    /// Whether the user says yes.
    static func confirm(_ question: String) -> Bool {
        FileHandle.standardError.write(Data("\(Rendering.line(question)) [y/N]: ".utf8))
        return ["y", "yes"].contains((readLine() ?? "").lowercased())
    }

    private static func hidden(_ question: String) throws -> String {
        FileHandle.standardError.write(Data(question.utf8))
        var shown = termios()
        guard tcgetattr(STDIN_FILENO, &shown) == 0 else {
            throw ClientError(.invalidInput, "cannot read a passphrase from this terminal")
        }
        var unshown = shown
        unshown.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &unshown)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
            say("")
        }
        return readLine() ?? ""
    }
}
