//! The public check of a decision: number and code together show that it stands as it is told.
//!
//! A wrong number and a wrong code give the same answer, so that nothing can be probed.

use async_graphql::SimpleObject;
use chrono::NaiveDate;
use gdtx_domain::{
    centres::life_cycle::AuthorityKind,
    recognitions::{
        kind::{self, HolderKind},
        period::state_on,
        recognition::{Column, Entity, Model, RecognitionState},
    },
    text,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Ctx, Error, Result};

/// What anyone may know of a decision whose number and code they hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecognitionVerification {
    /// Code of the kind of recognition.
    pub kind: String,
    /// Its name, in the language of the request.
    pub kind_label: String,
    /// Who or what holds it.
    pub holder_kind: HolderKind,
    /// Name of the holder; null for a family or a citizen, whose names are personal data.
    pub holder_name: Option<String>,
    /// The calendar year assessed.
    pub assessed_year: i32,
    /// Level granted; null for a title without levels.
    pub level: Option<i32>,
    /// Number of the decision.
    pub decision_number: String,
    /// Day of the decision.
    pub decision_date: NaiveDate,
    /// Who decided, as the decision names it.
    pub decision_authority: String,
    /// Kind of that authority; null when outside the State or unknown.
    pub decision_authority_kind: Option<AuthorityKind>,
    /// First day on which it counts.
    pub valid_from: Option<NaiveDate>,
    /// Last day on which it counts; null when the kind sets no period.
    pub valid_to: Option<NaiveDate>,
    /// `granted`, or `expired` after the last day.
    pub state: RecognitionState,
    /// The day of this answer in Viet Nam.
    pub verified_on: NaiveDate,
}

/// Checks a decision by its number and its code. Needs no token.
///
/// # Errors
/// `not_found`, the same for a wrong number, a wrong code and a decision that was taken off.
#[expect(clippy::disallowed_methods, reason = "number and code together are the proof")]
pub async fn verify(ctx: &Ctx, number: &str, code: &str) -> Result<RecognitionVerification> {
    let tx = ctx.read().await?;
    let found = Entity::find()
        .filter(Column::VerificationCode.eq(read(code)))
        .filter(Column::State.eq(RecognitionState::Granted))
        .filter(Column::DeletedAt.is_null())
        .one(&tx.db)
        .await?;
    let today = ctx.clock.today();
    found.filter(|row| same_number(row, number)).and_then(|row| told(ctx, row, today)).ok_or_else(Error::not_found)
}

fn same_number(row: &Model, number: &str) -> bool {
    let plain = |number: &str| text::fold(number).replace(' ', "");
    row.decision_number.as_deref().is_some_and(|kept| plain(kept) == plain(number))
}

fn told(ctx: &Ctx, row: Model, today: NaiveDate) -> Option<RecognitionVerification> {
    let label =
        kind::find(&row.kind).map(|k| if ctx.lang == gdtx_domain::Lang::En { &k.label_en } else { &k.label_vi });
    Some(RecognitionVerification {
        kind_label: label.unwrap_or(&row.kind).clone(),
        kind: row.kind,
        holder_kind: row.holder_kind,
        holder_name: row.holder_name.filter(|_| !row.holder_kind.is_person()),
        assessed_year: row.assessed_year,
        level: row.decision_level,
        decision_number: row.decision_number?,
        decision_date: row.decision_date?,
        decision_authority: row.decision_authority?,
        decision_authority_kind: row.decision_authority_kind,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        state: state_on(row.state, row.valid_to, today),
        verified_on: today,
    })
}

/// The letters and digits of a code: none that looks like another (no I, L, O, U).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Spells 100 random bits of a UUIDv4 in four groups of five letters and digits, for people to
/// copy from paper. The bits that say version and variant are left out.
pub(super) fn spell(random: Uuid) -> String {
    let bytes = random.as_bytes();
    let mut pool = bytes[..6].iter().chain(&bytes[9..]).fold(0_u128, |pool, byte| pool << 8 | u128::from(*byte));
    let letters = (0..20).map(|_| {
        let letter = LETTERS[usize::try_from(pool % 32).unwrap_or_default()];
        pool /= 32;
        char::from(letter)
    });
    grouped(letters)
}

/// A code as somebody typed it, in its one spelling: case, hyphens and blanks do not matter, and
/// letters that look like digits are read as these.
fn read(typed: &str) -> String {
    grouped(typed.chars().filter(|c| c.is_alphanumeric()).map(|c| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    }))
}

fn grouped(letters: impl Iterator<Item = char>) -> String {
    letters.enumerate().fold(String::with_capacity(23), |mut code, (place, letter)| {
        if place > 0 && place % 5 == 0 {
            code.push('-');
        }
        code.push(letter);
        code
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{read, spell};

    #[test]
    fn a_code_is_four_groups_of_five() {
        assert_eq!(spell(Uuid::from_u128(0)), "00000-00000-00000-00000");
        assert_eq!(spell(Uuid::from_u128(33)), "11000-00000-00000-00000");
        let full = spell(Uuid::from_u128(u128::MAX));
        assert_eq!(full, "ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ");
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        assert_eq!(read(" 11ab0-l0o0o 00000i0000"), "11AB0-10000-00000-10000");
        assert_eq!(read("zzzzzzzzzzzzzzzzzzzz"), "ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ");
        assert_eq!(read(""), "");
    }
}
