//! Netstrings, into bytes and out of a stream of them.

/// Reads netstrings of limited length from a stream.
#[derive(Clone, Debug)]
pub struct Decoder {
    max: usize,
    /// Bytes of a too long netstring that are still to come, its comma among them.
    skip: usize,
}

/// What the peer has sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    /// The contents of a netstring.
    Request(&'a [u8]),
    /// A netstring longer than allowed has begun. Its contents are passed over.
    TooLong(usize),
}

/// What the peer has sent is no netstring: where the next one would begin is not to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The length is not a number of 1 to 9 digits without leading zeros, and a colon.
    #[error("a netstring does not begin with its length and a colon")]
    Length,
    /// The contents are not followed by a comma.
    #[error("a netstring does not end with a comma")]
    Comma,
}

const MAX_DIGITS: usize = 9;

impl Decoder {
    /// A decoder of netstrings with at most `max` bytes of contents.
    #[must_use]
    pub const fn new(max: usize) -> Self {
        Self { max, skip: 0 }
    }

    /// The next frame at the start of `input`, if it is complete, and how many bytes are done with:
    /// the caller drops those.
    ///
    /// # Errors
    ///
    /// When the input is no netstring. The stream is of no use then.
    pub fn decode<'a>(&mut self, input: &'a [u8]) -> Result<(Option<Frame<'a>>, usize), Malformed> {
        let skipped = self.pass_over(input)?;
        let rest = input.get(skipped..).unwrap_or_default();
        let Some((length, start)) = length(rest)? else { return Ok((None, skipped)) };
        if length > self.max {
            self.skip = length.saturating_add(1);
            return Ok((Some(Frame::TooLong(length)), skipped.saturating_add(start)));
        }
        let end = start.saturating_add(length);
        match (rest.get(start..end), rest.get(end)) {
            (Some(contents), Some(b',')) => {
                let done = skipped.saturating_add(end).saturating_add(1);
                Ok((Some(Frame::Request(contents)), done))
            }
            (Some(_), Some(_)) => Err(Malformed::Comma),
            _ => Ok((None, skipped)),
        }
    }

    /// Passes over what is left of a netstring that was too long.
    fn pass_over(&mut self, input: &[u8]) -> Result<usize, Malformed> {
        let passed = self.skip.min(input.len());
        let left = self.skip.saturating_sub(passed);
        let ended = passed > 0 && left == 0;
        if ended && input.get(passed.saturating_sub(1)) != Some(&b',') {
            return Err(Malformed::Comma);
        }
        self.skip = left;
        Ok(passed)
    }
}

/// The length at the start of a netstring, and where its contents begin.
fn length(input: &[u8]) -> Result<Option<(usize, usize)>, Malformed> {
    let digits = input.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = input.split_at_checked(digits).ok_or(Malformed::Length)?;
    match rest.first() {
        _ if digits > MAX_DIGITS => Err(Malformed::Length),
        _ if digits > 1 && number.starts_with(b"0") => Err(Malformed::Length),
        None => Ok(None),
        Some(b':') if digits > 0 => {
            let number = core::str::from_utf8(number).ok().and_then(|number| number.parse().ok());
            Ok(Some((number.ok_or(Malformed::Length)?, digits.saturating_add(1))))
        }
        Some(_) => Err(Malformed::Length),
    }
}

/// Appends a netstring.
pub fn push_netstring(output: &mut Vec<u8>, contents: &str) {
    output.extend_from_slice(itoa::Buffer::new().format(contents.len()).as_bytes());
    output.push(b':');
    output.extend_from_slice(contents.as_bytes());
    output.push(b',');
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Decodes a stream that comes in pieces of this size.
    fn decode(stream: &[u8], piece: usize) -> (Vec<String>, Option<Malformed>) {
        let mut decoder = Decoder::new(20);
        let (mut frames, mut buffer) = (Vec::new(), Vec::new());
        for piece in stream.chunks(piece) {
            buffer.extend_from_slice(piece);
            loop {
                match decoder.decode(&buffer) {
                    Ok((frame, done)) => {
                        let frame = frame.map(|frame| match frame {
                            Frame::Request(contents) => String::from_utf8_lossy(contents).into(),
                            Frame::TooLong(length) => format!("too long: {length}"),
                        });
                        buffer.drain(..done);
                        match frame {
                            Some(frame) => frames.push(frame),
                            None => break,
                        }
                    }
                    Err(error) => return (frames, Some(error)),
                }
            }
        }
        (frames, None)
    }

    fn frames(stream: &str) -> Vec<String> {
        let whole = decode(stream.as_bytes(), usize::MAX);
        for piece in [1, 2, 3, 7] {
            assert_eq!(decode(stream.as_bytes(), piece), whole, "{stream} by {piece}");
        }
        assert_eq!(whole.1, None, "{stream}");
        whole.0
    }

    fn error(stream: &str) -> Option<Malformed> {
        let whole = decode(stream.as_bytes(), usize::MAX);
        assert_eq!(decode(stream.as_bytes(), 1).1, whole.1, "{stream}");
        whole.1
    }

    #[test]
    fn netstrings_come_in_any_pieces() {
        assert_eq!(frames("3:a b,0:,12:postfix a.bc,"), ["a b", "", "postfix a.bc"]);
        assert_eq!(frames("3:a b,3:a "), ["a b"]);
        assert!(frames("").is_empty());
    }

    #[test]
    fn what_is_too_long_is_passed_over() {
        let long = "x".repeat(1_000);
        let stream = format!("3:a b,1000:{long},3:c d,21:{},1:e,", "y".repeat(21));
        assert_eq!(frames(&stream), ["a b", "too long: 1000", "c d", "too long: 21", "e"]);
    }

    #[test]
    fn what_is_no_netstring_ends_the_stream() {
        for stream in ["GET / HTTP/1.1\r\n", ":a,", "x", "-1:a,", "03:abc,", "1234567890:", "1 :a,"]
        {
            assert_eq!(error(stream), Some(Malformed::Length), "{stream}");
        }
        let overrun = format!("21:{};", "y".repeat(21));
        for stream in ["1:ab,", "0:x", &overrun] {
            assert_eq!(error(stream), Some(Malformed::Comma), "{stream}");
        }
    }

    #[test]
    fn a_netstring_counts_bytes() {
        let mut output = Vec::new();
        push_netstring(&mut output, "NOTFOUND ");
        push_netstring(&mut output, "é");
        assert_eq!(output, "9:NOTFOUND ,2:é,".as_bytes());
    }
}
