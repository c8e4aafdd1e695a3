@doo
Feature: doo: an order or event whose creation was lost
  There is one order_created for each order, ever. A receiver that was down through all ten attempts,
  or was connected only today, must take the order from whatever comes next. Documented: each webhook
  carries the whole order or event, so the next one is enough to know it. Assumed: that a creation can
  be lost for good.

  Scenario: a payment makes an order known whose creation was lost
    Given a doo account
    And every order_created is lost
    When Aminata books a ticket by bank transfer
    And the payment of Aminata arrives
    Then the last webhook is accepted
    And the receiver has Aminata's order as the vendor has it
    And the receiver has Aminata's ticket as "valid"

  Scenario Outline: a booking whose creation was lost becomes known when the organizer <decision> it
    Given a doo account
      | setting  | value |
      | prices   | free  |
      | approval | on    |
    And every order_created is lost
    When Boleslav books a ticket
    And the organizer <decision> Boleslav
    Then the last webhook is accepted
    And the receiver has Boleslav's order as "<status>"
    And the receiver has Boleslav's ticket as "<ticket>"

    Examples:
      | decision | status | ticket    |
      | approves | active | valid     |
      | denies   | denied | cancelled |

  Scenario: a check-in makes every attendee of an order known
    Given a doo account
      | setting       | value         |
      | checkin_fires | order_updated |
    And every order_created is lost
    When Dorotea books tickets with Eustace
    And staff check in Dorotea
    Then the last webhook is accepted
    And the receiver has Eustace's attendee as the vendor has it
    And the receiver has Eustace's ticket as "valid"

  Scenario: a cancellation makes an order known as cancelled
    Given a doo account
    And every order_created is lost
    When Florin books a ticket
    And the organizer cancels the booking of Florin
    Then the last webhook is accepted
    And the receiver has Florin's order as "organizer_accepted_cancellation"

  Scenario: the removal of an order that was never heard of is accepted
    Given a doo account
    And every order_created is lost
    When Gunnhild books a ticket
    And the booking of Gunnhild is removed
    Then the last webhook is accepted
    And no answer is a server error

  Scenario: a publication makes an event known whose creation was lost
    Given a doo account
    And every event_created is lost
    When the organizer creates the event Hogmanay
    And 1 hour passes
    And the organizer publishes Hogmanay
    Then the last webhook is accepted
    And the receiver has Hogmanay's event as the vendor has it

  Scenario: an order whose creation comes after all is not made a second time
    Given a doo account
    And every order_created of Johannes is delayed by 1 hour
    When Johannes books a ticket by bank transfer
    And the payment of Johannes arrives
    And the effects on Johannes are noted
    And 61 minutes pass
    Then the effects on Johannes are unchanged
    And the receiver still has Johannes's ticket as "valid"
