@ombori
Feature: Ombori: lost creations

  @rule:lost-creation @must
  Rule: A subject becomes known with any webhook about it
    Why: A receiver that was down for a minute has missed some creations, and nothing sends them
    again. A guest who is unknown until the end stands in no queue.
    Documented: every webhook has the current state of the whole position, so the next one is enough
    to know it.
    Source: https://ombori.atlassian.net/wiki/pages/diffpagesbyversion.action?originalVersion=11&pageId=369459217&revisedVersion=13
    Not documented: any retry.
    Assumed: one attempt for each webhook.

    Scenario: a ticket whose creation was lost becomes known with the call
      Given an Ombori account
      And every positionCreated is lost
      When Maja takes a walk-in ticket
      And staff call Maja
      Then the positionCalled of Maja is accepted
      And the receiver has Maja's position as the vendor has it

    Scenario: a staff-issued ticket whose creation was lost becomes known with the call
      Given an Ombori account
      And the next webhook is lost
      When staff issue a ticket to Ravi
      And staff call Ravi
      Then the positionCalled of Ravi is accepted
      And the receiver has Ravi's position as "notified"

    Scenario: a ticket becomes known with the check-in if everything before was lost
      Given an Ombori account
      And every positionCreated is lost
      And every positionCalled is lost
      When Selma takes a walk-in ticket
      And staff call Selma
      And staff check in Selma
      Then the positionFulfilled of Selma is accepted
      And the receiver has Selma's position as "fulfilled"

    Scenario: a ticket becomes known with the feedback if everything before was lost
      Given an Ombori account
      And every positionCreated is lost
      And every positionCalled is lost
      And every positionFulfilled is lost
      And every positionCompleted is lost
      When Hugo takes a walk-in ticket
      And staff call Hugo
      And staff check in Hugo
      And staff check out Hugo
      And Hugo gives feedback 4 "Friendly"
      Then the receiver has Hugo's position with:
        | field           | value     |
        | status          | completed |
        | feedback.rating | 4         |

    Scenario: a ticket becomes known with the check-out if everything before was lost
      Given an Ombori account
      And every positionCreated is lost
      And every positionCalled is lost
      And every positionFulfilled is lost
      When Ewa takes a walk-in ticket
      And staff call Ewa
      And staff check in Ewa
      And staff check out Ewa
      Then the positionCompleted of Ewa is accepted
      And the receiver has Ewa's position as the vendor has it

    Scenario: a booking whose confirmation was lost becomes known when its slot begins
      Given an Ombori account
      And every bookingConfirmation is lost
      When Idris books a slot in 30 minutes for 3 people
      And 31 minutes pass
      Then the bookingActivated of Idris is accepted
      And the receiver has Idris's position as the vendor has it

    Scenario: a booking whose confirmation was lost becomes known with the reschedule
      Given an Ombori account on profile "2021-02"
        | setting      | value |
        | registration | phone |
      And every bookingConfirmation is lost
      When Nadia books a slot in 30 minutes
      And Nadia reschedules to a slot in 2 hours
      Then the bookingUpdated of Nadia is accepted
      And the receiver has Nadia's position as the vendor has it

    Scenario Outline: the end of an unknown ticket is accepted: <ending>
      Given an Ombori account
      And every positionCreated is lost
      When Carmen takes a walk-in ticket
      And <ending>
      Then the last webhook is accepted
      And no answer is a server error

      Examples:
        | ending              |
        | staff reject Carmen |
        | Carmen cancels      |
