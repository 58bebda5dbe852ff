//! Apache Parquet: a column of codes for each dimension, and one of whole numbers for each measure.

use std::sync::Arc;

use gdtx_service::{
    Error, Result,
    statistics::{FigureStatus, StatisticsAnswer},
};
use parquet::{
    basic::{Compression, LogicalType, Repetition, Type as Physical},
    data_type::{ByteArray, ByteArrayType, Int64Type},
    errors::ParquetError,
    file::{metadata::KeyValue, properties::WriterProperties, writer::SerializedFileWriter},
    schema::types::Type,
};

/// The answer as a file.
pub fn file(answer: &StatisticsAnswer) -> Result<Vec<u8>> {
    written(answer).map_err(Error::internal)
}

fn written(answer: &StatisticsAnswer) -> std::result::Result<Vec<u8>, ParquetError> {
    let about = [
        ("dataSet", answer.data_set.clone()),
        ("title", answer.title.clone()),
        ("source", answer.source.clone()),
        ("notes", answer.notes.join(" ")),
        ("position", answer.position.to_string()),
        ("version", answer.version.clone()),
    ];
    let about = about.into_iter().map(|(key, value)| KeyValue::new(key.to_owned(), value)).collect();
    let properties =
        WriterProperties::builder().set_compression(Compression::SNAPPY).set_key_value_metadata(Some(about)).build();
    let mut writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema(answer)?), Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    for at in 0..answer.dimensions.len() {
        let codes: Vec<ByteArray> = answer.rows.iter().map(|row| row.members[at].as_str().into()).collect();
        if let Some(mut column) = group.next_column()? {
            column.typed::<ByteArrayType>().write_batch(&codes, None, None)?;
            column.close()?;
        }
    }
    for at in 0..answer.measures.len() {
        let values: Vec<i64> = answer.rows.iter().map(|row| row.values[at]).collect();
        if let Some(mut column) = group.next_column()? {
            column.typed::<Int64Type>().write_batch(&values, None, None)?;
            column.close()?;
        }
    }
    if let Some(mut column) = group.next_column()? {
        let status: Vec<Option<&str>> = answer.rows.iter().map(|row| row.status.map(FigureStatus::code)).collect();
        let levels: Vec<i16> = status.iter().map(|status| i16::from(status.is_some())).collect();
        let told: Vec<ByteArray> = status.into_iter().flatten().map(Into::into).collect();
        column.typed::<ByteArrayType>().write_batch(&told, Some(&levels), None)?;
        column.close()?;
    }
    group.close()?;
    writer.into_inner()
}

fn schema(answer: &StatisticsAnswer) -> std::result::Result<Type, ParquetError> {
    let text = |name: &str, repetition| {
        Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
            .with_logical_type(Some(LogicalType::String))
            .with_repetition(repetition)
            .build()
    };
    let number =
        |name: &str| Type::primitive_type_builder(name, Physical::INT64).with_repetition(Repetition::REQUIRED).build();
    let dimensions = answer.dimensions.iter().map(|dimension| text(dimension.code.code(), Repetition::REQUIRED));
    let measures = answer.measures.iter().map(|measure| number(&measure.code));
    let fields = dimensions.chain(measures).chain([text("status", Repetition::OPTIONAL)]);
    let fields = fields.map(|field| field.map(Arc::new)).collect::<std::result::Result<Vec<_>, _>>()?;
    Type::group_type_builder("figures").with_fields(fields).build()
}
