//! Characters and digits as Python's `json` and `repr` write them. Uses no other module.
//!
//! 1. `string`: strings as ASCII JSON
//! 2. `float`: floats by their shortest digits
//! 3. `long_float`: exact parsing of long floats

mod float;
mod long_float;
mod string;

pub(crate) use float::{write_any_float, write_float};
pub(crate) use long_float::read_float;
pub use string::string_text;
pub(crate) use string::{first_special, write_code_point, write_string};
