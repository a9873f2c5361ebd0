//! The quick reading of an object against the general walk.

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::scan;
use super::*;

/// What the general walk finds: the end of the object and the colons of its members.
fn walked(text: &[u8]) -> Option<(usize, Vec<usize>)> {
    let mut values = Vec::new();
    let end = scan::members(text, |_, value| values.push(value)).ok()?;
    let colons = values.iter().map(|value| {
        let start = value.as_ptr().addr() - text.as_ptr().addr();
        text[..start].iter().rposition(|c| *c == b':').unwrap()
    });
    Some((end, colons.collect()))
}

/// What the quick reading finds, the same in every way of finding bits.
#[track_caller]
fn read(text: &[u8]) -> Option<(usize, Vec<usize>)> {
    let found = |object: &mut QuickObject, end: Option<usize>| {
        let colons = object.colons().iter().map(|colon| *colon as usize);
        end.map(|end| (end, colons.collect::<Vec<_>>()))
    };
    let mut object = QuickObject::default();
    let mut end = object.read(text);
    let as_is = found(&mut object, end);
    end = object.read(text);
    assert_eq!(as_is, found(&mut object, end), "when it is read again");
    let mut plain = QuickObject::default();
    end = (text.first() == Some(&b'{'))
        .then(|| plain.walk_either(Words, text, 0))
        .flatten();
    assert_eq!(as_is, found(&mut plain, end), "in ordinary registers");
    as_is
}

/// Reading on after each colon of the outermost object finds the same as reading the whole.
#[track_caller]
fn reads_on(text: &[u8]) {
    let Some((end, colons)) = read(text) else {
        return;
    };
    for (n, colon) in colons.iter().enumerate() {
        let mut object = QuickObject::default();
        assert_eq!(object.read_on(text, colon + 1), Some(end));
        let after: Vec<_> = object
            .colons()
            .iter()
            .map(|colon| *colon as usize)
            .collect();
        assert_eq!(after, colons[n + 1..], "{}", String::from_utf8_lossy(text));
    }
}

/// Whatever the quick reading accepts, the general walk accepts in the same way.
#[track_caller]
fn agrees(text: &[u8]) {
    if let Some(found) = read(text) {
        let shown = String::from_utf8_lossy(text);
        assert_eq!(Some(found), walked(text), "{shown}");
    }
}

/// An object at every place of a block, with what follows it in a file.
#[track_caller]
fn placed(object: &str) -> Vec<String> {
    let after = r#"{"next":[1,2,"line"]}"#;
    let last = r#"{"and":{"another":null}}"#;
    (0..BLOCK)
        .map(|n| {
            let key = "k".repeat(n);
            format!("{{\"{key}\":0,\"o\":{object}}}\n{after}\n{last}\n")
        })
        .collect()
}

#[test]
fn ordinary_objects_are_read_quickly_wherever_they_lie() {
    for object in [
        "{}",
        "[]",
        "[[],{},[{}],{\"a\":[]}]",
        "{\"a\":1,\"b\":-2.50,\"c\":1e5,\"d\":0.1E-7,\"e\":123456789012345678901}",
        "[true,false,null,\"\",\"x\",0,-0]",
        "\"\\\\\\\"\\u00e9\\n\\/\"",
        "\"Z\u{fc}rich {[,:]} \\\\\"",
        "{ \"a\" : [ 1 , 2 ] , \"b\" :  {   } }",
        "{\"long\":{\"long\":\"0123456789012345678901234567890123456789012345678901234567890123456789\"}}",
    ] {
        for line in placed(object) {
            assert!(read(line.as_bytes()).is_some(), "{line}");
            agrees(line.as_bytes());
        }
    }
}

#[test]
#[expect(clippy::literal_string_with_formatting_args, reason = "braces of JSON")]
fn what_is_no_json_is_never_accepted() {
    for object in [
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{\"a\" 1}",
        "{1:2}",
        "{a:1}",
        "{\"a\":1 \"b\":2}",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1}",
        "{\"a\":1]",
        "[\"a\":1]",
        "NaN",
        "-",
        "01",
        "-01",
        "1.",
        ".5",
        "1e",
        "1e+",
        "+1",
        "tru",
        "truex",
        "nullnull",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\t\"",
        "\"a\"\"b\"",
        "\"a\":\"b\"",
        "[\"a\"1]",
        "{\"a\":\"b\":1}",
        "Y",
        "_",
        "[Y]",
        "{\"a\":y}",
        "1\\",
        "\\\"a\\\"",
        "[][]",
        "{}{}",
        "{\"a\":1}{",
        "1-1",
        "1.2.3",
        "\u{e9}",
        "",
        "[:]",
        "{\"a\",1}",
        "{\"a\":1,2}",
        "[1,{]}",
        "{\"a\"::1}",
        "[1,,2]",
        "\"a",
        "{\"a\":1,\"b\"}",
        "1 1",
        "tr ue",
    ] {
        for line in placed(object) {
            assert_eq!(walked(line.as_bytes()), None, "{line}");
            assert_eq!(read(line.as_bytes()), None, "{line}");
        }
    }
}

