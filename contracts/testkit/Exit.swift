import Glibc

func exitProcess(_ status: Int32) -> Never { exit(status) }
