@waitwhile @credentials @login-token
Feature: Waitwhile: tokens for a signed assertion
  The other documented login. These scenarios are played if standin.yaml has `vendors.waitwhile.oauth`.

  Background:
    Given a Waitwhile account
    And a token is fetched for each attempt

  @rule:assertion @must
  Rule: A token is given for a right assertion
    Why: Waitwhile asks the receiver for a token before it sends anything. A receiver whose token
    endpoint does not follow the rules gets no webhook at all.
    Documented: Waitwhile calls the token URL with a JWT assertion that is signed with the private
    key and says `iss`, `sub` and `aud` as they were given; the token is sent in the Authorization
    header.
    Source: https://developers.waitwhile.com/docs/authenticating-webhooks
    Assumed: the request is a form with grant_type and assertion, and the answer is JSON with
    access_token (RFC 7523, section 2.1; RFC 6749, section 5.1). The header is `Bearer` and the token.
    A new assertion is signed for each request, with an id of its own.

    Scenario: a webhook with a token is accepted
      When Anselm joins the waitlist with a party of 2
      And staff serve Anselm
      Then every webhook is accepted
      And every token request is accepted
      And no webhook was sent without a token
      And the receiver has Anselm's visit as "SERVING"

    Scenario: a token request is a form with the assertion in it
      When Bettina joins the waitlist
      Then every token request is accepted
      And every token request has:
        | field        | value                                       |
        | method       | POST                                        |
        | content-type | application/x-www-form-urlencoded           |
        | grant_type   | urn:ietf:params:oauth:grant-type:jwt-bearer |
        | assertion    | ***                                         |
      And the receiver has Bettina's visit as "WAITING"

    Scenario: a token is valid for more than one webhook
      Given tokens are used until they expire
      When Casimir joins the waitlist
      And 1 minute passes
      And staff serve Casimir
      And 1 minute passes
      And staff complete Casimir
      Then every webhook is accepted
      And no webhook was sent without a token
      And the receiver has Casimir's visit as "COMPLETE"

    Scenario: webhooks sent at the same moment ask for one token
      Given tokens are used until they expire
      And every webhook is delivered 4 times at the same instant
      When Dorothea joins the waitlist
      Then at most one token request was made
      And every token request is accepted
      And no answer is a server error
      And the receiver has Dorothea's visit as "WAITING"

  @rule:credentials @must
  Rule: A webhook without valid credentials is refused and changes nothing
    Why: Anybody who finds the URL can post to it. A receiver that checks no token, or accepts any,
    lets strangers serve and delete guests.
    Documented: the token is sent in the Authorization header.
    Source: https://developers.waitwhile.com/docs/authenticating-webhooks
    Assumed: the receiver refuses a token that it never issued, or that has expired. Any 4xx is a
    refusal; 401 is usual.

    Scenario Outline: a creation that arrives <how> is refused and leaves no visit
      Given every webhook arrives <how>
      When Emmerich joins the waitlist
      Then the visit.created of Emmerich is refused
      And no answer is a server error
      And the receiver does not know Emmerich's visit

      Examples:
        | how                                                 |
        | without credentials                                 |
        | with empty credentials                              |
        | with malformed credentials                          |
        | with wrong credentials                              |
        | with an expired token                               |
        | with credentials that differ in the first character |
        | with credentials that differ in the middle          |
        | with credentials that differ in the last character  |
        | with credentials in another case                    |
        | with the first half of the credentials              |
        | with more than the credentials                      |

    Scenario Outline: a cancellation that arrives <how> is refused and changes nothing
      When Friederike joins the waitlist
      And the effects on Friederike are noted
      And every webhook arrives <how>
      And Friederike cancels
      Then the visit.updated of Friederike is refused
      And no answer is a server error
      And the effects on Friederike are unchanged
      And the receiver still has Friederike's visit as "WAITING"

      Examples:
        | how                    |
        | without credentials    |
        | with wrong credentials |
        | with an expired token  |

    Scenario: refusing a stranger does not lock the vendor out
      Given the next webhook arrives with wrong credentials
      When Gisbert joins the waitlist
      And staff serve Gisbert
      Then the visit.updated of Gisbert is accepted
      And the receiver has Gisbert's visit as "SERVING"

  @rule:assertion-refused @must
  Rule: A token is given only for a right assertion
    Why: Whoever gets a token can send webhooks. A receiver that does not check the signature, or
    does not look at what the assertion says, gives tokens to anybody, or to whoever has an assertion
    that was meant for another service.
    Documented: the assertion is signed with the private key, expires after the configured time, and
    says `iss`, `sub` and `aud`.
    Source: https://developers.waitwhile.com/docs/authenticating-webhooks
    Assumed: the receiver checks the signature, `iss`, `aud` and `exp` (RFC 7523, section 3), and
    decides itself which algorithm is right (RFC 8725, section 3.1). A wrong assertion is refused with
    a 4xx; 400 is usual.

    Scenario Outline: a token request that arrives <how> is refused, and the right one is accepted afterwards
      Given every token request arrives <how>
      When Heilwig joins the waitlist
      Then the last token request is refused
      And no webhook was sent
      And no answer is a server error
      And the receiver does not know Heilwig's visit
      When the faults are over
      And Ilsebill joins the waitlist
      Then the last token request is accepted
      And the visit.created of Ilsebill is accepted
      And the receiver has Ilsebill's visit as the vendor has it

      Examples:
        | how                                                 |
        | without credentials                                 |
        | with empty credentials                              |
        | with malformed credentials                          |
        | with wrong credentials                              |
        | with credentials that differ in the first character |
        | with credentials that differ in the middle          |
        | with credentials that differ in the last character  |
        | with the first half of the credentials              |
        | with more than the credentials                      |
        | with an unsigned assertion                          |
        | with an assertion for another audience              |
        | with an assertion of another issuer                 |
        | with an expired assertion                           |
        | with another grant type                             |
        | with its secret in another field                    |

  @rule:assertion-strict @should
  Rule: An assertion is good for one token, about one subject, for some time
    Why: An assertion that was logged or overheard can be used by others for as long as it is taken.
    Documented: the assertion expires after the configured time and says `sub`.
    Source: https://developers.waitwhile.com/docs/authenticating-webhooks
    Assumed: the receiver refuses an assertion without `exp`, which must have one, and one about
    another subject (RFC 7523, section 3). It may remember `jti` and refuse the second use of an
    assertion (the same section).

    Scenario Outline: a token request that arrives <how> is refused, and the right one is accepted afterwards
      Given every token request arrives <how>
      When Jolanthe joins the waitlist
      Then the last token request is refused
      And no answer is a server error
      When the faults are over
      And Kreszentia joins the waitlist
      Then the last token request is accepted
      And the visit.created of Kreszentia is accepted

      Examples:
        | how                                     |
        | with an assertion that never expires    |
        | with an assertion about another subject |
        | with an assertion that was used before  |
