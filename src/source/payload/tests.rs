//! Payloads as shown: unwrapped, packed in other ways, and what stays opaque.

use flate2::write::{GzEncoder, ZlibEncoder};
use rmpv::Value;

use super::*;

#[track_caller]
fn shows(stored: &str, rule: Presentation, expected: &str) {
    let payload = present(Cell::Text(stored.as_bytes()), &[], &[rule]);
    assert_eq!(payload, Payload::Json(expected.into()));
}

#[test]
fn typed_values_are_unwrapped_at_any_depth_and_other_tokens_stay() {
    shows(
        r#"{"a": {"_type_":"decimal_str","_data_":"1.10"}, "b": [1E+2, {"_data_":{"x":{"_type_":"t","_data_":[]}},"_type_":"o"}]}"#,
        Presentation::TypedValues,
        r#"{"a":"1.10","b":[1E+2,{"x":[]}]}"#,
    );
    shows(
        r#"{"_type_": 1}"#,
        Presentation::TypedValues,
        r#"{"_type_":1}"#,
    );
}

#[test]
fn a_tagged_payload_is_its_inner_value() {
    shows(
        r#"{"Opened": {"a": 1.10}}"#,
        Presentation::Tagged,
        r#"{"a": 1.10}"#,
    );
    shows(r#""Frozen""#, Presentation::Tagged, "{}");
    shows(r#"{"a":1,"b":2}"#, Presentation::Tagged, r#"{"a":1,"b":2}"#);
}

#[test]
fn what_is_not_json_is_text_or_bytes() {
    let shown = |bytes: &'static [u8]| present(Cell::Blob(bytes), &[], &[]);
    assert_eq!(shown(b"{\"a\":"), Payload::Text("{\"a\":".into()));
    assert_eq!(shown(b"\xff\xfe"), Payload::Bytes(b"\xff\xfe"[..].into()));
    assert_eq!(shown(b"{\"a\":NaN}"), Payload::Text("{\"a\":NaN}".into()));
}

fn auto(bytes: &[u8]) -> Payload {
    present(Cell::Blob(bytes), &[Decode::Auto], &[])
}

#[track_caller]
fn reads(bytes: &[u8], steps: &[Decode], expected: &str) {
    let payload = present(Cell::Blob(bytes), steps, &[]);
    assert_eq!(payload, Payload::Json(expected.into()), "{bytes:02x?}");
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut packed, bytes).unwrap();
    packed.finish().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut packed, bytes).unwrap();
    packed.finish().unwrap()
}

fn msgpack() -> Vec<u8> {
    let order = Value::Map(vec![
        ("order".into(), "o-1".into()),
        (
            "lines".into(),
            Value::Array(vec![u64::MAX.into(), 0.1.into()]),
        ),
    ]);
    let mut bytes = Vec::new();
    rmpv::encode::write_value(&mut bytes, &order).unwrap();
    bytes
}

const AS_JSON: &str = r#"{"order":"o-1","lines":[18446744073709551615,0.1]}"#;

/// The same order in every encoding, and the step that names it.
fn encodings() -> Vec<(Decode, Vec<u8>)> {
    let lines = ciborium::Value::Array(vec![u64::MAX.into(), 0.1.into()]);
    let order = vec![("order".into(), "o-1".into()), ("lines".into(), lines)];
    let mut cbor = Vec::new();
    ciborium::into_writer(&ciborium::Value::Map(order), &mut cbor).unwrap();
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    let jsonb = connection.query_row("select jsonb(?1)", [AS_JSON], |row| row.get(0));
    let yaml = "---\n:order: o-1\nlines: [18446744073709551615, 0.1]\n";
    vec![
        (Decode::Jsonb, jsonb.unwrap()),
        (Decode::Msgpack, msgpack()),
        (Decode::Cbor, cbor),
        (Decode::Yaml, yaml.into()),
        (Decode::Zlib, zlib(AS_JSON.as_bytes())),
        (Decode::Gzip, gzip(AS_JSON.as_bytes())),
        (
            Decode::Zstd,
            ::zstd::encode_all(AS_JSON.as_bytes(), 0).unwrap(),
        ),
    ]
}

