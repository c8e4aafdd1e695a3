@waitwhile
Feature: Waitwhile: lost creations

  @rule:lost-creation @must
  Rule: A subject becomes known with any webhook about it
    Why: There is only ever one visit.created for each visit. A receiver may miss it, because it was
    down during all four attempts or was connected only today. It must then learn about the visit
    from the next webhook.
    Documented: `after` is the whole visit and not a difference, so the next update is enough.
    Source: https://developers.waitwhile.com/docs/webhook-response-examples
    Assumed: a creation can be lost for good.

    Scenario: a visit whose creation was lost becomes known when it is served
      Given a Waitwhile account
      And every visit.created is lost
      When Astou joins the waitlist
      And staff serve Astou
      Then the visit.updated of Astou is accepted
      And the receiver has Astou's visit as the vendor has it

    Scenario: a visit whose creation was lost becomes known when it moves in the line
      Given a Waitwhile account
      And every visit.created of Bastian is lost
      When Chantal joins the waitlist
      And Bastian joins the waitlist
      And staff serve Chantal
      Then the receiver has Bastian's visit with:
        | field    | value   |
        | state    | WAITING |
        | position | 1       |

    Scenario: a booking whose creation was lost becomes known with the reschedule
      Given a Waitwhile account
      And every visit.created is lost
      When Dorian books a slot in 2 hours for 3 people
      And Dorian reschedules to a slot in 5 hours
      Then the visit.updated of Dorian is accepted
      And the receiver has Dorian's visit as the vendor has it

    Scenario: a booking becomes known when it moves to the waitlist if everything before was lost
      Given a Waitwhile account
      And every visit.created is lost
      And the next visit.updated of Elke is lost
      When Elke requests a slot in 1 hour
      And staff approve Elke
      And staff move the booking of Elke to the waitlist
      Then the receiver has Elke's visit as the vendor has it

    Scenario: a visit becomes known with the completion if everything before was lost
      Given a Waitwhile account
      And every visit.created is lost
      And the next visit.updated of Fredrik is lost
      When Fredrik joins the waitlist
      And staff serve Fredrik
      And staff complete Fredrik
      Then the visit.updated of Fredrik is accepted
      And the receiver has Fredrik's visit as "COMPLETE"

    Scenario: a visit whose creation and end were lost becomes known when it is restored
      Given a Waitwhile account
      And every visit.created is lost
      And the next visit.updated of Ginevra is lost
      When Ginevra joins the waitlist
      And Ginevra cancels
      And staff restore Ginevra to the waitlist
      Then the receiver has Ginevra's visit as the vendor has it

    Scenario: the removal of an unknown visit is accepted
      Given a Waitwhile account
      And every visit.created is lost
      When Hamza joins the waitlist
      And the visit of Hamza is deleted
      Then every webhook is accepted
      And no answer is a server error
      And the receiver does not know Hamza's visit

    Scenario: a message about an unknown visit is accepted
      Given a Waitwhile account
        | setting     | value |
        | undelivered | 0%    |
      And every visit.created is lost
      When Iluka joins the waitlist
      And staff alert Iluka
      And 10 seconds pass
      Then every webhook is accepted
      And the receiver has Iluka's message as "DELIVERED"

    Scenario: a visit whose creation arrives late is not created a second time
      Given a Waitwhile account
      And every visit.created of Joaquín is delayed by 1 hour
      When Joaquín joins the waitlist
      And staff serve Joaquín
      And the effects on Joaquín are noted
      And 61 minutes pass
      Then the effects on Joaquín are unchanged
      And the receiver still has Joaquín's visit as "SERVING"
