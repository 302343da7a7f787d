import ChainInterface
import StrictJSON

extension FoundingCeremony {
    /// Writes accounts into the draft that are not in it yet.
    ///
    /// - Returns: how many it has now.
    package func add(_ accounts: [FirstGenesis.Account]) throws -> Int {
        var (document, _) = try readDraft(home.foundingDraft)
        let known = document.appState["auth"]?["accounts"]?.array ?? []
        for account in accounts where known.contains(where: { $0["address"]?.string == account.address }) {
            throw NodeFault("\(account.address) is in the draft already", path: home.foundingDraft)
        }
        let (list, balances) = FirstGenesis.parts(of: accounts, from: known.count)
        document.appState = document.appState.appending(list, to: ["auth", "accounts"])
            .appending(balances, to: ["bank", "balances"])
        try document.checked().write(home.foundingDraft)
        return known.count + accounts.count
    }
}

extension JSONValue {
    /// The same with more at the end of the list that stands under these names.
    fileprivate func appending(_ elements: [JSONValue], to path: [String]) -> JSONValue {
        guard let name = path.first else { return .array((array ?? []) + elements) }
        return .object(
            (object ?? []).map { ($0, $0 == name ? $1.appending(elements, to: Array(path.dropFirst())) : $1) })
    }
}
