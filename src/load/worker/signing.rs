//! Signs the requests of a turn, two at a time.

use standin_wire::Requests;

use crate::load::prepared::Unsigned;
use crate::model::TriggerId;
use crate::policy::sign::Signer;

/// Signs these requests: the connection, the vendor, and where the signature goes.
pub fn sign_all<'a>(
    unsigned: &[(usize, usize, Unsigned)],
    signer: impl Fn(usize, TriggerId) -> Option<&'a Signer>,
    requests: &mut dyn Requests,
) {
    let (pairs, last) = unsigned.as_chunks::<2>();
    pairs.iter().for_each(|pair| sign(pair, &signer, requests));
    if let [one] = last {
        sign(&[*one], &signer, requests);
    }
}

fn sign<'a, const N: usize>(
    some: &[(usize, usize, Unsigned); N],
    signer: &impl Fn(usize, TriggerId) -> Option<&'a Signer>,
    requests: &mut dyn Requests,
) {
    let signers = some.map(|(_, vendor, unsigned)| {
        let found = signer(vendor, unsigned.trigger);
        found.unwrap_or_else(|| panic!("only what has a signer waits for its signature"))
    });
    let bodies = some.each_ref().map(|(connection, _, one)| one.body(requests.get(*connection)));
    let signatures = Signer::sign(signers, bodies);
    for ((connection, _, unsigned), signature) in some.iter().zip(&signatures) {
        unsigned.write(signature, requests.get_mut(*connection));
    }
}
