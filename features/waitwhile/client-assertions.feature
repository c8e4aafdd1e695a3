@waitwhile @credentials @login-private-key
Feature: Waitwhile: a client that signs an assertion
  Waitwhile documents an assertion without a client. standin.yaml says how it asks (`vendors.waitwhile.oauth` with `request_with: private_key_jwt`), and only then
  these scenarios are played.

  Background:
    Given a Waitwhile account
    And a token is fetched for each attempt

  @rule:client-assertion @must
  Rule: A client gets a token only for a right assertion
    Why: Whoever gets a token can send webhooks. A receiver that does not check the signature, or does not look at what the
    assertion says, gives tokens to anybody, or to whoever has an assertion that was meant for another service.
    Documented: the token endpoint checks the signature; `iss` and `sub` are the client's id, `aud` is the token endpoint,
    and an assertion that has expired is refused.
    Source: https://www.rfc-editor.org/rfc/rfc7523#section-3
    Documented: a client that does not prove who it is gets an error and no token: 400, or 401.
    Source: https://www.rfc-editor.org/rfc/rfc6749#section-5.2
    Assumed: any 4xx is a refusal.

    Scenario: a token is given for the right assertion
      When Alfhild joins the waitlist
      Then every webhook is accepted
      And every token request is accepted
      And no webhook was sent without a token

    Scenario Outline: a token request that arrives <how> is refused, and the right one is accepted afterwards
      Given every token request arrives <how>
      When Bjarte joins the waitlist
      Then the last token request is refused
      And no webhook was sent
      And no answer is a server error
      And the receiver does not know Bjarte's visit
      When the faults are over
      And Cosima joins the waitlist
      Then the last token request is accepted
      And the visit.created of Cosima is accepted
      And the receiver has Cosima's visit as the vendor has it

      Examples:
        | how                                     |
        | with an unsigned assertion              |
        | with an assertion for another audience  |
        | with an assertion of another issuer     |
        | with an assertion about another subject |
        | with an expired assertion               |

  @rule:client-assertion-strict @should
  Rule: An assertion of a client is good for one token, for some time
    Why: An assertion that was logged or overheard can be used by others for as long as it is taken.
    Documented: an assertion has an `exp`; the token endpoint may refuse one whose `jti` it has seen.
    Source: https://www.rfc-editor.org/rfc/rfc7523#section-3
    Assumed: the receiver refuses both with a 4xx.

    Scenario Outline: a token request that arrives <how> is refused, and the right one is accepted afterwards
      Given every token request arrives <how>
      When Danuta joins the waitlist
      Then the last token request is refused
      And no answer is a server error
      When the faults are over
      And Eskil joins the waitlist
      Then the last token request is accepted
      And the visit.created of Eskil is accepted

      Examples:
        | how                                    |
        | with an assertion that never expires   |
        | with an assertion that was used before |
