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
