import ArgumentParser
import Foundation
import StrictJSON
import WalletClient

/// `--explain`: what became of a contract call, with all that only its caller can read.
struct ExplainOptions: ParsableArguments {
    @Flag(help: "Tell what happened: messages, answers, errors and events in clear, and where a contract stopped.")
    var explain = false
    @Option(help: "A module with names (build/NAME.named.wasm), to put names to a backtrace.")
    var symbols: String?

    /// The transaction behind `response` in clear; throws the status of a failed transaction.
    func show(_ response: JSONValue, _ session: Session, _ more: [(String, JSONValue)], _ output: OutputOptions)
        async throws
    {
        let explanation = Explanation(
            response: response, encryption: try session.encryption,
            codeHashes: try await Self.codeHashes(response, session.client))
        output.show(.object(try members(explanation, response) + more))
        if explanation.failure != nil { throw ExitCode(2) }
    }

    /// What a call came to and returned, at length if that was asked for.
    func show(_ receipt: Session.Receipt, returning data: [UInt8], _ session: Session, _ options: Tx.Options)
        async throws
    {
        if explain { return try await show(receipt.json, session, [], options.output) }
        let text = String(decoding: data, as: UTF8.self)
        try options.show(receipt, [("data", data.isEmpty ? .null : .string(text))])
    }

    /// Of the codes that the transaction's messages instantiate.
    static func codeHashes(_ response: JSONValue, _ client: ChainClient) async throws -> [UInt64: [UInt8]] {
        var hashes: [UInt64: [UInt8]] = [:]
        for message in response["tx"]?["body"]?["messages"]?.array ?? [] where message["init_msg"] != nil {
            guard let id = message["code_id"]?.string.flatMap({ UInt64($0) }) else { continue }
            hashes[id] = try await client.codeHashBytes(ofCode: id)
        }
        return hashes
    }

    func members(_ explanation: Explanation, _ response: JSONValue) throws -> [(String, JSONValue)] {
        var members: [(String, JSONValue)] = [
            ("txhash", response["txhash"] ?? .null), ("height", response["height"] ?? .null),
            ("result", .string(explanation.failure == nil ? "success" : "failure")),
        ]
        if let failure = explanation.failure { members.append(("failure", try object(failure))) }
        members.append(
            (
                "messages",
                .array(
                    explanation.messages.map { message in
                        .object([
                            ("type", .string(message.type)), ("target", .string(message.target)),
                            ("message", message.text.map { .string($0) } ?? .null),
                        ])
                    })
            ))
        if !explanation.answers.isEmpty {
            members.append(("answers", .array(explanation.answers.map { .string($0) })))
        }
        if !explanation.logs.isEmpty {
            members.append(
                (
                    "logs",
                    .array(
                        explanation.logs.map { log in
                            .object(
                                [("event", .string(log.type))]
                                    + log.attributes.map { attribute in
                                        (
                                            attribute.key,
                                            .string(attribute.value + (attribute.wasSealed ? " (sealed)" : ""))
                                        )
                                    })
                        })
                ))
        }
        members.append(
            ("gas", .object([("wanted", .string(explanation.gasWanted)), ("used", .string(explanation.gasUsed))])))
        return members
    }

    private func object(_ failure: Explanation.Failure) throws -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("class", .string(failure.failureClass.rawValue)), ("codespace", .string(failure.codespace)),
            ("code", .number(failure.code)),
        ]
        if let index = failure.messageIndex { members.append(("message_index", .number(index))) }
        if failure.isInSubmessage { members.append(("in_submessage", .bool(true))) }
        members.append(("text", .string(failure.text)))
        guard var trace = failure.trace else { return .object(members) }
        members.append(("code_hash", .string(trace.codeHash)))
        if let symbols {
            guard let file = FileManager.default.contents(atPath: symbols) else {
                throw ClientError(.invalidInput, "cannot read \(symbols)")
            }
            let names = try WasmNames(Array(file))
            if !trace.addNames(from: names) {
                members.append(
                    ("symbols", .string("\(symbols) is of code \(names.codeHash), not of the one that stopped")))
            }
        }
        let readable = Demangler.readable(trace.frames.map { $0.name ?? "" })
        members.append(
            (
                "backtrace",
                .array(
                    zip(trace.frames, readable).map { frame, name in
                        .string("function \(frame.function)" + (name.isEmpty ? "" : "  \(name)"))
                    })
            ))
        return .object(members)
    }
}

/// Names as a programmer wrote them, by the tools that come with the languages; as they are without those.
enum Demangler {
    static func readable(_ names: [String]) -> [String] {
        var result = names
        for (prefixes, tool) in [
            (["$s", "$e", "$S"], ["swift-demangle", "--compact", "--simplified"]), (["_R", "_ZN"], ["rustfilt"]),
            (["_R", "_ZN"], ["c++filt"]),
        ] {
            let chosen = result.indices.filter { index in prefixes.contains { result[index].hasPrefix($0) } }
            guard !chosen.isEmpty, let lines = run(tool, chosen.map { result[$0] }), lines.count == chosen.count else {
                continue
            }
            for (index, line) in zip(chosen, lines) { result[index] = line }
        }
        return result
    }

    private static func run(_ tool: [String], _ lines: [String]) -> [String]? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = tool
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        // A backtrace has a few names: they fit into the pipe.
        try? input.fileHandleForWriting.write(contentsOf: Data((lines.joined(separator: "\n") + "\n").utf8))
        try? input.fileHandleForWriting.close()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
}
