//! The forms that figures come in, and which of them a caller wants.

mod csv;
pub mod dense;
pub mod json_stat;
mod parquet;
mod sdmx;
mod sdmx_structure;
mod sheet;

use actix_web::{
    HttpRequest,
    http::header::{Accept, Header},
};
use gdtx_domain::Lang;
use gdtx_service::{Code, Error, Result, statistics::StatisticsAnswer};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::exchange::sheet::XLSX;

/// A form of figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = StatisticsFormat)]
pub enum Form {
    /// Rows of members and values.
    Json,
    /// JSON-stat 2.0: every cell of the table.
    JsonStat,
    /// A line for each row, codes and labels.
    Csv,
    /// What the columns of the CSV are (CSV on the Web).
    CsvMetadata,
    /// A workbook with the figures and notes.
    Xlsx,
    /// Apache Parquet.
    Parquet,
    /// SDMX-CSV 2.0.
    SdmxCsv,
    /// What the columns and codes of the SDMX-CSV are (SDMX-JSON 2.0).
    SdmxStructure,
}

impl Form {
    const ALL: [Self; 8] = [
        Self::Json,
        Self::JsonStat,
        Self::Csv,
        Self::CsvMetadata,
        Self::Xlsx,
        Self::Parquet,
        Self::SdmxCsv,
        Self::SdmxStructure,
    ];

    /// Its name in `format`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::JsonStat => "json_stat",
            Self::Csv => "csv",
            Self::CsvMetadata => "csv_metadata",
            Self::Xlsx => "xlsx",
            Self::Parquet => "parquet",
            Self::SdmxCsv => "sdmx_csv",
            Self::SdmxStructure => "sdmx_structure",
        }
    }

    pub const fn media(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::JsonStat => "application/vnd.json-stat+json",
            Self::Csv => "text/csv; charset=utf-8",
            Self::CsvMetadata => "application/csvm+json",
            Self::Xlsx => XLSX,
            Self::Parquet => "application/vnd.apache.parquet",
            Self::SdmxCsv => "application/vnd.sdmx.data+csv; version=2.0.0; charset=utf-8",
            Self::SdmxStructure => "application/vnd.sdmx.structure+json; version=2.0.0",
        }
    }

    /// What the name of a file of this form ends with.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Json | Self::JsonStat => "json",
            Self::Csv | Self::SdmxCsv => "csv",
            Self::CsvMetadata => "csv-metadata.json",
            Self::SdmxStructure => "sdmx-structure.json",
            Self::Xlsx => "xlsx",
            Self::Parquet => "parquet",
        }
    }

    /// Whether it is kept as a file rather than read by a program.
    pub const fn is_file(self) -> bool {
        matches!(self, Self::Csv | Self::Xlsx | Self::Parquet | Self::SdmxCsv)
    }

    /// The form that describes it.
    pub const fn described_by(self) -> Option<Self> {
        match self {
            Self::Csv => Some(Self::CsvMetadata),
            Self::SdmxCsv => Some(Self::SdmxStructure),
            _ => None,
        }
    }

    /// Whether it has a place for each combination of members, in their order.
    pub const fn is_whole(self) -> bool {
        matches!(self, Self::JsonStat)
    }

    /// The answer in this form; `csv` is the address of the same figures as CSV.
    pub fn write(self, answer: &StatisticsAnswer, lang: Lang, csv: &str) -> Result<Vec<u8>> {
        match self {
            Self::Json => serde_json::to_vec(answer).map_err(Error::internal),
            Self::JsonStat => serde_json::to_vec(&json_stat::table(answer, lang)).map_err(Error::internal),
            Self::Csv => Ok(csv::lines(answer)),
            Self::CsvMetadata => serde_json::to_vec(&csv::description(answer, lang, csv)).map_err(Error::internal),
            Self::Xlsx => sheet::book(answer, lang),
            Self::Parquet => parquet::file(answer),
            Self::SdmxCsv => Ok(sdmx::lines(answer)),
            Self::SdmxStructure => serde_json::to_vec(&sdmx_structure::message(answer, lang)).map_err(Error::internal),
        }
    }

    fn is_meant(self, essence: &str) -> bool {
        self.media().split(';').next() == Some(essence)
    }
}

/// The form that a caller wants: by parameter, else the one it likes best of those that there are.
pub fn wanted(req: &HttpRequest, named: Option<Form>) -> Result<Form> {
    if let Some(form) = named {
        return Ok(form);
    }
    let ranked = Accept::parse(req).map(|accept| accept.ranked()).unwrap_or_default();
    if ranked.is_empty() {
        return Ok(Form::Json);
    }
    let form = ranked.iter().find_map(|media| match media.essence_str() {
        "*/*" | "application/*" => Some(Form::Json),
        "text/*" => Some(Form::Csv),
        essence => Form::ALL.into_iter().find(|form| form.is_meant(essence)),
    });
    form.ok_or_else(|| {
        let all = Form::ALL.map(|form| form.media().split(';').next().unwrap_or_default()).join(", ");
        Error::new(Code::NotAcceptable, format!("Có các dạng: {all}."), format!("There are: {all}."))
    })
}
