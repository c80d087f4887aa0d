//! What has to be on the machine before the page can be built and tested: found, or installed by version.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shell::{self, Result, Steps};

/// Rust's name of the browser's machine.
pub const WASM: &str = "wasm32-unknown-unknown";

/// The bundler of the page. 0.22 wants a newer compiler than `rust-version` in `Cargo.toml`.
const TRUNK: &str = "0.21.14";

/// Where Debian keeps what [`Need::Browser`] names; the font is for text in screenshots.
const DEBIAN_PACKAGES: &str = "chromium chromium-driver fonts-dejavu-core";

/// Something that a command needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The compiler's standard library for [`WASM`].
    WasmTarget,
    /// `wasm-bindgen` and its test runner, at the version of the library in `Cargo.lock`.
    WasmBindgen,
    /// `trunk`.
    Trunk,
    /// The npm packages of `package-lock.json`.
    Packages,
    /// Chromium and ChromeDriver.
    Browser,
}

impl Need {
    /// Every need, in the order in which they are met.
    pub const ALL: [Self; 5] =
        [Self::WasmTarget, Self::WasmBindgen, Self::Trunk, Self::Packages, Self::Browser];

    /// What building the page needs.
    pub const PAGE: &[Self] = &[Self::WasmTarget, Self::WasmBindgen, Self::Trunk, Self::Packages];
}

/// Where the tools are that have been found or installed so far.
#[derive(Default)]
pub struct Tools {
    /// Folders that come before those of `PATH`.
    folders: Vec<PathBuf>,
    /// Chromium and ChromeDriver, once [`Need::Browser`] is met.
    browser: Option<(PathBuf, PathBuf)>,
}

impl Tools {
    /// Meets `needs`, one step each.
    ///
    /// # Errors
    /// When something is missing and cannot be installed; says what a person can do about it.
    pub fn ready(needs: &[Need], steps: &mut Steps) -> Result<Self> {
        let mut tools = Self::default();
        for need in needs {
            match need {
                Need::WasmTarget => wasm_target(steps)?,
                Need::WasmBindgen => {
                    let lock = std::fs::read_to_string(shell::root().join("Cargo.lock"))
                        .map_err(|error| format!("Cargo.lock cannot be read: {error}"))?;
                    let version = locked_version(&lock, "wasm-bindgen")
                        .ok_or("Cargo.lock names no wasm-bindgen: the page's crate is missing from it")?;
                    // Its own lock file names a release of webpki-roots that not every registry mirror has.
                    tools.cargo_tool("wasm-bindgen", "wasm-bindgen-cli", version, false, steps)?;
                }
                Need::Trunk => tools.cargo_tool("trunk", "trunk", TRUNK, true, steps)?,
                Need::Packages => tools.packages(steps)?,
                Need::Browser => tools.browser(steps)?,
            }
        }
        Ok(tools)
    }

