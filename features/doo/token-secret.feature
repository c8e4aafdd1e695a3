@doo @credentials @login-token
Feature: doo: token requests with an invalid secret

  Background:
    Given a doo account
    And a token is fetched for each attempt
    And deliveries are retried 9 times, 10 minutes apart

  @rule:token-secret @must
  Rule: A token is given only for the right secret
    Why: A receiver that gives a token to anybody who asks is not protected at all.
    Documented: the secret is sent as client_secret in the form; a token answer other than 200 is a
    failed attempt.
    Source: https://viovendi.atlassian.net/wiki/spaces/API/pages/3021340689/Authorization+request
    Documented: the secret is agreed on beforehand.
    Source: https://viovendi.atlassian.net/wiki/pages/diffpages.action?originalId=3014492187&pageId=3015147546
    Assumed: a wrong secret is refused with a 4xx (401 or 400 in OAuth 2), and the right secret
    still works after any number of wrong ones.

    Scenario Outline: a token request <how> is refused ten times, and the right secret is accepted afterwards
      Given every token request arrives <how>
      When Agata books a ticket
      Then the last token request is refused
      And 10 token requests were made
      And no webhook was sent
      And the last webhook is a dead letter
      And the receiver does not know Agata's order
      When the faults are over
      And the dead letters are sent again
      Then the last token request is accepted
      And no webhook was sent without a token
      And no webhook is a dead letter
      And the receiver has Agata's order as the vendor has it

      Examples:
        | how                        |
        | with wrong credentials     |
        | without credentials        |
        | with empty credentials     |
        | with malformed credentials |

    Scenario Outline: a token request that arrives <how>, which is nearly right, is refused
      Given every token request arrives <how>
      When Hallgerður books a ticket
      Then the last token request is refused
      And no webhook was sent
      And no answer is a server error
      And the receiver does not know Hallgerður's order

      Examples:
        | how                                                 |
        | with credentials that differ in the first character |
        | with credentials that differ in the middle          |
        | with credentials that differ in the last character  |
        | with credentials in another case                    |
        | with credentials with more padding                  |
        | with the first half of the credentials              |
        | with more than the credentials                      |
        | with another grant type                             |
        | with an unknown client id                           |
        | with its secret in another field                    |

    Scenario: a wrong secret is refused once, and the webhook is sent with the next token
      Given attempt 1 of every token request arrives with wrong credentials
      When Branimir books a ticket
      Then the last webhook took 2 attempts
      And 2 token requests were made
      And no webhook was sent without a token
      And every webhook is accepted
      And the receiver has Branimir's order as the vendor has it

    Scenario: a cancellation without a token cancels nothing until it is sent again
      When Chimalma books a ticket
      Then the receiver has Chimalma's order as "active"
      When every token request arrives with wrong credentials
      And the organizer cancels the booking of Chimalma
      Then the last token request is refused
      And the last webhook is a dead letter
      And the receiver still has Chimalma's order as "active"
      When the faults are over
      And the dead letters are sent again
      Then no webhook is a dead letter
      And the receiver has Chimalma's order as "organizer_accepted_cancellation"

    Scenario: a token request without the form content type is accepted or refused, and the next is accepted
      Given attempt 1 of every token request arrives with content type "application/json"
      When Finola books a ticket
      Then no answer is a server error
      And every webhook is accepted
      And the receiver has Finola's order as the vendor has it
