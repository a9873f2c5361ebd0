//! Avro: schemas in JSON, and data by them as JSON. Written here, for the depth of what is read must be
//! bounded: a schema may hold itself.

mod datum;
mod schema;

pub(in crate::source) use schema::Schema;
