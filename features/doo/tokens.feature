@doo @login-token
Feature: doo: a token before each webhook

  Background:
    Given a doo account
    And a token is fetched for each attempt

  @rule:tokens @must
  Rule: A token is issued to whoever asks correctly
    Why: doo asks the receiver for a token before it sends anything. A receiver whose token endpoint
    does not follow the rules gets no webhook at all.
    Documented: a POST with client_id, client_secret and grant_type in a form; a JSON answer with
    access_token, a string; exactly 200.
    Source: https://viovendi.atlassian.net/wiki/spaces/API/pages/3021340689/Authorization+request
    Documented: the token is then sent in the configured header.
    Source: https://viovendi.atlassian.net/wiki/spaces/API/pages/22841099
    Assumed: because nothing is said about keeping a token: a new one for each attempt.

    Scenario: one webhook needs one token
      When Alba books a ticket
      Then every webhook is accepted
      And one token request was made
      And every token request is accepted
      And no webhook was sent without a token

    Scenario: two webhooks need two tokens
      When Bjarne books a ticket by bank transfer
      And the payment of Bjarne arrives
      Then every webhook is accepted
      And 2 token requests were made
      And every token request is accepted
      And no webhook was sent without a token

    Scenario: a token request is a form with the secret in the body
      When Carys books a ticket
      Then every token request is accepted
      And every token request has:
        | field         | value                             |
        | method        | POST                              |
        | content-type  | application/x-www-form-urlencoded |
        | grant_type    | client_credentials                |
        | client_secret | ***                               |
      And the receiver has Carys's order as "active"

    Scenario: a webhook about an event needs a token too
      When the organizer creates the event Dragefest
      And the organizer publishes Dragefest
      And the organizer calls off Dragefest
      Then every webhook is accepted
      And 3 token requests were made
      And no webhook was sent without a token
      And the receiver has Dragefest's event as "cancelled"

    Scenario: each attempt needs its own token
      Given deliveries are retried 9 times, 10 minutes apart
      And attempt 1 of every webhook arrives but is answered 503 by a gateway
      And attempt 2 of every webhook arrives but its answer is lost
      When Efua books a ticket
      Then the last webhook took 3 attempts
      And 3 token requests were made
      And every token request is accepted
      And no webhook was sent without a token
      And every webhook is accepted

    Scenario: the token for the second attempt is requested when the attempt is made
      Given deliveries are retried 9 times, 10 minutes apart
      And attempt 1 of every webhook arrives but its answer is lost
      When Fishel books a ticket
      Then every webhook is accepted
      And 2 token requests were made
      And the last two token requests are 10 minutes apart

    Scenario: a new token does not invalidate the token of another webhook in progress
      Given deliveries are held back
      When Hadiza books a ticket
      And Ignatz books a ticket
      And Jolán books a ticket
      And the held webhooks are delivered after all their tokens were requested
      Then every webhook is accepted
      And 3 token requests were made
      And every token request is accepted
      And the receiver has Jolán's order as the vendor has it
