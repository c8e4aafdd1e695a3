//! A guest, and how messages reach them.

/// A guest.
#[derive(Clone, Debug)]
pub struct Guest {
    /// Given name.
    pub first_name: String,
    /// Family name. May be empty.
    pub last_name: String,
    /// E.164, reserved for fiction. Empty if the guest left no number.
    pub phone: String,
    /// An address that ends in example.test.
    pub email: String,
    /// How messages reach the guest.
    pub channel: Channel,
    /// The index of a language in the settings, if the guest has one.
    pub locale: Option<u16>,
    /// An address reserved for documentation (RFC 5737, RFC 3849).
    pub remote_ip: String,
    /// Country, region and city of that address, if it is not one around the location.
    pub origin: Option<(&'static str, &'static str, &'static str)>,
}

/// How a message reaches a guest (WR).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// A text message.
    Sms,
    /// An e-mail.
    Email,
}

impl Guest {
    /// Given and family name.
    pub fn full_name(&self) -> String {
        if self.last_name.is_empty() {
            return self.first_name.clone();
        }
        format!("{} {}", self.first_name, self.last_name)
    }

    /// The number or address that messages go to. Empty if none is known.
    pub fn recipient(&self) -> &str {
        match self.channel {
            Channel::Sms => &self.phone,
            Channel::Email => &self.email,
        }
    }
}

impl Channel {
    /// Its name in the payload.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sms => "SMS",
            Self::Email => "EMAIL",
        }
    }
}
