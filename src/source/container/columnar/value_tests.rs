//! Values of every kind as cells and as JSON.

use std::sync::Arc;

use arrow_array::builder::{Int32Builder, ListBuilder, MapBuilder, StringBuilder};
use arrow_array::types::Int8Type;
use arrow_array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, DictionaryArray,
    FixedSizeBinaryArray, Float32Array, Int64Array, RecordBatch, StringArray, StructArray,
    Time64MicrosecondArray, TimestampMicrosecondArray, TimestampNanosecondArray, UInt64Array,
};
use arrow_schema::{DataType, Field};

use super::super::row::Row;
use super::*;
use crate::source::cell::Cell;

fn cell(array: ArrayRef) -> String {
    let batch = RecordBatch::try_from_iter_with_nullable([("a", array, true)]).unwrap();
    let mut row = Row::of(&batch);
    row.go_to(0);
    match row.get(0) {
        Cell::Text(text) => format!("text {}", String::from_utf8_lossy(text)),
        Cell::Json(text) => format!("json {}", String::from_utf8_lossy(text)),
        other => format!("{other:?}"),
    }
}

#[test]
fn values_keep_what_they_are() {
    let ns = TimestampNanosecondArray::from(vec![1_709_280_000_000_137_001]);
    let us = TimestampMicrosecondArray::from(vec![1_709_280_000_000_137]);
    let decimal = Decimal128Array::from(vec![-12_345_678_901_234_567_890_i128])
        .with_precision_and_scale(38, 2)
        .unwrap();
    let names: DictionaryArray<Int8Type> = ["Paid"].into_iter().collect();
    let id = FixedSizeBinaryArray::try_from_iter([[7_u8; 16]].iter()).unwrap();
    let cases: [(ArrayRef, &str); 13] = [
        (Arc::new(StringArray::from(vec!["x"])), "text x"),
        (
            Arc::new(Int64Array::from(vec![-9_007_199_254_740_993])),
            "Int(-9007199254740993)",
        ),
        (
            Arc::new(UInt64Array::from(vec![u64::MAX])),
            "json 18446744073709551615",
        ),
        (Arc::new(Float32Array::from(vec![0.1])), "json 0.1"),
        (Arc::new(BooleanArray::from(vec![true])), "json true"),
        (Arc::new(decimal), "json -123456789012345678.90"),
        (
            Arc::new(ns.with_timezone("Europe/Stockholm")),
            "text 2024-03-01T08:00:00.000137001Z",
        ),
        (Arc::new(us), "text 2024-03-01T08:00:00.000137"),
        (Arc::new(Date32Array::from(vec![19_783])), "text 2024-03-01"),
        (
            Arc::new(Time64MicrosecondArray::from(vec![28_800_000_137])),
            "text 08:00:00.000137",
        ),
        (Arc::new(names), "text Paid"),
        (Arc::new(id), "text 07070707-0707-0707-0707-070707070707"),
        (Arc::new(StringArray::from(vec![None::<&str>])), "Null"),
    ];
    for (array, expected) in cases {
        assert_eq!(cell(array), expected);
    }
    assert_eq!(
        cell(Arc::new(BinaryArray::from(vec![&b"\xff"[..]]))),
        "Blob([255])"
    );
}

#[test]
fn nested_values_become_json_without_what_is_null() {
    let mut lines = ListBuilder::new(Int32Builder::new());
    lines.append_value([Some(1), None, Some(3)]);
    let mut tags = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
    tags.keys().append_value("a\"b");
    tags.values().append_null();
    tags.append(true).unwrap();
    let (lines, tags) = (lines.finish(), tags.finish());
    let fields = vec![
        Field::new("total", DataType::Utf8, true),
        Field::new("reason", DataType::Utf8, true),
        Field::new("lines", lines.data_type().clone(), true),
        Field::new("tags", tags.data_type().clone(), true),
        Field::new("raw", DataType::Binary, true),
    ];
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from(vec!["1.10"])),
        Arc::new(StringArray::from(vec![None::<&str>])),
        Arc::new(lines),
        Arc::new(tags),
        Arc::new(BinaryArray::from(vec![&b"\xff\x00"[..]])),
    ];
    let order = StructArray::new(fields.into(), columns, None);
    assert_eq!(
        cell(Arc::new(order)),
        r#"json {"total":"1.10","lines":[1,null,3],"tags":{"a\"b":null},"raw":{"$binary":"/wA="}}"#
    );
}
