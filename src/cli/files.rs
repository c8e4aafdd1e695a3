//! The user's files: read with a size limit, and checked for writing before a long run.

use std::fs::File;
use std::io::{self, Read, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};

use super::errors::CliError;
use crate::model::Problem;
use crate::model::secret::MASK;
use crate::policy::mask::may_be_a_key;

/// The largest text file that is read, in bytes. Scenarios and features are far smaller.
const LARGEST_TEXT: u64 = 4 * 1024 * 1024;

/// Reads one of the user's text files.
///
/// # Errors
/// If it cannot be read, is too large, or is not UTF-8.
pub fn read_text(path: &Path) -> Result<String, CliError> {
    let text = read_whole_text(path)?;
    // Some editors write a byte order mark.
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// Reads one of the user's text files, with the byte order mark if it has one.
///
/// # Errors
/// As [`read_text`].
pub fn read_whole_text(path: &Path) -> Result<String, CliError> {
    let name = path.display().to_string();
    let bytes = read_at_most(LARGEST_TEXT, &name, File::open(path))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) => {
            let good =
                String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
            let (line, column) = (good.matches('\n').count() + 1, good.rsplit('\n').next());
            Err(Problem {
                file: name,
                line,
                column: column.map_or(0, |line| line.chars().count()) + 1,
                length: 1,
                title: "the file is not UTF-8".to_owned(),
                label: "not a character".to_owned(),
                help: vec!["save it as UTF-8".to_owned()],
                source: String::from_utf8_lossy(error.as_bytes()).into(),
            }
            .into())
        }
    }
}

/// Reads a source with this name, at most `limit` bytes.
///
/// # Errors
/// If it cannot be read, or is larger.
pub fn read_at_most(
    limit: u64,
    name: &str,
    source: io::Result<impl Read>,
) -> Result<Vec<u8>, CliError> {
    at_most(limit, source).map_err(|unread| match unread {
        Unread::Io(error) => CliError::Usage(format!("cannot read {name}: {error}")),
        Unread::TooLarge => CliError::Usage(format!("{name} has more than {limit} bytes")),
    })
}

/// Reads a file, or standard input if its path is `-`, at most `limit` bytes. Returns its name too.
///
/// # Errors
/// If it cannot be read, or is larger.
pub fn read_or_stdin(limit: u64, path: &Path) -> Result<(String, Vec<u8>), CliError> {
    if path.as_os_str() == "-" {
        let name = "standard input".to_owned();
        let bytes = read_at_most(limit, &name, Ok(io::stdin().lock()))?;
        return Ok((name, bytes));
    }
    let name = path.display().to_string();
    let bytes = read_at_most(limit, &name, File::open(path))?;
    Ok((name, bytes))
}

/// Why a source was not read.
pub enum Unread {
    /// It cannot be read.
    Io(io::Error),
    /// It is too large.
    TooLarge,
}

/// Reads a source, at most `limit` bytes.
///
/// # Errors
/// If it cannot be read, or is larger.
pub fn at_most(limit: u64, source: io::Result<impl Read>) -> Result<Vec<u8>, Unread> {
    let mut bytes = Vec::new();
    source.and_then(|source| source.take(limit + 1).read_to_end(&mut bytes)).map_err(Unread::Io)?;
    if bytes.len() as u64 > limit { Err(Unread::TooLarge) } else { Ok(bytes) }
}

/// The text of a file of at most `limit` bytes.
///
/// # Errors
/// Why it cannot be read. The message repeats nothing of its content.
pub fn text_at_most(limit: u64, path: &Path) -> Result<String, String> {
    let bytes = at_most(limit, File::open(path)).map_err(|unread| match unread {
        Unread::Io(error) => error.to_string(),
        Unread::TooLarge => format!("it has more than {limit} bytes"),
    })?;
    String::from_utf8(bytes).map_err(|_| "it is not a text file".to_owned())
}

/// The name of a file, as it is shown in a message. A key that stands in its place is not shown.
pub fn shown(path: &Path) -> String {
    let name = path.display().to_string();
    if may_be_a_key(&name) { MASK.to_owned() } else { name }
}

