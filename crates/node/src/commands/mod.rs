//! The commands other than serving: `node verify`, `node export` and `node import`.

mod console;
mod export;
mod import;
mod source;
mod verify;

pub use export::export;
pub use import::import;
pub use verify::verify;
