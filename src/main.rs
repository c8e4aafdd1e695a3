//! The binary: calls the command line, nothing else.

fn main() -> std::process::ExitCode {
    standin::cli::main()
}
