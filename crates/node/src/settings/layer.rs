//! What one source sets, and merging two sources.

use std::collections::BTreeMap;
use std::ffi::OsString;

use super::together::GROUPS;

/// The value that a source gives to a setting.
pub(super) enum Value {
    /// On or off, for a flag without a value.
    Switch(bool),
    /// Texts, as for a flag: one, or each of a list.
    Texts(Vec<OsString>),
}

/// What a source sets, by flag. No `Debug`: a value may be a secret.
#[derive(Default)]
pub(super) struct Layer(BTreeMap<String, Value>);

impl Value {
    /// The equivalent command-line arguments.
    pub(super) fn as_flags(&self, flag: &str) -> Vec<OsString> {
        let with = |text: &OsString| {
            let mut argument = OsString::from(format!("--{flag}="));
            argument.push(text);
            argument
        };
        match self {
            Self::Switch(true) => vec![format!("--{flag}").into()],
            Self::Switch(false) => Vec::new(),
            Self::Texts(texts) => texts.iter().map(with).collect(),
        }
    }
}

impl Layer {
    /// Sets a value.
    pub(super) fn set(&mut self, flag: &str, value: Value) {
        self.0.insert(flag.to_owned(), value);
    }

    /// Merges two sources; `self` wins. Settings of one group belong together: if `self` sets any of them, the
    /// group's values in `below` are dropped.
    pub(super) fn over(self, mut below: Self) -> Self {
        for group in GROUPS.iter().filter(|group| self.sets_any(group)) {
            below.0.retain(|flag, _| !group.contains(&flag.as_str()));
        }
        below.0.extend(self.0);
        below
    }

    /// Whether any of these is set. A switch that is off does not count.
    fn sets_any(&self, group: &[&str]) -> bool {
        group.iter().any(|flag| matches!(self.0.get(*flag), Some(Value::Switch(true) | Value::Texts(_))))
    }

    /// The equivalent command-line arguments.
    pub(super) fn as_flags(&self) -> Vec<OsString> {
        self.0.iter().flat_map(|(flag, value)| value.as_flags(flag)).collect()
    }
}
