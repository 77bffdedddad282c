use alloc::string::{String, ToString as _};

use proptest::prelude::*;

use super::*;

#[derive(Debug, Default, PartialEq)]
struct Values {
    text: Option<String>,
    list: alloc::vec::Vec<u8>,
    is: bool,
    integer: i64,
}

fn values(text: &str) -> Result<Values, Error> {
    read(text, |json| {
        let mut values = Values::default();
        members!(json {
            "text" => values.text = json.optional(Reader::string)?,
            "list" => values.list = json.list(Reader::number)?,
            "is" => values.is = json.boolean()?,
            "integer" => values.integer = json.integer()?,
        })?;
        Ok(values)
    })
}

fn string(text: &str) -> Result<String, Error> {
    read(text, Reader::string)
}

#[test]
fn values_are_read() {
    let text = "\r\n{ \"list\" : [ 0 ,255],\t\"is\":true, \"integer\": -9223372036854775808,\"text\":\"\" } ";
    let expected =
        Values { text: Some(String::new()), list: [0, 255].into(), is: true, integer: i64::MIN };
    assert_eq!(values(text), Ok(expected));
    assert_eq!(values(r#"{"text":null,"list":[],"is":false}"#), Ok(Values::default()));
    assert_eq!(values("{}"), Ok(Values::default()));
}

#[test]
fn what_is_no_json_or_of_another_type_is_told_with_its_place() {
    for (text, told) in [
        ("", "the text ends, expected an object at line 1 column 1"),
        ("{\n", "the text ends, expected the name of a member at line 2 column 1"),
        ("{\"is\" true}", "expected a colon at line 1 column 7"),
        ("{\"is\":true,}", "expected the name of a member at line 1 column 12"),
        (
            "{\"is\":true \"list\":[]}",
            "expected a comma or the closing bracket at line 1 column 12",
        ),
        ("{\"is\":tru}", "expected `true` or `false` at line 1 column 7"),
        ("{\"is\":null}", "expected `true` or `false` at line 1 column 7"),
        ("{}{}", "expected the end of the text at line 1 column 3"),
        ("{\"list\":{}}", "expected a list at line 1 column 9"),
        ("{\"list\":[1,]}", "expected a whole number at line 1 column 12"),
        ("{\"list\":[1.0]}", "expected a whole number at line 1 column 10"),
        ("{\"list\":[1e1]}", "expected a whole number at line 1 column 10"),
        ("{\"list\":[01]}", "expected a whole number at line 1 column 10"),
        ("{\"list\":[-]}", "expected a whole number at line 1 column 10"),
        ("{\"list\":[-1]}", "the number is out of its range at line 1 column 10"),
        ("{\"list\":[256]}", "the number is out of its range at line 1 column 10"),
        ("{\"list\":[18446744073709551616]}", "the number is out of its range at line 1 column 10"),
        ("{\"integer\":9223372036854775808}", "the number is out of its range at line 1 column 12"),
        (
            "{\"x\":1}",
            "unknown member `x`, expected `text`, `list`, `is`, `integer` at line 1 column 2",
        ),
        ("{\"is\":true,\"is\":true}", "a second `is` at line 1 column 12"),
    ] {
        assert_eq!(values(text).unwrap_err().to_string(), told, "{text}");
    }
}

#[test]
fn strings_that_are_none_are_told_with_the_place() {
    for (text, column) in [
        ("\"a", 3),
        ("\"a\nb\"", 3),
        (r#""a\x""#, 4),
        (r#""\u12g4""#, 3),
        (r#""\u+123""#, 3),
        (r#""\ud800""#, 3),
        (r#""\ud800\u0041""#, 3),
        (r#""\udc00""#, 3),
        ("\"\\", 3),
    ] {
        let error = string(text).unwrap_err();
        assert_eq!((error.line, error.column), (1, column), "{text} {error}");
    }
}

proptest! {
    #[test]
    fn strings_are_those_of_serde(text: String) {
        let json = written(&text);
        prop_assert_eq!(&json, &serde_json::to_string(&text).unwrap());
        prop_assert_eq!(string(&json), Ok(text.clone()));
        // In escapes altogether.
        let escaped: String = text.encode_utf16().map(|unit| alloc::format!("\\u{unit:04X}")).collect();
        prop_assert_eq!(string(&alloc::format!("\"{escaped}\"")), Ok(text));
    }

    #[test]
    fn what_serde_takes_for_a_string_is_one(text in r#"["\\uda-f0-9n/b\n ]{0,12}"#) {
        let json = alloc::format!("\"{text}\"");
        let expected = serde_json::from_str::<String>(&json);
        prop_assert_eq!(string(&json).ok(), expected.ok());
    }

    #[test]
    fn numbers_are_those_of_serde(text in r"[-0-9.e+]{1,4}|-?[0-9]{17,21}") {
        let of_serde = |text: &str| serde_json::from_str::<i64>(text).ok();
        let number = read(&text, Reader::integer).ok();
        // For serde, `-0` is no whole number.
        prop_assert!(number == of_serde(&text) || text == "-0");
        prop_assert_eq!(read(&text, Reader::number::<u32>).ok(), serde_json::from_str(&text).ok());
    }
}
