@main
struct CloisterCommand {
    static func main() {}
}
