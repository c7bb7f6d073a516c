//! The binary `doorstep`: hands the command line to the library.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    doorstep_server::cli::main()
}
