@sender @credentials @login-headers @sends-token
Feature: A sender: a token or a key

  @rule:sender-token @must
  Rule: A webhook without the right token or key is refused
    Why: Anybody who finds the URL can post to it. A receiver that does not check the token lets strangers make events
    that never were.
    Documented: with CloudEvents, each request has a token, in `Authorization` with the scheme `Bearer` (section 3.1).
    Source: https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md
    Documented: a request with a wrong token, or with none, is refused.
    Source: https://www.rfc-editor.org/rfc/rfc6750#section-3.1
    Assumed: any 4xx is a refusal.

    Scenario: webhooks with the token are accepted
      Given a Sender account
      When event Alder happens
      And event Birch happens
      Then every webhook is accepted

    Scenario Outline: a webhook that arrives <how> is refused
      Given a Sender account
      And every webhook arrives <how>
      When event Cedar happens
      Then the last webhook is refused
      And no answer is a server error

      Examples:
        | how                                                 |
        | without credentials                                 |
        | with empty credentials                              |
        | with wrong credentials                              |
        | with malformed credentials                          |
        | with credentials that differ in the first character |
        | with credentials that differ in the middle          |
        | with credentials that differ in the last character  |
        | with credentials in another case                    |
        | with credentials with more padding                  |
        | with the first half of the credentials              |
        | with more than the credentials                      |

    Scenario: refusing a stranger does not lock the sender out
      Given a Sender account
      And the next webhook arrives with wrong credentials
      When event Douglas happens
      And event Elder happens
      Then the webhook of Elder is accepted
