@ombori
Feature: Ombori: duplicates

  @rule:duplicates @must
  Rule: A webhook that arrives twice has its effects once
    Why: A webhook that arrives twice must not send two text messages or count a guest twice. The
    receiver may accept or refuse a duplicate, but must not answer with a server error.
    Documented: a webhook has no event id and no event time, so only its content shows that it is a
    duplicate.
    Source: https://ombori.atlassian.net/wiki/pages/diffpagesbyversion.action?originalVersion=11&pageId=369459217&revisedVersion=13
    Assumed: Ombori, or something on the way, may send a webhook twice.

    Scenario: a walk-in whose webhooks all arrive twice has its effects once
      Given an Ombori account
      And every webhook of Anna is delivered twice
      When Anna takes a walk-in ticket
      And staff call Anna
      And staff check in Anna
      And staff check out Anna
      And Bo takes a walk-in ticket
      And staff call Bo
      And staff check in Bo
      And staff check out Bo
      Then the effects on Anna equal those on Bo
      And the receiver has Anna's position as "completed"

    Scenario: a booking whose webhooks all arrive twice has its effects once
      Given an Ombori account
      And every webhook of Chidi is delivered twice
      When Chidi books a slot in 20 minutes
      And Dora books a slot in 20 minutes
      And 21 minutes pass
      And staff reject Chidi
      And staff reject Dora
      Then the effects on Chidi equal those on Dora
      And the receiver has Chidi's position as "rejected"

    Scenario: a ticket whose creation arrives five times is one ticket
      Given an Ombori account
      And every positionCreated of Eero is delivered 5 times
      When Eero takes a walk-in ticket
      And Flora takes a walk-in ticket
      Then the effects on Eero equal those on Flora
      And no answer is a server error
      And the receiver has Eero's position as the vendor has it

    Scenario: a ticket whose creation arrives twice at the same instant is one ticket
      Given an Ombori account
      And every positionCreated of Iman is delivered twice at the same instant
      When Iman takes a walk-in ticket
      And Jonas takes a walk-in ticket
      Then the effects on Iman equal those on Jonas
      And no answer is a server error
      And the receiver has Iman's position as "pending"

    Scenario: a booking whose confirmation arrives five times at the same instant is one booking
      Given an Ombori account
      And every bookingConfirmation of Kaya is delivered 5 times at the same instant
      When Kaya books a slot in 2 hours
      And Lars books a slot in 2 hours
      Then the effects on Kaya equal those on Lars
      And no answer is a server error
      And the receiver has Kaya's position as "draft"

    Scenario: a walk-in whose webhooks all arrive twice at the same instant has its effects once
      Given an Ombori account
      And every webhook of Malin is delivered twice at the same instant
      When Malin takes a walk-in ticket
      And staff call Malin
      And staff check in Malin
      And staff check out Malin
      And Nuno takes a walk-in ticket
      And staff call Nuno
      And staff check in Nuno
      And staff check out Nuno
      Then the effects on Malin equal those on Nuno
      And the receiver has Malin's position as "completed"

    @ordered
    Scenario: a creation that arrives again after the call changes nothing
      Given an Ombori account
      When Stefan takes a walk-in ticket
      And staff call Stefan
      And the effects on Stefan are noted
      And the positionCreated of Stefan is delivered again
      Then the effects on Stefan are unchanged
      And the receiver still has Stefan's position as "notified"

    @ordered
    Scenario: a call that arrives again after the retry changes nothing
      Given an Ombori account
      When Thandiwe takes a walk-in ticket
      And staff call Thandiwe
      And 2 minutes pass
      And staff put Thandiwe back in the queue
      And the effects on Thandiwe are noted
      And the positionCalled of Thandiwe is delivered again
      Then the effects on Thandiwe are unchanged
      And the receiver still has Thandiwe's position as "pending"

    @ordered
    Scenario: a retry that arrives again after the second call changes nothing
      Given an Ombori account
      When Ulla takes a walk-in ticket
      And staff call Ulla
      And staff put Ulla back in the queue
      And 2 minutes pass
      And staff call Ulla
      And the effects on Ulla are noted
      And the positionRetry of Ulla is delivered again
      Then the effects on Ulla are unchanged
      And the receiver still has Ulla's position as "notified"

    @ordered
    Scenario: a confirmation that arrives again after the slot began changes nothing
      Given an Ombori account
      When Vera books a slot in 20 minutes
      And 21 minutes pass
      And the effects on Vera are noted
      And the bookingConfirmation of Vera is delivered again
      Then the effects on Vera are unchanged
      And the receiver still has Vera's position as "pending"

    Scenario: choosing the same slot again has no further effects
      Given an Ombori account on profile "2021-02"
      When Xenia books a slot in 30 minutes
      And Xenia reschedules to a slot in 2 hours
      And the effects on Xenia are noted
      And Xenia reschedules to a slot in 2 hours
      Then the effects on Xenia are unchanged
      And no answer is a server error
      And the receiver still has Xenia's position as "draft"

    Scenario: giving the same feedback again has no further effects
      Given an Ombori account
      When Yusuf takes a walk-in ticket
      And staff call Yusuf
      And staff check in Yusuf
      And staff check out Yusuf
      And Yusuf gives feedback 5 "Great"
      And the effects on Yusuf are noted
      And Yusuf gives feedback 5 "Great"
      Then the effects on Yusuf are unchanged
      And no answer is a server error

  @rule:order-without-time @should
  Rule: An older webhook undoes nothing, even if no time in its body shows its age
    Why: Two webhooks sent within a second may arrive in the wrong order, and a duplicate or a retry
    may come after newer webhooks. A receiver that always believes the last one opens a cancelled
    ticket again, or shows an old slot.
    Documented: a webhook has no event time, and no order is promised.
    Source: https://ombori.atlassian.net/wiki/pages/diffpagesbyversion.action?originalVersion=11&pageId=369459217&revisedVersion=13
    Inferred: completed and rejected are final, so a webhook that says otherwise is older.

    Scenario Outline: a <trigger> that arrives again after the feedback changes nothing
      Given an Ombori account
      When Paula takes a walk-in ticket
      And staff call Paula
      And staff check in Paula
      And staff check out Paula
      And Paula gives feedback 4 "Fine"
      And the effects on Paula are noted
      And the <trigger> of Paula is delivered again
      Then the effects on Paula are unchanged
      And no answer is a server error
      And the receiver has Paula's position as the vendor has it

      Examples:
        | trigger           |
        | positionCreated   |
        | positionCompleted |
        | feedbackReceived  |

    Scenario Outline: a <trigger> that arrives again after the rejection changes nothing
      Given an Ombori account
      When Quentin books a slot in 20 minutes
      And 21 minutes pass
      And staff reject Quentin
      And the effects on Quentin are noted
      And the <trigger> of Quentin is delivered again
      Then the effects on Quentin are unchanged
      And no answer is a server error
      And the receiver still has Quentin's position as "rejected"

      Examples:
        | trigger             |
        | bookingConfirmation |
        | bookingActivated    |

    Scenario: a cancelled ticket stays cancelled when its creation arrives again
      Given an Ombori account
      When Rosa takes a walk-in ticket
      And Rosa cancels
      And the effects on Rosa are noted
      And the first webhook of Rosa is delivered again
      Then the effects on Rosa are unchanged
      And the receiver still has Rosa's position as "rejected"

    Scenario: a confirmation that arrives again after a reschedule does not bring the old slot back
      Given an Ombori account on profile "2021-02"
        | setting      | value |
        | registration | phone |
      When Wanda books a slot in 30 minutes
      And Wanda reschedules to a slot in 2 hours
      And the effects on Wanda are noted
      And the bookingConfirmation of Wanda is delivered again
      Then the effects on Wanda are unchanged
      And the receiver has Wanda's position as the vendor has it
