@waitwhile
Feature: Waitwhile: the lifecycle of a booking

  @rule:bookings @must
  Rule: A booking is followed from its hold to its end
    Why: A booking can be held while the guest fills in a form, wait for approval, move to the
    waitlist, or be served at its time. A receiver that fails here turns guests with a booking away.
    Documented: the states PENDING, DRAFT and BOOKED.
    Source: https://developers.waitwhile.com/docs/visit-states-and-tags
    Documented: a booking fires visit.created when it is first scheduled, and visit.updated, never a
    second visit.created, when it moves to the waitlist.
    Source: https://developers.waitwhile.com/docs/webhook-response-examples
    Assumed: the webhooks of a hold and its end, of an approval and a rejection, and that a rejected
    request is COMPLETE.

    Scenario: a booking is followed from its confirmation to its completion
      Given a Waitwhile account
      When Adaeze books a slot in 2 hours for 3 people
      And 2 hours pass
      And Adaeze arrives
      And staff serve Adaeze
      And 25 minutes pass
      And staff complete Adaeze
      Then every webhook is accepted
      And the receiver has Adaeze's visit as "COMPLETE"
      And the receiver has Adaeze's visit as the vendor has it

    Scenario: a new booking has a date and a party, and no place in the line
      Given a Waitwhile account
      When Bjarne books a slot in 3 hours for 2 people
      Then every webhook is accepted
      And the receiver has Bjarne's visit with:
        | field     | value  |
        | state     | BOOKED |
        | partySize | 2      |
        | position  | null   |
      And the receiver has Bjarne's visit as the vendor has it

    Scenario: a booking that is served without waiting has a waiting time of zero
      Given a Waitwhile account
      When Celina books a slot in 30 minutes
      And 30 minutes pass
      And staff serve Celina
      Then every webhook is accepted
      And the receiver has Celina's visit with:
        | field        | value   |
        | state        | SERVING |
        | waitDuration | null    |

    Scenario: a booking at another location is accepted
      Given a Waitwhile account
        | setting   | value            |
        | locations | Downtown, Uptown |
      When Dragan books a slot in 4 hours at Uptown
      Then every webhook is accepted
      And the receiver has Dragan's visit as the vendor has it

    Scenario: a rescheduled booking has its new date, and stays booked
      Given a Waitwhile account
      When Elodie books a slot in 2 hours
      And Elodie reschedules to a slot in 26 hours
      Then every webhook is accepted
      And the receiver has Elodie's visit as the vendor has it
      And the receiver still has Elodie's visit as "BOOKED"

    Scenario: a slot is held while the guest fills in the form, and then booked
      Given a Waitwhile account
        | setting    | value         |
        | hold       | 10m           |
        | hold_fires | visit.created |
      When Faisal begins to book a slot in 2 hours
      Then the receiver has Faisal's visit as "PENDING"
      When 2 minutes pass
      And Faisal submits the booking form
      Then every webhook is accepted
      And the receiver has Faisal's visit as "BOOKED"
      And the receiver has Faisal's visit as the vendor has it

    Scenario: a hold whose form is never submitted is deleted, and the receiver forgets it
      Given a Waitwhile account
        | setting           | value         |
        | hold              | 10m           |
        | hold_fires        | visit.created |
        | hold_expiry_fires | visit.removed |
      When Gudrun begins to book a slot in 5 hours
      And 2 hours pass
      Then every webhook is accepted
      And the receiver does not know Gudrun's visit

    Scenario: a hold that sends no webhook becomes known with the booking
      Given a Waitwhile account
        | setting    | value   |
        | hold_fires | nothing |
      When Haruto begins to book a slot in 2 hours
      And 2 minutes pass
      And Haruto submits the booking form
      Then every webhook is accepted
      And the receiver has Haruto's visit as "BOOKED"

    Scenario: a request that staff approve becomes a booking
      Given a Waitwhile account
      When Ilaria requests a slot in 4 hours
      Then the receiver has Ilaria's visit as "DRAFT"
      When 20 minutes pass
      And staff approve Ilaria
      Then every webhook is accepted
      And the receiver has Ilaria's visit as "BOOKED"

    Scenario: a request that staff reject is complete
      Given a Waitwhile account
      When Jarek requests a slot in 4 hours
      And staff reject Jarek
      Then every webhook is accepted
      And the receiver has Jarek's visit as "COMPLETE"

    Scenario: a request can be rescheduled before it is approved
      Given a Waitwhile account
      When Keiko requests a slot in 4 hours
      And Keiko reschedules to a slot in 7 hours
      And staff approve Keiko
      Then every webhook is accepted
      And the receiver has Keiko's visit as the vendor has it

    Scenario: a booking that moves to the waitlist waits behind the others
      Given a Waitwhile account
      When Lior books a slot in 30 minutes
      And Mirela joins the waitlist
      And staff move the booking of Lior to the waitlist
      Then every webhook is accepted
      And the receiver has Lior's visit with:
        | field    | value   |
        | state    | WAITING |
        | position | 2       |
      And the receiver has Lior's visit as the vendor has it

    Scenario: a booking moves to the waitlist by itself some time before its slot
      Given a Waitwhile account
        | setting       | value |
        | waitlist_sync | 15m   |
      When Mbali books a slot in 1 hour
      And 2 hours pass
      Then every webhook is accepted
      And the receiver has Mbali's visit as "WAITING"

    Scenario: a booking from the waitlist is served with its waiting time and its date
      Given a Waitwhile account
      When Nuria books a slot in 30 minutes
      And staff move the booking of Nuria to the waitlist
      And 12 minutes pass
      And staff serve Nuria
      And staff complete Nuria
      Then every webhook is accepted
      And the receiver has Nuria's visit as "COMPLETE"
      And the receiver has Nuria's visit as the vendor has it

    Scenario: a booking whose guest does not come is complete and tagged
      Given a Waitwhile account
        | setting     | value  |
        | no_show_tag | NOSHOW |
      When Olumide books a slot in 30 minutes
      And 45 minutes pass
      And Olumide does not show up
      Then every webhook is accepted
      And the receiver has Olumide's visit with:
        | field | value      |
        | state | COMPLETE   |
        | tags  | ["NOSHOW"] |

    Scenario: a cancelled booking is complete and tagged
      Given a Waitwhile account
      When Paloma books a slot in 5 hours
      And Paloma cancels
      Then every webhook is accepted
      And the receiver has Paloma's visit with:
        | field | value         |
        | state | COMPLETE      |
        | tags  | ["CANCELLED"] |

    Scenario: a cancelled booking that staff restore is booked again at its date
      Given a Waitwhile account
      When Rahim books a slot in 5 hours
      And Rahim cancels
      And staff restore the booking of Rahim
      Then every webhook is accepted
      And the receiver has Rahim's visit as "BOOKED"
      And the receiver has Rahim's visit as the vendor has it

    Scenario: a booking that is deleted through the API is no longer known
      Given a Waitwhile account
      When Sunniva books a slot in 5 hours
      And the visit of Sunniva is deleted
      Then every webhook is accepted
      And the receiver does not know Sunniva's visit

    Scenario: a booking is deleted with its customer
      Given a Waitwhile account
      When Tariq books a slot in 5 hours
      And staff delete the customer Tariq
      Then every webhook is accepted
      And the receiver does not know Tariq's visit

  @rule:same-person @must
  Rule: One person can be there twice
    Why: A guest who books again pays again and comes again. A receiver that looks for a person and not
    for an id loses one of the two.
    Documented: each body has the whole visit with its id.
    Source: https://developers.waitwhile.com/docs/webhook-response-examples
    Assumed: a customer may have a booking and wait today, too.

    Scenario: a second visit of one customer leaves the first as it is
      Given a Waitwhile account
      And every visit.created arrives with field "data.name" as "Yrsa Lindqvist"
      And every visit.created arrives with field "data.customerId" as "zQ7fKd03mYtW9sRcXb5LhA"
      And every visit.updated arrives with field "after.name" as "Yrsa Lindqvist"
      And every visit.updated arrives with field "after.customerId" as "zQ7fKd03mYtW9sRcXb5LhA"
      When Yrsa books a slot in 5 hours
      And "Yrsa again" joins the waitlist
      Then every webhook is accepted
      And the receiver has Yrsa's visit as "BOOKED"
      And the receiver has "Yrsa again"'s visit as "WAITING"
      When staff serve "Yrsa again"
      Then the receiver has "Yrsa again"'s visit as "SERVING"
      And the receiver has Yrsa's visit as "BOOKED"

  @rule:exact-ids @must
  Rule: Ids that differ in case alone are two ids
    Why: Many databases compare text without regard to case unless they are told otherwise. Then one
    guest's webhook changes another guest's visit.
    Documented: the ids in all examples have small and capital letters.
    Source: https://developers.waitwhile.com/docs/webhook-response-examples
    Inferred: two ids may differ in nothing but the case of letters.

    Scenario: two visits whose ids differ in case alone are kept apart
      Given a Waitwhile account
        | setting   | value          |
        | visit_ids | differ-in-case |
      When Ådne joins the waitlist
      And Ødger joins the waitlist
      And staff serve Ådne
      Then every webhook is accepted
      And the receiver has Ådne's visit as "SERVING"
      And the receiver has Ødger's visit as "WAITING"
      When staff complete Ådne
      And staff serve Ødger
      Then the receiver has Ødger's visit as the vendor has it
      And the receiver has Ådne's visit as the vendor has it

    Scenario: a visit whose id differs in case alone is not removed with the other
      Given a Waitwhile account
        | setting   | value          |
        | visit_ids | differ-in-case |
      When Åshild books a slot in 3 hours
      And Øystein books a slot in 4 hours
      And the visit of Åshild is deleted
      Then every webhook is accepted
      And the receiver does not know Åshild's visit
      And the receiver has Øystein's visit as the vendor has it
