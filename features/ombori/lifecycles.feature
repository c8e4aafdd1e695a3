@ombori
Feature: Ombori: lifecycles of a position

  @rule:lifecycle @must
  Rule: A subject is followed from its beginning to its end
    Why: These are the stories of a normal day, without any faults. A receiver that fails here is
    wrong for every customer.
    Documented: the triggers, and what staff and customers do to cause them.
    Source: https://ombori.atlassian.net/wiki/pages/diffpagesbyversion.action?originalVersion=11&pageId=369459217&revisedVersion=13
    Documented: the statuses of a position.
    Source: https://ombori.atlassian.net/wiki/pages/diffpages.action?originalId=362643468&pageId=385482760
    Assumed: which webhook a confirmed reservation, a QR check-in, a reset of the queue and an
    automatic check-out send, and that ratings go from 1 to 5.

    Scenario: a walk-in ticket is followed from print to feedback
      Given an Ombori account
      When Anna takes a walk-in ticket
      And 4 minutes pass
      And staff call Anna
      And staff check in Anna
      And 10 minutes pass
      And staff check out Anna
      And Anna gives feedback 5 "Quick and friendly"
      Then every webhook is accepted
      And the receiver has Anna's position as the vendor has it

    Scenario: a ticket that staff issued is served like any other
      Given an Ombori account
      When staff issue a ticket to Gustav
      And staff call Gustav
      And staff check in Gustav
      And staff check out Gustav
      Then every webhook is accepted
      And the receiver has Gustav's position as the vendor has it

    Scenario: a ticket of high priority is served like any other
      Given an Ombori account
      When staff issue a ticket of high priority to Isolde
      And staff call Isolde
      And staff check in Isolde
      And staff check out Isolde
      Then every webhook is accepted
      And the receiver has Isolde's position as the vendor has it

    Scenario: a booking is followed from confirmation to check-out
      Given an Ombori account
      When Fatima books a slot in 30 minutes for 4 people
      And 31 minutes pass
      And staff call Fatima
      And staff check in Fatima
      And 15 minutes pass
      And staff check out Fatima
      Then every webhook is accepted
      And the receiver has Fatima's position as the vendor has it

    Scenario: a booking is a draft until its slot begins, and then gets its label
      Given an Ombori account
      When Kenji books a slot in 2 hours
      Then the receiver has Kenji's position as "draft"
      When 121 minutes pass
      Then every webhook is accepted
      And the receiver has Kenji's position with:
        | field  | value   |
        | status | pending |
        | label  | B1      |

    Scenario: a booking that checks in with its QR code needs no call
      Given an Ombori account
      When Zofia books a slot in 30 minutes
      And 31 minutes pass
      And Zofia checks in with the QR code
      Then the receiver has Zofia's position as "fulfilled"
      When staff check out Zofia
      Then every webhook is accepted
      And the receiver has Zofia's position as the vendor has it

    Scenario: a reservation becomes known when it is confirmed
      Given an Ombori account
      When Noor reserves a slot in 45 minutes for 2 people
      Then the receiver does not know Noor's position
      When Noor confirms the reservation
      Then every webhook is accepted
      And the receiver has Noor's position as "draft"

    Scenario: a rescheduled booking has its new slot
      Given an Ombori account on profile "2021-02"
        | setting      | value |
        | registration | phone |
      When Ines books a slot in 30 minutes
      And Ines reschedules to a slot in 3 hours
      Then every webhook is accepted
      And the receiver has Ines's position as the vendor has it

    Scenario: a rescheduled booking begins at its new time and not before
      Given an Ombori account
      When Pavel books a slot in 30 minutes
      And Pavel reschedules to a slot in 1 hour
      And 31 minutes pass
      Then the receiver has Pavel's position as "draft"
      When 31 minutes pass
      Then every webhook is accepted
      And the receiver has Pavel's position as the vendor has it

    Scenario: a waiting customer cancels
      Given an Ombori account
      When Lucía takes a walk-in ticket
      And Lucía cancels
      Then every webhook is accepted
      And the receiver has Lucía's position as "rejected"

    Scenario: a customer cancels after the call
      Given an Ombori account
      When Omar takes a walk-in ticket
      And staff call Omar
      And Omar cancels
      Then every webhook is accepted
      And the receiver has Omar's position as "rejected"

    Scenario: a customer cancels a booking before its slot
      Given an Ombori account
      When Chloé books a slot in 2 hours
      And Chloé cancels
      Then every webhook is accepted
      And the receiver has Chloé's position as "rejected"

    Scenario: staff cancel an upcoming booking
      Given an Ombori account
      When Amina books a slot in 2 hours
      And staff cancel the booking of Amina
      Then every webhook is accepted
      And the receiver has Amina's position as "rejected"

    Scenario: staff reject a ticket that was never called
      Given an Ombori account
      When Sven takes a walk-in ticket
      And staff reject Sven
      Then every webhook is accepted
      And the receiver has Sven's position as "rejected"

    Scenario: staff reject a called ticket whose guest does not come
      Given an Ombori account
      When Mei takes a walk-in ticket
      And staff call Mei
      And 5 minutes pass
      And staff reject Mei
      Then every webhook is accepted
      And the receiver has Mei's position as "rejected"

    @ordered
    Scenario: a called ticket that is put back in the queue waits again
      Given an Ombori account
      When Élise takes a walk-in ticket
      And staff call Élise
      And 2 minutes pass
      And staff put Élise back in the queue
      Then every webhook is accepted
      And the receiver has Élise's position as "pending"

    @ordered
    Scenario: a second call after a retry counts as a new call
      Given an Ombori account
      When Bilal takes a walk-in ticket
      And staff call Bilal
      And staff put Bilal back in the queue
      And 3 minutes pass
      And staff call Bilal
      Then every webhook is accepted
      And the receiver has Bilal's position as "notified"

    Scenario: a ticket that was put back is served later
      Given an Ombori account
      When Hanna takes a walk-in ticket
      And staff call Hanna
      And staff put Hanna back in the queue
      And 3 minutes pass
      And staff call Hanna
      And staff check in Hanna
      And staff check out Hanna
      Then every webhook is accepted
      And the receiver has Hanna's position as the vendor has it

    Scenario: a reset of the queue closes a waiting ticket
      Given an Ombori account
      When Yasmin takes a walk-in ticket
      And the queue of Yasmin is reset
      Then every webhook is accepted
      And the receiver has Yasmin's position as "rejected"

    Scenario: a ticket is checked out by itself after the configured time
      Given an Ombori account
        | setting       | value |
        | auto_checkout | 20m   |
      When Oskar takes a walk-in ticket
      And staff call Oskar
      And staff check in Oskar
      And 21 minutes pass
      Then every webhook is accepted
      And the receiver has Oskar's position as "completed"

    Scenario: a customer changes the feedback
      Given an Ombori account
      When Leila takes a walk-in ticket
      And staff call Leila
      And staff check in Leila
      And staff check out Leila
      And Leila gives feedback 2 "Slow"
      And Leila gives feedback 4 "They called back and made it right"
      Then every webhook is accepted
      And the receiver has Leila's position with:
        | field            | value                              |
        | status           | completed                          |
        | feedback.rating  | 4                                  |
        | feedback.message | They called back and made it right |

    Scenario: feedback without a text is accepted
      Given an Ombori account
      When Jakub takes a walk-in ticket
      And staff call Jakub
      And staff check in Jakub
      And staff check out Jakub
      And Jakub gives feedback 3 ""
      Then every webhook is accepted
      And the receiver has Jakub's position with:
        | field           | value     |
        | status          | completed |
        | feedback.rating | 3         |

    Scenario: two guests of one store are kept apart
      Given an Ombori account
      When Astrid takes a walk-in ticket
      And Björn takes a walk-in ticket
      And staff call Björn
      And Astrid cancels
      Then every webhook is accepted
      And the receiver has Björn's position as "notified"
      And the receiver has Astrid's position as "rejected"

    Scenario Outline: a guest who is notified by <channel> is served
      Given an Ombori account
        | setting       | value     |
        | notifications | <channel> |
      When Maryam takes a walk-in ticket
      And staff call Maryam
      And staff check in Maryam
      And staff check out Maryam
      Then every webhook is accepted
      And the receiver has Maryam's position as "completed"

      Examples:
        | channel   |
        | email     |
        | applePass |
        | none      |

    Scenario Outline: registration data with <questions> is accepted
      Given an Ombori account
        | setting      | value       |
        | registration | <questions> |
      When Tomasz takes a walk-in ticket
      And staff call Tomasz
      Then every webhook is accepted
      And the receiver has Tomasz's position as "notified"

      Examples:
        | questions          |
        | email              |
        | name, email, phone |

  @rule:same-person @must
  Rule: One person can be there twice
    Why: A guest who books again pays again and comes again. A receiver that looks for a person and not
    for an id loses one of the two.
    Documented: `data.position` has the current state of the position, and `id` names it.
    Source: https://ombori.atlassian.net/wiki/pages/diffpagesbyversion.action?originalVersion=11&pageId=369459217&revisedVersion=13
    Assumed: a guest may take a second ticket with the same name and telephone number.

    Scenario: a second ticket of one guest leaves the first as it is
      Given an Ombori account
        | setting       | value       |
        | registration  | name, phone |
        | notifications | phoneNumber |
      And every webhook arrives with field "data.position.registrationData.name.value" as "Yrsa Malmsjö"
      And every webhook arrives with field "data.position.registrationData.phone.value" as "+46846500499"
      And every webhook arrives with field "data.position.notification.settings.to" as "+46846500499"
      When Yrsa takes a walk-in ticket
      And "Yrsa again" takes a walk-in ticket
      Then every webhook is accepted
      And the receiver has Yrsa's position as "pending"
      And the receiver has "Yrsa again"'s position as "pending"
      When staff call "Yrsa again"
      Then the receiver has "Yrsa again"'s position as "notified"
      And the receiver has Yrsa's position as "pending"
