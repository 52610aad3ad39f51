use std::{
    fs::OpenOptions,
    io::{self, Write},
    path::Path,
    time::Duration,
};

/// Named figures in order.
#[derive(Default)]
pub(crate) struct Figures(Vec<(String, String)>);

impl Figures {
    pub(crate) fn add(&mut self, name: &str, value: f64, decimals: usize) {
        self.0.push((name.to_owned(), format!("{value:.decimals$}")));
    }

    /// Adds the median, the 99th percentile and the longest of some times, in milliseconds.
    pub(crate) fn add_times(&mut self, name: &str, mut times: Vec<Duration>) {
        times.sort_unstable();
        let last = times.len().saturating_sub(1);
        for (which, share) in [("median", 0.5), ("99th percentile", 0.99), ("longest", 1.0)] {
            let at = ((times.len() as f64 * share) as usize).min(last);
            let time = times.get(at).map_or(f64::NAN, |time| time.as_secs_f64() * 1e3);
            self.add(&format!("{name}: {which}, ms"), time, 0);
        }
    }

    pub(crate) fn print(&self) {
        for (name, value) in &self.0 {
            println!("{name}\t{value}");
        }
    }

    /// Writes a line of CSV, after a line of names if the file is new.
    pub(crate) fn append_to(&self, path: &Path) -> io::Result<()> {
        let mut file = OpenOptions::new().create(true).append(true).open(path)?;
        if file.metadata()?.len() == 0 {
            writeln!(file, "{}", line(self.0.iter().map(|(name, _)| format!("\"{name}\""))))?;
        }
        writeln!(file, "{}", line(self.0.iter().map(|(_, value)| value.clone())))
    }
}

fn line(fields: impl Iterator<Item = String>) -> String {
    fields.collect::<Vec<_>>().join(",")
}
