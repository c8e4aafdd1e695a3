@waitwhile @credentials @login-signature
Feature: Waitwhile: signatures

  @rule:credentials @must
  Rule: A webhook without valid credentials is refused and changes nothing
    Why: Anybody who finds the URL can post to it. A receiver that does not check the signature lets
    strangers serve and delete guests.
    Documented: each webhook has X-Waitwhile-Signature, the base64 of an HMAC-SHA256 with the
    endpoint's secret over the URL followed directly by the raw body.
    Source: https://developers.waitwhile.com/docs/webhooks-1
    Not documented: what two signatures mean, so the receiver may accept or refuse them.
    Assumed: the URL is the registered one, letter for letter; the secret is used as UTF-8 bytes.
    Any 4xx is a refusal.

    Scenario: a signed webhook is accepted
      Given a Waitwhile account
      When Anna joins the waitlist with a party of 2
      And staff serve Anna
      Then every webhook is accepted
      And the receiver has Anna's visit as "SERVING"

    Scenario Outline: a creation that <damage> is refused and leaves no visit
      Given a Waitwhile account
      And every webhook <damage>
      When Bruna joins the waitlist
      Then the visit.created of Bruna is refused
      And no answer is a server error
      And the receiver does not know Bruna's visit

      Examples:
        | damage                             |
        | arrives without credentials        |
        | arrives with empty credentials     |
        | arrives with wrong credentials     |
        | arrives with malformed credentials |
        | arrives signed for another URL     |
        | is tampered with after signing     |
        | is re-serialised after signing     |

    Scenario Outline: a creation that arrives <how>, which is nearly right, is refused and leaves no visit
      Given a Waitwhile account
      And every webhook arrives <how>
      When Kunigunde joins the waitlist
      Then the visit.created of Kunigunde is refused
      And no answer is a server error
      And the receiver does not know Kunigunde's visit

      Examples:
        | how                                                 |
        | with credentials that differ in the first character |
        | with credentials that differ in the middle          |
        | with credentials that differ in the last character  |
        | with credentials in another case                    |
        | with the first half of the credentials              |
        | with more than the credentials                      |
        | with the signature of another body                  |

    Scenario Outline: a cancellation that <damage> is refused and changes nothing
      Given a Waitwhile account
      When Cillian joins the waitlist
      And the effects on Cillian are noted
      And every webhook <damage>
      And Cillian cancels
      Then the visit.updated of Cillian is refused
      And no answer is a server error
      And the effects on Cillian are unchanged
      And the receiver still has Cillian's visit as "WAITING"

      Examples:
        | damage                             |
        | arrives without credentials        |
        | arrives with empty credentials     |
        | arrives with wrong credentials     |
        | arrives with malformed credentials |
        | arrives signed for another URL     |
        | is tampered with after signing     |
        | is re-serialised after signing     |

    Scenario Outline: a removal that <damage> is refused, and the visit stays
      Given a Waitwhile account
      When Dagny books a slot in 2 hours
      And every webhook <damage>
      And the visit of Dagny is deleted
      Then the visit.removed of Dagny is refused
      And the receiver still has Dagny's visit as "BOOKED"

      Examples:
        | damage                         |
        | arrives without credentials    |
        | arrives with wrong credentials |
        | is tampered with after signing |

    Scenario: a webhook in another JSON form is accepted, because exactly these bytes are signed
      Given a Waitwhile account
      And every webhook arrives as reformatted JSON
      When Einar joins the waitlist with a party of 3
      And staff serve Einar
      Then every webhook is accepted
      And the receiver has Einar's visit as the vendor has it

    Scenario: a webhook with characters beyond ASCII is accepted, because its bytes are signed
      Given a Waitwhile account
      When "Łucja Żółć" joins the waitlist
      And staff correct the name of "Łucja Żółć" to "李 静 👍🏽"
      Then every webhook is accepted
      And the receiver has "Łucja Żółć"'s visit with:
        | field | value   |
        | name  | 李 静 👍🏽 |

    Scenario: a creation with two signatures is accepted or refused
      Given a Waitwhile account
      And every webhook arrives with two signatures
      When Florian joins the waitlist
      Then the visit.created of Florian is accepted or refused
      And no answer is a server error

    Scenario: refusing a stranger does not lock the vendor out
      Given a Waitwhile account
      And the next webhook arrives with wrong credentials
      When Grazia joins the waitlist
      And staff serve Grazia
      Then the visit.updated of Grazia is accepted
      And the receiver has Grazia's visit as "SERVING"

    Scenario: a webhook whose first attempt had a wrong signature is accepted with the right one
      Given a Waitwhile account
      And deliveries are retried 3 times, 10 minutes apart
      And attempt 1 of every webhook arrives with wrong credentials
      When Hauke joins the waitlist
      Then every webhook is accepted
      And the last webhook took 2 attempts
      And the receiver has Hauke's visit as the vendor has it

    Scenario: a duplicate with a wrong signature has no effects
      Given a Waitwhile account
      And deliveries are retried 3 times, 10 minutes apart
      And attempt 1 of every visit.created of Ingvild arrives but its answer is lost
      And attempt 2 of every visit.created of Ingvild arrives with wrong credentials
      When Ingvild joins the waitlist
      And Joris joins the waitlist
      Then the effects on Ingvild equal those on Joris
      And no answer is a server error
      And the receiver still has Ingvild's visit as "WAITING"
