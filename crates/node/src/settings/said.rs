//! What one source says, and which source is heard.

use std::collections::BTreeMap;
use std::ffi::OsString;

use super::together::GROUPS;

/// What a source says of a setting.
pub(super) enum Value {
    /// Yes or no, for a flag that stands alone.
    Switch(bool),
    /// Texts, as a flag has them: one, or each of a list.
    Texts(Vec<OsString>),
}

/// What a source says, by flag. Not shown: a value may be a secret.
#[derive(Default)]
pub(super) struct Said(BTreeMap<String, Value>);

impl Value {
    /// The arguments that say the same at the shell.
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

impl Said {
    /// Notes what is said of a setting.
    pub(super) fn say(&mut self, flag: &str, value: Value) {
        self.0.insert(flag.to_owned(), value);
    }

    /// This source where it says something, the one below elsewhere. In a group of settings that answer one question,
    /// one source's answer is not mixed with another's.
    pub(super) fn over(self, mut below: Self) -> Self {
        for group in GROUPS.iter().filter(|group| self.answers(group)) {
            below.0.retain(|flag, _| !group.contains(&flag.as_str()));
        }
        below.0.extend(self.0);
        below
    }

    /// Whether it says one of these. Who only says what is not wanted answers nothing.
    fn answers(&self, group: &[&str]) -> bool {
        group.iter().any(|flag| matches!(self.0.get(*flag), Some(Value::Switch(true) | Value::Texts(_))))
    }

    /// The arguments that say the same at the shell.
    pub(super) fn as_flags(&self) -> Vec<OsString> {
        self.0.iter().flat_map(|(flag, value)| value.as_flags(flag)).collect()
    }
}