#[test]
fn every_encoding_is_read_by_its_name_and_by_its_content() {
    for (step, bytes) in encodings() {
        reads(&bytes, &[step], AS_JSON);
        reads(&bytes, &[Decode::Auto], AS_JSON);
        let packed = gzip(&::zstd::encode_all(zlib(&bytes).as_slice(), 0).unwrap());
        if !matches!(step, Decode::Zlib | Decode::Gzip | Decode::Zstd) {
            reads(&packed, &[Decode::Auto], AS_JSON);
        }
    }
    reads(AS_JSON.as_bytes(), &[Decode::Auto], AS_JSON);
    reads(b" [1.10, 1E+2] ", &[Decode::Auto], " [1.10, 1E+2] ");
}

#[test]
fn a_step_that_does_not_fit_is_left_out() {
    let steps = encodings().into_iter().map(|(step, _)| step);
    let steps: Vec<Decode> = steps.chain([Decode::Uuid, Decode::Guid]).collect();
    reads(AS_JSON.as_bytes(), &steps, AS_JSON);
    let text = present(Cell::Text(b"abcdefghijklmnop"), &steps, &[]);
    assert_eq!(text, Payload::Text("abcdefghijklmnop".into()));
}

#[test]
fn what_is_cut_off_stays_bytes() {
    for (step, bytes) in encodings() {
        for end in (1..bytes.len()).filter(|_| step != Decode::Yaml) {
            let part = &bytes[..end];
            for steps in [&[step][..], &[Decode::Auto]] {
                let payload = present(Cell::Blob(part), steps, &[]);
                assert!(
                    payload.json().is_none(),
                    "{step:?} cut off at {end}: {payload:?}"
                );
            }
        }
    }
    let four_times = gzip(&gzip(&gzip(&gzip(AS_JSON.as_bytes()))));
    assert_eq!(
        auto(&four_times),
        Payload::Bytes(gzip(AS_JSON.as_bytes()).into())
    );
}

