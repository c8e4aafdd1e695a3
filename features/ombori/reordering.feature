@ombori
Feature: Ombori: webhooks out of order
  Older profiles have nothing that tells the order, so with them only final states are checked.

  @rule:order @must
  Rule: An older webhook undoes nothing that the body of a newer one shows
    Why: Two webhooks sent within a second may arrive in the wrong order. A receiver that always
    believes the last one shows a ticket as waiting although it is being served.
    Documented: since 2021-01-28 a position has `calledAt` and `retryCount`, which show what has
    already happened.
    Source: https://ombori.atlassian.net/wiki/pages/diffpages.action?originalId=461668372&pageId=509083650
    Not documented: any promise of order.

    @ordered
    Scenario: a creation that arrives after the call is ignored as outdated
      Given an Ombori account
      And every positionCreated is overtaken by the next one
      When Aino takes a walk-in ticket
      And staff call Aino
      Then every webhook is accepted
      And the receiver still has Aino's position as "notified"

    @ordered
    Scenario: a call that arrives after the check-in is ignored as outdated
      Given an Ombori account
      And every positionCalled is overtaken by the next one
      When Baraka takes a walk-in ticket
      And staff call Baraka
      And staff check in Baraka
      Then every webhook is accepted
      And the receiver still has Baraka's position as "fulfilled"

    @ordered
    Scenario: a call that arrives after its retry is ignored as outdated
      Given an Ombori account
      And every positionCalled is overtaken by the next one
      When Cecilia takes a walk-in ticket
      And staff call Cecilia
      And 2 minutes pass
      And staff put Cecilia back in the queue
      Then every webhook is accepted
      And the receiver still has Cecilia's position as "pending"

    @ordered
    Scenario: a retry that arrives after the second call is ignored as outdated
      Given an Ombori account
      And every positionRetry is overtaken by the next one
      When Darius takes a walk-in ticket
      And staff call Darius
      And staff put Darius back in the queue
      And 2 minutes pass
      And staff call Darius
      Then every webhook is accepted
      And the receiver still has Darius's position as "notified"

    @ordered
    Scenario: a confirmation that arrives after the slot began is ignored as outdated
      Given an Ombori account
      And every bookingConfirmation is overtaken by the next one
      When Elif books a slot in 20 minutes
      And 21 minutes pass
      Then every webhook is accepted
      And the receiver still has Elif's position as "pending"

    @ordered
    Scenario: two calls and a retry may arrive in any order
      Given an Ombori account
      And deliveries are held back
      When Freja takes a walk-in ticket
      And staff call Freja
      And 2 minutes pass
      And staff put Freja back in the queue
      And 2 minutes pass
      And staff call Freja
      And the held webhooks are delivered in any order
      Then every webhook is accepted
      And the receiver still has Freja's position as "notified"

  @rule:order-without-time @should
  Rule: An older webhook undoes nothing, even if no time in its body shows its age
    Why: Two webhooks sent within a second may arrive in the wrong order, and a duplicate or a retry
    may come after newer webhooks. A receiver that always believes the last one opens a cancelled
    ticket again, or shows an old slot.
    Documented: a webhook has no event time, and no order is promised.
    Source: https://ombori.atlassian.net/wiki/pages/diffpagesbyversion.action?originalVersion=11&pageId=369459217&revisedVersion=13
    Inferred: completed and rejected are final, so a webhook that says otherwise is older.

    Scenario: a confirmation that arrives after a reschedule does not bring the old slot back
      Given an Ombori account on profile "2021-02"
        | setting      | value |
        | registration | phone |
      And every bookingConfirmation is overtaken by the next one
      When Goran books a slot in 30 minutes
      And Goran reschedules to a slot in 2 hours
      Then every webhook is accepted
      And the receiver has Goran's position as the vendor has it

    Scenario: feedback may arrive before the check-out
      Given an Ombori account
      And every positionCompleted is overtaken by the next one
      When Hilde takes a walk-in ticket
      And staff call Hilde
      And staff check in Hilde
      And staff check out Hilde
      And Hilde gives feedback 5 "No wait at all"
      Then every webhook is accepted
      And the receiver still has Hilde's position as "completed"
      And the receiver has Hilde's position as the vendor has it

    Scenario: a walk-in that arrives in reverse order ends completed
      Given an Ombori account
      And deliveries are held back
      When Ivan takes a walk-in ticket
      And staff call Ivan
      And staff check in Ivan
      And staff check out Ivan
      And the held webhooks are delivered in reverse order
      Then every webhook is accepted
      And the receiver still has Ivan's position as "completed"

    Scenario: a booking that arrives in reverse order ends completed, with its feedback
      Given an Ombori account
      And deliveries are held back
      When Jelena books a slot in 20 minutes
      And 21 minutes pass
      And Jelena checks in with the QR code
      And staff check out Jelena
      And Jelena gives feedback 2 "Too long"
      And the held webhooks are delivered in reverse order
      Then every webhook is accepted
      And the receiver still has Jelena's position as "completed"
      And the receiver has Jelena's position with:
        | field            | value    |
        | feedback.rating  | 2        |
        | feedback.message | Too long |

    Scenario: a walk-in that arrives in any order ends completed
      Given an Ombori account
      And deliveries are held back
      When Katarzyna takes a walk-in ticket
      And staff call Katarzyna
      And staff check in Katarzyna
      And staff check out Katarzyna
      And the held webhooks are delivered in any order
      Then every webhook is accepted
      And the receiver still has Katarzyna's position as "completed"

    Scenario: a ticket whose cancellation arrives before its creation ends rejected
      Given an Ombori account
      And every positionCreated is overtaken by the next one
      When Leonid takes a walk-in ticket
      And Leonid cancels
      Then every webhook is accepted
      And the receiver still has Leonid's position as "rejected"

    Scenario: a booking that staff cancelled before its confirmation arrives ends rejected
      Given an Ombori account
      And every bookingConfirmation is overtaken by the next one
      When Miriam books a slot in 2 hours
      And staff cancel the booking of Miriam
      Then every webhook is accepted
      And the receiver still has Miriam's position as "rejected"

    Scenario: a call that arrives ten minutes after the cancellation does not reopen the ticket
      Given an Ombori account
      And every positionCalled is delayed by 10 minutes
      When Nikos takes a walk-in ticket
      And staff call Nikos
      And Nikos cancels
      And 11 minutes pass
      Then every webhook is accepted
      And the receiver still has Nikos's position as "rejected"
