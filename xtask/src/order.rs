//! The order of the floors: a floor imports only floors whose `mod` line in `core/src/lib.rs` comes before its own.

use std::fs;
use std::path::{Path, PathBuf};

/// Checks every file of the core.
///
/// # Errors
/// Each import of a floor above, with file and line.
pub fn check(root: &Path) -> Result<(), String> {
    let src = root.join("core/src");
    let lib = fs::read_to_string(src.join("lib.rs")).map_err(|e| format!("core/src/lib.rs: {e}"))?;
    let floors: Vec<&str> =
        lib.lines().filter_map(|l| l.strip_prefix("pub mod ")).filter_map(|l| l.strip_suffix(';')).collect();
    let mut wrong = Vec::new();
    for (own, floor) in floors.iter().enumerate() {
        for file in rust_files(&src.join(floor)) {
            let text = fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
            for (number, line) in text.lines().enumerate() {
                for name in imported(line) {
                    if floors.iter().position(|f| *f == name).is_some_and(|other| other > own) {
                        wrong.push(format!("{}:{}: `{floor}` imports `{name}`", file.display(), number + 1));
                    }
                }
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("a floor imports a floor above it:\n{}", wrong.join("\n"))) }
}

/// The floors that a line names behind `crate::`, also in `crate::{a, b::c}`.
fn imported(line: &str) -> Vec<&str> {
    let code = line.split("//").next().unwrap_or_default();
    let mut names = Vec::new();
    for rest in code.split("crate::").skip(1) {
        let word = |s: &'_ str| s.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(s.len());
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut start = 0;
            for (i, c) in list.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' | ',' if depth == 0 => {
                        let item = list[start..i].trim();
                        names.push(&item[..word(item)]);
                        start = i + 1;
                        if c == '}' {
                            break;
                        }
                    }
                    '}' => depth -= 1,
                    _ => {}
                }
            }
        } else {
            names.push(&rest[..word(rest)]);
        }
    }
    names
}

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    #[test]
    fn imports_are_found_in_both_forms() {
        assert_eq!(super::imported("use crate::kmm::{Kmm, Pool};"), ["kmm"]);
        assert_eq!(super::imported("use crate::{kmm, link::{A, B}, road::x};"), ["kmm", "link", "road"]);
        assert!(super::imported("// crate::road").is_empty());
    }
}
