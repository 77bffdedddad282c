//! docs/configuration.md against the code.

use super::*;

const REFERENCE: &str = include_str!("../../../../docs/configuration.md");

/// What the reference says of a key.
struct Entry {
    section: String,
    key: String,
    default: String,
    range: String,
}

/// The rows of all tables of keys.
fn entries() -> Vec<Entry> {
    let mut section = String::new();
    let mut entries = Vec::new();
    for line in REFERENCE.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            section = heading.trim_matches(['`', '[', ']']).to_owned();
        }
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        if let ["", key, _type, default, range, _rfc, meaning, ""] = cells.as_slice()
            && key.starts_with('`')
        {
            assert!(!meaning.is_empty(), "{section}.{key} is not explained");
            let text = |cell: &str| cell.trim_matches('`').to_owned();
            let (section, key) = (section.clone(), text(key));
            entries.push(Entry { section, key, default: text(default), range: text(range) });
        }
    }
    entries
}

/// Every key with its default; `None` for a key without.
fn defaults() -> BTreeMap<(String, String), Option<Value>> {
    let mut defaults = BTreeMap::new();
    for Key { section, name } in keys() {
        defaults.insert((section.to_owned(), name.to_owned()), None);
    }
    let config = Table::try_from(Config::default()).unwrap();
    for (section, table) in config {
        for (key, value) in table.as_table().into_iter().flatten() {
            defaults.insert((section.clone(), key.clone()), Some(value.clone()));
        }
    }
    // The only key with a default in a section that may be absent.
    let mode = Value::String(Mode::default().to_string());
    defaults.insert(("listen".to_owned(), "mode".to_owned()), Some(mode));
    defaults
}

#[test]
fn describes_every_key_once_with_its_default() {
    let mut expected = defaults();
    for Entry { section, key, default, .. } in entries() {
        let value = expected.remove(&(section.clone(), key.clone()));
        let value =
            value.unwrap_or_else(|| panic!("{section}.{key} is not a key, or is there twice"));
        let stated = match default.as_str() {
            "none" => None,
            text => format!("x = {text}").parse::<Table>().unwrap().remove("x"),
        };
        assert_eq!(stated, value, "the default of {section}.{key}");
    }
    assert!(expected.is_empty(), "not described: {:?}", expected.keys());
}

#[test]
fn states_the_ranges_that_are_enforced() {
    let mut probed = 0;
    for Entry { section, key, range, .. } in entries() {
        let Some((least, most)) = range.split_once(" to ") else { continue };
        if section == "listen" {
            continue;
        }
        for bound in [least, most] {
            assert!(!is_refused(&section, &key, bound), "{section}.{key} may be {bound}");
        }
        for outside in [step(least, -1), step(most, 1)].into_iter().flatten() {
            assert!(is_refused(&section, &key, &outside), "{section}.{key} may not be {outside}");
            probed = usize::saturating_add(probed, 1);
        }
    }
    assert!(probed > 30, "only {probed} bounds were probed");
}

#[test]
fn shows_a_problem_as_it_looks() {
    let source = Source::new(DEFAULT_FILE, "[https]\ntimout = \"30s\"\n");
    let rendered = render(&Config::parse(source).unwrap_err(), Style::Plain);
    assert!(REFERENCE.contains(&format!("```\n{}\n```", rendered.trim_end())), "{rendered}");
}

#[test]
fn has_examples_that_work() {
    let examples = REFERENCE.split("```toml\n").skip(1);
    let text: String = examples.filter_map(|rest| rest.split("```").next()).collect();
    assert!(!text.is_empty());
    assert!(problems(&text).is_empty(), "{:?}", problems(&text));
}

/// Whether this key, of all, is refused with this value.
fn is_refused(section: &str, key: &str, value: &str) -> bool {
    let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
    let value = if is_number { value.to_owned() } else { format!("\"{value}\"") };
    let subject = format!("error: `{section}.{key}` must be between");
    problems(&format!("[{section}]\n{key} = {value}\n")).iter().any(|line| line.contains(&subject))
}

/// A value just beyond a bound, if there is one.
fn step(bound: &str, by: i64) -> Option<String> {
    let Ok(duration) = units::parse_duration(bound) else {
        let next = bound.parse::<i64>().unwrap().saturating_add(by);
        return (next >= 0).then(|| next.to_string());
    };
    let next = i64::try_from(duration.as_millis()).unwrap().saturating_add(by);
    (next >= 0).then(|| format!("{next}ms"))
}
