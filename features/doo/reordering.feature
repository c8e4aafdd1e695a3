@doo
Feature: doo: webhooks out of order

  @rule:order-without-time @should
  Rule: An older webhook undoes nothing, even if no time in its body shows its age
    Why: Two webhooks sent within a second may arrive in the wrong order, and a retry or a dead
    letter comes after newer webhooks. A receiver that always believes the last one asks for money
    that was paid, or lets a guest in whose order was cancelled.
    Documented: an order has no time of its last change.
    Source: https://github.com/viovendi/doo-api-gateway/blob/cca35f06c8fe3947e51d5b148203a22f65123316/doo-swagger.json
    Not documented: any promise of order.
    Assumed: because a receiver has nothing else: a creation comes first, a cancellation and a
    removal are final, an order never goes back to waiting, and a valid ticket does not become
    pending again. Changes that can happen in either order, such as a check-in and its undoing, are
    not checked.

    Scenario: an order that arrives after its payment is ignored as outdated
      Given a doo account
      And every order_created of Aino is delayed by 10 minutes
      When Aino books a ticket by bank transfer
      And the payment of Aino arrives
      And 11 minutes pass
      Then every webhook is accepted
      And the receiver still has Aino's ticket as "valid"
      And the receiver has Aino's attendee as "active"
      And the receiver has Aino's order as the vendor has it

    Scenario: an order that arrives after its correction does not bring the old name back
      Given a doo account
      And every order_created is overtaken by the next one
      When Balázs books a ticket
      And Balázs corrects the name to "Balázs Kovács"
      Then every webhook is accepted
      And the receiver has Balázs's order as the vendor has it

    Scenario: an order that arrives after its check-in is ignored as outdated
      Given a doo account
        | setting       | value         |
        | checkin_fires | order_updated |
      And every order_created is overtaken by the next one
      When Chiara books a ticket
      And staff check in Chiara
      Then every webhook is accepted
      And the receiver still has Chiara's ticket as "checked"

    Scenario: an order that arrives after its cancellation is not reopened
      Given a doo account
      And every order_created is overtaken by the next one
      When Dragan books a ticket
      And the organizer cancels the booking of Dragan
      Then every webhook is accepted
      And the receiver still has Dragan's order as "organizer_accepted_cancellation"
      And the receiver still has Dragan's ticket as "cancelled"

    Scenario: a payment that arrives after the cancellation does not reopen the order
      Given a doo account
      When Gertrúd books a ticket by bank transfer
      And the next order_updated of Gertrúd is delayed by 10 minutes
      And the payment of Gertrúd arrives
      And the organizer cancels the booking of Gertrúd
      And 11 minutes pass
      Then every webhook is accepted
      And the receiver still has Gertrúd's order as "organizer_accepted_cancellation"
      And the receiver still has Gertrúd's ticket as "cancelled"

    Scenario: a cancellation that arrives after the removal is ignored as outdated
      Given a doo account
      When Hovhannes books a ticket
      And the next order_cancelled of Hovhannes is delayed by 10 minutes
      And the organizer cancels the booking of Hovhannes
      And the booking of Hovhannes is removed
      And 11 minutes pass
      Then every webhook is accepted
      And the receiver has Hovhannes's order as "removed", or not at all

    Scenario Outline: a flag that arrives after the decision is ignored as outdated: <decision>
      Given a doo account
        | setting  | value |
        | approval | on    |
      When Jesper books a ticket
      And the next order_updated of Jesper is delayed by 10 minutes
      And the organizer flags Jesper for review
      And the organizer <decision> Jesper
      And 11 minutes pass
      Then every webhook is accepted
      And the receiver still has Jesper's order as "<status>"

      Examples:
        | decision | status |
        | approves | active |
        | denies   | denied |

    Scenario: an approval that arrives after the payment does not ask for money again
      Given a doo account
        | setting  | value |
        | approval | on    |
      When Kateryna books a ticket
      And the next order_updated of Kateryna is delayed by 10 minutes
      And the organizer approves Kateryna
      And the payment of Kateryna arrives
      And 11 minutes pass
      Then every webhook is accepted
      And the receiver still has Kateryna's ticket as "valid"
      And the receiver still has Kateryna's attendee as "active"

    Scenario Outline: an order that arrives in <order> order ends cancelled
      Given a doo account
      And deliveries are held back
      When Nikoloz books 3 tickets by bank transfer
      And Nikoloz corrects the name to "Nikoloz Beridze"
      And the payment of Nikoloz arrives
      And the organizer cancels the booking of Nikoloz
      And the held webhooks are delivered in <order> order
      Then every webhook is accepted
      And the receiver still has Nikoloz's order as "organizer_accepted_cancellation"
      And the receiver still has Nikoloz's ticket as "cancelled"
      And the receiver has Nikoloz's order as the vendor has it

      Examples:
        | order   |
        | reverse |
        | any     |

    Scenario Outline: an order that arrives in <order> order ends removed
      Given a doo account
        | setting  | value |
        | approval | on    |
      And deliveries are held back
      When Piotr books a ticket
      And the organizer flags Piotr for review
      And the organizer approves Piotr
      And the payment of Piotr arrives
      And the organizer cancels the booking of Piotr
      And the booking of Piotr is removed
      And the held webhooks are delivered in <order> order
      Then every webhook is accepted
      And the receiver has Piotr's order as "removed", or not at all
      And the receiver still has Piotr's ticket as "cancelled"

      Examples:
        | order   |
        | reverse |
        | any     |

    Scenario Outline: an approval that arrives in <order> order ends paid
      Given a doo account
        | setting  | value |
        | approval | on    |
      And deliveries are held back
      When Radmila books 2 tickets
      And the organizer flags Radmila for review
      And the organizer approves Radmila
      And the payment of Radmila arrives
      And the held webhooks are delivered in <order> order
      Then every webhook is accepted
      And the receiver still has Radmila's order as "active"
      And the receiver still has Radmila's ticket as "valid"
      And the receiver has Radmila's order as the vendor has it

      Examples:
        | order   |
        | reverse |
        | any     |

    Scenario: a title of the same second that arrives after the deletion does not bring the event back
      Given a doo account
      When the organizer creates the event Xylophonfest
      And 1 hour passes
      And the next event_updated of Xylophonfest is delayed by 10 minutes
      And the organizer renames Xylophonfest to "Xylophone for all"
      And the organizer deletes Xylophonfest
      And 11 minutes pass
      Then every webhook is accepted
      And the receiver has Xylophonfest's event as "deleted", or not at all

  @rule:order @must
  Rule: An older webhook undoes nothing that the body of a newer one shows
    Why: Two webhooks sent within a second may arrive in the wrong order. A receiver that always
    believes the last one shows an old title.
    Documented: an event has its update_date.
    Source: https://github.com/viovendi/doo-api-gateway/blob/cca35f06c8fe3947e51d5b148203a22f65123316/doo-swagger.json
    Not documented: any promise of order.

    Scenario: an older title that arrives late does not come back
      Given a doo account
      When the next event_updated of Summit is delayed by 10 minutes
      And the organizer renames Summit to "Summit of rivers"
      And 2 seconds pass
      And the organizer renames Summit to "Summit of lakes"
      And 11 minutes pass
      Then every webhook is accepted
      And the receiver still has Summit's event as "live"
      And the receiver has Summit's event with:
        | field | value           |
        | title | Summit of lakes |

    Scenario: a title that arrives after the deletion does not bring the event back
      Given a doo account
      When the organizer creates the event Walpurgis
      And 2 seconds pass
      And the next event_updated of Walpurgis is delayed by 10 minutes
      And the organizer renames Walpurgis to "Walpurgis on the hill"
      And 2 seconds pass
      And the organizer deletes Walpurgis
      And 11 minutes pass
      Then every webhook is accepted
      And the receiver has Walpurgis's event as "deleted", or not at all

    Scenario Outline: an event that arrives in <order> order ends in the right state
      Given a doo account
      And deliveries are held back
      When the organizer creates the event Zinneke
      And 2 seconds pass
      And the organizer renames Zinneke to "Zinneke by night"
      And 2 seconds pass
      And the organizer publishes Zinneke
      And 2 seconds pass
      And the organizer postpones Zinneke by 2 days
      And the held webhooks are delivered in <order> order
      Then every webhook is accepted
      And the receiver still has Zinneke's event as "live"
      And the receiver has Zinneke's event as the vendor has it

      Examples:
        | order   |
        | reverse |
        | any     |
