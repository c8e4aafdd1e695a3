@doo
Feature: doo: questions to the booker or to each attendee

  @rule:questions @must
  Rule: An attendee without a name is an attendee
    Why: Some events ask each attendee for a name. Others ask only the booker, and then the
    attendees have no name. A receiver that needs a name breaks on every booking for such an event.
    Documented: with booker-level questions only, attendees have just id, status and ticket, and
    everything else is in the order.
    Source: https://viovendi.atlassian.net/wiki/pages/diffpages.action?originalId=3014492187&pageId=3015147546
    Documented: `answers` is required in each attendee, which contradicts that.
    Source: https://github.com/viovendi/doo-api-gateway/blob/cca35f06c8fe3947e51d5b148203a22f65123316/doo-swagger.json
    Assumed: the text is right and the model is wrong.

    Scenario: a booking for an event that asks only the booker is accepted
      Given a doo account
        | setting   | value  |
        | questions | booker |
      When Apolena books a ticket
      Then every webhook is accepted
      And the receiver has Apolena's order as the vendor has it
      And the receiver has Apolena's attendee as "active"
      And the receiver has Apolena's ticket as "valid"

    Scenario: a guest without a name has their own ticket
      Given a doo account
        | setting       | value         |
        | questions     | booker        |
        | checkin_fires | order_updated |
      When Brynjar books tickets with Cosima
      And staff check in Cosima
      Then every webhook is accepted
      And the receiver has Cosima's ticket as "checked"
      And the receiver has Brynjar's ticket as "valid"

    Scenario: an order whose attendees have no names is followed to the end
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

    Scenario: a waiting booking whose attendees have no names is approved
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

    Scenario: two events with different questions are sold at the same time
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
