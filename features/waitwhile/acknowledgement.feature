@waitwhile
Feature: Waitwhile: acknowledgement in time

  @rule:acknowledgement @must
  Rule: A webhook is acknowledged in time
    Why: Serving one guest of a long line causes dozens of webhooks at once. A receiver that
    finishes all its work before it answers gets too slow, and the vendor retries.
    Documented: only a 2xx counts as received.
    Source: https://developers.waitwhile.com/docs/webhooks-1
    Not documented: how long the vendor waits.
    Assumed: as long as standin.yaml says (`ack_within`), and redirects are not followed.

    Scenario: every webhook of a visit is answered in time
      Given a Waitwhile account
      When Anoush joins the waitlist
      And staff alert Anoush
      And staff serve Anoush
      And staff complete Anoush
      And 10 seconds pass
      Then every webhook is accepted
      And every answer comes in time

    Scenario: every webhook of a booking is answered in time
      Given a Waitwhile account
      When Bartek requests a slot in 2 hours
      And staff approve Bartek
      And Bartek cancels
      And the visit of Bartek is deleted
      Then every webhook is accepted
      And every answer comes in time

    Scenario: a burst is answered in time
      Given a Waitwhile account
      When Celeste joins the waitlist
      And Dov joins the waitlist
      And Edwige joins the waitlist
      And Florentin joins the waitlist
      And Gisela joins the waitlist
      And staff serve Celeste
      Then every webhook is accepted
      And every answer comes in time
      And the receiver has Gisela's visit with:
        | field    | value |
        | position | 4     |

    Scenario: a body that arrives slowly is answered in time
      Given a Waitwhile account
      And the next visit.created is sent slowly over 300ms
      When Hartmut joins the waitlist
      Then every webhook is accepted
      And every answer comes in time
      And the receiver has Hartmut's visit as "WAITING"

    Scenario: five requests at the same instant are answered in time
      Given a Waitwhile account
      And every webhook is delivered 5 times at the same instant
      When Irmgard joins the waitlist
      And Jesús books a slot in 2 hours
      Then every answer comes in time
      And no answer is a server error
      And the receiver has Irmgard's visit as "WAITING"
      And the receiver has Jesús's visit as "BOOKED"
