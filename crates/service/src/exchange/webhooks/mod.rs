//! Webhooks: changes that are sent to whoever subscribed, signed after Standard Webhooks.
//!
//! The journal drives them. A subscription remembers a position, and everything up to there was
//! accepted by its receiver or stands in the list of deliveries; a process that dies sends some
//! changes again and leaves none out. Changes of one record arrive in their order: one that a
//! receiver refuses holds back those that follow of its record, and no others.

mod dispatch;
mod key;
mod ledger;
mod life;
mod log;
mod message;
mod round;
mod shape;
mod trial;

pub use dispatch::{Dispatcher, run, run_once};
pub(crate) use life::own;
pub use life::{create, delete, get, list, replay, rotate_secret, update};
pub use log::{Delivery, DeliveryFilter, deliveries};
pub use message::{Courier, Post, Reply, WebhookEvent};
pub use shape::{IssuedWebhook, NewWebhook, Webhook, WebhookPatch};
pub use trial::{Trial, test};
