//! Messages of Apache Kafka, from segment files and from what its tools print; all are written alike.

pub(super) mod batch;
pub(super) mod codec;
pub(super) mod console;
pub(super) mod crc;
pub(super) mod dump_log;
pub(super) mod pattern;
pub(super) mod segment;

use super::Lines;

/// A message as it is written.
#[derive(Default)]
pub(super) struct Message<'a> {
    pub(super) topic: Option<&'a str>,
    pub(super) partition: Option<i64>,
    pub(super) offset: Option<i64>,
    /// Milliseconds since 1970.
    pub(super) timestamp: Option<i64>,
    /// `CreateTime`, `LogAppendTime`, or `none`.
    pub(super) timestamp_type: &'static str,
    pub(super) key: Option<&'a [u8]>,
    pub(super) value: Option<&'a [u8]>,
    pub(super) headers: Vec<(&'a [u8], Option<&'a [u8]>)>,
}

impl Message<'_> {
    /// Writes it as a line.
    pub(super) fn write(&self, lines: &mut Lines) {
        lines.raw(b"{");
        if let Some(topic) = self.topic {
            lines.text_member("topic", topic);
        }
        let numbers = [
            ("partition", self.partition),
            ("offset", self.offset),
            ("timestamp", self.timestamp),
        ];
        for (key, number) in numbers {
            if let Some(number) = number {
                lines.member(key, number.to_string().as_bytes());
            }
        }
        lines.text_member("timestampType", self.timestamp_type);
        if let Some(key) = self.key {
            lines.key(b"key");
            lines.bytes(key);
        }
        lines.key(b"headers");
        lines.raw(b"{");
        for (name, value) in &self.headers {
            lines.key(name);
            match value {
                Some(value) => lines.bytes(value),
                None => lines.raw(b"null"),
            }
        }
        lines.raw(b"}");
        if let Some(value) = self.value {
            lines.key(b"value");
            lines.bytes(value);
        }
        lines.raw(b"}");
        lines.end();
    }
}

/// Topic and partition as a folder is named: `orders-0`.
pub(super) fn topic_of(folder: &str) -> Option<(String, i64)> {
    let (topic, partition) = folder.rsplit_once('-')?;
    let partition = partition.parse().ok().filter(|_| !topic.is_empty())?;
    Some((topic.to_owned(), partition))
}
