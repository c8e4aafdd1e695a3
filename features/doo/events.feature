@doo
Feature: doo: events

  @rule:events @must
  Rule: An event is shown as it is now
    Why: A receiver that shows an event with its old title or its old day, or that sells tickets for
    a cancelled event, makes guests angry.
    Documented: event_created, event_updated and event_removed, each with the whole event; the
    statuses draft, live, cancelled, done and deleted.
    Source: https://viovendi.atlassian.net/wiki/pages/diffpages.action?originalId=3014492187&pageId=3015147546
    Documented: is_deleted is a string; the id is a number in the event and a string in its orders.
    Source: https://github.com/viovendi/doo-api-gateway/blob/cca35f06c8fe3947e51d5b148203a22f65123316/doo-swagger.json
    Assumed: because no page says when a trigger fires: an event begins as a draft; publishing,
    postponing and calling off are updates; when an event is called off, its orders stay as they
    are.

    Scenario: a new event is a draft
      Given a doo account
      When the organizer creates the event Gala
      Then every webhook is accepted
      And the receiver has Gala's event as "draft"
      And the receiver has Gala's event as the vendor has it

    Scenario: a published event is live
      Given a doo account
      When the organizer creates the event Biennale
      And 2 days pass
      And the organizer publishes Biennale
      Then every webhook is accepted
      And the receiver has Biennale's event as "live"
      And the receiver has Biennale's event as the vendor has it

    Scenario: a postponed event has its new date
      Given a doo account
      When the organizer creates the event Eisteddfod
      And the organizer publishes Eisteddfod
      And 1 day passes
      And the organizer postpones Eisteddfod by 7 days
      Then every webhook is accepted
      And the receiver has Eisteddfod's event as the vendor has it

    Scenario: an event that is called off is cancelled, and not deleted
      Given a doo account
      When the organizer creates the event Gymkhana
      And the organizer publishes Gymkhana
      And 5 days pass
      And the organizer calls off Gymkhana
      Then every webhook is accepted
      And the receiver has Gymkhana's event with:
        | field      | value     |
        | status     | cancelled |
        | is_deleted | 0         |

    Scenario: calling off an event leaves its bookings unchanged
      Given a doo account
      When the organizer creates the event Hackathon
      And the organizer publishes Hackathon
      And Amaru books a ticket for Hackathon
      And Bettina books a ticket for Hackathon by bank transfer
      And 1 day passes
      And the organizer calls off Hackathon
      Then every webhook is accepted
      And the receiver has Hackathon's event as "cancelled"
      And the receiver still has Amaru's order as "active"
      And the receiver still has Amaru's ticket as "valid"
      And the receiver still has Bettina's ticket as "pending"

    Scenario: a deleted draft is stored as deleted
      Given a doo account
      When the organizer creates the event Iftar
      And 1 hour passes
      And the organizer deletes Iftar
      Then every webhook is accepted
      And the receiver has Iftar's event with:
        | field      | value   |
        | status     | deleted |
        | is_deleted | 1       |

    Scenario: an event whose end has passed is done
      Given a doo account
        | setting    | value         |
        | starts_in  | 2d            |
        | done_fires | event_updated |
      When the organizer creates the event Jamboree
      And the organizer publishes Jamboree
      And 3 days pass
      Then every webhook is accepted
      And the receiver has Jamboree's event as "done"

    Scenario: an event that existed before the receiver was connected becomes known with its next change
      Given a doo account
      When the organizer renames Summit to "Winter Summit"
      Then every webhook is accepted
      And the receiver has Summit's event as the vendor has it

    Scenario: two events are kept apart
      Given a doo account
      When the organizer creates the event Kirmes
      And the organizer creates the event Lustrum
      And 1 hour passes
      And the organizer publishes Lustrum
      And the organizer deletes Kirmes
      And 1 hour passes
      And the organizer postpones Lustrum by 2 days
      Then every webhook is accepted
      And the receiver has Kirmes's event as "deleted", or not at all
      And the receiver has Lustrum's event as "live"
      And the receiver has Lustrum's event as the vendor has it

    Scenario: an order refers to the same event as the webhooks about the event
      Given a doo account
      When the organizer creates the event Matsuri
      And the organizer publishes Matsuri
      And Dagfinn books a ticket for Matsuri
      And 1 hour passes
      And the organizer renames Matsuri to "Little Matsuri"
      And Dagfinn corrects the name to "Dagfinn Moe"
      Then every webhook is accepted
      And the receiver has Dagfinn's order as the vendor has it
      And the receiver has Matsuri's event as the vendor has it

    Scenario: an order of an unknown event is accepted, and so is the event after it
      Given a doo account
      When Etelka books a ticket
      Then every webhook is accepted
      And the receiver has Etelka's order as the vendor has it
      When the organizer postpones Summit by 1 day
      Then the event_updated of Summit is accepted
      And the receiver has Summit's event as the vendor has it
      And the receiver still has Etelka's order as "active"

    Scenario Outline: an event with <prices> prices is followed to the end
      Given a doo account
        | setting | value    |
        | prices  | <prices> |
      When the organizer creates the event Novena
      And the organizer publishes Novena
      And 1 day passes
      And the organizer calls off Novena
      Then every webhook is accepted
      And the receiver has Novena's event as the vendor has it

      Examples:
        | prices |
        | net    |
        | free   |

    Scenario: events in a town, in a city district and at a place without a street are accepted
      Given a doo account
        | setting | value                      |
        | events  | Parade, Quermesse, Romería |
      When the organizer renames Parade to "Parade at the harbour"
      And the organizer renames Quermesse to "Quermesse in the quarter"
      And the organizer renames Romería to "Romería on the hill"
      Then every webhook is accepted
      And the receiver has Parade's event as the vendor has it
      And the receiver has Quermesse's event as the vendor has it
      And the receiver has Romería's event as the vendor has it
