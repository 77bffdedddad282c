//! Foreign text inside a message.

use alloc::string::String;
use core::fmt::Write as _;

/// How many characters are quoted.
const MAX_CHARACTERS: usize = 60;
/// Enough octets for as many characters and one more, which says that the text goes on.
const MAX_OCTETS: usize = 4 * (MAX_CHARACTERS + 1);

/// The text between backticks, cut to a length. What cannot be seen, or would change how the
/// message is seen, is written as an escape.
pub(crate) fn quoted(text: impl AsRef<[u8]>) -> String {
    let text = text.as_ref();
    let start = text.get(..MAX_OCTETS).unwrap_or(text);
    let mut quoted = String::from("`");
    let mut count = 0_usize;
    let mut is_cut = false;
    'text: for chunk in start.utf8_chunks() {
        for character in chunk.valid().chars() {
            if count == MAX_CHARACTERS {
                is_cut = true;
                break 'text;
            }
            count = count.saturating_add(1);
            push(&mut quoted, character);
        }
        for byte in chunk.invalid() {
            if count == MAX_CHARACTERS {
                is_cut = true;
                break 'text;
            }
            count = count.saturating_add(1);
            // Writing to a `String` cannot fail.
            let _ = write!(quoted, "\\x{byte:02x}");
        }
    }
    quoted.push_str(if is_cut { "…`" } else { "`" });
    quoted
}

fn push(quoted: &mut String, character: char) {
    match character {
        '`' => quoted.push('\''),
        ' '..='~' => quoted.push(character),
        _ if is_hidden(character) => {
            let _ = write!(quoted, "\\u{{{:x}}}", u32::from(character));
        }
        _ => quoted.push(character),
    }
}

/// Controls, spaces that look like other spaces, what has no width, and what turns the direction
/// of writing.
pub(super) fn is_hidden(character: char) -> bool {
    character.is_control()
        || (character.is_whitespace() && character != ' ')
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        )
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(character, '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_escaped() {
        assert_eq!(quoted("a`b\n\u{a0}\u{202e}ü"), "`a'b\\u{a}\\u{a0}\\u{202e}ü`");
        assert_eq!(quoted(b"caf\xe9"), "`caf\\xe9`");
        assert_eq!(quoted(""), "``");
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        assert_eq!(quoted("x".repeat(61)), alloc::format!("`{}…`", "x".repeat(60)));
        assert_eq!(quoted("x".repeat(60)), alloc::format!("`{}`", "x".repeat(60)));
        for text in ["ü".repeat(1000), "\u{1f600}".repeat(1000), "x\u{1f600}".repeat(1000)] {
            let cut: String = text.chars().take(60).collect();
            assert_eq!(quoted(&text), alloc::format!("`{cut}…`"));
        }
    }
}
