//! What the page says, in English: the one place for it. Plain words; a term of art comes with its one line of
//! explanation. One file an area of the page, one a panel; what several areas say stands here.
//!
//! Words alone are constants. Where figures are put in, a function makes the sentence, so that a translation can order
//! its words as it likes.
//!
//! A second language is a module beside this one with the same files and names, say `text_fr`; `lib.rs` then has
//! `mod text_fr; use text_fr as text;` in place of `mod text;`, and the compiler names what is missing. Figures and
//! their units are written by `format.rs`, and what stands before the page starts by `index.html`.
//!
//! What the simulation says is worded in the core, and is shown here as it is: lines of the log, names and units of
//! series, settings, presets, studies, details of the chain, and why a scenario is refused.

pub mod car;
pub mod chain;
pub mod charts;
pub mod control;
pub mod dialogs;
pub mod distil;
pub mod edit;
pub mod four_tests;
pub mod inspector;
pub mod keys;
pub mod lab;
pub mod light;
pub mod link;
pub mod log;
pub mod managers;
pub mod map;
pub mod messages;
pub mod notes;
pub mod page;
pub mod papers;
pub mod sky;
pub mod story;
pub mod street;
pub mod time;
pub mod top;
pub mod trust;

use std::fmt::Display;

pub const PROTECTED: &str = "Protected";
pub const UNPROTECTED: &str = "Unprotected";

pub const CLOSE: &str = "Close";
pub const GO_THERE: &str = "Go to this moment";
/// A panel whose answer is under way.
pub const LOOKING: &str = "Looking…";
/// No key service stands yet.
pub const NO_SERVICE: &str = "No key service yet: they are asked for when the protection is switched on.";

/// Explanations that more than one panel gives.
pub const QBER_TIP: &str =
    "Quantum bit error rate: share of wrong bits. An eavesdropper cannot help raising it";
pub const CPM_TIP: &str = "Collective perception message: what a road-side unit's camera sees, sent by radio";

/// A part of a whole: `3 of 8`.
pub fn of(part: impl Display, whole: impl Display) -> String {
    format!("{part} of {whole}")
}

/// The car's way so far: `120 m of 1 203 m planned`.
pub fn of_planned(driven: impl Display, planned: impl Display) -> String {
    format!("{driven} of {planned} planned")
}

/// What fades, now and in the mean: `5.1 dB, 5.3 dB`.
pub fn of_mean(now: impl Display, mean: impl Display) -> String {
    format!("{now}, {mean}")
}

