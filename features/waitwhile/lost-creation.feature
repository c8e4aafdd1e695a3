@waitwhile
Feature: Waitwhile: a visit whose creation was lost
  There is one visit.created for each visit, ever. A receiver that missed it, because it was down
  through all four attempts or was connected only today, must take the visit from whatever comes
  next. Documented: `after` is the whole visit and not a difference, so the next update is enough.
  Assumed: that a creation can be lost for good.

  Scenario: a serve makes a visit known whose creation was lost
    Given a Waitwhile account
    And every visit.created is lost
    When Astou joins the waitlist
    And staff serve Astou
    Then the last webhook is accepted
    And the receiver has Astou's visit as the vendor has it

  Scenario: a change of place makes a visit known whose creation was lost
    Given a Waitwhile account
    And every visit.created of Bastian is lost
    When Chantal joins the waitlist
    And Bastian joins the waitlist
    And staff serve Chantal
    Then the receiver has Bastian's visit with:
      | field    | value   |
      | state    | WAITING |
      | position | 1       |

  Scenario: a reschedule makes a booking known whose creation was lost
    Given a Waitwhile account
    And every visit.created is lost
    When Dorian books a slot in 2 hours for 3 people
    And Dorian reschedules to a slot in 5 hours
    Then the last webhook is accepted
    And the receiver has Dorian's visit as the vendor has it

  Scenario: a booking is known from the waitlist on, if all before was lost
    Given a Waitwhile account
    And every visit.created is lost
    And the next visit.updated of Elke is lost
    When Elke requests a slot in 1 hour
    And staff approve Elke
    And staff move the booking of Elke to the waitlist
    Then the receiver has Elke's visit as the vendor has it

  Scenario: a completion makes a visit known of which nothing was heard
    Given a Waitwhile account
    And every visit.created is lost
    And the next visit.updated of Fredrik is lost
    When Fredrik joins the waitlist
    And staff serve Fredrik
    And staff complete Fredrik
    Then the last webhook is accepted
    And the receiver has Fredrik's visit as "COMPLETE"

  Scenario: a restore makes a visit known whose creation and end were lost
    Given a Waitwhile account
    And every visit.created is lost
    And the next visit.updated of Ginevra is lost
    When Ginevra joins the waitlist
    And Ginevra cancels
    And staff restore Ginevra to the waitlist
    Then the receiver has Ginevra's visit as the vendor has it

  Scenario: the removal of a visit that was never heard of is accepted
    Given a Waitwhile account
    And every visit.created is lost
    When Hamza joins the waitlist
    And the visit of Hamza is deleted
    Then every webhook is accepted
    And no answer is a server error
    And the receiver does not know Hamza's visit

  Scenario: a message of a visit that was never heard of is accepted
    Given a Waitwhile account
      | setting     | value |
      | undelivered | 0%    |
    And every visit.created is lost
    When Iluka joins the waitlist
    And staff alert Iluka
    And 10 seconds pass
    Then every webhook is accepted
    And the receiver has Iluka's message as "DELIVERED"

  Scenario: a visit whose creation comes after all is not made a second time
    Given a Waitwhile account
    And every visit.created of Joaquín is delayed by 1 hour
    When Joaquín joins the waitlist
    And staff serve Joaquín
    And the effects on Joaquín are noted
    And 61 minutes pass
    Then the effects on Joaquín are unchanged
    And the receiver still has Joaquín's visit as "SERVING"