#[test]
fn cut_off_yaml_is_valid_json_or_text() {
    let yaml = "---\n:a: &1 !ruby/object:BigDecimal 18:0.1e1\n:b: [\"x\\u00e9\", {c: *1}]\n? [k]\n: |\n  é\n";
    for end in (0..yaml.len()).filter(|end| yaml.is_char_boundary(*end)) {
        for steps in [[Decode::Yaml], [Decode::Auto]] {
            match present(Cell::Text(&yaml.as_bytes()[..end]), &steps, &[]) {
                Payload::Json(text) => assert!(scan::is_json(text.as_bytes()), "{text}"),
                Payload::Text(text) => assert_eq!(*text, yaml[..end]),
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn what_only_its_own_program_reads_stays_bytes() {
    for bytes in [
        // Java, Python's pickle of {'a': 1}, protobuf, bincode.
        &b"\xac\xed\x00\x05sr\x00\x05Order"[..],
        b"\x80\x04\x95\x0a\x00\x00\x00\x00\x00\x00\x00}\x94\x8c\x01a\x94K\x01s.",
        b"\x80\x05\x95\x0a\x00\x00\x00\x00\x00\x00\x00}\x94\x8c\x01a\x94K\x01s.",
        b"\x0a\x03o-1\x10\x07",
        b"\x03\x00\x00\x00\x00\x00\x00\x00o-1",
        // Lists of numbers, and nothing, in MessagePack, CBOR and JSONB: many bytes read as that.
        b"\x93\x01\x02\x03",
        b"\x83\x01\x02\x03",
        b"\x80",
        b"\xa0",
        b"\x0c",
        b"\x1b\x00",
    ] {
        assert_eq!(auto(bytes), Payload::Bytes(bytes.into()), "{bytes:02x?}");
    }
    let short = b"|7abc'de";
    assert_eq!(
        auto(short),
        Payload::Text("|7abc'de".into()),
        "and no JSONB"
    );
}

#[test]
fn small_numbers_as_bytes_are_not_read_as_json() {
    for number in 0..70_000_u32 {
        let bytes = number.to_be_bytes();
        for bytes in [&bytes[..], &bytes[1..], &bytes[2..], &number.to_le_bytes()] {
            let payload = auto(bytes);
            assert!(
                payload.json().is_none_or(|text| text.as_bytes() == bytes),
                "{payload:?}"
            );
        }
    }
    for byte in 0..=255_u8 {
        let is_digit = byte.is_ascii_digit();
        assert_eq!(auto(&[byte]).json().is_some(), is_digit, "{byte:02x}");
    }
}

#[test]
fn random_bytes_are_not_read_as_json() {
    // A generator of fixed numbers, so that the test says the same each time.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    for n in 0..40_000_usize {
        let length = n % 60 + 2;
        let bytes: Vec<u8> = std::iter::repeat_with(&mut next)
            .flatten()
            .take(length)
            .collect();
        let payload = auto(&bytes);
        assert!(
            payload.json().is_none_or(|text| text.as_bytes() == bytes),
            "{bytes:02x?} as {payload:?}"
        );
    }
}

#[test]
fn text_that_begins_like_yaml_stays_text() {
    for text in [
        "--- a/file\n+++ b/file\n",
        "---",
        "---\n",
        "----\na: 1\n",
        "a: 1\n",
        "--- text",
    ] {
        let payload = present(Cell::Text(text.as_bytes()), &[Decode::Auto], &[]);
        assert_eq!(payload, Payload::Text(text.into()));
    }
}

#[test]
fn base64_and_hexadecimal_digits_stand_in_plain_text_and_in_json() {
    let then_auto = |step| [step, Decode::Auto];
    for text in [
        "eyJhIjoxfQ==",
        "eyJhIjoxfQ",
        " eyJh\r\nIjoxfQ==\n",
        "\"eyJhIjoxfQ==\"",
    ] {
        let payload = present(Cell::Text(text.as_bytes()), &then_auto(Decode::Base64), &[]);
        assert_eq!(payload, Payload::Json("{\"a\":1}".into()), "{text}");
    }
    for text in ["7b2261223a317d", "\\x7B2261223A317D", "\"7b2261223a317d\""] {
        let payload = present(Cell::Text(text.as_bytes()), &then_auto(Decode::Hex), &[]);
        assert_eq!(payload, Payload::Json("{\"a\":1}".into()), "{text}");
    }
    for (text, expected) in [
        ("{\"a\":1}", Payload::Json("{\"a\":1}".into())),
        ("true", Payload::Json("true".into())),
        ("not base64!", Payload::Text("not base64!".into())),
        ("", Payload::Text("".into())),
    ] {
        for step in [Decode::Base64, Decode::Hex] {
            assert_eq!(present(Cell::Text(text.as_bytes()), &[step], &[]), expected);
        }
    }
}

#[test]
fn ids_of_sixteen_bytes_have_dashes() {
    let bytes: Vec<u8> = (0x00..0x10).collect();
    for (step, expected) in [
        (Decode::Uuid, "00010203-0405-0607-0809-0a0b0c0d0e0f"),
        (Decode::Guid, "03020100-0504-0706-0809-0a0b0c0d0e0f"),
    ] {
        assert_eq!(
            present(Cell::Blob(&bytes), &[step], &[]),
            Payload::Text(expected.into())
        );
        let short = present(Cell::Blob(&bytes[1..]), &[step], &[]);
        assert_eq!(short, present(Cell::Blob(&bytes[1..]), &[], &[]));
    }
}

#[test]
fn json_as_it_stands_is_not_decoded_for_a_place_inside() {
    let steps = [Decode::Auto];
    assert_eq!(decoded(Cell::Blob(b"{\"a\":1}, or so"), &steps, true), None);
    assert_eq!(decoded(Cell::Int(1), &steps, true), None);
    assert!(decoded(Cell::Blob(&msgpack()), &steps, true).is_some());
}
