//! What the driver holds: the swarm, the user's wishes, the work that is open.

mod command;
mod driver;
mod serving;
mod work;

pub(crate) use command::{Ask, Command};
pub(crate) use driver::Driver;
pub(super) use work::{Answer, Asking, Done, Judged};