/// Checks that these reports can be written, each to a file of its own, before a long run whose
/// reports would be lost. Each has the option that names it.
pub fn must_be_writable(reports: &[(&str, Option<&PathBuf>)]) -> Result<(), CliError> {
    let mut seen: Vec<(&str, PathBuf)> = Vec::new();
    for (option, path) in reports {
        let Some(path) = path else { continue };
        writable(path).map_err(|why| cannot_write(path, &why))?;
        if is_special(path) {
            continue;
        }
        let file = real(path);
        if let Some((other, _)) = seen.iter().find(|(_, seen)| *seen == file) {
            let path = path.display();
            let why = format!("{other} and {option} name the same file, {path}: give each its own");
            return Err(CliError::Usage(why));
        }
        seen.push((option, file));
    }
    Ok(())
}

/// Why a path cannot be written, if it cannot.
fn writable(path: &Path) -> Result<(), String> {
    if path.is_dir() {
        return Err("it is a folder".to_owned());
    }
    if is_special(path) {
        return Ok(());
    }
    if path.is_file() {
        // Whoever may write everything still means a file that nobody may write.
        if path.metadata().is_ok_and(|found| found.permissions().readonly()) {
            return Err("it is read-only".to_owned());
        }
        let opened = File::options().append(true).open(path);
        return opened.map(drop).map_err(|error| error.to_string());
    }
    let folder = folder(path);
    if !folder.is_dir() {
        return Err("its folder does not exist".to_owned());
    }
    tempfile::tempfile_in(folder).map(drop).map_err(|error| error.to_string())
}

