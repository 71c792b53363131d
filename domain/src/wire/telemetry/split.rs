//! Cutting a broken array into its items without understanding them.
//!
//! Brackets and strings are followed as long as they balance. Once they do not (a quote or brace
//! was lost), items are cut at every comma before an opening brace: inside a flat object there is
//! none. Either way every byte is looked at once or twice, however hostile the text.

/// The items of the array that `text` begins with.
pub fn pieces(text: &str) -> Pieces<'_> {
    let array = text.trim_ascii_start();
    Pieces {
        rest: array.strip_prefix('[').unwrap_or(array),
        balanced: true,
        done: false,
    }
}

/// Iterator over the texts of an array's items.
pub struct Pieces<'a> {
    rest: &'a str,
    /// Brackets have balanced so far.
    balanced: bool,
    done: bool,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.done {
            return None;
        }
        let balanced_end = if self.balanced { balanced_end(self.rest) } else { None };
        let (piece, after) = if let Some(end) = balanced_end {
            self.done = self.rest.as_bytes()[end] == b']';
            (&self.rest[..end], &self.rest[end + 1..])
        } else {
            self.balanced = false;
            self.cut_at_border()
        };
        self.rest = after;
        let piece = piece.trim_ascii();
        // Nothing after the last comma, or nothing at all, is no item.
        if piece.is_empty() && (self.done || after.is_empty()) {
            None
        } else {
            Some(piece)
        }
    }
}

impl<'a> Pieces<'a> {
    /// Cuts at the first comma that is followed by an opening brace.
    fn cut_at_border(&mut self) -> (&'a str, &'a str) {
        for (comma, _) in self.rest.match_indices(',') {
            let after = &self.rest[comma + 1..];
            if after.trim_ascii_start().starts_with('{') {
                return (&self.rest[..comma], after);
            }
        }
        self.done = true;
        (self.rest.trim_ascii_end().trim_end_matches(']'), "")
    }
}

/// Where the item that `text` begins with ends: the index of its `,` or `]`.
fn balanced_end(text: &str) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b',' | b']' if depth == 0 => return Some(at),
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}
