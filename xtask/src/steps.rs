//! Building and serving the page, and the terminal program.

use super::tools::{self, run};
use std::process::Command;

/// A step with its number, so that one sees how far it is.
fn step(number: u32, of: u32, what: &str) {
    println!("[{number}/{of}] {what}");
}

fn prepared_trunk(of: u32) -> Result<Command, String> {
    step(1, of, "tools");
    tools::wasm_target()?;
    let folders = [tools::trunk()?, tools::wasm_bindgen()?];
    step(2, of, "npm packages");
    let npm = tools::npm()?;
    let [trunk, bindgen] = folders;
    let mut command = Command::new("trunk");
    // Trunk must not fetch tools of its own: those above are the right ones.
    command.env("PATH", tools::path_with(&[trunk, bindgen, npm])).env("TRUNK_OFFLINE", "true").env_remove("NO_COLOR");
    Ok(command)
}

/// Writes the static site to `dist/`.
///
/// # Errors
/// When a tool cannot be had or the build fails.
pub fn build() -> Result<(), String> {
    let mut trunk = prepared_trunk(3)?;
    step(3, 3, "building the page (release)");
    run(trunk.args(["build", "--release"]))?;
    println!("      dist/ is ready");
    Ok(())
}

/// Builds the page and serves it on this machine.
///
/// # Errors
/// When a tool cannot be had, the build fails or the port is taken.
pub fn serve(args: &[String]) -> Result<(), String> {
    let port = match args {
        [] => 8080,
        [flag, port] if flag == "--port" => {
            port.parse::<u16>().map_err(|_| format!("--port {port}: expected 1 to 65535"))?
        }
        _ => return Err("serve takes only --port N".into()),
    };
    let mut trunk = prepared_trunk(3)?;
    step(3, 3, &format!("building the page (release), then serving it at http://127.0.0.1:{port}/"));
    run(trunk.args(["serve", "--release", "--address", "127.0.0.1", "--port", &port.to_string()]))
}

/// Runs the terminal program.
///
/// # Errors
/// When it fails.
pub fn keyway(args: &[String]) -> Result<(), String> {
    let flags = ["run", "--quiet", "--release", "-p", "keyway-core", "--features", "cli", "--bin", "keyway", "--"];
    run(Command::new("cargo").args(flags).args(args))
}
