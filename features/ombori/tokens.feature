@ombori @credentials @login-token
Feature: Ombori: tokens
  Ombori asks for no tokens of its own. standin.yaml says how it asks (`vendors.ombori.oauth`), and only then these scenarios are played.

  Background:
    Given an Ombori account
    And a token is fetched for each attempt

  @rule:tokens @must
  Rule: A token is issued to whoever asks correctly
    Why: The client asks the receiver for a token before it sends anything. A receiver whose token
    endpoint does not follow the rules gets no webhook at all.
    Documented: a client asks with its own credentials, and the answer is JSON with access_token.
    Source: https://www.rfc-editor.org/rfc/rfc6749#section-4.4
    Assumed: Ombori, or a gateway for it, asks as standin.yaml says; Ombori documents request headers
    only.

    Scenario: one webhook needs one token
      When Absalon takes a walk-in ticket
      Then every webhook is accepted
      And one token request was made
      And every token request is accepted
      And no webhook was sent without a token
      And the receiver has Absalon's position as "pending"

    Scenario: a token request is a form with the secret in the body
      When Birgitta takes a walk-in ticket
      Then every token request is accepted
      And every token request has:
        | field         | value                             |
        | method        | POST                              |
        | content-type  | application/x-www-form-urlencoded |
        | grant_type    | client_credentials                |
        | client_secret | ***                               |
      And the receiver has Birgitta's position as "pending"

    Scenario: a ticket is followed to its end, with a token for each webhook
      When Chidi takes a walk-in ticket
      And staff call Chidi
      And staff check in Chidi
      And staff check out Chidi
      Then every webhook is accepted
      And 4 token requests were made
      And every token request is accepted
      And no webhook was sent without a token
      And the receiver has Chidi's position as the vendor has it

    Scenario: a new token does not invalidate the token of another webhook in progress
      Given deliveries are held back
      When Dagny takes a walk-in ticket
      And Edvard takes a walk-in ticket
      And Fatou takes a walk-in ticket
      And the held webhooks are delivered after all their tokens were requested
      Then every webhook is accepted
      And 3 token requests were made
      And every token request is accepted
      And the receiver has Fatou's position as the vendor has it

    Scenario: each attempt needs its own token
      Given deliveries are retried 3 times, 10 minutes apart
      And attempt 1 of every webhook arrives but is answered 503 by a gateway
      And attempt 2 of every webhook arrives but its answer is lost
      When Gudrun takes a walk-in ticket
      Then the last webhook took 3 attempts
      And 3 token requests were made
      And every token request is accepted
      And no webhook was sent without a token
      And every webhook is accepted

  @rule:credentials @must
  Rule: A webhook without valid credentials is refused and changes nothing
    Why: Anybody who finds the URL can post to it. A receiver that checks no token, or accepts any,
    lets strangers call and cancel tickets.
    Documented: a receiver refuses a token that it does not know, that has expired or that was
    revoked, with 401.
    Source: https://www.rfc-editor.org/rfc/rfc6750#section-3.1
    Assumed: it refuses a token of another client, too. Any 4xx is a refusal.

    Scenario Outline: a creation that arrives <how> is refused, and the call with a valid token is accepted
      Given the next webhook arrives <how>
      When Hanno takes a walk-in ticket
      Then the positionCreated of Hanno is refused
      And no answer is a server error
      And the receiver does not know Hanno's position
      When staff call Hanno
      Then the positionCalled of Hanno is accepted
      And the receiver has Hanno's position as "notified"

      Examples:
        | how                              |
        | without credentials              |
        | with empty credentials           |
        | with malformed credentials       |
        | with wrong credentials           |
        | with an expired token            |
        | with a revoked token             |
        | with the token of another client |

    Scenario Outline: a creation that arrives <how>, which is nearly right, is refused and leaves no position
      Given the next webhook arrives <how>
      When Ingibjörg takes a walk-in ticket
      Then the positionCreated of Ingibjörg is refused
      And no answer is a server error
      And the receiver does not know Ingibjörg's position

      Examples:
        | how                                                 |
        | with credentials that differ in the first character |
        | with credentials that differ in the middle          |
        | with credentials that differ in the last character  |
        | with credentials in another case                    |
        | with the first half of the credentials              |
        | with more than the credentials                      |

    Scenario Outline: a cancellation that arrives <how> is refused and changes nothing
      When Jarmila takes a walk-in ticket
      And the effects on Jarmila are noted
      And the next positionCancelled arrives <how>
      And Jarmila cancels
      Then the positionCancelled of Jarmila is refused
      And no answer is a server error
      And the effects on Jarmila are unchanged
      And the receiver still has Jarmila's position as "pending"

      Examples:
        | how                    |
        | with wrong credentials |
        | with an expired token  |
        | with a revoked token   |

    Scenario: a ticket whose first token was revoked is accepted with the second
      Given deliveries are retried 3 times, 10 minutes apart
      And attempt 1 of every webhook arrives with a revoked token
      When Karsten takes a walk-in ticket
      Then every webhook is accepted
      And the last webhook took 2 attempts
      And the receiver has Karsten's position as "pending"

  @rule:token-secret @must
  Rule: A token is given only for the right secret
    Why: A receiver that gives a token to anybody who asks is not protected at all.
    Documented: a client that does not prove who it is gets an error and no token: 400, or 401.
    Source: https://www.rfc-editor.org/rfc/rfc6749#section-5.2
    Assumed: any 4xx is a refusal, and the right secret still works after any number of wrong ones.

    Scenario Outline: a token request that arrives <how> is refused, and the right secret is accepted afterwards
      Given every token request arrives <how>
      When Liv takes a walk-in ticket
      Then the last token request is refused
      And no webhook was sent
      And no answer is a server error
      And the receiver does not know Liv's position
      When the faults are over
      And Mats takes a walk-in ticket
      Then the last token request is accepted
      And the positionCreated of Mats is accepted
      And the receiver has Mats's position as "pending"

      Examples:
        | how                                                 |
        | without credentials                                 |
        | with empty credentials                              |
        | with malformed credentials                          |
        | with wrong credentials                              |
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

  @rule:token-trouble @must
  Rule: A failed token request costs no webhook
    Why: The token endpoint is one more thing that can be down, and while it is down no webhook
    arrives. The receiver then gets a webhook late, and must handle it like any other.
    Documented: the answer is JSON with access_token, a text.
    Source: https://www.rfc-editor.org/rfc/rfc6749#section-5.1
    Assumed: without a token the attempt has failed, and is repeated where standin.yaml has `retries`.

    Scenario Outline: a webhook whose first token request <happens> is accepted at the second attempt
      Given deliveries are retried 3 times, 10 minutes apart
      And attempt 1 of every token request <happens>
      When Noor takes a walk-in ticket
      Then the last webhook took 2 attempts
      And no webhook was sent without a token
      And every webhook is accepted
      And the receiver has Noor's position as the vendor has it

      Examples:
        | happens                                  |
        | is lost                                  |
        | times out on its way                     |
        | is answered 500 by a gateway             |
        | arrives but its answer is lost           |
        | arrives but is answered 502 by a gateway |

  @rule:token-cache @should
  Rule: A token works as long as the receiver said
    Why: A client may keep a token or ask for a new one each time, so a receiver should work with both.
    The receiver decides how long a token is valid, so no scenario depends on it.
    Documented: the answer may say how long the token is valid, in expires_in.
    Source: https://www.rfc-editor.org/rfc/rfc6749#section-5.1
    Assumed: if a webhook is answered with 401, the client asks for a new token once.

    Scenario: a token is valid for more than one webhook
      Given tokens are used until they expire
      And deliveries are held back
      When Odalys takes a walk-in ticket
      And Piet takes a walk-in ticket
      And Quentin takes a walk-in ticket
      And the held webhooks are delivered in order
      Then every webhook is accepted
      And at most one token request was made
      And no webhook was sent without a token
      And the receiver has Quentin's position as the vendor has it

    Scenario: webhooks sent at the same moment ask for one token
      Given tokens are used until they expire
      And every webhook is delivered 4 times at the same instant
      When Ragnhild takes a walk-in ticket
      Then at most one token request was made
      And every token request is accepted
      And no answer is a server error
      And the receiver has Ragnhild's position as "pending"

    Scenario Outline: a webhook with <token> from the cache is refused, and is accepted with a new one
      Given tokens are used until they expire
      When Sunniva takes a walk-in ticket
      And attempt 1 of the next webhook of Sunniva arrives with <token>
      And staff call Sunniva
      Then the positionCalled of Sunniva is accepted
      And no answer is a server error
      And at most 4 token requests were made
      And the receiver has Sunniva's position as "notified"

      Examples:
        | token            |
        | an expired token |
        | a revoked token  |
