//! Running other programs from the repository's root, and saying how far a command has come.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

/// A result whose error is a sentence for the person at the terminal.
pub type Result<T = ()> = std::result::Result<T, String>;

/// The repository's root. Asked when run, for one build may serve two checkouts that share a target folder.
pub fn root() -> PathBuf {
    let own = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let mut root = PathBuf::from(own);
    root.pop();
    root
}

/// The folder into which cargo builds, wherever the environment or a configuration file has put it.
///
/// # Errors
/// When cargo does not say.
pub fn target() -> Result<PathBuf> {
    let about = output(&mut cargo("metadata --no-deps --format-version 1 --locked"));
    let folder = about.as_deref().and_then(|about| {
        let (_, rest) = about.split_once("\"target_directory\":\"")?;
        Some(rest.split_once('"')?.0.replace(r"\\", r"\")) // JSON writes Windows' separator twice
    });
    folder.map(PathBuf::from).ok_or_else(|| "`cargo metadata` does not say where it builds".into())
}

/// `program` in the repository's root, with `words` as its arguments, split at spaces.
pub fn command(program: impl AsRef<OsStr>, words: &str) -> Command {
    let mut command = Command::new(program);
    command.args(words.split_whitespace()).current_dir(root());
    command
}

/// The cargo that runs this program, with `words` as its arguments, split at spaces.
pub fn cargo(words: &str) -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), words)
}

/// Runs a program to its end, with its output on the terminal.
///
/// # Errors
/// When it cannot be started or fails.
pub fn run(command: &mut Command) -> Result {
    let status = command.status().map_err(|error| format!("`{}` did not start: {error}", line(command)))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status})", line(command))) }
}

/// What a program prints on its standard output; `None` when it cannot be started or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}

/// Lets a program take this one's place, so that its signals and its exit code are its own.
///
/// # Errors
/// When it cannot be started.
pub fn hand_over(command: &mut Command) -> Result<ExitCode> {
    #[cfg(unix)]
    let error = std::os::unix::process::CommandExt::exec(command);
    #[cfg(not(unix))]
    let error = match command.status() {
        Ok(status) => return Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }),
        Err(error) => error,
    };
    Err(format!("`{}` did not start: {error}", line(command)))
}

/// The first of `names` found in a folder of `PATH`.
pub fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<_> = std::env::split_paths(&path).collect();
    let file = |name: &&str| format!("{name}{}", std::env::consts::EXE_SUFFIX);
    names.iter().map(file).find_map(|file| folders.iter().map(|f| f.join(&file)).find(|f| f.is_file()))
}

/// A program with its arguments, as one would type it.
fn line(command: &Command) -> String {
    let words: Vec<_> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect();
    words.join(" ")
}

/// Numbers what a command does: `[2/5] wasm-bindgen 0.2.130: already there`.
pub struct Steps {
    done: usize,
    of: usize,
}

impl Steps {
    /// For a command of `of` steps.
    pub fn new(of: usize) -> Self {
        Self { done: 0, of }
    }

    /// Says what the next step is about.
    pub fn next(&mut self, what: &str) {
        self.done += 1;
        println!("[{}/{}] {what}", self.done, self.of);
    }
}
