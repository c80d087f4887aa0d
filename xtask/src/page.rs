//! The page: built by Trunk as `Trunk.toml` says, served from this machine.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::shell::{self, Result, Steps};
use crate::tools::{Need, Tools, WASM};

/// Cargo's profile of what visitors load.
const PROFILE: &str = "page";

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

/// Completes what Trunk has built, before Trunk puts it into `dist/`: adds the package for other pages, and what only
/// the whole build can know (`xtask/finish.mjs`). It is Trunk's `post_build` hook, so that `build`, `serve` with its
/// rebuilds and a plain `trunk serve` all give the same site; `dist/` itself belongs to Trunk, which empties it.
///
/// # Errors
/// When Trunk did not call it, or something cannot be built or written.
pub fn finish() -> Result {
    let told = |name| std::env::var_os(name).ok_or_else(|| format!("{name} is not set: Trunk calls this"));
    let (staging, release) = (PathBuf::from(told("TRUNK_STAGING_DIR")?), told("TRUNK_PROFILE")? == "release");
    // Under `cargo xtask` they are there; after a plain `trunk serve`, which fetches its own, perhaps not.
    let needs = [Need::WasmTarget, Need::WasmBindgen, Need::Packages];
    let tools = Tools::ready(&needs, &mut Steps::new(needs.len()))?;
    package(&tools, release, &staging.join("embed"))?;
    let profile = if release { "release" } else { "debug" };
    shell::run(shell::command("node", "xtask/finish.mjs").arg(&staging).arg(profile))
}

/// Builds the package for other pages and writes it to the folder `to`.
fn package(tools: &Tools, release: bool, to: &Path) -> Result {
    let (flag, profile) = if release { ("--profile page", PROFILE) } else { ("", "debug") };
    shell::run(shell::cargo(&format!("build -p keyway-embed --locked {flag} --target")).arg(WASM))?;
    let target = shell::target()?;
    let wasm = target.join(WASM).join(profile).join("keyway_embed.wasm");

    // Optimising takes longer than all else: it is done again only if cargo has linked again.
    let kept = target.join("embed").join(profile);
    let changed = |file: &Path| file.metadata().and_then(|about| about.modified()).ok();
    if changed(&kept.join("keyway_bg.wasm")).is_none_or(|done| changed(&wasm).is_none_or(|new| new >= done)) {
        let mut bindgen = shell::command("wasm-bindgen", "--target web --out-name keyway --out-dir");
        shell::run(tools.equip(bindgen.arg(&kept).arg(&wasm))?)?;
        if release {
            let mut optimise = shell::command("wasm-opt", "-O3 -o");
            let file = kept.join("keyway_bg.wasm");
            shell::run(tools.equip(optimise.arg(&file).arg(&file))?)?;
        }
    }

    let written = |error| format!("{} cannot be written: {error}", to.display());
    fs::create_dir_all(to).map_err(written)?;
    for file in ["keyway.js", "keyway.d.ts", "keyway_bg.wasm"] {
        fs::copy(kept.join(file), to.join(file)).map_err(written)?;
    }
    let root = shell::root();
    // The licences go with every copy.
    for file in ["embed/README.md", "LICENSE-MIT", "LICENSE-APACHE", "NOTICE"] {
        fs::copy(root.join(file), to.join(file.trim_start_matches("embed/"))).map_err(written)?;
    }
    let manifest = fs::read_to_string(root.join("embed/package.json"))
        .map_err(|error| format!("embed/package.json cannot be read: {error}"))?;
    // The workspace's one version number, which xtask bears too.
    let manifest = manifest.replace("\"0.0.0\"", &format!("\"{}\"", env!("CARGO_PKG_VERSION")));
    fs::write(to.join("package.json"), manifest).map_err(written)
}

/// `trunk` with `words` as its arguments; it finds its own tools on `PATH` and fetches nothing.
fn trunk(tools: &Tools, words: &str) -> Result<Command> {
    let mut trunk = shell::command("trunk", words);
    // Trunk reads NO_COLOR as a truth value and refuses the customary NO_COLOR=1.
    trunk.env("TRUNK_OFFLINE", "true").env("TRUNK_BUILD_CARGO_PROFILE", PROFILE).env_remove("NO_COLOR");
    tools.equip(&mut trunk)?;
    Ok(trunk)
}
