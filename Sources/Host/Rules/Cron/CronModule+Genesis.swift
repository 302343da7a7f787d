import ChainMessages
import LedgerRecords
import ModuleKit
import SignedTransactions
import StateProofs
import StrictJSON
import Wire

extension CronModule {
    package func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws {
        let place = genesis["params"]
        let address = place["security_address"]
        let parameters = Cron.Params(
            securityAddress: try address.json == nil || address.text.isEmpty ? nil : address.address,
            limit: try place["limit"].json == nil ? CronModule.standard.limit : place["limit"].number)
        if let fault = CronModule.fault(of: parameters) { throw place.refusal(fault) }
        try state.set(parameters.encoded, of: CronModule.parametersKey, in: StoreName.cron)
        for place in try genesis["scheduleList"].elements {
            let last = place["last_execute_height"]
            let schedule = Schedule(
                name: try place["name"].text, period: try place["period"].number,
                msgs: try place["msgs"].elements.map {
                    .init(contract: try $0["contract"].address, msg: try $0["msg"].text)
                },
                lastExecuteHeight: try last.json == nil ? 0 : last.number)
            if let fault = CronModule.fault(of: schedule) { throw place.refusal(fault) }
            guard try CronModule.schedule(schedule.name, in: state) == nil else {
                throw place["name"].refusal("is listed twice")
            }
            try CronModule.save(schedule, on: state)
        }
    }

    /// Without schedules; see `notExported`.
    package func exportGenesis(from state: any LedgerReading) throws -> JSONValue? {
        let parameters = try CronModule.parameters(in: state)
        return [
            "params": [
                "security_address": .string(parameters.securityAddress?.description ?? ""),
                "limit": .text(parameters.limit),
            ],
            "scheduleList": [],
        ]
    }

    /// Contracts are not exported, so there is nobody to be called; and whoever makes another one at the same address
    /// in the new chain would be called in its name.
    package func notExported(from state: any LedgerReading) throws -> [String] {
        var count = 0
        try state.visit(StoreName.cron, prefix: CronModule.schedulePrefix) { _ in count += 1 }
        return count == 0 ? [] : ["\(count) schedules, whose contracts are not exported"]
    }

    /// Each schedule waits in its place, nothing else does, and no more is due than a block may owe.
    package func brokenInvariants(in state: any LedgerReading) throws -> [String] {
        var broken: [String] = []
        var (count, waiting, due) = (0, 0, 0)
        try state.visit(StoreName.cron, prefix: CronModule.schedulePrefix) { entry in
            let schedule = try Schedule(stored: entry, in: StoreName.cron)
            count += 1
            if let fault = CronModule.fault(of: schedule) { broken.append("the schedule \(schedule.name): \(fault)") }
            if try state.value(of: CronModule.queueKey(schedule), in: StoreName.cron) != Array(schedule.name.utf8) {
                broken.append("the schedule \(schedule.name) does not wait in its place")
            }
        }
        try state.visit(StoreName.cron, prefix: CronModule.queuePrefix) { _ in waiting += 1 }
        if waiting != count { broken.append("\(waiting) schedules wait, and there are \(count)") }
        try state.visit(StoreName.cron, prefix: CronStore.duePrefix) { _ in due += 1 }
        if due > CronModule.dueMax { broken.append("a block owes \(due) calls") }
        return broken
    }

    package var queries: [ModuleQuery] {
        typealias Query = Cron.Query
        return [
            ModuleQuery(Query.params) { _, state in .init(params: try CronModule.parameters(in: state)) },
            ModuleQuery(Query.schedule) { request, state in
                guard let schedule = try CronModule.schedule(request.name, in: state) else {
                    throw QueryRefusal.notFound("schedule not found")
                }
                return .init(schedule: schedule)
            },
            ModuleQuery(Query.schedules) { request, state in
                let (entries, page) = try PageRequest(request.pagination).page(
                    of: state, store: StoreName.cron, prefix: CronModule.schedulePrefix)
                return .init(
                    schedules: try entries.map { try Schedule(stored: $0, in: StoreName.cron) }, pagination: page)
            },
        ]
    }
}