#[test]
fn nesting_beyond_a_word_is_left_to_the_general_walk() {
    for depth in [59, 60, 61, 62, 63, 64, 65, 200] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let text = format!(
                "{{\"a\":{}1{}}}\n        ",
                open.repeat(depth),
                close.repeat(depth)
            );
            agrees(text.as_bytes());
            assert_eq!(read(text.as_bytes()).is_some(), depth < 61, "{depth}");
        }
    }
}

/// JSON as written by several writers: without spaces, with some, with other white space.
fn written() -> impl Strategy<Value = String> {
    let text =
        || "\"([a-z ,:{}\\[\\]]|\\\\[\"\\\\/bfnrt]|\\\\u[0-9a-f]{4}|[\u{e9}\u{4e2d}]){0,12}\"";
    let number = "-?(0|[1-9][0-9]{0,9})(\\.[0-9]{1,12})?([eE][+-]?[0-9]{1,2})?";
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("false".to_owned()),
        number,
        text(),
    ];
    let space = || prop_oneof![8 => Just(""), 2 => Just(" "), 1 => Just("  ")];
    let value = leaf.prop_recursive(5, 60, 6, move |inner| {
        let array =
            (vec((space(), inner.clone(), space()), 0..6), space()).prop_map(|(items, empty)| {
                let items: Vec<_> = items
                    .iter()
                    .map(|(a, item, b)| format!("{a}{item}{b}"))
                    .collect();
                format!("[{empty}{}]", items.join(","))
            });
        prop_oneof![array, object_of(inner)]
    });
    object_of(value).prop_map(|object| format!("{object}\n{{\"next\":\"line of the file\"}}\n"))
}

fn object_of(value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let space = || prop_oneof![8 => Just(""), 2 => Just(" ")];
    let key = "\"([a-z]|\\\\[\"\\\\n]|\u{e9}){0,9}\"";
    vec((space(), key, space(), space(), value), 0..8).prop_map(|members| {
        let members = members.iter();
        let members = members.map(|(a, key, b, c, value)| format!("{a}{key}{b}:{c}{value}"));
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    })
}

/// Bytes that mean something to the grammar, and some that never do.
fn byte() -> impl Strategy<Value = u8> {
    prop_oneof![
        4 => prop::sample::select(&b"\"\\{}[],: \t\n\r0123456789-+.eEtrufalsn/b"[..]),
        1 => any::<u8>(),
    ]
}

fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(2000)
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn all_that_is_written_well_is_read_the_same(text in written()) {
        prop_assert_eq!(read(text.as_bytes()), walked(text.as_bytes()));
        reads_on(text.as_bytes());
    }

    #[test]
    fn changed_objects_are_read_the_same_or_not_at_all(
        text in written(),
        changes in vec((any::<prop::sample::Index>(), byte(), 0..4_u8), 1..4),
    ) {
        let mut text = text.into_bytes();
        for (at, byte, how) in changes {
            let at = at.index(text.len());
            match how {
                0 => text[at] = byte,
                1 => text.insert(at, byte),
                2 => drop(text.remove(at)),
                _ => text[at] ^= 1 << (byte % 8),
            }
            agrees(&text);
        }
    }

    #[test]
    fn any_bytes_are_read_the_same_or_not_at_all(bytes in vec(byte(), 0..200)) {
        let text = [&b"{"[..], &bytes].concat();
        agrees(&text);
    }

    #[test]
    fn objects_that_are_cut_off_are_never_accepted_whole(text in written(), cut in any::<prop::sample::Index>()) {
        let (end, _) = walked(text.as_bytes()).unwrap();
        let cut = cut.index(end);
        prop_assert_eq!(read(&text.as_bytes()[..cut]), None);
    }
}
