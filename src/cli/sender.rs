//! A sender on the command line, and where its keys come from. No message shows a key.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::errors::CliError;
use super::files;
use super::settings::{self, OwnSender, headers};
use crate::model::signature::{KeyForm, Signature};
use crate::model::{Accepted, Authentication, Ordering, Policy, Retries, Secret};
use crate::policy::handshake::Handshake;
use crate::policy::header::JSON;
use crate::policy::senders::{self, KEY_PLACE, Proof, SENDERS, find};
use crate::policy::sign::is_sendable;
use crate::policy::{presets, signed};
use crate::suggest::did_you_mean;
use crate::text::{names, shell};
use crate::vendors::Registry;

/// Where the keys of a sender are.
#[derive(Args, Clone, Default)]
pub struct KeyArgs {
    /// The variable of the environment with the key; several, the newest first, while a key is being
    /// replaced [default: the sender's own, see `standin senders`]
    #[arg(long, value_name = "NAME", requires = "sender", allow_hyphen_values = true)]
    key_env: Vec<String>,
    /// A file with the key, such as a private key in PEM (may be repeated)
    #[arg(long, value_name = "FILE", requires = "sender", allow_hyphen_values = true)]
    key_file: Vec<PathBuf>,
}

/// The largest file with a key.
const LARGEST_KEY: u64 = 64 * 1024;

/// A sender that `--as` takes: a well-known one, or one of the user's own.
pub struct Sender {
    /// Its name on the command line.
    pub name: String,
    /// What it sends, in a few words.
    pub about: String,
    /// Who says how it signs.
    pub origin: Origin,
    /// The variable of the environment that usually holds its key.
    pub variable: Option<String>,
    /// How long it waits for an answer, in seconds, if it documents that.
    pub answer_within_s: Option<u64>,
    /// How it tries a receiver first, if it does.
    pub handshake: Option<&'static Handshake>,
    /// How it proves that it sends a request.
    pub proof: Proof,
    /// How it signs, without a key, if it signs.
    pub signature: Signature,
    /// The template of what it signs.
    pub over: String,
    /// The content type of its events.
    pub content_type: &'static str,
    /// Headers that its requests have besides.
    pub headers: &'static [(&'static str, &'static str)],
}

/// Who says how a sender signs.
pub enum Origin {
    /// Its documents.
    Documented {
        /// Which these are.
        source: &'static str,
        /// Where they are.
        urls: &'static [&'static str],
        /// What they do not say.
        assumed: &'static str,
    },
    /// The user.
    Own {
        /// The file that describes it.
        file: String,
        /// What to tell a user who may expect another file.
        notice: Option<String>,
    },
}

impl Sender {
    /// The headers that its requests have besides those that the user gives: the user may say who sends.
    pub fn headers_besides(
        &self,
        given: &[(String, String)],
    ) -> impl Iterator<Item = (String, String)> {
        let is_given = |name: &str| given.iter().any(|(one, _)| one.eq_ignore_ascii_case(name));
        let headers = self.headers.iter().filter(move |(name, _)| !is_given(name));
        headers.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
    }

    /// Whether its documents describe it, and not the user.
    pub fn is_well_known(&self) -> bool {
        matches!(self.origin, Origin::Documented { .. })
    }

    /// Says which file describes it, if that may surprise.
    pub fn say_file(&self) {
        if let Origin::Own { notice: Some(notice), .. } = &self.origin {
            say!("{notice}");
        }
    }

    fn well_known(sender: &'static senders::Sender) -> Self {
        let signature =
            sender.signature().unwrap_or_else(|why| panic!("the sender {}: {why}", sender.name));
        Self {
            name: sender.name.to_owned(),
            about: sender.about.to_owned(),
            origin: Origin::Documented {
                source: sender.source,
                urls: sender.urls,
                assumed: sender.assumed,
            },
            variable: Some(sender.variable.to_owned()),
            answer_within_s: sender.answer_within_s,
            handshake: sender.handshake.as_ref(),
            proof: sender.proof,
            signature,
            over: sender.over().to_owned(),
            content_type: sender.content_type,
            headers: sender.headers,
        }
    }

    fn own(sender: OwnSender, file: &str, notice: Option<&String>) -> Self {
        Self {
            name: sender.name,
            about: sender.about.unwrap_or_else(|| "a sender of your own".to_owned()),
            origin: Origin::Own { file: file.to_owned(), notice: notice.cloned() },
            variable: sender.variable,
            answer_within_s: None,
            handshake: None,
            proof: sender.proof,
            signature: sender.described.signature,
            over: sender.described.over,
            content_type: JSON,
            headers: &[],
        }
    }
}

