@waitwhile
Feature: Waitwhile: corrupt bodies

  @rule:corrupt-bodies @must
  Rule: A corrupt body changes nothing and breaks nothing
    Why: A receiver must not guess what a corrupt body means. A 5xx or no answer hides the cause and
    looks as if the receiver were down. Here the vendor itself sends the corrupt body and signs
    it.
    Documented: the signature covers the raw body, so it says nothing about whether the body is
    JSON.
    Source: https://developers.waitwhile.com/docs/webhooks-1
    Inferred: what is not JSON is not a webhook, so nothing in it can be believed.

    Scenario Outline: a creation that <damage> leaves no visit
      Given a Waitwhile account
      And every webhook <damage>
      When Amalie joins the waitlist
      Then the visit.created of Amalie is accepted or refused
      And no answer is a server error
      And the receiver does not know Amalie's visit

      Examples:
        | damage                    |
        | arrives truncated         |
        | arrives as invalid JSON   |
        | arrives with broken UTF-8 |

    Scenario Outline: a rejection that <damage> changes nothing
      Given a Waitwhile account
      When Benigna requests a slot in 3 hours
      And the effects on Benigna are noted
      And every visit.updated of Benigna <damage>
      And staff reject Benigna
      Then the visit.updated of Benigna is accepted or refused
      And the effects on Benigna are unchanged
      And the receiver still has Benigna's visit as "DRAFT"

      Examples:
        | damage                    |
        | arrives truncated         |
        | arrives as invalid JSON   |
        | arrives with broken UTF-8 |

    Scenario: a removal that arrives truncated removes nothing
      Given a Waitwhile account
      When Crispin books a slot in 3 hours
      And every visit.removed arrives truncated
      And the visit of Crispin is deleted
      Then no answer is a server error
      And the receiver still has Crispin's visit as "BOOKED"

    Scenario: a creation that is cut off in mid-body at every attempt leaves no visit
      Given a Waitwhile account
      And every webhook is reset mid-body
      When Davorka joins the waitlist
      Then the receiver does not know Davorka's visit

    Scenario: a corrupt body does not affect the webhook after it
      Given a Waitwhile account
      And every visit.created arrives as invalid JSON
      When Ephraim joins the waitlist
      And staff serve Ephraim
      Then the visit.updated of Ephraim is accepted
      And the receiver has Ephraim's visit as the vendor has it

    Scenario: a corrupt body in a burst changes nobody else's place
      Given a Waitwhile account
      When Felicitas joins the waitlist
      And Gereon joins the waitlist
      And Hyacinth joins the waitlist
      And every visit.updated of Gereon arrives truncated
      And Felicitas cancels
      Then no answer is a server error
      And the receiver has Hyacinth's visit with:
        | field    | value |
        | position | 2     |

  @rule:corrupt-bodies-refused @should
  Rule: A corrupt body is refused
    Why: A clear 4xx tells the sender what is wrong. A 200 says that the webhook arrived, and nobody
    learns that it is lost.
    Documented: the signature covers the raw body, so it says nothing about whether the body is
    JSON.
    Source: https://developers.waitwhile.com/docs/webhooks-1
    Not documented: how to answer a body that is not JSON.
    Assumed: a receiver may also keep a body in a queue and acknowledge it before it is read.

    Scenario Outline: a creation that <damage> is refused
      Given a Waitwhile account
      And every webhook <damage>
      When Kreszentia joins the waitlist
      Then the visit.created of Kreszentia is refused

      Examples:
        | damage                    |
        | arrives truncated         |
        | arrives as invalid JSON   |
        | arrives with broken UTF-8 |

    Scenario Outline: a rejection that <damage> is refused
      Given a Waitwhile account
      When Leocadia requests a slot in 3 hours
      And every visit.updated of Leocadia <damage>
      And staff reject Leocadia
      Then the visit.updated of Leocadia is refused

      Examples:
        | damage                    |
        | arrives truncated         |
        | arrives as invalid JSON   |
        | arrives with broken UTF-8 |

  @rule:odd-bodies @should
  Rule: Another content type or a large body breaks nothing
    Why: A proxy may change the content type, and a guest may write a long note. A receiver may
    refuse either. It must not fail with a server error or lose the webhook after it.
    Not documented: the content type, and how large a body can be.
    Assumed: a POST with the content type application/json and a body of a few kilobytes.

    Scenario Outline: content type "<type>" is accepted or refused, and the change after it is accepted
      Given a Waitwhile account
      And every visit.created arrives with content type "<type>"
      When Ivana joins the waitlist
      Then no answer is a server error
      When staff serve Ivana
      Then the visit.updated of Ivana is accepted
      And the receiver has Ivana's visit as "SERVING"

      Examples:
        | type            |
        | text/plain      |
        | application/xml |

    Scenario Outline: a body of <size> is accepted or refused, and the change after it is accepted
      Given a Waitwhile account
      And every visit.created arrives with a body of <size>
      When Joachim joins the waitlist
      Then no answer is a server error
      When staff serve Joachim
      Then the visit.updated of Joachim is accepted
      And the receiver has Joachim's visit as "SERVING"

      Examples:
        | size   |
        | 64 kB  |
        | 300 kB |
