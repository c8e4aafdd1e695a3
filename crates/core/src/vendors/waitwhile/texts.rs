//! What messages say, in the guest's language where it is one of ours. The texts are our own.

use super::guest::Channel;
use super::message::Kind;
use crate::vendors::people::Tongue;

/// What a message tells.
pub struct Told<'a> {
    /// What it is for.
    pub kind: Kind,
    /// How it is sent.
    pub channel: Channel,
    /// The language of the guest.
    pub tongue: Tongue,
    /// The guest's first name.
    pub name: &'a str,
    /// The business.
    pub business: &'a str,
    /// The name of the location.
    pub place: &'a str,
    /// When the booked slot begins, as [`moment`] writes it.
    pub when: Option<&'a str>,
    /// The page of the visit.
    pub link: &'a str,
}

/// How a language writes the day and the time of a slot.
pub const fn moment(tongue: Tongue) -> &'static str {
    match tongue {
        Tongue::German => "%-d.%-m. um %-H:%M Uhr",
        Tongue::Spanish => "%-d/%-m, %-H:%M",
        _ => "%-m/%-d at %-I:%M %p",
    }
}

/// Subject and body of a message.
pub fn text(told: &Told<'_>) -> (String, String) {
    let Told { kind, channel, tongue, name, business, link, .. } = *told;
    let sentence = sentence(told);
    let subject = match (kind, tongue) {
        (Kind::Alert | Kind::Serving, Tongue::German) => {
            format!("Sie sind an der Reihe bei {business}")
        }
        (Kind::Alert | Kind::Serving, Tongue::Spanish) => format!("Es su turno en {business}"),
        (Kind::Alert | Kind::Serving, _) => format!("It's your turn at {business}"),
        _ => format!("{business}: {sentence}"),
    };
    let greeting = match tongue {
        Tongue::German => ["Hallo ", "!"],
        Tongue::Spanish => ["¡Hola, ", "!"],
        _ => ["Hi ", "!"],
    };
    let body = match channel {
        Channel::Sms => greeting.join(name) + &format!(" {sentence} {link} {business}"),
        Channel::Email => {
            let (name, business) = (escaped(name), escaped(business));
            format!(
                "<p>{}</p>\n<p>{}\n{}</p>\n<p><em>{business}</em></p>\n",
                greeting.join(&name),
                escaped(&sentence),
                invitation(kind, tongue, link)
            )
        }
    };
    (subject, body)
}

fn sentence(told: &Told<'_>) -> String {
    let Told { kind, tongue, place, when, .. } = *told;
    let when = when.unwrap_or_default();
    let booked = !when.is_empty();
    match tongue {
        Tongue::German => match kind {
            Kind::Confirmation if booked => format!("Ihr Termin in {place} ist am {when}."),
            Kind::Confirmation => format!("Sie stehen auf der Warteliste in {place}."),
            Kind::Request => {
                format!("Wir haben Ihre Anfrage für {place} am {when} und melden uns bald.")
            }
            Kind::Alert => format!("Bitte kommen Sie in {place} jetzt zum Schalter."),
            Kind::NextInLine => format!("Sie sind in {place} als Nächstes an der Reihe."),
            Kind::Reminder => format!("Wir erinnern an Ihren Termin in {place} am {when}."),
            Kind::Serving => format!("Sie sind in {place} an der Reihe."),
            Kind::Completed => format!("Danke für Ihren Besuch in {place}."),
            Kind::FollowUp => format!("Wie war Ihr Besuch in {place}?"),
            Kind::Cancelled if booked => format!("Ihr Termin in {place} am {when} ist abgesagt."),
            Kind::Cancelled => format!("Ihr Besuch in {place} ist abgesagt."),
            Kind::NoShow => format!("Schade, dass wir Sie in {place} verpasst haben."),
        },
        Tongue::Spanish => match kind {
            Kind::Confirmation if booked => format!("Su cita en {place} es el {when}."),
            Kind::Confirmation => format!("Está en la lista de espera de {place}."),
            Kind::Request => {
                format!("Tenemos su solicitud para {place} el {when} y le avisaremos pronto.")
            }
            Kind::Alert => format!("Acérquese ahora al mostrador de {place}."),
            Kind::NextInLine => format!("Usted es la próxima persona en {place}."),
            Kind::Reminder => format!("Le recordamos su cita en {place} el {when}."),
            Kind::Serving => format!("Es su turno en {place}."),
            Kind::Completed => format!("Gracias por su visita a {place}."),
            Kind::FollowUp => format!("¿Cómo fue su visita a {place}?"),
            Kind::Cancelled if booked => format!("Su cita en {place} el {when} fue cancelada."),
            Kind::Cancelled => format!("Su visita a {place} fue cancelada."),
            Kind::NoShow => format!("Sentimos no haberle visto en {place}."),
        },
        _ => match kind {
            Kind::Confirmation if booked => format!("Your booking at {place} is on {when}."),
            Kind::Confirmation => format!("You are on the waitlist at {place}."),
            Kind::Request => {
                format!("We have your request for {place} on {when}, and will tell you soon.")
            }
            Kind::Alert => format!("Please come to the desk at {place} now."),
            Kind::NextInLine => format!("You are next in line at {place}."),
            Kind::Reminder => format!("We remind you of your booking at {place} on {when}."),
            Kind::Serving => format!("It is your turn at {place}."),
            Kind::Completed => format!("Thank you for your visit to {place}."),
            Kind::FollowUp => format!("How was your visit to {place}?"),
            Kind::Cancelled if booked => {
                format!("Your booking at {place} on {when} has been cancelled.")
            }
            Kind::Cancelled => format!("Your visit to {place} has been cancelled."),
            Kind::NoShow => format!("We are sorry that we missed you at {place}."),
        },
    }
}

