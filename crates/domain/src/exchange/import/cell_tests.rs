//! Cells as spreadsheets and people write them.

use chrono::NaiveDate;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Cell, Reading, value};
use crate::{
    Checks,
    exchange::import::{
        column::{Field, Kind},
        job::DateFormat,
    },
    rule::Form,
    territory::code_list::CodeScheme,
};

const ISO: Reading = Reading { scheme: CodeScheme::Api, dates: DateFormat::Iso, since_1904: false };
const DMY: Reading = Reading { scheme: CodeScheme::Api, dates: DateFormat::Dmy, since_1904: false };

fn field(kind: Kind) -> Field {
    Field {
        path: "field".to_owned(),
        kind,
        form: Form::Any,
        max: None,
        list: None,
        symbols: Vec::new(),
        label: String::new(),
        about: String::new(),
        required: false,
        personal: false,
        spellings: Vec::new(),
        labels: Vec::new(),
        reference: None,
    }
}

/// The value, or the code of the one refusal at the field.
fn read(field: &Field, cell: Cell, reading: Reading) -> Result<Value, &'static str> {
    let mut checks = Checks::default();
    let read = value(field, cell, reading, &mut checks);
    match (read, checks.problems.as_slice()) {
        (Some(value), []) => Ok(value),
        (None, [problem]) => {
            assert_eq!(problem.pointer, field.pointer());
            assert!(problem.detail.vi != problem.detail.en);
            Err(problem.code)
        }
        (value, problems) => panic!("{value:?} and {} problems", problems.len()),
    }
}

fn text(value: &str) -> Cell {
    Cell::Text(value.to_owned())
}

#[test]
fn dates_are_taken_as_the_column_says() {
    let date = field(Kind::Date);
    assert_eq!(read(&date, text("2026-09-05"), ISO), Ok(json!("2026-09-05")));
    assert_eq!(read(&date, text("05/09/2026"), DMY), Ok(json!("2026-09-05")));
    assert_eq!(read(&date, text("5/9/2026"), DMY), Ok(json!("2026-09-05")));
    assert_eq!(read(&date, text("2026-09-05 00:00:00"), ISO), Ok(json!("2026-09-05")));
    assert_eq!(read(&date, text("05/09/2026"), ISO), Err("unnamed_date_format"));
    assert_eq!(read(&date, text("31/02/2026"), DMY), Err("invalid_date"));
    assert_eq!(read(&date, text("05/09/26"), DMY), Err("invalid_date"));
    assert_eq!(read(&date, Cell::Broken, DMY), Err("spreadsheet_error"));
    assert_eq!(read(&date, text("2026-09-05"), DMY), Ok(json!("2026-09-05")));
    assert_eq!(read(&date, text("05-09-2026"), DMY), Err("invalid_date"));
    assert_eq!(read(&date, text("46270"), ISO), Err("serial_date"));
}

#[test]
fn a_spreadsheet_counts_days() {
    let date = field(Kind::Date);
    // By hand: 1970-01-01 is day 25,569 of a spreadsheet, and 2026-09-05 is 20,701 days later.
    assert_eq!(read(&date, Cell::Number(25_569.0), ISO), Ok(json!("1970-01-01")));
    assert_eq!(read(&date, Cell::Number(46_270.0), ISO), Ok(json!("2026-09-05")));
    let day = NaiveDate::from_ymd_opt(1971, 3, 25).unwrap();
    assert_eq!(
        read(&field(Kind::PartialDate), Cell::Date(day), ISO),
        Ok(json!({"value": "1971-03-25", "precision": "day"}))
    );
    assert_eq!(read(&date, Cell::Number(46_270.5), ISO), Err("invalid_value"));
}

#[test]
fn a_part_of_a_date_keeps_its_precision() {
    let date = field(Kind::PartialDate);
    let known = |value: &str, precision: &str| Ok(json!({ "value": value, "precision": precision }));
    assert_eq!(read(&date, text("1971"), ISO), known("1971", "year"));
    assert_eq!(read(&date, Cell::Number(1971.0), ISO), known("1971", "year"));
    assert_eq!(read(&date, text("1971-03"), ISO), known("1971-03", "month"));
    assert_eq!(read(&date, text("3/1971"), DMY), known("1971-03", "month"));
    assert_eq!(read(&date, text("25/03/1971"), DMY), known("1971-03-25", "day"));
    assert_eq!(read(&date, text("3/1971"), ISO), Err("unnamed_date_format"));
}

