//! What `cargo xtask test` runs, in order, cheapest first. A failure does not keep the later ones from running.

use std::time::Instant;

use crate::shell::{self, Result, Steps, cargo};
use crate::tools::{Need, Tools, WASM};
use crate::{floors, page};

/// One named check.
struct Check {
    /// Its name on the command line.
    name: &'static str,
    /// What it makes sure of.
    about: &'static str,
    /// What has to be on the machine.
    needs: &'static [Need],
    /// Runs it; the flag is `--full`.
    run: fn(&Tools, full: bool) -> Result,
}

/// Every check. The page and the package for other pages run in browsers alone, so they are compiled for [`WASM`] only.
const CHECKS: &[Check] = &[
    Check {
        name: "format",
        about: "the code is formatted",
        needs: &[],
        run: |_, _| shell::run(&mut cargo("fmt --all --check")),
    },
    Check {
        name: "floors",
        about: "no floor of the core imports a later one",
        needs: &[],
        run: |_, _| {
            ["core/quantum/src", "core/src"]
                .iter()
                .try_for_each(|src| floors::check(&shell::root().join(src)))
        },
    },
    Check { name: "clippy", about: "Clippy has nothing to say", needs: &[Need::WasmTarget], run: clippy },
    Check {
        name: "docs",
        about: "the documentation builds without a warning",
        needs: &[Need::WasmTarget],
        run: docs,
    },
    Check {
        name: "native",
        about: "unit, property and whole-run tests on this machine",
        needs: &[],
        run: native,
    },
    Check {
        name: "wasm",
        about: "the tests of whole runs, as wasm in headless Chromium",
        needs: &[Need::WasmTarget, Need::WasmBindgen, Need::Browser],
        run: wasm,
    },
    Check {
        name: "build",
        about: "the page builds into dist/",
        needs: Need::PAGE,
        run: |tools, _| page::bundle(tools, "./"),
    },
    Check {
        name: "page",
        about: "the page in dist/ works in headless Chromium, under a sub-path",
        needs: &[Need::Packages, Need::Browser],
        run: page_tests,
    },
];

/// The packages that run on this machine.
const NATIVE: &str =
    "--workspace --exclude keyway-web --exclude keyway-page --exclude keyway-worker --exclude keyway-embed";

/// Whether there is a check of this name.
pub fn exists(name: &str) -> bool {
    CHECKS.iter().any(|check| check.name == name)
}

/// Runs the checks named in `only`, or all if it is empty, and prints how long each took.
///
/// # Errors
/// Names the checks that failed; why stands in what was printed.
pub fn run(full: bool, only: &[String]) -> Result {
    let chosen = |check: &&Check| only.is_empty() || only.iter().any(|name| name == check.name);
    let checks: Vec<_> = CHECKS.iter().filter(chosen).collect();
    let needed = |need: &Need| checks.iter().any(|check| check.needs.contains(need));
    let needs: Vec<_> = Need::ALL.into_iter().filter(needed).collect();

    let mut steps = Steps::new(needs.len() + checks.len());
    let tools = Tools::ready(&needs, &mut steps)?;
    let (mut summary, mut failed) = (String::new(), Vec::new());
    for check in checks {
        steps.next(&format!("{}: {}", check.name, check.about));
        let start = Instant::now();
        let outcome = (check.run)(&tools, full);
        let line = format!(
            "{:>8.1} s  {}: {}\n",
            start.elapsed().as_secs_f64(),
            check.name,
            outcome.as_ref().err().map_or("ok", String::as_str)
        );
        print!("{line}");
        summary += &line;
        if outcome.is_err() {
            failed.push(check.name);
        }
    }
    print!("\n{summary}");
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
}

/// Lints every target of every package, warnings being errors.
fn clippy(_: &Tools, _: bool) -> Result {
    let native = "--all-targets --all-features --locked -- -D warnings";
    let browser = "clippy -p keyway-web -p keyway-page -p keyway-worker -p keyway-embed -p keyway-tests --all-targets --locked --target";
    shell::run(&mut cargo(&format!("clippy {NATIVE} {native}")))?;
    shell::run(cargo(browser).args([WASM, "--", "-D", "warnings"]))
}

/// Builds the documentation of our own packages, warnings being errors.
fn docs(_: &Tools, _: bool) -> Result {
    let strict = |words: &str| {
        let mut command = cargo(words);
        command.env("RUSTDOCFLAGS", "-Dwarnings");
        command
    };
    shell::run(&mut strict(&format!("doc {NATIVE} --all-features --no-deps --locked")))?;
    shell::run(strict("doc -p keyway-web -p keyway-embed --no-deps --locked --target").arg(WASM))
}

/// Runs the native tests; with `full` also those marked `#[ignore]`.
fn native(_: &Tools, full: bool) -> Result {
    let tests = format!("test {NATIVE} --locked");
    shell::run(&mut cargo(&tests))?;
    // What of the page needs no browser.
    shell::run(&mut cargo("test -p keyway-web --lib --locked"))?;
    if full {
        shell::run(&mut cargo(&format!("{tests} --lib --bins --tests -- --ignored")))?;
    }
    Ok(())
}

/// Runs the tests of whole runs in a browser. A run takes longer than the 20 s that a test has by default.
fn wasm(tools: &Tools, _: bool) -> Result {
    let mut command = cargo("test -p keyway-tests --locked --target");
    command.arg(WASM).env("WASM_BINDGEN_TEST_TIMEOUT", "300");
    shell::run(tools.equip(&mut command)?)
}

/// Runs the tests of the built page, file by file: each has a browser of its own.
fn page_tests(tools: &Tools, _: bool) -> Result {
    let folder = shell::root().join("tests/page");
    let entries = std::fs::read_dir(&folder).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
    let entries = entries.map_err(|error| format!("{} cannot be read: {error}", folder.display()))?;
    let mut files: Vec<_> = entries.into_iter().map(|entry| entry.path()).collect();
    files.retain(|file| file.to_str().is_some_and(|name| name.ends_with(".test.mjs")));
    files.sort();
    let mut node = shell::command("node", "--test --test-concurrency=1 --test-reporter=spec");
    shell::run(tools.equip(node.args(files))?)
}
