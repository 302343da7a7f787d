import EnclaveProtocol

extension Event {
    /// The event on one line, for comparisons that a reader can check.
    package var line: String {
        "\(type){" + attributes.map { "\($0.key)=\($0.value)" }.joined(separator: ",") + "}"
    }
}
