//! The measurements, in rounds. Between them the nodes rest in real time, for gossipsub's heartbeats.

mod churn;
mod heard;
mod rivals;
mod spread;

pub(crate) use churn::churn;
pub(crate) use rivals::rivals;
pub(crate) use spread::spread;
