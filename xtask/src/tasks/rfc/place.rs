//! The code that a comment belongs to, and its name. Told by the layout that rustfmt gives.

/// The code that a comment belongs to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The line of the code, counted from 1.
    pub(super) line: usize,
    /// The item around it: `Type::function`, or what else there is.
    pub(super) name: String,
    /// Whether the item is a function that is run as a test.
    pub(super) is_test: bool,
}

/// What begins in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Item<'a> {
    Function(&'a str),
    Implementation(&'a str),
    Module,
    Other(&'a str),
}

impl Place {
    /// The place of the comment in the line with this index. `None` if no code follows.
    pub(super) fn of(lines: &[&str], comment: usize) -> Option<Self> {
        let mut is_test = false;
        let mut within_attribute = false;
        let (index, line) = lines.iter().enumerate().skip(comment).find(|(_, line)| {
            let line = line.trim_start();
            if line.starts_with("#[") || within_attribute {
                let name = line.split(['(', ']']).next().unwrap_or_default();
                is_test |= name == "#[test" || name.ends_with("::test");
                within_attribute = !line.ends_with(']');
                return false;
            }
            !line.is_empty() && !line.starts_with("//")
        })?;
        let mut around =
            Around { below: indent(line).saturating_add(1), lines: lines.get(..=index)? };
        let mut name = None;
        for item in around.by_ref() {
            match (item, name) {
                (Item::Function(function), None) => name = Some((None, function)),
                (Item::Other(other), None) => return Some(Self::named(index, other.into(), false)),
                (Item::Implementation(owner), Some((None, function))) => {
                    name = Some((Some(owner), function));
                }
                (Item::Implementation(owner), None) => {
                    return Some(Self::named(index, owner.into(), false));
                }
                _ => {}
            }
        }
        let name = match name? {
            (Some(owner), function) => format!("{owner}::{function}"),
            (None, function) => function.into(),
        };
        Some(Self::named(index, name, is_test))
    }

    const fn named(index: usize, name: String, is_test: bool) -> Self {
        Self { line: index.saturating_add(1), name, is_test }
    }
}

/// The items around a line, from the innermost, the line's own first.
struct Around<'a> {
    /// Only lines with a lesser indentation than this are around it.
    below: usize,
    lines: &'a [&'a str],
}

impl<'a> Iterator for Around<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        loop {
            let (line, before) = self.lines.split_last()?;
            self.lines = before;
            let text = line.trim_start();
            if text.is_empty() || text.starts_with("//") || indent(line) >= self.below {
                continue;
            }
            let continues = text.starts_with([')', ']', '}', '{']) || text.starts_with("where");
            self.below = indent(line).saturating_add(usize::from(continues));
            if let Some(item) = Item::begin(text) {
                return Some(item);
            }
        }
    }
}

impl<'a> Item<'a> {
    /// The item that begins in a line.
    fn begin(line: &'a str) -> Option<Self> {
        let mut words = line.split(' ').skip_while(|word| {
            word.starts_with("pub") || ["async", "unsafe", "extern", "default"].contains(word)
        });
        let mut keyword = words.next()?;
        let mut name = identifier(words.next().unwrap_or_default());
        if keyword == "const" && name == "fn" {
            (keyword, name) = ("fn", identifier(words.next().unwrap_or_default()));
        }
        match keyword {
            "fn" => Some(Self::Function(name)),
            "mod" => Some(Self::Module),
            "struct" | "enum" | "trait" | "const" | "static" | "type" => Some(Self::Other(name)),
            _ => line.strip_prefix("impl").and_then(owner).map(Self::Implementation),
        }
    }
}

/// The type in what follows `impl`: the one after `for` or, without that, the first.
fn owner(header: &str) -> Option<&str> {
    let mut depth = 0_u32;
    let parameters = header.char_indices().find(|(_, char)| {
        depth = match char {
            '<' => depth.saturating_add(1),
            '>' => depth.saturating_sub(1),
            _ => depth,
        };
        depth == 0
    });
    let (end, _) = parameters?;
    let rest = header.get(end..)?.trim_start_matches('>');
    let owner = rest.split_once(" for ").map_or(rest, |(_, owner)| owner).trim_start();
    let name = identifier(owner.trim_start_matches(['&', '[', '(']));
    (!name.is_empty()).then_some(name)
}

fn identifier(text: &str) -> &str {
    let end = text.find(|char: char| !char.is_alphanumeric() && char != '_');
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

fn indent(line: &str) -> usize {
    line.len().saturating_sub(line.trim_start().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r"
use core::fmt;

#[derive(Debug)]
enum Mode {
    // HERE: Mode
    Enforce,
}

// HERE: MAX
pub(crate) const MAX: usize = 1;

impl<'a, S: AsyncRead<Output = u8>> Connection<'a, S> {
    pub(super) const fn first(&self) -> u8 {
        7
    }

    async fn second<T>(
        self,
        other: T,
    ) -> Result<T, Error>
    where
        T: Clone,
    {
        let closure = |x| {
            x
        };
        match other {
            // HERE: Connection::second
            One => {
                const LIMIT: usize = 5;
                if x
                    && y
                {
                    1
                } else {
                    // HERE: Connection::second
                    2
                }
            }
        }
    }
}

impl fmt::Display for Mode {
    // HERE: Mode::fmt
    fn fmt(&self) {}
}

mod tests {
    // HERE: it_works is a test
    #[expect(
        clippy::panic,
        reason = 'b'
    )]
    #[tokio::test(start_paused = true)]
    async fn it_works() {}

    // HERE: helper
    fn helper() {}
}
// HERE: nothing
";

    #[test]
    fn code_is_named_after_what_is_around_it() {
        let lines: Vec<&str> = SOURCE.lines().collect();
        let mut marks = 0;
        for (index, line) in lines.iter().enumerate() {
            let Some((_, wanted)) = line.split_once("// HERE: ") else { continue };
            marks += 1;
            let place = Place::of(&lines, index);
            let told = place.map_or_else(
                || "nothing".into(),
                |Place { name, is_test, .. }| name + if is_test { " is a test" } else { "" },
            );
            assert_eq!(told, wanted, "line {}", index + 1);
        }
        assert_eq!(marks, 8);
    }
}
