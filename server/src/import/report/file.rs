//! The report as a file: JSON with everything, or CSV with one line a remark, by the file's ending.

use std::path::Path;

use anyhow::{Context as _, bail};

use super::{Remark, Report};

impl Report {
    /// Whether a report can be written to `path`: by its ending.
    ///
    /// # Errors
    /// For any ending but `.json` and `.csv`.
    pub fn check_path(path: &Path) -> anyhow::Result<()> {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("json" | "csv") => Ok(()),
            _ => bail!("the report's file must end in .json or .csv: {}", path.display()),
        }
    }

    /// Writes the whole report to `path`, over what stands there.
    ///
    /// # Errors
    /// When the file cannot be written, or has another ending than `.json` or `.csv`.
    pub fn write(&self, path: &Path) -> anyhow::Result<()> {
        Self::check_path(path)?;
        let bytes = if path.extension().is_some_and(|extension| extension == "csv") {
            self.to_csv()?
        } else {
            serde_json::to_vec_pretty(self)?
        };
        std::fs::write(path, bytes).with_context(|| format!("cannot write the report to {}", path.display()))
    }

    fn to_csv(&self) -> anyhow::Result<Vec<u8>> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["taken", "row", "line", "id", "column", "value", "reason"])?;
        let kinds = [("no", &self.refusals), ("yes", &self.notes)];
        for (taken, remark) in
            kinds.into_iter().flat_map(|(taken, all)| all.iter().map(move |one| (taken, one)))
        {
            let Remark { row, line, id, column, value, reason } = remark;
            let (row, line) = (row.to_string(), line.to_string());
            writer.write_record([taken, &row, &line, id, column, value, reason])?;
        }
        Ok(writer.into_inner().map_err(csv::IntoInnerError::into_error)?)
    }
}