/// All senders: the well-known ones, and those of the settings file.
///
/// # Errors
/// If the settings file cannot be read, or one of its senders is wrong.
pub fn all(registry: Registry, config: Option<&Path>) -> Result<Vec<Sender>, CliError> {
    let own = settings::own_senders(registry, config)?;
    let well_known = SENDERS.iter().map(Sender::well_known);
    let (file, notice) = match &own.file {
        Some(file) => (file.as_str(), own.notice.as_ref()),
        None => {
            // Somebody else's file may be the one that the user means.
            own.notice.iter().for_each(|notice| say!("{notice}"));
            return Ok(well_known.collect());
        }
    };
    let own = own.senders.into_iter().map(|sender| Sender::own(sender, file, notice));
    Ok(well_known.chain(own).collect())
}

/// The sender of this name. The settings file is read only if it is no well-known one: none of the user's own
/// has such a name.
///
/// # Errors
/// If no sender has it, or the settings file is wrong.
pub fn sender(name: &str, registry: Registry, config: Option<&Path>) -> Result<Sender, CliError> {
    if let Some(sender) = find(name) {
        return Ok(Sender::well_known(sender));
    }
    let mut all = all(registry, config)?;
    if let Some(place) = all.iter().position(|sender| sender.name == name) {
        return Ok(all.swap_remove(place));
    }
    let known = || all.iter().map(|sender| sender.name.as_str());
    let near =
        did_you_mean(name, known()).map_or(String::new(), |question| format!(" ({question})"));
    Err(CliError::Usage(format!("there is no sender `{name}`{near}; there are {}", names(known()))))
}

/// The sender of this name, for a command that takes nothing else from a settings file.
///
/// # Errors
/// As [`sender`], or if a file is named that a well-known sender does not need.
pub fn sender_alone(
    name: &str,
    registry: Registry,
    config: Option<&Path>,
) -> Result<Sender, CliError> {
    if config.is_some() && find(name).is_some() {
        return Err(CliError::Usage(format!(
            "--config is for a sender of your own, and {name} is a well-known one: leave it out"
        )));
    }
    sender(name, registry, config)
}

/// How this sender signs, with its keys.
///
/// # Errors
/// If it does not sign, there is no key, or one cannot be read.
pub fn signature(sender: &Sender, keys: &KeyArgs) -> Result<Signature, CliError> {
    let sends = match sender.proof {
        Proof::Signature => None,
        Proof::Key => Some("it sends a token or a key, which is right or wrong as a whole"),
        Proof::None => Some("nothing proves who sends a request"),
    };
    if let Some(sends) = sends {
        return Err(CliError::Usage(format!("{} signs nothing: {sends}", sender.name)));
    }
    let mut found = keys.read(sender)?.into_iter();
    let secret = found.next();
    Ok(Signature { secret, older: found.collect(), ..sender.signature.clone() })
}

impl KeyArgs {
    /// The same arguments as text, for the command that repeats a run.
    pub fn to_arguments(&self) -> String {
        let variables = self.key_env.iter().map(|name| format!(" --key-env {}", shell::word(name)));
        let files = self.key_file.iter().map(|path| path.display().to_string());
        let files = files.map(|path| format!(" --key-file {}", shell::word(&path)));
        variables.chain(files).collect()
    }

    /// Whether the command line says where the keys are.
    fn are_named(&self) -> bool {
        !self.key_env.is_empty() || !self.key_file.is_empty()
    }

    fn read(&self, sender: &Sender) -> Result<Vec<Secret>, CliError> {
        let form = sender.signature.key;
        let mut keys = Vec::new();
        let usual: Vec<String> = sender.variable.iter().cloned().collect();
        let is_named = self.are_named();
        let variables = if is_named { &self.key_env } else { &usual };
        if variables.is_empty() && !is_named {
            return Err(CliError::Usage(format!(
                "there is no key for {}: name its variable with --key-env, or with `key_env` in its section, or a \
                 file with --key-file",
                sender.name
            )));
        }
        for name in variables {
            let key = std::env::var(name);
            let name = files::shown(Path::new(name));
            let key = match key {
                Ok(key) => key,
                Err(std::env::VarError::NotUnicode(_)) => {
                    return Err(CliError::Usage(format!("the value of {name} is not UTF-8")));
                }
                Err(std::env::VarError::NotPresent) => {
                    let otherwise = if is_named {
                        String::new()
                    } else {
                        ", name another variable with --key-env, or a file with --key-file"
                            .to_owned()
                    };
                    return Err(CliError::Usage(format!(
                        "there is no key for {}: set the variable {name}{otherwise}",
                        sender.name
                    )));
                }
            };
            keys.push(sound(&name, key, form)?);
        }
        for path in &self.key_file {
            let name = files::shown(path);
            let wrong = |why| CliError::Usage(format!("the key in {name}: {why}"));
            let mut key = files::text_at_most(LARGEST_KEY, path).map_err(wrong)?;
            // The line break that ends a text file is no part of a key.
            for end in ['\n', '\r'] {
                if key.ends_with(end) {
                    key.pop();
                }
            }
            keys.push(sound(&name, key, form)?);
        }
        Ok(keys)
    }
}

