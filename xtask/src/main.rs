//! Keyway's own commands, run as `cargo xtask COMMAND`; [`HELP`] lists them.
//!
//! * [`floors`]: the house order, checked.
//! * [`checks`]: everything that `cargo xtask test` runs, in order.
//! * [`page`]: the page, built and served.
//! * [`tools`]: what has to be on the machine first, found or installed by version.
//! * [`shell`]: running other programs.
//!
//! Only the standard library is used, so that the first answer of a fresh checkout comes in seconds.

mod checks;
mod floors;
mod page;
mod shell;
mod tools;

use std::process::ExitCode;

use shell::Result;

/// What `cargo xtask --help` prints.
const HELP: &str = "\
Keyway's commands. What they need is installed by version and kept for the next time.

Usage: cargo xtask COMMAND

  serve [--port N]            build the page and serve it at http://127.0.0.1:N/ (8080)
  build [--public-url URL]    write the static site to dist/; as it is (./) it works under any path
  test [--full] [CHECK...]    run every check in order, or the named ones; --full adds the long tests
  keyway ARGS...              run the core from the terminal; try `cargo xtask keyway --help`
  packages                    install the npm packages if they are missing or out of date
  finish                      complete what Trunk has built; Trunk calls it itself

Checks: format floors clippy docs native wasm build page

Environment:
  KEYWAY_TOOLS    folder in which built tools are kept (~/.keyway-tools)
  CHROMIUM, CHROMEDRIVER    programs to use instead of those on PATH
";

/// A command with its options, as [`parse`] reads it.
#[derive(Debug, PartialEq, Eq)]
enum Task {
    /// Print [`HELP`].
    Help,
    /// Build the page and serve it on this port of the loopback interface.
    Serve {
        /// TCP port.
        port: u16,
    },
    /// Write the static site.
    Build {
        /// Prefix of every address that the page asks for.
        public_url: String,
    },
    /// Run the checks.
    Test {
        /// Also run the tests marked `#[ignore]`, which take long.
        full: bool,
        /// Names of the checks to run; empty for all.
        only: Vec<String>,
    },
    /// Run the terminal program with these arguments.
    Keyway(Vec<String>),
    /// Install the npm packages; `trunk` calls it before each build.
    Packages,
    /// Complete the site; `trunk` calls it after each build.
    Finish,
}

/// Reads the command line without the program's own name.
///
/// # Errors
/// Says which word is unknown, or which option lacks its value or has a bad one.
fn parse(args: impl IntoIterator<Item = String>) -> Result<Task> {
    let mut args = args.into_iter();
    let Some(command) = args.next() else { return Ok(Task::Help) };
    if command == "keyway" {
        return Ok(Task::Keyway(args.collect()));
    }
    let mut task = match command.as_str() {
        "help" | "--help" | "-h" => return Ok(Task::Help),
        "serve" => Task::Serve { port: 8080 },
        "build" => Task::Build { public_url: "./".into() },
        "test" => Task::Test { full: false, only: Vec::new() },
        "packages" => Task::Packages,
        "finish" => Task::Finish,
        other => return Err(format!("there is no command `{other}`; `cargo xtask --help` lists them")),
    };
    while let Some(word) = args.next() {
        match (&mut task, word.as_str()) {
            (_, "--help" | "-h") => return Ok(Task::Help),
            (Task::Serve { port }, "--port") => {
                let value = args.next().ok_or("--port wants a number")?;
                *port = value.parse().map_err(|_| format!("--port wants 0 to 65535, not `{value}`"))?;
            }
            (Task::Build { public_url }, "--public-url") => {
                *public_url = args.next().ok_or("--public-url wants an address")?;
            }
            (Task::Test { full, .. }, "--full") => *full = true,
            (Task::Test { only, .. }, name) if checks::exists(name) => only.push(word),
            (_, other) => {
                return Err(format!("`{command}` does not know `{other}`; see `cargo xtask --help`"));
            }
        }
    }
    Ok(task)
}

/// Does what the command line asks for.
fn perform(task: Task) -> Result<ExitCode> {
    match task {
        Task::Help => print!("{HELP}"),
        Task::Serve { port } => return page::serve(port),
        Task::Build { public_url } => page::build(&public_url)?,
        Task::Test { full, only } => checks::run(full, &only)?,
        Task::Keyway(args) => {
            return shell::hand_over(
                shell::cargo("run --release -p keyway-core --features cli --bin keyway --").args(args),
            );
        }
        Task::Packages => tools::install_stale_packages()?,
        Task::Finish => page::finish()?,
    }
    Ok(ExitCode::SUCCESS)
}

fn main() -> ExitCode {
    parse(std::env::args().skip(1)).and_then(perform).unwrap_or_else(|sentence| {
        eprintln!("error: {sentence}");
        ExitCode::FAILURE
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parses a command line written as one string.
    fn parsed(line: &str) -> Result<Task> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn options_are_read() {
        assert_eq!(parsed(""), Ok(Task::Help));
        assert_eq!(parsed("serve --port 9000"), Ok(Task::Serve { port: 9000 }));
        assert_eq!(parsed("build"), Ok(Task::Build { public_url: "./".into() }));
        assert_eq!(parsed("test clippy --full"), Ok(Task::Test { full: true, only: vec!["clippy".into()] }));
    }

    #[test]
    fn what_follows_keyway_is_left_alone() {
        assert_eq!(parsed("keyway run --help"), Ok(Task::Keyway(vec!["run".into(), "--help".into()])));
    }

    #[test]
    fn the_unknown_is_named() {
        for (line, word) in
            [("sing", "`sing`"), ("test clipy", "`clipy`"), ("serve --port x", "`x`"), ("build now", "`now`")]
        {
            assert!(parsed(line).is_err_and(|sentence| sentence.contains(word)), "{line}");
        }
    }
}
