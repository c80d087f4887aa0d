//! The house order: a floor of the core imports only itself and the floors whose `mod` line stands before its own.
//!
//! The check is textual: it reads each `crate::name` and each `crate::{a, b}`. Lines of comment do not count, so a
//! doc comment may point upstairs.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::Result;

/// Checks every file below `src`, the folder of the crate's `lib.rs`.
///
/// # Errors
/// Lists each import from a later floor, one line each, or says which file cannot be read.
pub fn check(src: &Path) -> Result {
    let lib = read(&src.join("lib.rs"))?;
    let floors = floors(&lib);
    let mut breaches = Vec::new();
    for (own, floor) in floors.iter().enumerate() {
        for file in rust_files(src, floor)? {
            for (line, name) in imports(&read(&file)?) {
                if floors.iter().skip(own + 1).any(|later| *later == name) {
                    breaches.push(format!("{}:{line}: `{floor}` imports `crate::{name}`", file.display()));
                }
            }
        }
    }
    if breaches.is_empty() {
        return Ok(());
    }
    Err(format!(
        "a floor may import only floors above its own `mod` line in lib.rs:\n{}",
        breaches.join("\n")
    ))
}

/// The names of the `mod name;` lines, in their order.
fn floors(lib: &str) -> Vec<&str> {
    let names = lib.lines().map(|line| line.strip_prefix("pub ").unwrap_or(line));
    names.filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';')).collect()
}

/// What the text takes from the crate's root: number of the line (from 1) and name of the module.
fn imports(text: &str) -> Vec<(usize, String)> {
    let code: String = text
        .lines()
        .map(|line| if line.trim_start().starts_with("//") { "\n".into() } else { format!("{line}\n") })
        .collect();
    let mut found = Vec::new();
    for (at, root) in code.match_indices("crate::") {
        if code[..at].ends_with(is_word) {
            continue; // the end of a longer name
        }
        let line = code[..at].matches('\n').count() + 1;
        found.extend(heads(&code[at + root.len()..]).into_iter().map(|name| (line, name)));
    }
    found
}

/// The first names of a path that starts here: one for `a::b`, several for `{a::b, c::{d, e}}`.
fn heads(path: &str) -> Vec<String> {
    let word = |text: &str| text.chars().take_while(|c| is_word(*c)).collect::<String>();
    if !path.starts_with('{') {
        return vec![word(path)];
    }
    let (mut names, mut depth) = (Vec::new(), 0);
    for (at, c) in path.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if depth == 1 && matches!(c, '{' | ',') {
            names.push(word(path[at + 1..].trim_start()));
        }
    }
    names.retain(|name| !name.is_empty()); // after a last comma
    names
}

/// Whether `c` can be part of a name.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// `floor.rs` and every Rust file below `floor/`, in the order of their paths.
fn rust_files(src: &Path, floor: &str) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![src.join(floor), src.join(format!("{floor}.rs"))];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
            let entries = entries.map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
            open.extend(entries.into_iter().map(|entry| entry.path()));
        } else if path.extension().is_some_and(|ending| ending == "rs") && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The text of a file.
fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_that_of_the_mod_lines() {
        assert_eq!(
            floors("//! mod x;\npub mod ground;\nmod link;\n\npub mod sim;\n"),
            ["ground", "link", "sim"]
        );
    }

    #[test]
    fn every_form_of_import_is_seen() {
        let text = "use crate::ground::id;\n/// [`crate::sim`]\nuse crate::{\n    link::{a, b},\n    kmm,\n};\n\
                    fn f() { $crate::zap::g(); mycrate::road(); }\npub(crate) fn h() {}\n";
        let names: Vec<_> = imports(text).into_iter().map(|(line, name)| format!("{line} {name}")).collect();
        assert_eq!(names, ["1 ground", "3 link", "3 kmm", "7 zap"]);
    }

    #[test]
    fn a_look_upstairs_is_reported_and_one_downstairs_is_not() -> std::io::Result<()> {
        let src = std::env::temp_dir().join(format!("keyway-floors-{}", std::process::id()));
        fs::create_dir_all(src.join("low"))?;
        fs::write(src.join("lib.rs"), "pub mod low;\npub mod high;\n")?;
        fs::write(src.join("high.rs"), "use crate::low;\n")?;
        fs::write(src.join("low/mod.rs"), "\n")?;
        assert_eq!(check(&src), Ok(()));
        fs::write(src.join("low/mod.rs"), "\nuse crate::high;\n")?;
        assert!(
            check(&src).is_err_and(|sentence| sentence.contains("mod.rs:2: `low` imports `crate::high`"))
        );
        fs::remove_dir_all(&src)
    }
}
