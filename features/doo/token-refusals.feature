@doo @credentials @login-token
Feature: doo: webhooks with an invalid token

  Background:
    Given a doo account
      | setting            | value           |
      | cancellation_fires | order_cancelled |
    And a token is fetched for each attempt

  @rule:credentials @must
  Rule: A webhook without valid credentials is refused and changes nothing
    Why: Anybody who finds the URL can post to it. A receiver that checks no token, or accepts any,
    lets strangers book and cancel.
    Documented: the receiver issues the token, and doo sends it back in the header. Whether the
    receiver checks the token, and how long it is valid, is up to the receiver.
    Source: https://viovendi.atlassian.net/wiki/spaces/API/pages/22841099
    Assumed: it refuses a token that it never issued, that has expired, that it has revoked, or that
    it issued to another client. Any 4xx is a refusal; 401 is usual.

    Scenario Outline: an order that arrives <how> is refused, and the payment with a valid token is accepted
      Given the next webhook arrives <how>
      When Aigars books a ticket by bank transfer
      Then the order_created of Aigars is refused
      And no answer is a server error
      And the receiver does not know Aigars's order
      When the payment of Aigars arrives
      Then the order_updated of Aigars is accepted
      And the receiver has Aigars's order as the vendor has it

      Examples:
        | how                              |
        | without credentials              |
        | with empty credentials           |
        | with malformed credentials       |
        | with wrong credentials           |
        | with an expired token            |
        | with a revoked token             |
        | with the token of another client |

    Scenario Outline: an order that arrives <how>, which is nearly right, is refused and stays unknown
      Given the next webhook arrives <how>
      When Hjördís books a ticket
      Then the order_created of Hjördís is refused
      And no answer is a server error
      And the receiver does not know Hjördís's order

      Examples:
        | how                                                 |
        | with credentials that differ in the first character |
        | with credentials that differ in the middle          |
        | with credentials that differ in the last character  |
        | with credentials in another case                    |
        | with the first half of the credentials              |
        | with more than the credentials                      |

    Scenario Outline: a cancellation that arrives <how> is refused and changes nothing
      When Beáta books a ticket
      And the effects on Beáta are noted
      And the next order_cancelled arrives <how>
      And the organizer cancels the booking of Beáta
      Then the order_cancelled of Beáta is refused
      And no answer is a server error
      And the effects on Beáta are unchanged
      And the receiver still has Beáta's order as "active"
      And the receiver still has Beáta's ticket as "valid"

      Examples:
        | how                    |
        | with wrong credentials |
        | with an expired token  |
        | with a revoked token   |

    Scenario: the deletion of an event with another client's token is refused, and the event stays
      When the organizer creates the event Chanukka
      And 1 hour passes
      And the next event_removed arrives with the token of another client
      And the organizer deletes Chanukka
      Then the event_removed of Chanukka is refused
      And the receiver still has Chanukka's event as "draft"

    Scenario: an order whose first token was revoked is accepted with the second
      Given deliveries are retried 9 times, 10 minutes apart
      And attempt 1 of every webhook arrives with a revoked token
      When Elžbieta books a ticket
      Then every webhook is accepted
      And the last webhook took 2 attempts
      And the receiver has Elžbieta's order as the vendor has it

    Scenario: a duplicate with a made-up token has no effects
      Given deliveries are retried 9 times, 10 minutes apart
      And attempt 1 of every order_created of Fergal arrives but its answer is lost
      And attempt 2 of every order_created of Fergal arrives with wrong credentials
      When Fergal books a ticket
      And Giovanna books a ticket
      Then the effects on Fergal equal those on Giovanna
      And no answer is a server error
      And the receiver still has Fergal's order as "active"
