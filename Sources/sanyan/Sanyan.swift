import ArgumentParser
import Hummingbird

@main struct Sanyan: AsyncParsableCommand { mutating func run() async throws { print("hi") } }
