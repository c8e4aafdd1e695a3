//! Values of standin.yaml that are one of a few names. They describe the schema and what may be written;
//! the values of a vendor's section are read elsewhere.

use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AcceptedName {
    #[serde(rename = "any-2xx")]
    Any2xx,
    #[serde(rename = "exactly-200")]
    Exactly200,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AddressFamilyName {
    Any,
    Ipv4,
    Ipv6,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OrderingName {
    None,
    PerSubject,
    Global,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RaceName {
    With,
    Before,
    After,
    Any,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TokenUseName {
    PerAttempt,
    Cached,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ClientLoginName {
    Form,
    Basic,
    #[serde(rename = "private_key_jwt")]
    PrivateKeyJwt,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RequestFormatName {
    Form,
    Json,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AlgorithmName {
    HmacSha1,
    HmacSha256,
    HmacSha512,
    Ed25519,
    EcdsaP256,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KeyFormName {
    Text,
    Base64,
    Whsec,
    Private,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EncodingName {
    Hex,
    Base64,
    #[serde(rename = "base64url")]
    Base64Url,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RetriedName {
    New,
    Same,
}