#[test]
fn lost_zeros_are_told() {
    let number = Field { form: Form::Digits, max: Some(12), ..field(Kind::Text) };
    assert_eq!(read(&number, text("001071000001"), ISO), Ok(json!("001071000001")));
    assert_eq!(read(&number, Cell::Number(1_071_000_001.0), ISO), Err("lost_zeros"));
    let phone = Field { form: Form::Phone, ..field(Kind::Text) };
    assert_eq!(read(&phone, Cell::Number(912_000_000.0), ISO), Err("lost_zeros"));
    assert_eq!(read(&phone, text("0912000000"), ISO), Ok(json!("0912000000")));
    let place = Field { path: "residence.code".to_owned(), ..field(Kind::Text) };
    assert_eq!(read(&place, Cell::Number(4.0), ISO), Err("lost_zeros"));
    assert_eq!(read(&place, Cell::Number(1234.0), ISO), Err("lost_zeros"));
    assert_eq!(read(&place, text("00004"), ISO), Ok(json!("00004")));
}

#[test]
fn codes_are_read_in_the_named_scheme() {
    let gso = Reading { scheme: CodeScheme::Gso1979, ..ISO };
    let ethnic = Field { list: Some("ethnic_group".to_owned()), ..field(Kind::Text) };
    // QĐ 121-TCTK/PPCĐ: 01 is Kinh, 02 is Tày.
    assert_eq!(read(&ethnic, text("01"), gso), Ok(json!("kinh")));
    assert_eq!(read(&ethnic, Cell::Json(json!("02")), gso), Ok(json!("tay")));
    assert_eq!(read(&ethnic, Cell::Number(1.0), gso), Err("lost_zeros"));
    assert_eq!(read(&ethnic, text("kinh"), gso), Err("unknown_code"));
    assert_eq!(read(&ethnic, text("kinh"), ISO), Ok(json!("kinh")));
}

#[test]
fn cells_become_what_their_field_holds() {
    assert_eq!(read(&field(Kind::Boolean), text("Có"), ISO), Ok(json!(true)));
    assert_eq!(read(&field(Kind::Boolean), Cell::Number(0.0), ISO), Ok(json!(false)));
    assert_eq!(read(&field(Kind::Boolean), text("đúng"), ISO), Err("invalid_value"));
    assert_eq!(read(&field(Kind::Integer), text("12"), ISO), Ok(json!(12)));
    assert_eq!(read(&field(Kind::Integer), Cell::Number(1.5), ISO), Err("invalid_value"));
    assert_eq!(read(&field(Kind::Decimal), text("7.5"), ISO), Ok(json!(7.5)));
    assert_eq!(read(&field(Kind::Decimal), text("7,5"), ISO), Err("decimal_comma"));
    assert_eq!(read(&field(Kind::Texts), text("a; b;"), ISO), Ok(json!(["a", "b"])));
    assert_eq!(read(&field(Kind::Structure), text("[{\"a\": 1}]"), ISO), Ok(json!([{"a": 1}])));
    assert_eq!(read(&field(Kind::Structure), text("a"), ISO), Err("invalid_json"));
    assert_eq!(read(&field(Kind::Text), text("   "), ISO), Ok(Value::Null));
    assert_eq!(read(&field(Kind::Text), Cell::Json(json!(5)), ISO), Ok(json!(5)), "the shape judges JSON");
}

proptest! {
    #[test]
    fn any_cell_is_read_or_refused(raw in ".{0,40}", number in any::<f64>(), dmy in any::<bool>(), kind in 0..9usize) {
        let kinds = [
            Kind::Text, Kind::Integer, Kind::Decimal, Kind::Boolean, Kind::Date, Kind::PartialDate,
            Kind::Enum(vec!["a".to_owned()]), Kind::Texts, Kind::Structure,
        ];
        let field = Field { form: Form::Digits, max: Some(12), ..field(kinds[kind].clone()) };
        for cell in [Cell::Text(raw.clone()), Cell::Number(number)] {
            let _ = read(&field, cell, if dmy { DMY } else { ISO });
        }
    }
}
