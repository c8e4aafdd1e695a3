@doo
Feature: doo: whom an event asks
  Some events ask each attendee for a name, others the booker alone, and then the attendees have no
  name at all: a receiver that needs one breaks on every booking for such an event. Documented: with
  booker-level questions alone, attendees are empty but for id, status and ticket, and everything else
  is in the order. The model has `answers` as required there; assumed is that the words are right and
  the model is not.

  Scenario: a booking for an event that asks the booker alone is taken
    Given a doo account
      | setting   | value  |
      | questions | booker |
    When Apolena books a ticket
    Then every webhook is accepted
    And the receiver has Apolena's order as the vendor has it
    And the receiver has Apolena's attendee as "active"
    And the receiver has Apolena's ticket as "valid"

  Scenario: a guest without a name has a ticket of his own
    Given a doo account
      | setting       | value         |
      | questions     | booker        |
      | checkin_fires | order_updated |
    When Brynjar books tickets with Cosima
    And staff check in Cosima
    Then every webhook is accepted
    And the receiver has Cosima's ticket as "checked"
    And the receiver has Brynjar's ticket as "valid"

  Scenario: an order with attendees without names is followed to the end
    Given a doo account
      | setting   | value  |
      | questions | booker |
    When Duarte books 3 tickets by bank transfer
    And 1 day passes
    And the payment of Duarte arrives
    And Duarte corrects the name to "Duarte Falcão"
    And the organizer cancels the booking of Duarte
    Then every webhook is accepted
    And the receiver has Duarte's order as the vendor has it
    And the receiver has Duarte's attendee as "inactive"
    And the receiver has Duarte's ticket as "cancelled"

  Scenario: a booking that waits without names of attendees is approved
    Given a doo account
      | setting   | value  |
      | questions | booker |
      | prices    | free   |
      | approval  | on     |
    When Elspeth books tickets with Farouk
    And the organizer approves Elspeth
    Then every webhook is accepted
    And the receiver has Elspeth's order as "active"
    And the receiver has Farouk's attendee as "active"

  Scenario: two events that ask differently are sold side by side
    Given a doo account
      | setting   | value             |
      | events    | Workshop, Concert |
      | questions | attendee, booker  |
    When the organizer renames Workshop to "Workshop in spring"
    And the organizer renames Concert to "Concert in spring"
    And Ingeborg books a ticket for Workshop
    And Jamal books a ticket for Concert
    Then every webhook is accepted
    And the receiver has Ingeborg's attendee as the vendor has it
    And the receiver has Jamal's attendee as "active"
    And the receiver has Concert's event as the vendor has it
