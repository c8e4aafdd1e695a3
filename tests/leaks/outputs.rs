//! Everything that commands print and write.

use std::path::Path;

use super::{run, said};

/// What each of these commands prints in this folder. Each must end with 0 or 1.
pub fn printed(folder: &Path, commands: &[&str]) -> Vec<(String, String)> {
    let github = [("GITHUB_ACTIONS", "true"), ("NO_COLOR", "1")];
    let printed = commands.iter().map(|command| {
        let arguments: Vec<&str> = command.split(' ').collect();
        let output = run(folder, &arguments, &github);
        let said = said(&output);
        assert!(matches!(output.status.code(), Some(0..=1)), "{command}: {said}");
        ((*command).to_owned(), said)
    });
    printed.collect()
}

/// The reports and journals in this folder.
pub fn written(folder: &Path) -> Vec<(String, String)> {
    let files = std::fs::read_dir(folder).expect("a folder").flatten().filter_map(|file| {
        let name = file.file_name().to_string_lossy().into_owned();
        let is_output =
            [".json", ".xml", ".html", ".journal", "-wal"].iter().any(|end| name.ends_with(end));
        let bytes = is_output.then(|| std::fs::read(file.path()).expect("a file"))?;
        Some((name, String::from_utf8_lossy(&bytes).into_owned()))
    });
    files.collect()
}
