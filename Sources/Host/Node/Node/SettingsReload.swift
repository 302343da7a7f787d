import Dispatch
import Glibc
import LogLines
import Logging

/// Reads the settings again when the process is asked to by SIGHUP, and does what can be done while it runs: the level
/// of the log. Of other settings that changed it says that they wait for the next start.
package final class SettingsReload: @unchecked Sendable {
    // Made once; used by its own queue alone.
    private let source: any DispatchSourceSignal

    package init(
        _ home: NodeHome, since configuration: NodeConfiguration, threshold: LogThreshold, logger: Logger
    ) {
        // A handler that does nothing rather than an ignored signal, which programs that are started would inherit.
        signal(SIGHUP) { _ in }
        source = DispatchSource.makeSignalSource(signal: SIGHUP, queue: DispatchQueue(label: "settings"))
        source.setEventHandler {
            let new: NodeConfiguration
            do {
                new = try NodeConfiguration(path: home.configuration)
            } catch {
                logger.error("the settings are not read again", metadata: ["why": "\(NodeFault(error, in: home))"])
                return
            }
            threshold.level = new.logLevel
            var rest = new
            rest.logLevel = configuration.logLevel
            // Whatever the level is now: who asked should see what came of it.
            logger.log(
                level: max(new.logLevel, .notice), "settings read again",
                metadata: [
                    "log_level": "\(new.logLevel)",
                    "others": rest.text == configuration.text
                        ? "as at the start" : "changed; they hold from the next start",
                ])
        }
        source.activate()
    }

    /// Asks the node that runs in the folder to do so.
    package static func ask(_ home: NodeHome) throws {
        _ = try NodeConfiguration(path: home.configuration)
        guard let process = HomeLock.process(home), kill(process, SIGHUP) == 0 else {
            throw NodeFault(
                "no node runs in \(home.folder) that this user may signal", exit: .failed,
                remedy: "settings are read at a start anyway")
        }
    }
}
