mod chain;
mod node;

pub(crate) use chain::{Chain, id_of};
pub(crate) use node::{MARK, Node, settings, tcp, until};
