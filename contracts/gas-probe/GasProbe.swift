/// A contract that uses as much gas as it is told, for tests of what a call is charged (Secret Network protocol: test
/// vectors, gas expectations). Gas is the chain's, of a thousand wasm gas each; a call is charged its wasm gas in whole
/// units and one more.
///
/// instantiate `{"Nop":{}}`
/// execute, migrate `{"evaporate":{"amount":N}}` burns N, but no less than the 8 that burning costs;
///     `{"check_gas":{}}` answers with what has been used, and uses 33 more;
///     `{"use_exact":{"amount":N}}` uses 16 + N in all, from 200 on
enum GasProbe {
    enum Command {
        case evaporate(UInt32)
        case checkGas
        case useExact(UInt32)
    }

    /// Not inlined: all that was allocated for reading is given back before anything is measured.
    @inline(never)
    static func command(_ message: UInt32) throws(ContractError) -> Command {
        let variant = try JSONReader.parse(Region.take(message)).variant()
        if variant.name == "check_gas" { return .checkGas }
        let amount: UInt32 = try (variant.value.member("amount") ?? .null).integer("amount")
        switch variant.name {
        case "evaporate": return .evaporate(amount)
        case "use_exact": return .useExact(amount)
        default: throw ContractError("unknown message: " + variant.name)
        }
    }

    static func run(_ command: Command) -> UInt32 {
        switch command {
        case .evaporate(let amount):
            _ = gas_evaporate(amount)
            return response(nil)
        case .checkGas:
            let used = UInt32(truncatingIfNeeded: check_gas())
            let region = response(Text(decimal: used).utf8)
            return burn(upTo: used + 33, used: check_gas(), answering: region)
        case .useExact(let amount):
            let region = response(nil)
            return burn(upTo: amount + 16, used: wholeUnits(), answering: region)
        }
    }

    /// What has been used, at a moment when hardly a fraction of a unit is used beside.
    ///
    /// The chain answers in whole units, and asking costs 8 of them and a little: when an answer is 9 more than the one
    /// before, the fraction has just wrapped around.
    private static func wholeUnits() -> UInt64 {
        var used = check_gas()
        while true {
            let now = check_gas()
            if now - used == 9 { return now }
            used = now
        }
    }

    /// Burns what is missing, with nothing left to do but to return.
    private static func burn(upTo total: UInt32, used: UInt64, answering region: UInt32) -> UInt32 {
        _ = gas_evaporate(total - UInt32(truncatingIfNeeded: used))
        return region
    }

    /// Written by hand, since every instruction counts.
    @inline(never)
    static func response(_ data: [UInt8]?) -> UInt32 {
        let start: Text = "{\"Ok\":{\"messages\":[],\"attributes\":[],\"events\":[],\"data\":"
        guard let data else { return Region.give(start.utf8 + ("null}}" as Text).utf8) }
        return Region.give(start.utf8 + [UInt8(ascii: "\"")] + Base64.encode(data) + ("\"}}" as Text).utf8)
    }
}

@_expose(wasm, "interface_version_8") @_cdecl("interface_version_8")
public func interface_version_8() {}

@_expose(wasm, "instantiate") @_cdecl("instantiate")
public func instantiate(_ environment: UInt32, _ info: UInt32, _ message: UInt32) -> UInt32 { GasProbe.response(nil) }

@_expose(wasm, "migrate") @_cdecl("migrate")
public func migrate(_ environment: UInt32, _ message: UInt32) -> UInt32 {
    guard let command = try? GasProbe.command(message) else { return GasProbe.response(nil) }
    return GasProbe.run(command)
}

@_expose(wasm, "execute") @_cdecl("execute")
public func execute(_ environment: UInt32, _ info: UInt32, _ message: UInt32) -> UInt32 {
    do throws(ContractError) {
        return GasProbe.run(try GasProbe.command(message))
    } catch {
        return Region.give(JSON.object([.init("Err", .string(error.message))]).encoded)
    }
}