/// Whether it is something like `/dev/stdout`, which cannot be replaced and is never found half written.
fn is_special(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// The folder of a file.
fn folder(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// The most links that are followed, as by the system.
const MOST_LINKS: usize = 40;

/// The file that a path leads to, whether it exists or not.
fn whole(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    // A link may lead to a file that does not exist yet.
    for _ in 0..MOST_LINKS {
        let Ok(to) = path.read_link() else { break };
        path = folder(&path).join(to);
    }
    path.canonicalize().unwrap_or_else(|_| {
        let folder = folder(&path).canonicalize().unwrap_or_else(|_| folder(&path).to_owned());
        folder.join(path.file_name().unwrap_or_default())
    })
}

/// What is the same for two paths if they lead to the same file, even by a hard link.
fn real(path: &Path) -> PathBuf {
    let whole = whole(path);
    #[cfg(unix)]
    if let Ok(found) = whole.metadata() {
        use std::os::unix::fs::MetadataExt as _;
        return PathBuf::from(format!("{}:{}", found.dev(), found.ino()));
    }
    whole
}

fn cannot_write(path: &Path, why: &impl std::fmt::Display) -> CliError {
    CliError::Usage(format!("cannot write {}: {why}", path.display()))
}

/// Writes a file. Whoever reads it meanwhile sees the old text or the new one, never a part.
pub fn write(path: &Path, text: &str) -> Result<(), CliError> {
    replace(path, text).map_err(|error| cannot_write(path, &error))
}

/// Prints a summary and writes several reports. If one cannot be made or written, the others still are.
///
/// # Panics
/// If making one of them does: once the others are written.
pub fn publish<Make: FnOnce() -> String>(
    summary: impl FnOnce(),
    reports: impl IntoIterator<Item = (PathBuf, Make)>,
) -> Vec<CliError> {
    let mut bug = catch_unwind(AssertUnwindSafe(summary)).err();
    let mut unwritten = Vec::new();
    for (path, make) in reports {
        match catch_unwind(AssertUnwindSafe(make)) {
            Ok(text) => unwritten.extend(write(&path, &text).err()),
            Err(panic) => bug = bug.or(Some(panic)),
        }
    }
    if let Some(panic) = bug {
        resume_unwind(panic);
    }
    unwritten
}

/// Writes a file that does not exist yet, as a whole or not at all.
///
/// # Errors
/// If it cannot be written, or exists.
pub fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = temporary(path)?;
    file.write_all(text.as_bytes())?;
    file.persist_noclobber(path).map(drop).map_err(|error| error.error)
}

/// Writes a file as a whole, in the place of the one that is there.
///
/// # Errors
/// If it cannot be written. Then the old one is still there, wherever it can be replaced at all.
pub fn replace(path: &Path, bytes: impl AsRef<[u8]>) -> io::Result<()> {
    let bytes = bytes.as_ref();
    if is_special(path) {
        return std::fs::write(path, bytes);
    }
    // A link stays a link, and an old file keeps its permissions.
    let path = &whole(path);
    let Ok(mut file) = temporary(path) else {
        // A single file can be writable in a folder that is not, as in a container.
        return std::fs::write(path, bytes);
    };
    file.write_all(bytes)?;
    match file.persist(path) {
        Ok(_) => Ok(()),
        // A file that is mounted cannot be replaced.
        Err(_) => std::fs::write(path, bytes),
    }
}

fn temporary(path: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut made = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // The usual ones of a new file, less what the umask takes.
        let usual = std::fs::Permissions::from_mode(0o666);
        made.permissions(usual);
    }
    let file = made.prefix(".standin-").tempfile_in(folder(path))?;
    if let Ok(old) = path.metadata() {
        file.as_file().set_permissions(old.permissions())?;
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(result: Result<(), CliError>) -> String {
        match result {
            Err(CliError::Usage(text)) => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn two_reports_on_one_path_are_found_before_a_run() {
        let folder = tempfile::tempdir().expect("a folder");
        let (one, other) = (folder.path().join("a.txt"), folder.path().join("./a.txt"));
        let both = [("--json", Some(&one)), ("--html", Some(&other))];
        let link = folder.path().join("b.txt");
        std::os::unix::fs::symlink("a.txt", &link).expect("a link");
        let by_link = [("--json", Some(&one)), ("--hdr", None), ("--html", Some(&link))];
        for exists in [false, true] {
            assert!(
                said(must_be_writable(&by_link)).starts_with("--json and --html name the same")
            );
            if exists {
                std::fs::write(&one, "").expect("a file");
            }
            let said = said(must_be_writable(&both));
            assert!(said.starts_with("--json and --html name the same file"), "{said}");
        }
        must_be_writable(&[("--json", Some(&one)), ("--html", None)]).expect("one file");
        let null = PathBuf::from("/dev/null");
        must_be_writable(&[("--json", Some(&null)), ("--html", Some(&null))]).expect("no file");
    }

    #[test]
    fn a_path_that_cannot_be_written_is_found_before_a_run() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().to_owned();
        let of = |path: &PathBuf| said(must_be_writable(&[("--json", Some(path))]));
        assert!(of(&path).ends_with("it is a folder"));
        assert!(of(&path.join("no/a.json")).ends_with("its folder does not exist"));
        assert_eq!(std::fs::read_dir(&path).expect("a folder").count(), 0, "nothing is left");
    }

    #[test]
    #[cfg(unix)]
    fn a_file_is_replaced_as_a_whole_and_keeps_its_permissions_and_links() {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
        let folder = tempfile::tempdir().expect("a folder");
        let (file, link) = (folder.path().join("a.json"), folder.path().join("b.json"));
        write(&file, "old").expect("written");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).expect("set");
        std::os::unix::fs::symlink(&file, &link).expect("a link");
        let before = file.metadata().expect("a file").ino();
        write(&link, "new").expect("written");
        let after = file.metadata().expect("a file");
        assert_eq!(std::fs::read_to_string(&file).expect("a file"), "new");
        assert_ne!(after.ino(), before, "it is another file");
        assert_eq!(after.permissions().mode() & 0o777, 0o640);
        assert!(link.is_symlink());
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 2);
    }

    #[test]
    fn a_report_that_cannot_be_written_does_not_cost_the_others() {
        let folder = tempfile::tempdir().expect("a folder");
        let (gone, good) = (folder.path().join("no/a"), folder.path().join("b"));
        let reports =
            [(gone, "a"), (good.clone(), "b")].map(|(path, text)| (path, || text.to_owned()));
        let mut errors = publish(|| {}, reports).into_iter();
        assert!(said(errors.next().map_or(Ok(()), Err)).starts_with("cannot write "));
        assert!(errors.next().is_none());
        assert_eq!(std::fs::read_to_string(good).expect("a file"), "b");
    }

    #[test]
    fn a_bug_in_a_report_does_not_cost_the_others() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        let make = |text: &'static str| move || text.parse::<u8>().expect("a number").to_string();
        let reports = [(path("a"), make("no number")), (path("b"), make("7"))];
        let ended = catch_unwind(AssertUnwindSafe(|| {
            publish(|| std::panic::panic_any("in the summary"), reports)
        }));
        let first = ended.expect_err("it goes on with the panic");
        assert_eq!(first.downcast_ref::<&str>(), Some(&"in the summary"));
        assert!(!path("a").exists());
        assert_eq!(std::fs::read_to_string(path("b")).expect("a file"), "7");
    }
}
