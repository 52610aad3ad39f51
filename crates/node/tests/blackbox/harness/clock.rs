//! A fake system clock for one node. Needs a C compiler, as building SQLite does.

use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use super::launch::Launch;

/// A stopped clock, half a second after the second it was set to.
pub(crate) struct Clock(TempDir);

impl Clock {
    pub(crate) fn at(seconds: i64) -> Self {
        let clock = Self(tempfile::tempdir().unwrap());
        let source = clock.path("clock.c");
        std::fs::write(&source, include_str!("clock.c")).unwrap();
        let built = Command::new("cc")
            .args(["-shared", "-fPIC", "-o"])
            .arg(clock.path("clock.so"))
            .arg(source)
            .status();
        assert!(built.unwrap().success());
        clock.set(seconds);
        clock
    }

    /// Sets the clock, even while a node runs.
    pub(crate) fn set(&self, seconds: i64) {
        std::fs::write(self.path("new"), seconds.to_string()).unwrap();
        std::fs::rename(self.path("new"), self.path("seconds")).unwrap();
    }

    /// Makes a node use the clock.
    pub(crate) fn on(&self, launch: Launch) -> Launch {
        let text = |path: PathBuf| path.into_os_string().into_string().unwrap();
        launch
            .variable("LD_PRELOAD", &text(self.path("clock.so")))
            .variable("TEST_CLOCK", &text(self.path("seconds")))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}
