@doo
Feature: doo: duplicates

  @rule:duplicates @must
  Rule: A webhook that arrives twice has its effects once
    Why: An order that arrives twice must not send two confirmations or count its tickets twice. The
    receiver may accept or refuse a duplicate, but must not answer with a server error.
    Documented: any answer but 200 leads to a retry.
    Source: https://viovendi.atlassian.net/wiki/spaces/API/pages/9077132
    Inferred: nothing in a webhook says which attempt it is. So only the content, and the trigger in
    the URL, show that it is a duplicate: a creation comes first, a cancellation and a removal are
    final. A ticket that was checked and is valid again is not a duplicate.
    Assumed: a retry has the same bytes.

    Scenario Outline: <trigger> that arrives three times has its effects once
      Given a doo account
      And every <trigger> of Anna is delivered 3 times
      When Anna books a ticket by bank transfer
      And the payment of Anna arrives
      And the organizer cancels the booking of Anna
      And the booking of Anna is removed
      And Bo books a ticket by bank transfer
      And the payment of Bo arrives
      And the organizer cancels the booking of Bo
      And the booking of Bo is removed
      Then the effects on Anna equal those on Bo
      And no answer is a server error
      And the receiver has Anna's order as the vendor has it

      Examples:
        | trigger         |
        | order_created   |
        | order_updated   |
        | order_cancelled |
        | order_removed   |

    Scenario Outline: <trigger> that arrives four times at the same instant has its effects once
      Given a doo account
      And every <trigger> of Candelaria is delivered 4 times at the same instant
      When Candelaria books a ticket by bank transfer
      And the payment of Candelaria arrives
      And the organizer cancels the booking of Candelaria
      And Duncan books a ticket by bank transfer
      And the payment of Duncan arrives
      And the organizer cancels the booking of Duncan
      Then the effects on Candelaria equal those on Duncan
      And no answer is a server error
      And the receiver has Candelaria's order as the vendor has it

      Examples:
        | trigger       |
        | order_created |
        | order_updated |

    Scenario Outline: <trigger> that arrives <times> has its effects once
      Given a doo account
      And every <trigger> of Fasching is delivered <times>
      When the organizer creates the event Fasching
      And the organizer creates the event Kermis
      And 1 hour passes
      And the organizer renames Fasching to "Fasching for all"
      And the organizer renames Kermis to "Kermis for all"
      And 1 hour passes
      And the organizer deletes Fasching
      And the organizer deletes Kermis
      Then the effects on Fasching equal those on Kermis
      And no answer is a server error
      And the receiver has Fasching's event as "deleted", or not at all

      Examples:
        | trigger       | times                       |
        | event_updated | 3 times                     |
        | event_updated | 4 times at the same instant |

    Scenario: an approval that arrives twice at the same instant confirms once
      Given a doo account
        | setting  | value |
        | prices   | free  |
        | approval | on    |
      And every order_updated of Giacinta is delivered twice at the same instant
      When Giacinta books a ticket
      And the organizer approves Giacinta
      And Hrvoje books a ticket
      And the organizer approves Hrvoje
      Then the effects on Giacinta equal those on Hrvoje
      And the receiver has Giacinta's ticket as "valid"

    Scenario: check-ins and their undoing that all arrive twice end in the right state
      Given a doo account
        | setting       | value         |
        | checkin_fires | order_updated |
      And every order_updated of Ingunn is delivered twice
      When Ingunn books tickets with Jeroen
      And staff check in Ingunn
      And staff check in Jeroen
      And staff undo the check-in of Ingunn
      Then no answer is a server error
      And the receiver has Ingunn's ticket as "valid"
      And the receiver has Jeroen's ticket as "checked"

    Scenario: a new event that arrives again after its publication does not become a draft again
      Given a doo account
      When the organizer creates the event Oktoberfest
      And 1 hour passes
      And the organizer publishes Oktoberfest
      And the effects on Oktoberfest are noted
      And the event_created of Oktoberfest is delivered again
      Then the effects on Oktoberfest are unchanged
      And no answer is a server error
      And the receiver still has Oktoberfest's event as "live"

    Scenario: webhooks of the whole account that all arrive twice leave everything as it is
      Given a doo account
      And every webhook is delivered twice
      When the organizer renames Summit to "Summit, once"
      And Pernille books a ticket by bank transfer
      And Rafael books tickets with Sunniva
      And the payment of Pernille arrives
      And the organizer cancels the booking of Rafael
      Then no answer is a server error
      And the receiver has Pernille's order as the vendor has it
      And the receiver has Pernille's ticket as "valid"
      And the receiver has Rafael's order as the vendor has it
      And the receiver has Summit's event as the vendor has it

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

    Scenario Outline: a booking that arrives again after <what> changes nothing
      Given a doo account
        | setting       | value         |
        | checkin_fires | order_updated |
      When Katell books a ticket by bank transfer
      And the payment of Katell arrives
      And <happens>
      And the effects on Katell are noted
      And the order_created of Katell is delivered again
      Then the effects on Katell are unchanged
      And no answer is a server error
      And the receiver still has Katell's order as "<order>"
      And the receiver still has Katell's ticket as "<ticket>"

      Examples:
        | what             | happens                                     | order                           | ticket    |
        | the check-in     | staff check in Katell                       | active                          | checked   |
        | the cancellation | the organizer cancels the booking of Katell | organizer_accepted_cancellation | cancelled |
