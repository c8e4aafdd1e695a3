@waitwhile @credentials @login-client
Feature: Waitwhile: tokens for a client with a secret
  Waitwhile documents tokens for an assertion. standin.yaml says how a client with a secret asks for them
  (`vendors.waitwhile.oauth` with `client_secret`), and only then these scenarios are played.

  Background:
    Given a Waitwhile account
    And a token is fetched for each attempt

  @rule:tokens @must
  Rule: A token is issued to whoever asks correctly
    Why: The client asks the receiver for a token before it sends anything. A receiver whose token
    endpoint does not follow the rules gets no webhook at all.
    Documented: a client asks with its own credentials, and the answer is JSON with access_token.
    Source: https://www.rfc-editor.org/rfc/rfc6749#section-4.4
    Assumed: Waitwhile, or a gateway for it, asks as standin.yaml says.

    Scenario: a webhook with a token is accepted
      When Absalon joins the waitlist
      And staff serve Absalon
      Then every webhook is accepted
      And every token request is accepted
      And no webhook was sent without a token
      And the receiver has Absalon's visit as "SERVING"

    Scenario: a token request is a form with the secret in the body
      When Birgitta joins the waitlist
      Then every token request is accepted
      And every token request has:
        | field         | value                             |
        | method        | POST                              |
        | content-type  | application/x-www-form-urlencoded |
        | grant_type    | client_credentials                |
        | client_secret | ***                               |
      And the receiver has Birgitta's visit as "WAITING"

    Scenario: a visit is followed to its end, with a token for each webhook
      When Chidi joins the waitlist
      And staff serve Chidi
      And staff complete Chidi
      Then every webhook is accepted
      And every token request is accepted
      And no webhook was sent without a token
      And the receiver has Chidi's visit as the vendor has it

    Scenario: a new token does not invalidate the token of another webhook in progress
      Given deliveries are held back
      When Dagny joins the waitlist
      And Edvard joins the waitlist
      And Fatou joins the waitlist
      And the held webhooks are delivered after all their tokens were requested
      Then every webhook is accepted
      And the last webhook took one attempt
      And every token request is accepted
      And the receiver has Fatou's visit as the vendor has it

    Scenario: each attempt needs its own token
      Given deliveries are retried 3 times, 10 minutes apart
      And attempt 1 of every webhook arrives but is answered 503 by a gateway
      And attempt 2 of every webhook arrives but its answer is lost
      When Gudrun joins the waitlist
      Then the last webhook took 3 attempts
      And every token request is accepted
      And no webhook was sent without a token
      And every webhook is accepted

  @rule:credentials @must
  Rule: A webhook without valid credentials is refused and changes nothing
    Why: Anybody who finds the URL can post to it. A receiver that checks no token, or accepts any,
    lets strangers serve and delete guests.
    Documented: a receiver refuses a token that it does not know, that has expired or that was
    revoked, with 401.
    Source: https://www.rfc-editor.org/rfc/rfc6750#section-3.1
    Assumed: it refuses a token of another client, too. Any 4xx is a refusal.

    Scenario Outline: a creation that arrives <how> is refused, and the change with a valid token is accepted
      Given every webhook arrives <how>
      When Hanno joins the waitlist
      Then the visit.created of Hanno is refused
      And no answer is a server error
      And the receiver does not know Hanno's visit
      When the faults are over
      And staff serve Hanno
      Then the visit.updated of Hanno is accepted
      And the receiver has Hanno's visit as "SERVING"

      Examples:
        | how                              |
        | without credentials              |
        | with empty credentials           |
        | with malformed credentials       |
        | with wrong credentials           |
        | with an expired token            |
        | with a revoked token             |
        | with the token of another client |

    Scenario Outline: a creation that arrives <how>, which is nearly right, is refused and leaves no visit
      Given every webhook arrives <how>
      When Ingibjörg joins the waitlist
      Then the visit.created of Ingibjörg is refused
      And no answer is a server error
      And the receiver does not know Ingibjörg's visit

      Examples:
        | how                                                 |
        | with credentials that differ in the first character |
        | with credentials that differ in the middle          |
        | with credentials that differ in the last character  |
        | with credentials in another case                    |
        | with the first half of the credentials              |
        | with more than the credentials                      |

    Scenario Outline: a cancellation that arrives <how> is refused and changes nothing
      When Jarmila joins the waitlist
      And the effects on Jarmila are noted
      And every webhook arrives <how>
      And Jarmila cancels
      Then the visit.updated of Jarmila is refused
      And no answer is a server error
      And the effects on Jarmila are unchanged
      And the receiver still has Jarmila's visit as "WAITING"

      Examples:
        | how                    |
        | with wrong credentials |
        | with an expired token  |
        | with a revoked token   |

    Scenario: a visit whose first token was revoked is accepted with the second
      Given deliveries are retried 3 times, 10 minutes apart
      And attempt 1 of every webhook arrives with a revoked token
      When Karsten joins the waitlist
      Then every webhook is accepted
      And the last webhook took 2 attempts
      And the receiver has Karsten's visit as "WAITING"

  @rule:token-secret @must
  Rule: A token is given only for the right secret
    Why: A receiver that gives a token to anybody who asks is not protected at all.
    Documented: a client that does not prove who it is gets an error and no token: 400, or 401.
    Source: https://www.rfc-editor.org/rfc/rfc6749#section-5.2
    Assumed: any 4xx is a refusal, and the right secret still works after any number of wrong ones.

    Scenario Outline: a token request that arrives <how> is refused, and the right secret is accepted afterwards
      Given every token request arrives <how>
      When Liv joins the waitlist
      Then the last token request is refused
      And no webhook was sent
      And no answer is a server error
      And the receiver does not know Liv's visit
      When the faults are over
      And Mats joins the waitlist
      Then the last token request is accepted
      And the visit.created of Mats is accepted
      And the receiver has Mats's visit as "WAITING"

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
    Assumed: without a token the attempt has failed, and is repeated like any other.

    Scenario Outline: a webhook whose first token request <happens> is accepted at the second attempt
      Given deliveries are retried 3 times, 10 minutes apart
      And attempt 1 of every token request <happens>
      When Noor joins the waitlist
      Then the last webhook took 2 attempts
      And no webhook was sent without a token
      And every webhook is accepted
      And the receiver has Noor's visit as the vendor has it

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
      When Odalys joins the waitlist
      And Piet joins the waitlist
      And Quentin joins the waitlist
      And the held webhooks are delivered in order
      Then every webhook is accepted
      And at most one token request was made
      And no webhook was sent without a token
      And the receiver has Quentin's visit as the vendor has it

    Scenario: webhooks sent at the same moment ask for one token
      Given tokens are used until they expire
      And every webhook is delivered 4 times at the same instant
      When Ragnhild joins the waitlist
      Then at most one token request was made
      And every token request is accepted
      And no answer is a server error
      And the receiver has Ragnhild's visit as "WAITING"

    Scenario Outline: a webhook with <token> from the cache is refused, and is accepted with a new one
      Given tokens are used until they expire
      When Sunniva joins the waitlist
      And attempt 1 of the next visit.updated of Sunniva arrives with <token>
      And staff serve Sunniva
      Then the visit.updated of Sunniva is accepted
      And no answer is a server error
      And the receiver has Sunniva's visit as "SERVING"

      Examples:
        | token            |
        | an expired token |
        | a revoked token  |
