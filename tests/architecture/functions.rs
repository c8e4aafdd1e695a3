//! The functions of a file: their lengths and parameters.
//!
//! Closures do not count.

/// One function.
#[derive(Debug, PartialEq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// How many lines it has, from `fn` to its last brace.
    pub lines: usize,
    /// The names of its parameters of type `bool`.
    pub flags: Vec<String>,
}

/// Every function in bare code, outermost first.
pub fn functions(bare: &str) -> Vec<Function> {
    let starts = bare.match_indices("fn ").filter(|(start, _)| {
        let before = bare[..*start].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    });
    starts.filter_map(|(start, _)| function(&bare[start..])).collect()
}

/// The function at the beginning of a text. `None` for a type such as `fn (u8)`.
fn function(text: &str) -> Option<Function> {
    let rest = text.strip_prefix("fn ")?.trim_start();
    let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    if name.is_empty() {
        return None;
    }
    let parameters = balanced(&rest[name.len()..], '(', ')')?;
    let flags = split(parameters).into_iter().filter_map(flag).collect();
    Some(Function { name, lines: text[..end(text)].lines().count(), flags })
}

/// The end of a function: its last brace, or `;` if it has no body.
fn end(text: &str) -> usize {
    let mut depth = 0;
    for (place, letter) in text.char_indices() {
        match letter {
            ';' if depth == 0 => return place + 1,
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => {
                depth -= 1;
                if letter == '}' && depth == 0 {
                    return place + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// The text between the first opening sign and its closing sign.
fn balanced(text: &str, open: char, close: char) -> Option<&str> {
    let start = after_generics(text);
    let inner = text[start..].trim_start().strip_prefix(open)?;
    let mut depth = 1;
    for (place, letter) in inner.char_indices() {
        depth += i32::from(letter == open) - i32::from(letter == close);
        if depth == 0 {
            return Some(&inner[..place]);
        }
    }
    None
}

/// The end of the generic parameters at the beginning of a text.
fn after_generics(text: &str) -> usize {
    let mut depth = 0;
    let mut before = ' ';
    for (place, letter) in text.char_indices() {
        match letter {
            '<' => depth += 1,
            '>' if before != '-' => depth -= 1,
            '(' if depth == 0 => return place,
            _ => {}
        }
        before = letter;
    }
    0
}

/// The parameters, split at the commas outside brackets.
fn split(parameters: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth, mut before) = (Vec::new(), 0, 0, ' ');
    for (place, letter) in parameters.char_indices() {
        match letter {
            '(' | '[' | '<' => depth += 1,
            '>' if before == '-' => {}
            ')' | ']' | '>' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&parameters[start..place]);
                start = place + 1;
            }
            _ => {}
        }
        before = letter;
    }
    parts.push(&parameters[start..]);
    parts
}

/// The name of a parameter of type `bool`, even if it is borrowed or optional.
fn flag(parameter: &str) -> Option<String> {
    let (name, kind) = parameter.split_once(':')?;
    let kind = kind.trim().trim_start_matches('&').trim_start_matches("mut ").trim();
    ["bool", "Option<bool>"].contains(&kind).then(|| name.trim().to_owned())
}

#[test]
fn bool_parameters_are_found_and_closures_do_not_count() {
    let bare = "pub fn a<T: Fn(u8) -> bool>(x: T, all: bool) -> bool { let f = |b: bool| b; }\n\
                const fn b(&self, test: impl Fn(&u8) -> bool, (c, d): (bool, u8));\n\
                fn e(mut f: Option<bool>, g: &mut bool) {\n  if x {\n }\n}\n\
                struct S { h: fn(bool) -> u8 }";
    let found: Vec<_> =
        functions(bare).into_iter().map(|one| (one.name, one.lines, one.flags.join(" "))).collect();
    let wanted = [("a", 1, "all"), ("b", 1, ""), ("e", 4, "mut f g")];
    assert_eq!(
        found,
        wanted.map(|(name, lines, flags)| (name.to_owned(), lines, flags.to_owned()))
    );
}
