@waitwhile
Feature: Waitwhile: both versions of the payloads

  @rule:versions @must
  Rule: Every documented version of the payload is understood
    Why: The vendor's examples have lost fields over the years, and a webhook does not say which
    version an account gets. A receiver that needs the old fields fails with the new ones.
    Documented: in the older examples a visit has pendingExpireTime, resources, services, fields,
    ngrams and prevEstWaitDuration; in the newer ones it has none of them.
    Source: https://developers.waitwhile.com/docs/webhook-response-examples
    Assumed: a receiver may get either version, and fields missing from the examples are missing
    from the webhooks too.

    Scenario Outline: a guest is served in profile <profile>
      Given a Waitwhile account on profile "<profile>"
      When Alva joins the waitlist with a party of 2
      And 6 minutes pass
      And staff serve Alva
      And staff complete Alva
      Then every webhook is accepted
      And the receiver has Alva's visit as the vendor has it

      Examples:
        | profile |
        | 2022    |
        | 2024    |

    Scenario Outline: a booking is held, confirmed, moved to the waitlist and served in profile <profile>
      Given a Waitwhile account on profile "<profile>"
      When Bogdan begins to book a slot in 1 hour
      And Bogdan submits the booking form
      And staff move the booking of Bogdan to the waitlist
      And 10 minutes pass
      And staff serve Bogdan
      Then every webhook is accepted
      And the receiver has Bogdan's visit as "SERVING"
      And the receiver has Bogdan's visit as the vendor has it

      Examples:
        | profile |
        | 2022    |
        | 2024    |

    Scenario Outline: the line moves up in profile <profile>
      Given a Waitwhile account on profile "<profile>"
      When Carlota joins the waitlist
      And Detlef joins the waitlist
      And Carlota cancels
      Then every webhook is accepted
      And the receiver has Detlef's visit with:
        | field    | value |
        | position | 1     |

      Examples:
        | profile |
        | 2022    |
        | 2024    |

    Scenario Outline: a visit that is deleted is gone in profile <profile>
      Given a Waitwhile account on profile "<profile>"
      When Eglantine joins the waitlist
      And staff serve Eglantine
      And the visit of Eglantine is deleted
      Then every webhook is accepted
      And the receiver does not know Eglantine's visit

      Examples:
        | profile |
        | 2022    |
        | 2024    |

    Scenario Outline: an alert is delivered in profile <profile>
      Given a Waitwhile account on profile "<profile>"
        | setting     | value |
        | undelivered | 0%    |
      When Ferdinand joins the waitlist
      And staff alert Ferdinand
      And 10 seconds pass
      Then every webhook is accepted
      And the receiver has Ferdinand's message as "DELIVERED"

      Examples:
        | profile |
        | 2022    |
        | 2024    |

    Scenario Outline: a restored visit waits again in profile <profile>
      Given a Waitwhile account on profile "<profile>"
      When Gwyneth books a slot in 2 hours
      And Gwyneth cancels
      And staff restore Gwyneth to the waitlist
      Then every webhook is accepted
      And the receiver has Gwyneth's visit as "WAITING"
      And the receiver has Gwyneth's visit as the vendor has it

      Examples:
        | profile |
        | 2022    |
        | 2024    |
