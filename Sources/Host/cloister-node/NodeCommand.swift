@main
struct NodeCommand {
    static func main() {}
}
