@doo
Feature: doo: orders from booking to cancellation

  @rule:lifecycle @must
  Rule: A subject is followed from its beginning to its end
    Why: An order is what a guest has paid for and shows at the door. These are the stories of a
    normal day, without any faults.
    Documented: order_created, order_updated, order_cancelled and order_removed, each with the whole
    order; an active order is valid, but only its attendees and tickets show whether it is paid;
    bookers can cancel orders for free events.
    Source: https://viovendi.atlassian.net/wiki/pages/diffpages.action?originalId=3014492187&pageId=3015147546
    Assumed: the combinations of statuses, what a cancellation sends, and that the receiver still
    knows a removed order as removed, since that is one of its statuses.

    Scenario: a free ticket is valid immediately
      Given a doo account
        | setting | value |
        | prices  | free  |
      When Anahit books a ticket
      Then every webhook is accepted
      And the receiver has Anahit's order as "active"
      And the receiver has Anahit's attendee as "active"
      And the receiver has Anahit's ticket as "valid"

    Scenario: a ticket that is paid immediately is valid immediately
      Given a doo account
      When Bartosz books a ticket
      Then every webhook is accepted
      And the receiver has Bartosz's order as the vendor has it
      And the receiver has Bartosz's attendee as "active"
      And the receiver has Bartosz's ticket as "valid"

    Scenario: a ticket paid by bank transfer is not valid before the payment
      Given a doo account
      When Chiamaka books a ticket by bank transfer
      Then every webhook is accepted
      And the receiver has Chiamaka's order as "active"
      And the receiver has Chiamaka's attendee as "inactive"
      And the receiver has Chiamaka's ticket as "pending"

    Scenario: a bank transfer that arrives days later makes the ticket valid
      Given a doo account
      When Danuta books a ticket by bank transfer
      And 5 days pass
      And the payment of Danuta arrives
      Then every webhook is accepted
      And the receiver has Danuta's order as the vendor has it
      And the receiver has Danuta's attendee as "active"
      And the receiver has Danuta's ticket as "valid"

    Scenario: an order of 3 tickets is one order
      Given a doo account
      When Efstathios books 3 tickets
      Then every webhook is accepted
      And the receiver has Efstathios's order as the vendor has it
      And the receiver has Efstathios's ticket as "valid"

    Scenario: an additional guest is an attendee with a ticket
      Given a doo account
      When Farah books tickets with Gwil
      Then every webhook is accepted
      And the receiver has Farah's order as the vendor has it
      And the receiver has Farah's attendee as "active"
      And the receiver has Gwil's attendee as the vendor has it
      And the receiver has Gwil's ticket as "valid"

    Scenario: an order that the organizer cancels is cancelled with its ticket
      Given a doo account
      When Ioana books a ticket
      And 1 day passes
      And the organizer cancels the booking of Ioana
      Then every webhook is accepted
      And the receiver has Ioana's order as "organizer_accepted_cancellation"
      And the receiver has Ioana's attendee as "inactive"
      And the receiver has Ioana's ticket as "cancelled"
      And the receiver has Ioana's order as the vendor has it

    Scenario: a booker cancels an order for a free event
      Given a doo account
        | setting | value |
        | prices  | free  |
      When Keoni books a ticket
      And 1 day passes
      And Keoni cancels
      Then every webhook is accepted
      And the receiver has Keoni's order as "attendee_accepted_cancellation"
      And the receiver has Keoni's attendee as "inactive"
      And the receiver has Keoni's ticket as "cancelled"

    Scenario: a cancellation also cancels the guest's ticket
      Given a doo account
      When Liudmyla books tickets with Mikkel
      And the organizer cancels the booking of Liudmyla
      Then every webhook is accepted
      And the receiver has Liudmyla's ticket as "cancelled"
      And the receiver has Mikkel's ticket as "cancelled"
      And the receiver has Mikkel's attendee as "inactive"

    Scenario Outline: an order that is removed <when> is stored as removed
      Given a doo account
      When Nkechi books a ticket by bank transfer
      And 1 day passes
      And <happens>
      And the booking of Nkechi is removed
      Then every webhook is accepted
      And the receiver has Nkechi's order as "removed", or not at all
      And the receiver has Nkechi's attendee as "inactive"
      And the receiver has Nkechi's ticket as "cancelled"

      Examples:
        | when                            | happens                                     |
        | while it is unpaid              | 3 days pass                                 |
        | when it is paid                 | the payment of Nkechi arrives               |
        | when the organizer cancelled it | the organizer cancels the booking of Nkechi |

    Scenario: a booker who corrects the name keeps the same ticket
      Given a doo account
      When Pádraig books a ticket
      And 1 hour passes
      And Pádraig corrects the name to "Patrick Quill"
      Then every webhook is accepted
      And the receiver has Pádraig's order as the vendor has it
      And the receiver has Pádraig's attendee as the vendor has it
      And the receiver has Pádraig's ticket as "valid"

    Scenario: two orders for one event are kept apart
      Given a doo account
      When Ragnheiður books a ticket by bank transfer
      And Sipho books a ticket by bank transfer
      And Tereza books a ticket
      And 1 day passes
      And the organizer cancels the booking of Tereza
      And the payment of Sipho arrives
      Then every webhook is accepted
      And the receiver has Ragnheiður's ticket as "pending"
      And the receiver has Sipho's ticket as "valid"
      And the receiver has Tereza's order as "organizer_accepted_cancellation"

    Scenario Outline: an order of a booker who came <how> is accepted
      Given a doo account
        | setting   | value   |
        | prefilled | <share> |
      When Ximena books a ticket
      Then every webhook is accepted
      And the receiver has Ximena's order as the vendor has it

      Examples:
        | how                             | share |
        | with an external_customer_id    | 100%  |
        | without an external_customer_id | 0%    |

  @rule:same-person @must
  Rule: One person can be there twice
    Why: A guest who books again pays again and comes again. A receiver that looks for a person and not
    for an id loses one of the two.
    Documented: each order has an id of its own.
    Source: https://github.com/viovendi/doo-api-gateway/blob/cca35f06c8fe3947e51d5b148203a22f65123316/doo-swagger.json
    Assumed: a booker may order again with the same name and e-mail address.

    Scenario: a second order of one booker leaves the first as it is
      Given a doo account
      And every webhook arrives with field "order_details.first_name" as "Yrsa-Maj"
      And every webhook arrives with field "order_details.last_name" as "Lindqvist"
      And every webhook arrives with field "order_details.email" as "yrsa-maj.lindqvist@example.test"
      When Yrsa books a ticket
      And "Yrsa again" books a ticket by bank transfer
      Then every webhook is accepted
      And the receiver has Yrsa's order as "active"
      And the receiver has Yrsa's ticket as "valid"
      And the receiver has "Yrsa again"'s ticket as "pending"
      When the payment of "Yrsa again" arrives
      Then the receiver has "Yrsa again"'s ticket as "valid"
      And the receiver has Yrsa's order as "active"
      And the receiver has Yrsa's ticket as "valid"

    Scenario: a booker who cancels one of two orders still has the other
      Given a doo account
        | setting            | value           |
        | cancellation_fires | order_cancelled |
      And every webhook arrives with field "order_details.first_name" as "Zbyszek"
      And every webhook arrives with field "order_details.last_name" as "Wrona"
      And every webhook arrives with field "order_details.email" as "zbyszek.wrona@example.test"
      When Zbigniew books a ticket
      And "Zbigniew again" books a ticket
      And the organizer cancels the booking of Zbigniew
      Then every webhook is accepted
      And the receiver has Zbigniew's ticket as "cancelled"
      And the receiver has "Zbigniew again"'s order as "active"
      And the receiver has "Zbigniew again"'s ticket as "valid"
