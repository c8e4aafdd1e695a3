@doo
Feature: doo: dead letters

  Background:
    Given a doo account
      | setting            | value           |
      | cancellation_fires | order_cancelled |
    And deliveries are retried 9 times, 10 minutes apart

  @rule:dead-letters @must
  Rule: A dead letter that is sent again is accepted
    Why: A webhook that failed ten times waits until a person sends it again, a day or a month
    later. Until then it is the only copy of that order.
    Documented: after ten failures a webhook goes to a dead letter queue and is handled by hand.
    Source: https://viovendi.atlassian.net/wiki/spaces/API/pages/9077132
    Assumed: it is sent again with the same bytes and a new token.

    Scenario: an order that failed ten times is a dead letter, and is accepted when it is sent again
      Given every webhook is answered 503 by a gateway
      When Alejandra books a ticket
      Then the last webhook took 10 attempts
      And the last webhook is a dead letter
      And the receiver does not know Alejandra's order
      When the faults are over
      And the dead letters are sent again
      Then no webhook is a dead letter
      And the receiver has Alejandra's order as the vendor has it

    Scenario: only the dead letters of one guest are sent again
      Given every webhook is answered 502 by a gateway
      When Ceferino books a ticket
      And Dorte books a ticket
      Then 2 webhooks are dead letters
      When the faults are over
      And the dead letters of Ceferino are sent again
      Then the receiver has Ceferino's order as the vendor has it
      And the receiver does not know Dorte's order
      When the dead letters are sent again
      Then no webhook is a dead letter
      And the receiver has Dorte's order as the vendor has it

    Scenario: a booking whose answer was lost ten times is still one booking when it is sent again
      Given every order_created of Gerlinde arrives but its answer is lost
      When Gerlinde books a ticket
      And Hamid books a ticket
      Then the receiver has Gerlinde's order as "active"
      When the faults are over
      And the dead letters are sent again
      Then no webhook is a dead letter
      And no answer is a server error
      And the effects on Gerlinde equal those on Hamid
      And the receiver has Gerlinde's order as the vendor has it

    Scenario: a lost order, its lost payment and its lost cancellation are sent again together
      Given every webhook of Ilmārs is answered 500 by a gateway
      When Ilmārs books a ticket by bank transfer
      And 1 day passes
      And the payment of Ilmārs arrives
      And 1 day passes
      And the organizer cancels the booking of Ilmārs
      Then 3 webhooks are dead letters
      When the faults are over
      And the dead letters are sent again
      Then no webhook is a dead letter
      And the receiver still has Ilmārs's order as "organizer_accepted_cancellation"
      And the receiver still has Ilmārs's ticket as "cancelled"

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

    Scenario: a booking that is sent again after its payment is ignored as outdated
      Given every order_created of Eluned is answered 503 by a gateway
      When Eluned books a ticket by bank transfer
      And the payment of Eluned arrives
      Then the receiver has Eluned's ticket as "valid"
      When the effects on Eluned are noted
      And the faults are over
      And 2 days pass
      And the dead letters are sent again
      Then no webhook is a dead letter
      And the effects on Eluned are unchanged
      And the receiver still has Eluned's ticket as "valid"
      And the receiver has Eluned's order as the vendor has it

    Scenario: a payment that is sent again after the cancellation does not reopen the order
      Given every order_updated of Fredegund is answered 503 by a gateway
      When Fredegund books a ticket by bank transfer
      And the payment of Fredegund arrives
      And 1 day passes
      And the organizer cancels the booking of Fredegund
      Then the receiver has Fredegund's order as "organizer_accepted_cancellation"
      When the faults are over
      And the dead letters are sent again
      Then no webhook is a dead letter
      And the receiver still has Fredegund's order as "organizer_accepted_cancellation"
      And the receiver still has Fredegund's ticket as "cancelled"

  @rule:order @must
  Rule: An older webhook undoes nothing that the body of a newer one shows
    Why: Two webhooks sent within a second may arrive in the wrong order. A receiver that always
    believes the last one shows an old title.
    Documented: an event has its update_date.
    Source: https://github.com/viovendi/doo-api-gateway/blob/cca35f06c8fe3947e51d5b148203a22f65123316/doo-swagger.json
    Not documented: any promise of order.

    Scenario: a title that is sent again after a newer one does not come back
      Given every event_updated of Summit times out on its way
      When the organizer renames Summit to "Summit of the first week"
      And 3 days pass
      And the faults are over
      And the organizer renames Summit to "Summit of the second week"
      Then the event_updated of Summit is accepted
      When the dead letters are sent again
      Then no webhook is a dead letter
      And the receiver still has Summit's event as "live"
      And the receiver has Summit's event with:
        | field | value                     |
        | title | Summit of the second week |
