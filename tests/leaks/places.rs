//! A private key that stands where the name of a file or of a variable belongs is not shown.

use super::{folder, run, said, write};

/// A key of Ed25519 that was made for this test.
const KEY: &str = "MC4CAQAwBQYDK2VwBCIEIGcOrr8a/VUAAkWxj98OEhOq7KGE4jX7/H0Jh5EfwxrX";

/// The fewest characters in a row that give a key away.
const RUN: usize = 8;

/// Whether a text has any part of the key but its beginning, which all such keys have in common.
fn tells(text: &str) -> bool {
    let own = &KEY[20..];
    (0..=own.len() - RUN).any(|start| text.contains(&own[start..start + RUN]))
}

fn pem() -> String {
    format!("-----BEGIN PRIVATE KEY-----\n{KEY}\n-----END PRIVATE KEY-----")
}

#[test]
fn a_key_in_place_of_a_file_in_standin_yaml_is_not_shown() {
    assert!(tells(KEY) && tells(&pem()));
    let one_line = pem().replace('\n', " ");
    let block = pem().replace('\n', "\n    ");
    for value in [KEY.to_owned(), format!("\"{one_line}\""), format!("|\n    {block}")] {
        let receiver = |key: &str, more: &str| {
            format!(
                "receiver:\n  url: https://127.0.0.1:1\n{more}  {key}: {value}\nvendors: {{}}\n"
            )
        };
        let assertion = format!(
            "receiver: {{ url: http://127.0.0.1:1 }}\nvendors:\n  doo:\n    deliver: /doo\n    oauth:\n      endpoint: /t\n      \
             request_with: private_key_jwt\n      assertion:\n        private_key_file: {}\n",
            value.replace("\n    ", "\n          ")
        );
        let files = [
            receiver("ca_file", ""),
            receiver("client_cert_file", ""),
            receiver("client_key_file", "  client_cert_file: none.pem\n"),
            assertion,
        ];
        for file in files {
            let folder = folder();
            write(folder.path(), "standin.yaml", &file);
            let output = run(folder.path(), &["check"], &[]);
            let said = said(&output);
            assert_eq!(output.status.code(), Some(2), "{said}");
            assert!(said.contains("standin.yaml:"), "{said}");
            assert!(!tells(&said), "{said}");
        }
    }
}

#[test]
fn a_key_in_place_of_a_name_on_the_command_line_is_not_shown() {
    let folder = folder();
    write(folder.path(), "event.json", "{}");
    let pem = pem();
    let send = ["send", "--as", "standard-webhooks-asymmetric", "--body", "event.json"];
    let url = ["--url", "http://127.0.0.1:1"];
    for key in [KEY, &pem] {
        for option in ["--key-file", "--key-env"] {
            let output = run(folder.path(), &[&send[..], &url, &[option, key]].concat(), &[]);
            assert_eq!(output.status.code(), Some(2), "{}", said(&output));
            assert!(!tells(&said(&output)), "{}", said(&output));
        }
        let output = run(folder.path(), &["receiver", "--waitwhile-key", key], &[]);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(!tells(&said(&output)), "{}", said(&output));
    }
}
