@doo @login-token
Feature: doo: failing token requests
  An answer of a gateway below does not come from the receiver.

  Background:
    Given a doo account
    And a token is fetched for each attempt
    And deliveries are retried 9 times, 10 minutes apart

  @rule:token-trouble @must
  Rule: A failed token request costs no webhook
    Why: The token endpoint is one more thing that can be down, and while it is down no webhook
    arrives. The receiver then gets a webhook late, and must handle it like any other.
    Documented: the answer is JSON with access_token, a string, and the rules for answers apply:
    exactly 200, or the attempt has failed and is repeated.
    Source: https://viovendi.atlassian.net/wiki/spaces/API/pages/3021340689/Authorization+request
    Assumed: a 200 without a token is such a failure.

    Scenario Outline: a webhook whose first token request <happens> is accepted at the second attempt
      Given attempt 1 of every token request <happens>
      When Ariadna books a ticket
      Then the last webhook took 2 attempts
      And no webhook was sent without a token
      And every webhook is accepted
      And the receiver has Ariadna's order as the vendor has it

      Examples:
        | happens                                  |
        | is lost                                  |
        | times out on its way                     |
        | is answered 500 by a gateway             |
        | arrives but its answer is lost           |
        | arrives but is answered 502 by a gateway |
        | is answered 204 by a gateway             |
        | arrives but is answered 201 by a gateway |

    Scenario Outline: a token answer that is <what> sends no webhook, and the next attempt is accepted
      Given attempt 1 of every token request is answered with <answer> by a gateway
      When Bronisława books a ticket
      Then the last webhook took 2 attempts
      And no webhook was sent without a token
      And every webhook is accepted
      And the receiver has Bronisława's order as the vendor has it

      Examples:
        | what                       | answer                                               |
        | not JSON                   | "not JSON"                                           |
        | a token under another name | "{\\"token\\": \\"3f9a\\", \\"message\\": \\"ok\\"}" |
        | an empty token             | "{\\"access_token\\": \\"\\"}"                       |
        | a token that is a number   | "{\\"access_token\\": 17}"                           |

    Scenario: a token request that arrives slowly is accepted
      Given the next token request is sent slowly over 300ms
      When Cosimo books a ticket
      Then the last webhook took one attempt
      And every token request is accepted
      And every answer comes in time
      And the receiver has Cosimo's order as "active"

    Scenario Outline: an order for which <trouble> ten times is a dead letter, and is accepted when it is sent again
      Given every token request <trouble>
      When Dilek books a ticket
      Then no webhook was sent
      And the last webhook took 10 attempts
      And the last webhook is a dead letter
      And the receiver does not know Dilek's order
      When the faults are over
      And the dead letters are sent again
      Then no webhook is a dead letter
      And no webhook was sent without a token
      And the receiver has Dilek's order as the vendor has it

      Examples:
        | trouble                      |
        | times out on its way         |
        | is answered 500 by a gateway |

    Scenario: token requests whose answers are lost do no harm
      Given attempt 1 of every token request arrives but its answer is lost
      And attempt 2 of every token request arrives but its answer is lost
      And attempt 3 of every token request arrives but its answer is lost
      When Gellért books a ticket
      Then the last webhook took 4 attempts
      And 4 token requests were made
      And every webhook is accepted
      And the receiver has Gellért's order as the vendor has it

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

    Scenario: a payment whose token is late does not reopen an order that was cancelled meanwhile
      When Fidelma books a ticket by bank transfer
      And the next token request of Fidelma times out on its way
      And the payment of Fidelma arrives
      And the organizer cancels the booking of Fidelma
      And 11 minutes pass
      Then every webhook is accepted
      And the receiver still has Fidelma's order as "organizer_accepted_cancellation"
