@doo @login-token
Feature: doo: tokens that are used until they expire

  Background:
    Given a doo account
    And tokens are used until they expire

  @rule:token-cache @should
  Rule: A token works as long as the receiver said
    Why: doo may keep a token or ask for a new one each time, so a receiver should work with both.
    The receiver decides how long a token is valid, so no scenario depends on it.
    Not documented: whether doo keeps a token.
    Assumed: doo keeps a token until shortly before the receiver's expires_in, if the answer has it.
    If a webhook is answered with 401, doo asks once for a fresh token.

    Scenario: a token is valid for more than one webhook
      Given deliveries are held back
      When Abelone books a ticket
      And Botond books a ticket
      And Ciro books a ticket
      And the held webhooks are delivered in order
      Then every webhook is accepted
      And at most one token request was made
      And no webhook was sent without a token
      And the receiver has Ciro's order as the vendor has it

    Scenario: webhooks sent at the same moment ask for one token
      Given every webhook is delivered 4 times at the same instant
      When Dagmara books a ticket
      Then at most one token request was made
      And every token request is accepted
      And every webhook is accepted
      And no answer is a server error
      And the receiver has Dagmara's order as "active"

    Scenario: an order is followed over days, whether its token is still valid or not
      When Eleuterio books a ticket by bank transfer
      And 5 days pass
      And the payment of Eleuterio arrives
      And 20 days pass
      And staff check in Eleuterio
      Then every webhook is accepted
      And no webhook was sent without a token
      And the receiver has Eleuterio's order as the vendor has it

    Scenario Outline: a webhook with <token> from the cache is refused, and is accepted with a new one
      When Franziska books a ticket by bank transfer
      And attempt 1 of the next webhook of Franziska arrives with <token>
      And the payment of Franziska arrives
      Then the order_updated of Franziska is accepted
      And no answer is a server error
      And at most 4 token requests were made
      And the receiver has Franziska's order as the vendor has it
      And the receiver has Franziska's ticket as "valid"

      Examples:
        | token            |
        | an expired token |
        | a revoked token  |

    Scenario: a webhook that is retried an hour later is accepted, whether its token is still valid or not
      Given deliveries are retried 3 times, 1 hour apart
      And attempt 1 of every webhook is answered 503 by a gateway
      And attempt 2 of every webhook times out on its way
      When Gudbrand books a ticket
      Then the last webhook took 3 attempts
      And every webhook is accepted
      And at most 3 token requests were made
      And the receiver has Gudbrand's order as the vendor has it

    Scenario: the next attempt asks for a token again after the token endpoint was down
      Given deliveries are retried 3 times, 10 minutes apart
      And attempt 1 of every token request is answered 503 by a gateway
      When Hortensia books a ticket
      Then every webhook is accepted
      And no webhook was sent without a token
      And the receiver has Hortensia's order as the vendor has it
