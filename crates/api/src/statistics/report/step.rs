//! The steps of a report on both surfaces: prefilled, submitted, returned, accepted, locked.

use gdtx_service::statistics::report::{self, Reports, ReturnReport, Step, SubmitReport};

use super::record::ReportNode;
use crate::step::steps;

steps! {
    Reports, node ReportNode, mutation ReportStepMutation;

    /// Fill a report in anew
    ///
    /// Takes from the records, the accepted reports of the level below and the year before what they say now. What the
    /// reporting body entered stays. A draft or a returned report.
    prefill_report at "prefill" answers "The report as it was filled in."
        does "Fills a draft or a returned report in anew; what was entered stays."
        by |ctx, id, expected| report::take(ctx, id, Step::Refill, expected);

    /// Submit a report
    ///
    /// The body of the place signs its report and hands it to the level above (gửi báo cáo). Required figures must be
    /// there, totals be the sums of their parts, and what was corrected, or changed more than the form allows against
    /// the year before, be explained. `errors[]` names fields of the report. The answer holds the digest of what was
    /// signed.
    submit_report at "submit" answers "The submitted report."
        takes input: SubmitReport as SubmitReport, "Who signs, without a name."
        does "Signs a report and hands it to the level above."
        by |ctx, id, expected| report::take(ctx, id, Step::Submit(input), expected);

    /// Return a report
    ///
    /// The receiving level sends a report back to be corrected (trả lại), with the reason. It can be changed and
    /// submitted again.
    return_report at "return" answers "The returned report."
        takes input: ReturnReport as ReturnReport, "The reason."
        does "Sends a report back to be corrected, with the reason."
        by |ctx, id, expected| report::take(ctx, id, Step::Return(input), expected);

    /// Accept a report
    ///
    /// The receiving level takes a report (tiếp nhận). Its figures now count in the reports of that level, and are the
    /// year before of the next one.
    accept_report at "accept" answers "The accepted report."
        does "Takes a report: it counts in the reports of the receiving level."
        by |ctx, id, expected| report::take(ctx, id, Step::Accept, expected);

    /// Lock a report
    ///
    /// The receiving level, or the Ministry, makes an accepted report final (khóa): it never changes again.
    lock_report at "lock" answers "The locked report."
        does "Makes an accepted report final."
        by |ctx, id, expected| report::take(ctx, id, Step::Lock, expected);
}
