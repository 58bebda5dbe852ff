//! Reading what one wrote: figures follow the records within a second, and who asks for a position waits for it.

use std::time::Duration;

use tokio::time::Instant;

use super::shown;
use crate::{Code, Ctx, Error, Result};

/// How long a caller waits for figures of what was written.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often it is looked whether they are there.
const STEP: Duration = Duration::from_millis(50);

/// Waits until as much is counted as the caller asks for.
///
/// # Errors
/// `invalid_header` for a position that nothing was written at; `unavailable` when the count does not come that far.
pub(in crate::statistics) async fn reached(ctx: &Ctx) -> Result<()> {
    let Some(wanted) = ctx.min_position else { return Ok(()) };
    let until = Instant::now() + PATIENCE;
    loop {
        let tx = ctx.read_once().await?;
        let counted = shown(&tx.db).await?.position;
        tx.end(()).await?;
        if wanted <= counted {
            return Ok(());
        }
        if until <= Instant::now() {
            return check_counted(ctx, counted);
        }
        tokio::time::sleep(STEP).await;
    }
}

/// Refuses figures that are behind what the caller asks for.
pub(in crate::statistics) fn check_counted(ctx: &Ctx, position: i64) -> Result<()> {
    if ctx.min_position <= Some(position) {
        return Ok(());
    }
    Err(Error::new(
        Code::Unavailable,
        format!("Thống kê mới đếm đến vị trí {position}; hãy thử lại."),
        format!("Statistics are counted up to position {position}; try again."),
    ))
}
