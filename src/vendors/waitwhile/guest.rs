//! A guest as the front desk knows them, and how messages reach them.

/// A guest.
#[derive(Clone, Debug)]
pub struct Guest {
    /// Given name.
    pub first_name: String,
    /// Family name; may be empty.
    pub last_name: String,
    /// E.164, reserved for fiction; empty if the guest left none.
    pub phone: String,
    /// At example.test.
    pub email: String,
    /// How messages reach the guest.
    pub channel: Channel,
    /// `en-US`, or none.
    pub locale: Option<u16>,
    /// An address kept for documentation (RFC 5737, RFC 3849).
    pub remote_ip: String,
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

    /// Where messages reach the guest; empty if nothing is known.
    pub fn recipient(&self) -> &str {
        match self.channel {
            Channel::Sms => &self.phone,
            Channel::Email => &self.email,
        }
    }
}

impl Channel {
    /// As the payload spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sms => "SMS",
            Self::Email => "EMAIL",
        }
    }
}
