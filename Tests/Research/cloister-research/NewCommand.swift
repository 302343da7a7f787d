import ArgumentParser
import BackendKit
import Foundation
import TestSupport

extension ResearchCommand {
    struct New: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "new", abstract: "Begin a backend of your own, an enclave in C, in a folder of its name.",
            discussion: "It is compiled against the sources of the checkout that this program was built from.")
        @Argument(help: "Its name: a-z, 0-9 and -.") var name: String
        @Option(name: .customLong("in"), help: "The folder in which its folder is made.") var parent = "."
        @OptionGroup var output: Output

        func run() throws {
            try ending {
                let description = BackendDescription(
                    name: name, about: "An enclave in C, by us", seam: .enclave,
                    command: [
                        "{programs}/enclave-host", "--enclave", "{folder}/enclave", "--state", "{state}",
                        "--query-lanes", "{lanes}",
                    ], root: BackendDescription.core.root, lacks: BackendDescription.core.lacks)
                try description.check()
                let folder = URL(fileURLWithPath: parent).appendingPathComponent(name)
                guard !FileManager.default.fileExists(atPath: folder.path) else {
                    throw Ending(status: Ending.notAsItShouldBe, text: "\(folder.path) is there already")
                }
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                let json = String(decoding: try encoder.encode(description), as: UTF8.self) + "\n"
                let files = [
                    (BackendDescription.fileName, json), ("main.c", Self.program), ("Makefile", Self.makefile),
                ]
                for (file, text) in files {
                    try text.write(to: folder.appendingPathComponent(file), atomically: true, encoding: .utf8)
                }
                try output.say(
                    ["folder": folder.path, "next": "make -C \(folder.path)"],
                    """
                    \(folder.path): backend.json, main.c, Makefile
                    make -C \(folder.path)
                    cloister-research run \(folder.path)
                    """)
            }
        }

        private static let program = """
            // An enclave in C. core.h and backend.h say what there is; docs/backends.md how to go on.
            #include <core.h>

            /// Evidence for 64 bytes that the enclave chose. Another machine than enclave-host quotes here.
            static size_t quote(const uint8_t report_data[64], uint8_t *quote) {
                return platform_quote(report_data, quote);
            }

            int main(void) {
                struct core_ways ways = core_honest;
                ways.quote = quote;
                return core_run(&ways);
            }

            """

        private static let makefile = """
            # CLOISTER is the checkout.
            CLOISTER ?= \(Repository.root.path)
            KIT := $(CLOISTER)/Tests/Research/CBackend
            MESSAGES := $(CLOISTER)/Sources/Boundary/CBoundaryMessages
            RUNTIME := $(CLOISTER)/Sources/Enclave/CEnclaveRuntime
            SOURCES := main.c $(wildcard $(KIT)/*.c $(MESSAGES)/*.c $(RUNTIME)/*.c)

            enclave: $(SOURCES)
            \t$(CC) -std=gnu17 -O1 -g -Wall -Wextra -I$(KIT)/include -I$(MESSAGES)/include -I$(RUNTIME)/include \\
            \t\t-o $@ $(SOURCES) -lprotobuf-c -lsodium -lcrypto -lpthread

            """
    }
}
