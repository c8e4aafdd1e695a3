@doo
Feature: doo: lost acknowledgements
  These scenarios set the waits themselves, so they pass for any setting.

  Background:
    Given a doo account
    And deliveries are retried 3 times, 10 minutes apart

  @rule:lost-acknowledgement @must
  Rule: A retry after a lost answer has no second effect
    Why: The receiver has done its work and answered 200, but the answer is lost, and doo tries
    again. That attempt is a duplicate, and it may arrive after newer webhooks. It must be answered
    with 200 too, or doo sends it ten times.
    Documented: any answer but 200 leads to a retry.
    Source: https://viovendi.atlassian.net/wiki/spaces/API/pages/9077132
    Assumed: a retry has the same bytes, and no answer is a failure too.

    Scenario Outline: an order has its effects once if the first attempt of every webhook <happens>
      Given attempt 1 of every webhook of Anneli <happens>
      When Anneli books a ticket by bank transfer
      And the payment of Anneli arrives
      And the organizer cancels the booking of Anneli
      And Benoît books a ticket by bank transfer
      And the payment of Benoît arrives
      And the organizer cancels the booking of Benoît
      Then every webhook is accepted
      And the effects on Anneli equal those on Benoît
      And the receiver still has Anneli's order as "organizer_accepted_cancellation"

      Examples:
        | happens                                  |
        | arrives but its answer is lost           |
        | arrives but is answered 504 by a gateway |
        | arrives but is answered 201 by a gateway |
        | arrives but is answered 204 by a gateway |

    Scenario: a booking that is retried after a lost answer is answered with 200
      Given attempt 1 of every webhook arrives but its answer is lost
      When Concepción books 2 tickets
      Then the last webhook took 2 attempts
      And every webhook is accepted
      And the receiver has Concepción's order as the vendor has it

    Scenario: a booking whose answer is lost three times is one booking
      Given attempt 1 of every order_created of Davíð arrives but its answer is lost
      And attempt 2 of every order_created of Davíð arrives but is answered 502 by a gateway
      And attempt 3 of every order_created of Davíð arrives but its answer is lost
      When Davíð books a ticket
      And Erzsébet books a ticket
      Then the effects on Davíð equal those on Erzsébet
      And no answer is a server error
      And the receiver has Davíð's order as the vendor has it

    Scenario: a title that is retried after a newer one does not come back
      Given attempt 1 of the next event_updated of Summit arrives but its answer is lost
      When the organizer renames Summit to "Summit of Monday"
      And 1 minute passes
      And the organizer renames Summit to "Summit of Tuesday"
      And 11 minutes pass
      Then every webhook is accepted
      And the receiver still has Summit's event as "live"
      And the receiver has Summit's event with:
        | field | value             |
        | title | Summit of Tuesday |

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

    Scenario: a booking that is retried after the payment is ignored as outdated
      Given attempt 1 of every order_created arrives but its answer is lost
      When Guadalupe books a ticket by bank transfer
      And the payment of Guadalupe arrives
      And 11 minutes pass
      Then every webhook is accepted
      And the receiver still has Guadalupe's ticket as "valid"
