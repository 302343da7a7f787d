// swift-tools-version: 6.0
// For editors, which complete and jump with it, and for `swift test`. What goes on chain is built by
// `cloister contract build`. Run that or `cloister contract test` first, and again after a message has changed: it
// writes the coding of messages.
import PackageDescription

let package = Package(
    name: "NAME",
    targets: [
        .testTarget(
            name: "ContractTests", path: ".",
            exclude: [
                "README.md", "Makefile", "contract/leaks", "cloister-sdk/sdk/wasm", "cloister-sdk/runtime",
                "cloister-sdk/tools", "cloister-sdk/rules.mk",
            ],
            sources: ["contract", "cloister-sdk/sdk", "cloister-sdk/testkit", "build/contract/MessageCoding.swift"],
            swiftSettings: [.define("PACKAGE_TESTS")])
    ])