/// What to do with the link of an e-mail. Who is done has nothing to cancel.
fn invitation(kind: Kind, tongue: Tongue, link: &str) -> String {
    let [before, label, after] = match (kind.is_over(), tongue) {
        (true, Tongue::German) => ["", "Ihr Besuch", ""],
        (true, Tongue::Spanish) => ["", "Su visita", ""],
        (true, _) => ["", "Your visit", ""],
        (false, Tongue::German) => {
            ["Wenn Sie nicht kommen können, ", "sagen Sie bitte hier ab", "."]
        }
        (false, Tongue::Spanish) => ["Si no puede venir, ", "cancele aquí", "."],
        (false, _) => ["If you cannot make it, please ", "cancel here", "."],
    };
    format!("{before}<a href=\"{link}\">{label}</a>{after}")
}

/// Text escaped for HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Kind; 10] = [
        Kind::Confirmation,
        Kind::Request,
        Kind::Alert,
        Kind::NextInLine,
        Kind::Reminder,
        Kind::Serving,
        Kind::Completed,
        Kind::FollowUp,
        Kind::Cancelled,
        Kind::NoShow,
    ];

    fn told(kind: Kind, tongue: Tongue, when: Option<&str>) -> (String, String) {
        text(&Told {
            kind,
            channel: Channel::Email,
            tongue,
            name: "<b>&",
            business: "Desk",
            place: "Harbour",
            when,
            link: "https://h/l/s/p",
        })
    }

    #[test]
    fn a_name_cannot_break_out_of_the_html() {
        for tongue in [Tongue::English, Tongue::German, Tongue::Spanish] {
            let (_, body) = told(Kind::Alert, tongue, None);
            assert!(body.contains("&lt;b&gt;&amp;"), "{body}");
        }
    }

    #[test]
    fn texts_name_the_place_and_the_time_and_ask_nobody_who_is_done_to_cancel() {
        for tongue in [Tongue::English, Tongue::German, Tongue::Spanish] {
            for kind in ALL {
                let (_, body) = told(kind, tongue, Some("3/4 at 9:30 AM"));
                assert!(body.contains("Harbour"), "{kind:?}: {body}");
                let tells = [Kind::Confirmation, Kind::Request, Kind::Reminder, Kind::Cancelled];
                assert_eq!(body.contains("9:30"), tells.contains(&kind), "{kind:?}: {body}");
                let asks = ["cancel here", "hier ab", "cancele"].map(|one| body.contains(one));
                assert_eq!(asks.contains(&true), !kind.is_over(), "{kind:?}: {body}");
            }
        }
    }

    #[test]
    fn a_text_is_in_the_language_of_its_guest() {
        let greets = |tongue| told(Kind::Serving, tongue, None).1;
        assert!(greets(Tongue::German).starts_with("<p>Hallo "));
        assert!(greets(Tongue::Spanish).starts_with("<p>¡Hola, "));
        assert!(greets(Tongue::Arabic).starts_with("<p>Hi "));
    }
}
