//! How long to wait before the next attempt, and when to stop.
//!
//! A receiver that accepts nothing is asked again after times that double up to an hour, so that it is
//! found soon after it is back. One change that a working receiver refuses is tried over three days,
//! as Standard Webhooks recommends.

use chrono::Duration;

/// Waits of a change that a working receiver refused, in seconds.
const OF_A_CHANGE: [i64; 9] = [5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600];
/// The first wait of a receiver that accepts nothing, and the longest.
const FIRST: i64 = 5;
const LONGEST: i64 = 3600;

/// The wait after so many attempts of a change; none when it is given up.
pub fn after_attempts(attempts: i32) -> Option<Duration> {
    let place = usize::try_from(attempts).ok()?.checked_sub(1)?;
    OF_A_CHANGE.get(place).map(|seconds| Duration::seconds(*seconds))
}

/// The wait after so many rounds of which nothing was accepted.
pub fn after_failures(failures: i32) -> Duration {
    let doubled = u32::try_from(failures - 1).unwrap_or_default().min(20);
    Duration::seconds((FIRST << doubled).min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_tried_ten_times_over_three_days() {
        let waits: Vec<_> = (1..).map_while(after_attempts).collect();
        assert_eq!(waits.len(), 9);
        assert_eq!(waits[0], Duration::seconds(5));
        let all: Duration = waits.iter().sum();
        assert!(all > Duration::days(3) && all < Duration::days(4), "{all}");
    }

    #[test]
    fn a_dead_receiver_is_asked_once_an_hour_at_last() {
        let waits: Vec<i64> = (1..=12).map(|n| after_failures(n).num_seconds()).collect();
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]);
        assert_eq!(after_failures(i32::MAX).num_seconds(), 3600);
    }
}
