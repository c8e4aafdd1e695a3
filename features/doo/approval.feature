@doo
Feature: doo: manual approval

  @rule:approval @must
  Rule: A booking counts only once the organizer has approved it
    Why: Some organizers review each booking. A receiver that treats every booking as confirmed lets
    people in whose booking was denied.
    Documented: pending_organizer_approval; pending_organizer_review if the booking is flagged;
    denied.
    Source: https://viovendi.atlassian.net/wiki/pages/diffpages.action?originalId=3014492187&pageId=3015147546
    Documented: a free booking is confirmed with the approval, and a paid one must then be paid.
    Source: https://support.doo.net/hc/en-us/articles/115003391409-Bookings-with-manual-approval-
    Assumed: waiting means inactive attendees and pending tickets, denied means cancelled tickets,
    approval comes before payment, and each of these changes is an order_updated.

    Scenario: a booking waits for approval
      Given a doo account
        | setting  | value |
        | prices   | free  |
        | approval | on    |
      When Aigerim books a ticket
      Then every webhook is accepted
      And the receiver has Aigerim's order as "pending_organizer_approval"
      And the receiver has Aigerim's attendee as "inactive"
      And the receiver has Aigerim's ticket as "pending"

    Scenario: a free booking that is approved is valid
      Given a doo account
        | setting  | value |
        | prices   | free  |
        | approval | on    |
      When Bogdan books a ticket
      And 5 hours pass
      And the organizer approves Bogdan
      Then every webhook is accepted
      And the receiver has Bogdan's order as "active"
      And the receiver has Bogdan's attendee as "active"
      And the receiver has Bogdan's ticket as "valid"

    Scenario: a booking that is approved is not yet paid
      Given a doo account
        | setting  | value |
        | approval | on    |
      When Caoimhe books a ticket
      And 5 hours pass
      And the organizer approves Caoimhe
      Then every webhook is accepted
      And the receiver has Caoimhe's order as "active"
      And the receiver has Caoimhe's attendee as "inactive"
      And the receiver has Caoimhe's ticket as "pending"

    Scenario: a booking that is approved and paid is valid
      Given a doo account
        | setting  | value |
        | approval | on    |
      When Dzhamilya books a ticket by bank transfer
      And 5 hours pass
      And the organizer approves Dzhamilya
      And 2 days pass
      And the payment of Dzhamilya arrives
      Then every webhook is accepted
      And the receiver has Dzhamilya's order as the vendor has it
      And the receiver has Dzhamilya's attendee as "active"
      And the receiver has Dzhamilya's ticket as "valid"

    Scenario: a flagged booking keeps waiting
      Given a doo account
        | setting  | value |
        | approval | on    |
      When Emeka books a ticket
      And the organizer flags Emeka for review
      Then every webhook is accepted
      And the receiver has Emeka's order as "pending_organizer_review"
      And the receiver has Emeka's ticket as "pending"

    Scenario: a flagged booking is approved
      Given a doo account
        | setting  | value |
        | prices   | free  |
        | approval | on    |
      When Fionnuala books a ticket
      And the organizer flags Fionnuala for review
      And 1 day passes
      And the organizer approves Fionnuala
      Then every webhook is accepted
      And the receiver has Fionnuala's order as the vendor has it
      And the receiver has Fionnuala's ticket as "valid"

    Scenario: a denied booking is denied, and its ticket is cancelled
      Given a doo account
        | setting  | value |
        | prices   | gross |
        | approval | on    |
      When Gábor books a ticket
      And 5 hours pass
      And the organizer denies Gábor
      Then every webhook is accepted
      And the receiver has Gábor's order as "denied"
      And the receiver has Gábor's attendee as "inactive"
      And the receiver has Gábor's ticket as "cancelled"

    Scenario Outline: a booking that is removed <when> is removed
      Given a doo account
        | setting  | value |
        | approval | on    |
      When Ilyas books a ticket
      And <happens>
      And the booking of Ilyas is removed
      Then every webhook is accepted
      And the receiver has Ilyas's order as "removed", or not at all
      And the receiver has Ilyas's ticket as "cancelled"

      Examples:
        | when                | happens                    |
        | while it waits      | 2 hours pass               |
        | after it was denied | the organizer denies Ilyas |

    Scenario: of three bookings one is approved, one is denied and one waits
      Given a doo account
        | setting  | value |
        | prices   | free  |
        | approval | on    |
      When Olamide books a ticket
      And Petra books a ticket
      And Quirin books a ticket
      And the organizer denies Petra
      And the organizer approves Olamide
      Then every webhook is accepted
      And the receiver has Olamide's order as "active"
      And the receiver has Petra's order as "denied"
      And the receiver still has Quirin's order as "pending_organizer_approval"