/// A key without what is added by mistake when it is copied.
fn sound(place: &str, key: String, form: KeyForm) -> Result<Secret, CliError> {
    if key.trim().is_empty() {
        return Err(CliError::Usage(format!("{place}: the key is empty")));
    }
    if form != KeyForm::Private && key.trim() != key {
        return Err(CliError::Usage(format!(
            "{place}: the key has white space at its beginning or its end: remove it, copying often adds a \
             line break"
        )));
    }
    Ok(Secret::new(key))
}

/// Reads a header on the command line. Its value may be a secret, so it is not repeated.
///
/// # Errors
/// If it has no name.
pub fn header(text: &str) -> Result<(String, String), String> {
    let parts = text.split_once(':').map(|(name, value)| (name.trim(), value.trim()));
    match parts {
        Some((name, value)) if !name.is_empty() && !name.contains(' ') => {
            Ok((name.to_owned(), value.to_owned()))
        }
        _ => Err("a header is written like `Name: value`".to_owned()),
    }
}

/// How long a connection is waited for. *Assumed*: no sender says so.
const CONNECT_WITHIN_S: u64 = 2;

/// How long an answer is waited for, unless the sender has a preset of its delivery rules.
const ANSWER_WITHIN_S: u64 = 15;

/// How this sender proves that it sends a request, with its keys.
///
/// # Errors
/// If there is no key for a signature, or one cannot be used.
fn login(sender: &Sender, keys: &KeyArgs) -> Result<Authentication, CliError> {
    match sender.proof {
        Proof::Signature => {}
        Proof::Key => return key(sender, keys),
        Proof::None if keys.are_named() => {
            return Err(CliError::Usage(format!("{} has no key: leave it out", sender.name)));
        }
        Proof::None => return Ok(Authentication::None),
    }
    let signature = signature(sender, keys)?;
    signed::check(&signature).map_err(|why| {
        CliError::Usage(format!("nothing can be signed as {}: {why}", sender.name))
    })?;
    Ok(Authentication::Signature(signature))
}

/// The key of this sender in its header. A well-known one may have none: a receiver can be protected otherwise.
fn key(sender: &Sender, keys: &KeyArgs) -> Result<Authentication, CliError> {
    let is_unset = |name: &String| std::env::var_os(name).is_none();
    if matches!(sender.origin, Origin::Documented { .. })
        && !keys.are_named()
        && sender.variable.as_ref().is_none_or(is_unset)
    {
        return Ok(Authentication::Headers(BTreeMap::new()));
    }
    let keys = keys.read(sender)?;
    let [key] = keys.as_slice() else {
        return Err(CliError::Usage(format!("{} sends one key", sender.name)));
    };
    if !is_sendable(key.reveal()) {
        return Err(CliError::Usage(format!("the key of {} is no printable ASCII", sender.name)));
    }
    let Signature { header, value, .. } = &sender.signature;
    let value = Secret::new(value.replace(KEY_PLACE, key.reveal()));
    Ok(Authentication::Headers([(header.clone(), value)].into()))
}

/// How this sender delivers, with its keys.
///
/// # Errors
/// If there is no key, or one cannot be used.
pub fn policy(sender: &Sender, keys: &KeyArgs) -> Result<Policy, CliError> {
    let mut policy = Policy {
        authentication: login(sender, keys)?,
        accepted: Accepted::Any2xx,
        connect_within: Duration::from_secs(CONNECT_WITHIN_S),
        answer_within: Duration::from_secs(ANSWER_WITHIN_S),
        retries: Retries::default(),
        ordering: Ordering::None,
        disable_after: None,
        dead_letters: false,
    };
    if let Some(preset) = presets::find(&sender.name) {
        preset.apply(&mut policy);
    }
    Ok(policy)
}

/// Reads a header on the command line. Its value may be a secret, so it is not repeated.
///
/// # Errors
/// If it cannot be sent, or is not for the user to set.
pub fn extra_header(text: &str) -> Result<(String, String), String> {
    let (name, value) = header(text)?;
    if !headers::sendable(&name, &value) {
        return Err("such a header cannot be sent: `Name: value` in printable ASCII".to_owned());
    }
    if headers::is_ours(&name) {
        return Err("that header follows from the URL and the body".to_owned());
    }
    Ok((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_has_a_name_and_a_value() {
        assert_eq!(header("A:  b: c "), Ok(("A".to_owned(), "b: c".to_owned())));
        for wrong in ["s3cr3t", ": s3cr3t", "a s3cr3t: b"] {
            assert!(!header(wrong).expect_err(wrong).contains("s3cr3t"));
        }
    }
}
