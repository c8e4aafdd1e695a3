//! Writes bodies as JSON: compact, straight to the end of a buffer, from any type that serde can
//! write. It knows what bodies are made of (objects whose keys are identifiers, short strings, whole
//! numbers), so it is faster than a general writer; what they never have, it refuses.

pub mod text;

use std::fmt;

use serde::ser::{
    Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, Serializer,
};

use text::{digits, string};

/// The name of a newtype around a text that is a JSON number already.
pub const NUMBER: &str = "$number";

/// Writes a value behind what is in the buffer.
///
/// # Panics
/// If it is made of something that bodies never have. That is a bug.
pub fn write(value: &impl Serialize, into: &mut Vec<u8>) {
    value
        .serialize(Json { into, form: Form::Value })
        .unwrap_or_else(|error| panic!("a body cannot be written: {error}"));
}

/// A place for one value.
struct Json<'a> {
    into: &'a mut Vec<u8>,
    form: Form,
}

/// How strings and numbers are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As what they are.
    Value,
    /// As a key of an object: numbers are quoted.
    Key,
    /// The string is a number: it is not quoted.
    Number,
}

impl<'a> Json<'a> {
    fn number(self, negative: &[u8], number: u64) -> Result<(), fmt::Error> {
        let quote = if self.form == Form::Key { &b"\""[..] } else { b"" };
        self.into.extend_from_slice(quote);
        self.into.extend_from_slice(negative);
        digits(number, self.into);
        self.into.extend_from_slice(quote);
        Ok(())
    }

    fn text(self, text: &[u8]) -> Result<(), fmt::Error> {
        self.into.extend_from_slice(text);
        Ok(())
    }

    fn several(self, open: u8, close: u8) -> Result<Several<'a>, fmt::Error> {
        self.into.push(open);
        Ok(Several { into: self.into, first: true, close })
    }
}

impl<'a> Serializer for Json<'a> {
    type Ok = ();
    type Error = fmt::Error;
    type SerializeSeq = Several<'a>;
    type SerializeTuple = Several<'a>;
    type SerializeTupleStruct = Impossible<(), fmt::Error>;
    type SerializeTupleVariant = Impossible<(), fmt::Error>;
    type SerializeMap = Several<'a>;
    type SerializeStruct = Several<'a>;
    type SerializeStructVariant = Impossible<(), fmt::Error>;

    #[inline]
    fn serialize_bool(self, value: bool) -> Result<(), fmt::Error> {
        self.text(if value { b"true" } else { b"false" })
    }

    fn serialize_i8(self, value: i8) -> Result<(), fmt::Error> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<(), fmt::Error> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<(), fmt::Error> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<(), fmt::Error> {
        self.number(if value < 0 { b"-" } else { b"" }, value.unsigned_abs())
    }

    fn serialize_u8(self, value: u8) -> Result<(), fmt::Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), fmt::Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), fmt::Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), fmt::Error> {
        self.number(b"", value)
    }

    fn serialize_f32(self, value: f32) -> Result<(), fmt::Error> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<(), fmt::Error> {
        serde_json::to_writer(self.into, &value).map_err(|_| fmt::Error)
    }

    fn serialize_char(self, value: char) -> Result<(), fmt::Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result<(), fmt::Error> {
        match self.form {
            Form::Value | Form::Key => string(value, self.into),
            Form::Number => self.into.extend_from_slice(value.as_bytes()),
        }
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), fmt::Error> {
        Err(fmt::Error)
    }

    #[inline]
    fn serialize_none(self) -> Result<(), fmt::Error> {
        self.text(b"null")
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), fmt::Error> {
        value.serialize(self)
    }

    #[inline]
    fn serialize_unit(self) -> Result<(), fmt::Error> {
        self.text(b"null")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), fmt::Error> {
        self.text(b"null")
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), fmt::Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), fmt::Error> {
        let form = if name == NUMBER { Form::Number } else { self.form };
        value.serialize(Self { form, ..self })
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), fmt::Error> {
        let mut object = self.several(b'{', b'}')?;
        SerializeStruct::serialize_field(&mut object, variant, value)?;
        SerializeStruct::end(object)
    }

    #[inline]
    fn serialize_seq(self, _: Option<usize>) -> Result<Several<'a>, fmt::Error> {
        self.several(b'[', b']')
    }

    #[inline]
    fn serialize_tuple(self, _: usize) -> Result<Several<'a>, fmt::Error> {
        self.several(b'[', b']')
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, fmt::Error> {
        Err(fmt::Error)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, fmt::Error> {
        Err(fmt::Error)
    }

    #[inline]
    fn serialize_map(self, _: Option<usize>) -> Result<Several<'a>, fmt::Error> {
        self.several(b'{', b'}')
    }

    #[inline]
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Several<'a>, fmt::Error> {
        self.several(b'{', b'}')
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, fmt::Error> {
        Err(fmt::Error)
    }
}

/// An object or a list that is being written.
struct Several<'a> {
    into: &'a mut Vec<u8>,
    first: bool,
    close: u8,
}

impl Several<'_> {
    #[inline]
    fn next(&mut self, form: Form) -> Json<'_> {
        if !std::mem::take(&mut self.first) {
            self.into.push(b',');
        }
        Json { into: self.into, form }
    }

    #[inline]
    fn here(&mut self) -> Json<'_> {
        Json { into: self.into, form: Form::Value }
    }

    #[inline]
    fn close(self) -> Result<(), fmt::Error> {
        self.into.push(self.close);
        Ok(())
    }
}

impl SerializeStruct for Several<'_> {
    type Ok = ();
    type Error = fmt::Error;

    /// The keys of types are identifiers, so nothing in them is escaped.
    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), fmt::Error> {
        let before = if std::mem::take(&mut self.first) { &b"\""[..] } else { &b",\""[..] };
        self.into.extend_from_slice(before);
        self.into.extend_from_slice(key.as_bytes());
        self.into.extend_from_slice(b"\":");
        value.serialize(self.here())
    }

    #[inline]
    fn end(self) -> Result<(), fmt::Error> {
        self.close()
    }
}

impl SerializeMap for Several<'_> {
    type Ok = ();
    type Error = fmt::Error;

    #[inline]
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), fmt::Error> {
        key.serialize(self.next(Form::Key))
    }

    #[inline]
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), fmt::Error> {
        self.into.push(b':');
        value.serialize(self.here())
    }

    #[inline]
    fn end(self) -> Result<(), fmt::Error> {
        self.close()
    }
}

impl SerializeSeq for Several<'_> {
    type Ok = ();
    type Error = fmt::Error;

    #[inline]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), fmt::Error> {
        value.serialize(self.next(Form::Value))
    }

    #[inline]
    fn end(self) -> Result<(), fmt::Error> {
        self.close()
    }
}

impl SerializeTuple for Several<'_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), fmt::Error> {
        value.serialize(self.next(Form::Value))
    }

    fn end(self) -> Result<(), fmt::Error> {
        self.close()
    }
}

#[cfg(test)]
mod tests;