    /// `command` with the tools on its `PATH` and the browser in its environment.
    pub fn equip<'a>(&self, command: &'a mut Command) -> Result<&'a mut Command> {
        let old = std::env::var_os("PATH").unwrap_or_default();
        let folders = self.folders.iter().cloned().chain(std::env::split_paths(&old));
        let path =
            std::env::join_paths(folders).map_err(|error| format!("PATH cannot be extended: {error}"))?;
        if let Some((chromium, driver)) = &self.browser {
            command.env("CHROMIUM", chromium).env("CHROMEDRIVER", driver);
        }
        Ok(command.env("PATH", path))
    }

    /// Finds `name` at exactly `version` on `PATH` or among the kept tools, or fetches or builds it from `package`.
    fn cargo_tool(
        &mut self,
        name: &str,
        package: &str,
        version: &str,
        locked: bool,
        steps: &mut Steps,
    ) -> Result {
        let fits = |program: &Path| {
            shell::output(Command::new(program).arg("--version"))
                .is_some_and(|says| says.split_whitespace().any(|word| word == version))
        };
        let kept = tool_folder()?.join(format!("{name}-{version}"));
        self.folders.push(kept.join("bin"));
        if fits(Path::new(name)) || fits(&kept.join("bin").join(name)) {
            steps.next(&format!("{name} {version}: already there"));
            return Ok(());
        }
        steps.next(&format!("{name} {version}: installing into {}", kept.display()));
        if shell::on_path(&["cargo-binstall"]).is_some() {
            let words =
                format!("binstall --no-confirm --disable-strategies compile {package}@{version} --root");
            if shell::run(shell::cargo(&words).arg(&kept)).is_ok() {
                return Ok(());
            }
        }
        println!("      building it from source, once: this takes some minutes");
        let lock = if locked { "--locked" } else { "" };
        shell::run(shell::cargo(&format!("install {package} --version {version} {lock} --root")).arg(&kept))
    }

    /// Installs the npm packages if need be, and takes their programs (`wasm-opt`).
    fn packages(&mut self, steps: &mut Steps) -> Result {
        let state = if packages_are_fresh() { "already there" } else { "installing" };
        steps.next(&format!("npm packages: {state}"));
        install_stale_packages()?;
        self.folders.push(shell::root().join("node_modules").join(".bin"));
        Ok(())
    }

    /// Finds the browser, or installs it where that is ours to do.
    fn browser(&mut self, steps: &mut Steps) -> Result {
        self.browser = find_browser();
        if self.browser.is_some() {
            steps.next("Chromium and ChromeDriver: already there");
            return Ok(());
        }
        if !may_use_apt() {
            return Err(format!(
                "Chromium and ChromeDriver are not on PATH. On Debian: \
                 sudo apt-get update && sudo apt-get install -y --no-install-recommends {DEBIAN_PACKAGES}. \
                 Elsewhere install both at one version, and name them in CHROMIUM and CHROMEDRIVER if they are not on PATH"
            ));
        }
        steps.next("Chromium and ChromeDriver: installing Debian's");
        shell::run(&mut shell::command("apt-get", "update"))?;
        let words = format!("install -y --no-install-recommends {DEBIAN_PACKAGES}");
        shell::run(shell::command("apt-get", &words).env("DEBIAN_FRONTEND", "noninteractive"))?;
        self.browser = find_browser();
        self.browser
            .is_some()
            .then_some(())
            .ok_or_else(|| "Debian's Chromium is installed but not on PATH".into())
    }
}

/// Runs `npm ci` if the installed packages are missing or older than `package-lock.json`.
///
/// # Errors
/// When npm is missing or fails.
pub fn install_stale_packages() -> Result {
    if packages_are_fresh() {
        return Ok(());
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    shell::run(&mut shell::command(npm, "ci --no-audit --no-fund"))
        .map_err(|error| format!("{error}; Node.js 20 or newer with npm is needed (https://nodejs.org)"))
}

/// Whether npm has installed since `package-lock.json` last changed. npm writes the hidden lock file last.
fn packages_are_fresh() -> bool {
    let changed = |file| shell::root().join(file).metadata().and_then(|about| about.modified());
    match (changed("node_modules/.package-lock.json"), changed("package-lock.json")) {
        (Ok(installed), Ok(wanted)) => installed >= wanted,
        _ => false,
    }
}

/// Adds the wasm target to the active toolchain.
fn wasm_target(steps: &mut Steps) -> Result {
    let sysroot =
        shell::output(&mut shell::command("rustc", "--print sysroot")).ok_or("rustc does not run")?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(WASM).is_dir() {
        steps.next(&format!("{WASM}: already there"));
        return Ok(());
    }
    steps.next(&format!("{WASM}: adding it to the toolchain"));
    shell::run(shell::command("rustup", "target add").arg(WASM))
}

/// The folder in which built tools are kept.
fn tool_folder() -> Result<PathBuf> {
    std::env::var_os("KEYWAY_TOOLS")
        .map(PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".keyway-tools")))
        .ok_or_else(|| "there is no home folder to keep tools in: set KEYWAY_TOOLS".into())
}

/// Chromium and ChromeDriver, as the environment names them or as `PATH` has them.
fn find_browser() -> Option<(PathBuf, PathBuf)> {
    let named = |variable| std::env::var_os(variable).map(PathBuf::from);
    let chromium = || shell::on_path(&["chromium", "chromium-browser", "google-chrome", "chrome"]);
    let driver = || shell::on_path(&["chromedriver"]);
    Some((named("CHROMIUM").or_else(chromium)?, named("CHROMEDRIVER").or_else(driver)?))
}

/// Whether this is Debian and we are root.
fn may_use_apt() -> bool {
    let system = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let user = shell::output(Command::new("id").arg("-u")).unwrap_or_default();
    system.lines().any(|line| line == "ID=debian") && user.trim() == "0"
}

/// The version of `package` in the text of a `Cargo.lock`.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name).skip(1);
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_names_the_version() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.1.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }
}
