//! Counting that is killed anywhere goes on as if nothing had been.

use gdtx_service::{Clock, statistics};

use super::{
    Dice, cells, cut, rebuilt,
    writes::{begun, write},
};
use crate::on_both;

on_both!(
    async fn counting_that_is_cut_anywhere_counts_each_entry_once(s) {
        let vendor = s.vendor().await;
        let (mut world, mut dice) = (begun(&vendor).await, Dice(23));
        let (mut whole, mut broken) = (0, 0);
        let mut note = |is_whole: bool| if is_whole { whole += 1 } else { broken += 1 };
        for _ in 0..120 {
            write(&vendor, &mut dice, &mut world).await;
            // How many steps there are depends on the database and on who is quicker.
            let most = *dice.one(&[8, 16, 32]);
            match dice.roll(6) {
                0..=2 => {
                    s.sequenced().await;
                    note(cut(dice.roll(most), statistics::run_once(&s.db, Clock::System)).await.is_some());
                }
                3 if dice.roll(2) == 0 => {
                    s.sequenced().await;
                    note(cut(dice.roll(2 * most), statistics::rebuild(&s.db, Clock::System)).await.is_some());
                }
                _ => {}
            }
        }
        assert!(whole > 0 && broken > 10, "{whole} came to their end, {broken} did not");
        s.counted().await;
        let kept = cells(s).await;
        assert!(kept.len() > 30, "{}", kept.len());
        rebuilt(s).await;
        assert_eq!(kept, cells(s).await);
    }
);
