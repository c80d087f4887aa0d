//! The page: built by Trunk as `Trunk.toml` says, served from this machine.

use std::net::{Ipv4Addr, TcpListener};
use std::process::{Command, ExitCode};

use crate::shell::{self, Result, Steps};
use crate::tools::{Need, Tools};

/// Installs what is missing, builds the page for release and serves it on the loopback interface until stopped.
///
/// # Errors
/// When the port is taken, or something cannot be installed or built.
pub fn serve(port: u16) -> Result<ExitCode> {
    // Before the build, which takes minutes the first time. Port 0 means any free one.
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .and_then(|listener| listener.local_addr())
        .map_err(|error| {
            format!("port {port} of 127.0.0.1 cannot be used ({error}); choose another with --port")
        })?
        .port();
    let mut steps = Steps::new(Need::PAGE.len() + 1);
    let tools = Tools::ready(Need::PAGE, &mut steps)?;
    steps.next(&format!("page: building, then served at http://127.0.0.1:{port}/ until Ctrl-C"));
    shell::hand_over(trunk(&tools, "serve --release --address 127.0.0.1 --port")?.arg(port.to_string()))
}

/// Installs what is missing and writes the static site to `dist/`, each address in it prefixed with `public_url`.
///
/// # Errors
/// When something cannot be installed or built.
pub fn build(public_url: &str) -> Result {
    let mut steps = Steps::new(Need::PAGE.len() + 1);
    let tools = Tools::ready(Need::PAGE, &mut steps)?;
    steps.next("page: building into dist/");
    bundle(&tools, public_url)
}

/// Builds the page for release with tools that are there.
///
/// # Errors
/// When the build fails.
pub fn bundle(tools: &Tools, public_url: &str) -> Result {
    shell::run(trunk(tools, "build --release --public-url")?.arg(public_url))
}

/// `trunk` with `words` as its arguments; it finds its own tools on `PATH` and fetches nothing.
fn trunk(tools: &Tools, words: &str) -> Result<Command> {
    let mut trunk = shell::command("trunk", words);
    // Trunk reads NO_COLOR as a truth value and refuses the customary NO_COLOR=1.
    tools.equip(trunk.env("TRUNK_OFFLINE", "true").env_remove("NO_COLOR"))?;
    Ok(trunk)
}
