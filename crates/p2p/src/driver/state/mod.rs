//! The driver's state: the swarm, the user's commands, and open work.

mod command;
mod driver;
mod pulse;
mod serving;
#[cfg(test)]
pub(super) mod testing;
mod work;

pub(super) use command::Introduced;
pub(crate) use command::{Ask, Command};
pub(crate) use driver::{DIALS_AT_ONCE, Driver, LISTENER_LINES};
pub(super) use pulse::Pulse;
pub(super) use work::{Answer, Asking, Done, Judged};
