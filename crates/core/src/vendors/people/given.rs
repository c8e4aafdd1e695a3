//! Given names by language, of women and of men apart, so that a salutation can fit a name.

use crate::chance::Chance;

/// Whose given name a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gender {
    /// A woman's.
    Female,
    /// A man's.
    Male,
}

/// The given names of a language.
pub struct Given {
    women: &'static [&'static str],
    men: &'static [&'static str],
}

pub const ENGLISH: Given = Given {
    women: &[
        "Abigail", "Alice", "Amanda", "Amber", "Amy", "Angela", "Beth", "Brenda", "Caitlin",
        "Carol", "Chloe", "Claire", "Deborah", "Diana", "Donna", "Eleanor", "Ellen", "Emily",
        "Emma", "Fiona", "Gemma", "Grace", "Hannah", "Heather", "Helen", "Imogen", "Isabel",
        "Jade", "Janet", "Jennifer", "Jessica", "Joanna", "Julie", "Karen", "Kate", "Kelly",
        "Laura", "Linda", "Lucy", "Margaret", "Megan", "Melissa", "Molly", "Natalie", "Nicole",
        "Olivia", "Pamela", "Patricia", "Rachel", "Rebecca", "Rose", "Ruth", "Sandra", "Sarah",
        "Sharon", "Stella", "Susan", "Teresa", "Valerie", "Victoria", "Wendy", "Zara",
    ],
    men: &[
        "Aaron", "Adam", "Alan", "Alfred", "Andrew", "Anthony", "Arthur", "Barry", "Benjamin",
        "Brian", "Bruce", "Calvin", "Charles", "Craig", "Daniel", "David", "Dennis", "Derek",
        "Donald", "Dylan", "Edward", "Ethan", "Frank", "Gary", "George", "Graham", "Gregory",
        "Harold", "Harry", "Henry", "Howard", "Ian", "Isaac", "Jack", "Jacob", "James", "Jason",
        "Jeremy", "John", "Joseph", "Keith", "Kenneth", "Kevin", "Leo", "Liam", "Lucas", "Mark",
        "Matthew", "Michael", "Nathan", "Neil", "Oliver", "Patrick", "Paul", "Peter", "Philip",
        "Ray", "Richard", "Robert", "Ryan", "Samuel", "Scott", "Simon", "Stephen", "Steven",
        "Thomas", "Timothy", "Walter", "William",
    ],
};

pub const GERMAN: Given = Given {
    women: &[
        "Angelika", "Anja", "Anke", "Anna", "Annette", "Antje", "Bärbel", "Barbara", "Beate",
        "Birgit", "Brigitte", "Carla", "Carlotta", "Claudia", "Corinna", "Doris", "Elfriede",
        "Elke", "Emma", "Erika", "Gesa", "Frauke", "Gabriele", "Gisela", "Hanna", "Heike", "Heidi",
        "Ingrid", "Jana", "Johanna", "Julia", "Karin", "Katrin", "Käthe", "Katja", "Kerstin",
        "Lena", "Leonie", "Lina", "Luisa", "Maike", "Manuela", "Maria", "Marlene", "Martina",
        "Mia", "Monika", "Nadine", "Nele", "Nicole", "Paula", "Petra", "Renate", "Sabine",
        "Sandra", "Silke", "Simone", "Sonja", "Stefanie", "Susanne", "Svenja", "Tanja", "Ulrike",
        "Ursula", "Ute", "Verena", "Wiebke", "Zoë",
    ],
    men: &[
        "Achim", "Andreas", "André", "Axel", "Bernd", "Björn", "Carsten", "Daniel", "Detlef",
        "Dieter", "Dirk", "Elias", "Erik", "Felix", "Finn", "Florian", "Frank", "Fritz", "Gerd",
        "Günther", "Hannes", "Hans", "Harald", "Heiko", "Heinz", "Holger", "Horst", "Jan", "Jens",
        "Jonas", "Jörg", "Jürgen", "Karl", "Klaus", "Kurt", "Lars", "Leon", "Ludwig", "Lukas",
        "Manfred", "Markus", "Martin", "Matthias", "Max", "Moritz", "Niklas", "Norbert", "Olaf",
        "Oliver", "Paul", "Peter", "Ralf", "Rainer", "René", "Rolf", "Sören", "Stefan", "Sven",
        "Thomas", "Thorsten", "Tim", "Tobias", "Torben", "Ulrich", "Uwe", "Volker", "Werner",
        "Wilhelm", "Wolfgang",
    ],
};

pub const SPANISH: Given = Given {
    women: &[
        "Adriana", "Beatriz", "Camila", "Carmen", "Elena", "Gabriela", "Gloria", "Inés", "Juana",
        "Leticia", "Lucía", "Marisol", "Mónica", "Paloma", "Rocío", "Sofía",
    ],
    men: &[
        "Andrés", "Carlos", "Diego", "Esteban", "Fernando", "Héctor", "Iván", "Javier", "Jesús",
        "Jorge", "José", "Luis", "Martín", "Óscar", "Ramón", "Raúl",
    ],
};

pub const SWEDISH: Given = Given {
    women: &[
        "Alva", "Astrid", "Birgitta", "Ebba", "Elsa", "Frida", "Hanna", "Ida", "Ingrid", "Karin",
        "Kerstin", "Lena", "Linnea", "Maja", "Malin", "Märta", "Sara", "Sofia", "Tove", "Tuva",
        "Åsa",
    ],
    men: &[
        "Anders", "Axel", "Bengt", "Björn", "Emil", "Erik", "Gustav", "Göran", "Hugo", "Håkan",
        "Johan", "Jonas", "Lars", "Nils", "Olle", "Oskar", "Per", "Sven", "Örjan",
    ],
};

/// Those of people from elsewhere.
const ELSEWHERE: Given = Given {
    women: &["Siân", "Zoë", "İpek", "Μαρία", "Анна", "陽子"],
    men: &["François", "José", "Jürgen", "Łukasz", "Søren"],
};

impl Given {
    /// A name. Each is as likely as any other.
    pub fn draw(&self, chance: &mut Chance) -> &'static str {
        let place = chance.below((self.women.len() + self.men.len()) as u64) as usize;
        self.women
            .iter()
            .chain(self.men)
            .nth(place)
            .unwrap_or_else(|| panic!("it is below the sum"))
    }
}

/// Whose given name this is, if it is known and of one gender alone.
pub fn gender(given: &str) -> Option<Gender> {
    let all = [ENGLISH, GERMAN, SPANISH, SWEDISH, ELSEWHERE];
    let woman = all.iter().any(|names| names.women.contains(&given));
    let man = all.iter().any(|names| names.men.contains(&given));
    match (woman, man) {
        (true, false) => Some(Gender::Female),
        (false, true) => Some(Gender::Male),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_says_nothing_of_its_gender() {
        for (given, expected) in [
            ("Anna", Some(Gender::Female)),
            ("Thomas", Some(Gender::Male)),
            ("Kim", None),
            ("", None),
        ] {
            assert_eq!(gender(given), expected, "{given}");
        }
    }
}
