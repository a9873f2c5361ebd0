//! Payloads that need a schema: Protobuf, Avro, and files of Avro as they are.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::path::PathBuf;
use std::sync::Arc;

use annals::event::{Payload, Position, Want};
use annals::history::History;
use annals::ingest::open;
use annals::source::{MappingOverride, OpenOptions, Source};
use apache_avro::types::Value as Avro;
use apache_avro::{Codec, DeflateSettings, Schema, Writer};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use prost_reflect::prost::Message as _;
use prost_reflect::prost_types::field_descriptor_proto::{Label, Type};
use prost_reflect::prost_types::{
    DescriptorProto, EnumDescriptorProto, EnumValueDescriptorProto, FieldDescriptorProto,
    FileDescriptorProto, FileDescriptorSet,
};
use prost_reflect::{DescriptorPool, DynamicMessage, Value};

fn field(name: &str, number: i32, kind: Type, of: Option<&str>) -> FieldDescriptorProto {
    let label = if name == "tags" {
        Label::Repeated
    } else {
        Label::Optional
    };
    FieldDescriptorProto {
        name: Some(name.to_owned()),
        number: Some(number),
        r#type: Some(kind.into()),
        label: Some(label.into()),
        type_name: of.map(str::to_owned),
        ..FieldDescriptorProto::default()
    }
}

/// `shop.OrderPlaced` and a message inside it.
fn descriptors() -> Vec<u8> {
    let money = DescriptorProto {
        name: Some("Money".to_owned()),
        field: vec![
            field("minor_units", 1, Type::Int64, None),
            field("raw", 2, Type::Bytes, None),
        ],
        ..DescriptorProto::default()
    };
    let kinds =
        ["NEW", "OLD"]
            .into_iter()
            .zip(0..)
            .map(|(name, number)| EnumValueDescriptorProto {
                name: Some(name.to_owned()),
                number: Some(number),
                ..EnumValueDescriptorProto::default()
            });
    let kind = EnumDescriptorProto {
        name: Some("Kind".to_owned()),
        value: kinds.collect(),
        ..EnumDescriptorProto::default()
    };
    let placed = DescriptorProto {
        name: Some("OrderPlaced".to_owned()),
        field: vec![
            field("order_id", 1, Type::String, None),
            field("total", 2, Type::Message, Some(".shop.Money")),
            field("kind", 3, Type::Enum, Some(".shop.Kind")),
            field("tags", 4, Type::String, None),
            field("weight", 5, Type::Float, None),
        ],
        ..DescriptorProto::default()
    };
    let file = FileDescriptorProto {
        name: Some("shop.proto".to_owned()),
        package: Some("shop".to_owned()),
        message_type: vec![placed, money],
        enum_type: vec![kind],
        syntax: Some("proto3".to_owned()),
        ..FileDescriptorProto::default()
    };
    FileDescriptorSet { file: vec![file] }.encode_to_vec()
}

fn placed() -> Vec<u8> {
    let pool = DescriptorPool::decode(descriptors().as_slice()).unwrap();
    let mut money = DynamicMessage::new(pool.get_message_by_name("shop.Money").unwrap());
    money.set_field_by_name("minor_units", Value::I64(-9_007_199_254_740_993));
    money.set_field_by_name("raw", Value::Bytes(vec![0xff, 0].into()));
    let mut placed = DynamicMessage::new(pool.get_message_by_name("shop.OrderPlaced").unwrap());
    placed.set_field_by_name("order_id", Value::String("o-1".to_owned()));
    placed.set_field_by_name("total", Value::Message(money));
    placed.set_field_by_name("kind", Value::EnumNumber(1));
    placed.set_field_by_name("tags", Value::List(vec![Value::String("a".to_owned())]));
    placed.set_field_by_name("weight", Value::F32(0.1));
    placed.encode_to_vec()
}

const PLACED: &str = r#"{"orderId":"o-1","total":{"minorUnits":-9007199254740993,"raw":"/wA="},"kind":"OLD","tags":["a"],"weight":0.1}"#;

/// The first payload of a log whose payloads stand in base64.
fn payload_of(event_type: &str, data: &[u8], mapping: &str, schemas: Vec<PathBuf>) -> Payload {
    let data = STANDARD.encode(data);
    let line = format!(
        "{{\"stream\":\"order-1\",\"version\":0,\"type\":\"{event_type}\",\"time\":\"2024-03-01T08:00:00Z\",\"data\":\"{data}\"}}\n"
    );
    let mapping = format!("{mapping}\n[decode]\ndata = [\"base64\", \"auto\"]\n");
    let options = OpenOptions {
        mapping: Some(MappingOverride::parse(&mapping).unwrap()),
        schemas,
        ..OpenOptions::default()
    };
    let source = Source::Text {
        name: "events.ndjson".to_owned(),
        bytes: line.as_bytes().into(),
    };
    let history = open(&source, &options, &Arc::default()).unwrap();
    first(&history)
}

fn first(history: &History) -> Payload {
    let place = history.log.place(Position(0));
    let data = history.reader.read_one(place, Want::Data).unwrap().data;
    let all = history.reader.read_one(place, Want::All).unwrap().data;
    assert_eq!(data, all);
    data
}

