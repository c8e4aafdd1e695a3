@waitwhile @credentials @login-token
Feature: Waitwhile: tokens under way together
  The other documented login. These scenarios are played if standin.yaml has `vendors.waitwhile.oauth` with an `assertion`.

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

    Scenario: a new token does not invalidate the token of another webhook in progress
      Given deliveries are held back
      When Anselm joins the waitlist
      And Bettina joins the waitlist
      And Casimir joins the waitlist
      And the held webhooks are delivered after all their tokens were requested
      Then every webhook is accepted
      And the last webhook took one attempt
      And every token request is accepted
      And the receiver has Casimir's visit as the vendor has it
