//! Where in a JSON text an error stands, as a path.
//!
//! The parser says a line and a column; the way there is walked again. Deserialising with the path at hand instead costs
//! the page 50 kB, as every type is then compiled a second time.

/// Something open: an object with the key that was read last, or an array with the number of its element.
enum Open {
    Object(Option<String>),
    Array(usize),
}

/// The path of what the parser had read last, as `links[2].a`, where it had come to `column` (from 1) of `line` (from 1) of
/// good JSON; `None` outside of every value.
pub(super) fn path_at(text: &str, line: usize, column: usize) -> Option<String> {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let bytes = text.as_bytes().get(..start.saturating_add(column).min(text.len()))?;
    let (mut open, mut i) = (Vec::new(), 0);
    while let Some(byte) = bytes.get(i) {
        i += 1;
        match (byte, open.last_mut()) {
            (b'{', _) => open.push(Open::Object(None)),
            (b'[', _) => open.push(Open::Array(0)),
            (b'}' | b']', _) => drop(open.pop()),
            (b',', Some(Open::Array(n))) => *n += 1,
            (b',', Some(Open::Object(key))) => *key = None,
            (b'"', top) => {
                let rest = &bytes[i..];
                let mut escaped = false;
                let end = rest.iter().position(|b| {
                    let closes = *b == b'"' && !escaped;
                    escaped = *b == b'\\' && !escaped;
                    closes
                });
                let word = &rest[..end.unwrap_or(rest.len())];
                i += word.len() + 1;
                if let Some(Open::Object(key @ None)) = top {
                    *key = Some(String::from_utf8_lossy(word).into_owned());
                }
            }
            _ => {}
        }
    }
    let path = open.iter().fold(String::new(), |path, o| match o {
        Open::Object(Some(key)) if path.is_empty() => key.clone(),
        Open::Object(Some(key)) => format!("{path}.{key}"),
        Open::Object(None) => path,
        Open::Array(n) => format!("{path}[{n}]"),
    });
    (!path.is_empty()).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::path_at;

    #[test]
    fn the_way_to_any_byte() {
        let text = "{\"a\": 1,\n \"b\\\"{\": [true, {\"c\": [\"x,]\", 2]}], \"d\": {}}";
        let at = |line, column| path_at(text, line, column);
        assert_eq!(at(1, 1), None);
        assert_eq!(at(1, 7).as_deref(), Some("a"));
        assert_eq!(at(1, 8), None); // between two keys
        assert_eq!(at(2, 13).as_deref(), Some("b\\\"{[0]"));
        assert_eq!(at(2, 26).as_deref(), Some("b\\\"{[1].c[0]"));
        assert_eq!(at(2, 30).as_deref(), Some("b\\\"{[1].c[1]"));
        assert_eq!(at(2, 41).as_deref(), Some("d"));
        assert_eq!(at(9, 99), None);
        assert_eq!(path_at("", 0, 0), None);
    }
}