fn file(folder: &tempfile::TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn messages_of_protobuf_are_read_by_the_name_of_their_event() {
    let folder = tempfile::tempdir().unwrap();
    let set = file(&folder, "shop.pb", &descriptors());
    let expected = Payload::Json(PLACED.into());
    for event_type in ["OrderPlaced", "shop.OrderPlaced"] {
        let read = payload_of(event_type, &placed(), "", vec![set.clone()]);
        assert_eq!(read, expected, "{event_type}");
    }
    let mapping = format!(
        "schemas = [{:?}]\n[messages]\n\"order-was-placed\" = \"shop.OrderPlaced\"",
        set.display().to_string()
    );
    assert_eq!(
        payload_of("order-was-placed", &placed(), &mapping, Vec::new()),
        expected
    );
    // As a registry's serializer writes it: a zero, the number, the path of the message.
    let registered = [&[0, 0, 0, 0, 9, 0][..], &placed()].concat();
    assert_eq!(
        payload_of("OrderPlaced", &registered, "", vec![set.clone()]),
        expected
    );
    // What no schema fits stays bytes.
    for (event_type, schemas) in [("OrderPlaced", Vec::new()), ("Other", vec![set])] {
        let read = payload_of(event_type, &placed(), "", schemas);
        assert!(matches!(read, Payload::Bytes(_)), "{read:?}");
    }
}

const SCHEMA: &str = r#"{"type":"record","name":"Placed","namespace":"shop","fields":[
  {"name":"stream_id","type":"string"},{"name":"version","type":"long"},{"name":"event_type","type":"string"},
  {"name":"recorded_at","type":{"type":"long","logicalType":"timestamp-micros"}},
  {"name":"data","type":{"type":"record","name":"Data","fields":[
    {"name":"total","type":["null","double"]},{"name":"lines","type":{"type":"array","items":"string"}}]}}]}"#;

fn record(version: i64) -> Avro {
    let data = Avro::Record(vec![
        (
            "total".to_owned(),
            Avro::Union(1, Box::new(Avro::Double(1.5))),
        ),
        (
            "lines".to_owned(),
            Avro::Array(vec![Avro::String("a".to_owned())]),
        ),
    ]);
    Avro::Record(vec![
        (
            "stream_id".to_owned(),
            Avro::String(format!("order-{}", version % 2)),
        ),
        ("version".to_owned(), Avro::Long(version / 2)),
        (
            "event_type".to_owned(),
            Avro::String(["Placed", "Paid"][usize::from(version > 1)].to_owned()),
        ),
        (
            "recorded_at".to_owned(),
            Avro::TimestampMicros(1_709_280_000_000_137 + version),
        ),
        ("data".to_owned(), data),
    ])
}

#[test]
fn payloads_of_avro_are_read_by_the_number_of_their_schema() {
    let folder = tempfile::tempdir().unwrap();
    let schema = Schema::parse_str(SCHEMA).unwrap();
    let datum = apache_avro::to_avro_datum(&schema, record(1)).unwrap();
    let registered = [&[0, 0, 0, 0, 17][..], &datum].concat();
    let numbered = file(&folder, "orders-17.avsc", SCHEMA.as_bytes());
    let read = payload_of("Anything", &registered, "", vec![numbered.clone()]);
    let expected = r#"{"stream_id":"order-1","version":0,"event_type":"Placed","recorded_at":"2024-03-01T08:00:00.000138Z","data":{"total":1.5,"lines":["a"]}}"#;
    assert_eq!(read, Payload::Json(expected.into()));
    let other = [&[0, 0, 0, 0, 18][..], &datum].concat();
    let read = payload_of("Anything", &other, "", vec![numbered]);
    assert!(matches!(read, Payload::Bytes(_)), "{read:?}");
    let named = file(&folder, "placed.avsc", SCHEMA.as_bytes());
    let read = payload_of("shop.Placed", &datum, "", vec![named]);
    assert_eq!(read, Payload::Json(expected.into()));
}

#[test]
fn files_of_avro_are_logs() {
    let schema = Schema::parse_str(SCHEMA).unwrap();
    for codec in [Codec::Null, Codec::Deflate(DeflateSettings::default())] {
        let mut writer = Writer::with_codec(&schema, Vec::new(), codec);
        for n in 0..500 {
            writer.append(record(n)).unwrap();
            if n % 100 == 99 {
                writer.flush().unwrap();
            }
        }
        let bytes = writer.into_inner().unwrap();
        let read = |bytes: &[u8]| {
            let source = Source::Text {
                name: "events".to_owned(),
                bytes: bytes.into(),
            };
            open(&source, &OpenOptions::default(), &Arc::default()).unwrap()
        };
        let history = read(&bytes);
        assert_eq!((history.log.len(), history.log.streams().len()), (500, 2));
        assert_eq!(history.about.container, "avro");
        assert_eq!(
            first(&history),
            Payload::Json(r#"{"total":1.5,"lines":["a"]}"#.into())
        );
        let cut = read(&bytes[..bytes.len() - 30]);
        assert_eq!(cut.log.len(), 400);
        assert!(
            cut.problems
                .items()
                .iter()
                .any(|one| one.kind == "damaged-avro")
        );
    }
}