/// A button that opens a panel.
pub fn open_panel(word: impl Display) -> String {
    format!("Open {word}")
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    /// Attributes that are for the browser, not for a reader.
    const UNREAD: [&str; 5] = ["class", "d", "style", "stroke-dasharray", "viewBox"];

    /// The same, where it does not stand in such an attribute: classes, selectors, fonts, errors that are not shown.
    const UNSHOWN: [&str; 29] = [
        "beam-outline eve",
        "mark fooled",
        "mark dropped",
        "mark lost",
        "mark fine",
        "step-arrow never",
        "step-arrow lit",
        "edge down",
        "edge idle",
        "beam standby",
        "beam down",
        "down acquiring",
        "down stowed",
        "down held",
        "input:not([type=range]), select, textarea, button, a, summary, dialog, [role=button]",
        "input, select, textarea, dialog, .leaflet-container, [role=tab], .log",
        "input:not([type=range]):not([type=checkbox]), select, textarea, dialog, [contenteditable]",
        ".leaflet-pane > svg, .sign svg",
        "path, circle",
        "(prefers-reduced-motion: reduce)",
        "(prefers-color-scheme: dark)",
        "600 13px system-ui, sans-serif",
        "13px system-ui, sans-serif",
        "12px system-ui, sans-serif",
        "11px system-ui, sans-serif",
        "no map",
        "no chart",
        "no canvas",
        "no style",
    ];

    /// Two words of letters side by side; what stands in braces is put in.
    fn has_two_words(literal: &str) -> bool {
        let is_word = |w: &str| {
            let w = w.trim_matches(|c: char| ",.:;!?…()“”'\\".contains(c));
            !w.is_empty() && w.chars().all(|c| c.is_alphabetic() || "'’-".contains(c))
        };
        let words: Vec<&str> = literal.split_whitespace().collect();
        words.windows(2).any(|pair| is_word(pair[0]) && is_word(pair[1]))
    }

    /// The attribute whose value begins at the end of this text: `title=`, of `title="` or `title={`.
    fn attribute(before: &str) -> Option<&str> {
        let before = before.strip_suffix('=')?;
        let in_name = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        let name = &before[before.trim_end_matches(in_name).len()..];
        (!name.is_empty()).then_some(name)
    }

    /// String literals with two words for a reader, each with its line: a small reader of Rust that knows strings,
    /// characters, comments and braces. Tests are passed over.
    fn inline(source: &str) -> Vec<(usize, &str)> {
        let source = source.split("#[cfg(test)]").next().unwrap_or_default();
        let mut found = Vec::new();
        // For each open brace, the attribute that it is the value of.
        let mut open = Vec::new();
        let mut i = 0;
        while let Some(c) = source[i..].chars().next() {
            let rest = &source[i..];
            i += match c {
                '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
                'r' if rest.starts_with("r#\"") => rest.find("\"#").map_or(1, |n| n + 2).max(3),
                '\'' if rest.starts_with("'\\") => rest[3..].find('\'').map_or(1, |n| n + 4),
                '\'' => match rest[1..].chars().next() {
                    Some(c) if rest[1 + c.len_utf8()..].starts_with('\'') => 2 + c.len_utf8(),
                    // A lifetime.
                    _ => 1,
                },
                '{' => {
                    open.push(attribute(&source[..i]));
                    1
                }
                '}' => {
                    open.pop();
                    1
                }
                '"' => {
                    let (mut end, bytes) = (1, rest.as_bytes());
                    while end < bytes.len() && bytes[end] != b'"' {
                        end += if bytes[end] == b'\\' { 2 } else { 1 };
                    }
                    let literal = &rest[1..end];
                    let of = attribute(&source[..i]).or_else(|| open.iter().rev().find_map(|name| *name));
                    let unread = of.is_some_and(|name| UNREAD.contains(&name)) || UNSHOWN.contains(&literal);
                    if !unread && has_two_words(literal) {
                        found.push((source[..i].matches('\n').count() + 1, literal));
                    }
                    end + 1
                }
                c => c.len_utf8(),
            };
        }
        found
    }

    fn sources(folder: &Path, all: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, all);
            } else if path.extension().is_some_and(|e| e == "rs") {
                all.push(path);
            }
        }
    }

    #[test]
    fn words_of_the_page_stand_here() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut all = Vec::new();
        sources(&root, &mut all);
        assert!(all.len() > 50);
        let mut elsewhere = Vec::new();
        for path in all.iter().filter(|p| !p.starts_with(root.join("text"))) {
            for (line, literal) in inline(&fs::read_to_string(path).unwrap()) {
                elsewhere.push(format!("{}:{line}: {literal}", path.display()));
            }
        }
        assert!(elsewhere.is_empty(), "to be moved to web/src/text:\n{}", elsewhere.join("\n"));
    }

    #[test]
    fn words_elsewhere_are_seen() {
        for seen in [
            r#"html! { <p>{ "Two words" }</p> }"#,
            r#"html! { <p title="Two words"></p> }"#,
            r#"html! { <p aria-label={format!("{n} two words")}>{ "–" }</p> }"#,
            r#"html! { <input placeholder="Two words" class={classes!("a b")} /> }"#,
            r#"html! { <p>{ if c == '"' { "two words" } else { "\"" } }</p> }"#,
            r#"let said: &'static str = "Two words";"#,
        ] {
            assert_eq!(inline(seen).len(), 1, "{seen}");
        }
        for unseen in [
            r#"html! { <p class="two words">{ "Word" }</p> }"#,
            r#"html! { <p class={format!("two words {n}")} /> }"#,
            r#"html! { <path d="M1 2h16" style="stroke: red" /> } // "two words""#,
            r#"let pattern = format!("{a} of");"#,
        ] {
            assert!(inline(unseen).is_empty(), "{unseen}");
        }
    }
}
