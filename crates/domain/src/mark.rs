//! How well a rule or a fact is attested, so that nothing uncertain is ever shown as law.

use crate::code_enum;

code_enum! {
    /// The evidence behind a row of a rule set or a list.
    Mark {
        /// Read in the text of the law, or in a page that quotes or restates the article.
        Verified = "verified" ("Đã đối chiếu văn bản", "Checked against the text"),
        /// Read in a news item or an official summary, without the text of the article.
        Secondary = "secondary" ("Nguồn thứ cấp", "Secondary source"),
        /// Not read in any such source: shown as a hint, never applied unless chosen.
        Unverified = "unverified" ("Chưa kiểm chứng", "Unverified"),
    }
}
